"""The progress bar of the commands that take their time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn


@contextmanager
def told(what: str) -> Iterator[Callable[[str, int], None]]:
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
