"""Where a person's own rates lie: fiscal years fetched since the program was released, and imported files."""

from __future__ import annotations

import os
import sys


def user_folder() -> str:
    """The folder of this program's data in the platform's folder for a user's data; it need not exist.

    The same as `platformdirs.user_data_dir("perdiem_calc", appauthor=False)`, which takes longer to load than a
    first look-up may take.
    """
    if os.name == "nt":  # pragma: no cover
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
    elif sys.platform == "darwin":  # pragma: no cover
        base = os.path.expanduser("~/Library/Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME", "").strip() or os.path.expanduser("~/.local/share")
    return os.path.join(base, "perdiem_calc")
