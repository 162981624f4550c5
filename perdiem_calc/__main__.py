"""`python -m perdiem_calc` is the command `perdiem`."""

from __future__ import annotations

from perdiem_calc.cli import main

if __name__ == "__main__":
    main()
