"""`python -m perdiem_calc` is the command `perdiem`."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the command line. Ctrl-C ends the program at once while it is still being loaded, without a traceback."""
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from perdiem_calc import cli

    signal.signal(signal.SIGINT, usual)
    cli.main()


if __name__ == "__main__":
    main()
