"""Who runs a command, as the audit trail calls them."""

from __future__ import annotations

import getpass
import os


def run_by(command: str) -> str:
    """The command and the account of the server that runs it; behind `sudo`, the one that asked for that."""
    try:
        account = os.environ.get("SUDO_USER") or getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as containers have
        account = f"user {os.getuid()}"
    return f"command:{command} ({account[:60]})"
