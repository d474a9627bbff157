"""What loading a document brings, as it is told to whoever loads it and to whoever looks at that before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from organisations.services.comparing import SectionCount
from organisations.services.review import AlteredBody, SectionReview

Progress = Callable[[str, int], None]
"""Told of each stage as it goes on: its name and how many steps it has."""


def without_progress(stage: str, steps: int) -> None:
    """Tells nobody how far a load has come."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load brought, or would bring: records by natural key, together and by section. `changed` records were
    there and are described anew; `bodies` and `changes` count what the document states in all. `review` names each
    record that is new or described anew, `alters` the organisations on record that these speak of, and `upon` the
    portfolios that stood before and are altered. `state` tells this review from every other one."""

    portfolio: str
    title: str
    illustrative: bool
    sections: tuple[SectionCount, ...]
    bodies: int
    changes: int
    dry_run: bool
    review: tuple[SectionReview, ...] = ()
    alters: tuple[AlteredBody, ...] = ()
    upon: tuple[str, ...] = ()
    state: str = ""

    @property
    def created(self) -> int:
        """New records."""
        return sum(section.created for section in self.sections)

    @property
    def changed(self) -> int:
        """Records described anew."""
        return sum(section.changed for section in self.sections)

    @property
    def unchanged(self) -> int:
        """Records that were there already as they are stated."""
        return sum(section.unchanged for section in self.sections)

    @property
    def nothing_new(self) -> bool:
        """Whether the document was loaded already."""
        return not (self.created or self.changed)

    @property
    def alters_history(self) -> bool:
        """Whether it brings something to what is recorded already: somebody else looks at that first."""
        return bool(self.upon) and not self.nothing_new


Guard = Callable[[LoadReport], None]
"""Told what a document brings before any of it is final. Whatever it raises undoes the load."""


def unguarded(report: LoadReport) -> None:
    """Lets everything in: for commands, which only whoever has the server's shell runs."""
