"""What commands show while they work, and who runs them."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn


@contextmanager
def progress_shown(what: str) -> Iterator[Callable[[str, int], None]]:
    """A function to call with a stage and how many steps it has, then at each step of it; on a terminal it draws."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        stages: dict[str, TaskID] = {}

        def progress(stage: str, steps: int) -> None:
            if stage not in stages:
                stages[stage] = bar.add_task(f"{what}: {stage.lower()}", total=steps or None)
            else:
                bar.advance(stages[stage])

        yield progress


def run_by(command: str) -> str:
    """The command and the account of the server that runs it; behind `sudo`, the one that asked for that."""
    try:
        account = os.environ.get("SUDO_USER") or getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as containers have
        account = f"user {os.getuid()}"
    return f"command:{command} ({account[:60]})"
