#!/usr/bin/env python3
"""Runs pcorg's management commands, as the command `pcorg` does where it is installed."""

from pcorg.command import main

if __name__ == "__main__":
    main()
