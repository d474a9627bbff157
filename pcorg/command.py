"""The command `pcorg`: the management commands of an installed pcorg."""

import os
import sys


def main() -> None:
    """Run the command that is named: `pcorg migrate`, `pcorg setup`, `pcorg serve` …"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcorg.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the settings are named

    execute_from_command_line(sys.argv)
