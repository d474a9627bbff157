"""When the bodies that a document speaks of live: those it states, and those of other documents that are held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from organisations.portfolios.reading import DocumentFault, Place, Refers
from organisations.portfolios.sections import contributed
from organisations.portfolios.stated import Stated
from organisations.specs.document import StatedBody


@dataclass(frozen=True, slots=True)
class StatedLife:
    """When a body opens and, where no change of the document explains it, when it closes. `maker` is the number of the
    change that makes it; `held` tells a body that the document does not state."""

    opened: date
    closed: date | None = None
    maker: int | None = None
    illustrative: bool = False
    held: bool = False


class Lives(dict[str, StatedLife]):
    """Lives by code. `first` is the first day that the document covers."""

    def __init__(self, lives: Mapping[str, StatedLife], first: date) -> None:
        super().__init__(lives)
        self.first = first

    def latest_opening(self, codes: Iterable[str]) -> date:
        """The day from which all of these bodies exist; the start of the period covered where none is known."""
        return max((self[code].opened for code in codes if code in self), default=self.first)

    def first_closing(self, codes: Iterable[str], start: date) -> date | None:
        """The first day after `start` on which one of these bodies is known to close, if any."""
        closings = (self[code].closed for code in codes if code in self)
        return min((day for day in closings if day is not None and day > start), default=None)


def lives_of(stated: Stated, recorded: Mapping[str, StatedLife]) -> Lives:
    """Lives of the bodies that a document states, and of those `recorded` that it names."""
    header = stated.document.portfolio
    lives: dict[str, StatedLife] = {}
    for body, _ in stated.each("bodies"):
        opened = body.opened or header.covers.from_
        lives.setdefault(body.code, StatedLife(opened, body.closed, illustrative=header.illustrative))
    for number, (change, _) in enumerate(stated.each("changes")):
        for entry in change.resulting:
            if isinstance(entry, StatedBody):
                life = StatedLife(change.effective_on, None, number, header.illustrative)
                lives.setdefault(entry.code, life)
    return Lives({**recorded, **lives}, header.covers.from_)


def named_outside(stated: Stated) -> set[str]:
    """Codes of bodies that records name and the document does not state."""
    own = {body.code for body, _ in stated.bodies()}
    named = {
        code for relationship, _ in stated.each("relationships") for code in (relationship.subject, relationship.object)
    }
    named |= {code for body, _ in stated.bodies() for _, code in body.outward()}
    for change, _ in stated.each("changes"):
        named |= {code for relationship in change.relationships for code in (relationship.subject, relationship.object)}
    for section in contributed():
        named |= {code for record, _ in stated.each(section.name) for code, _ in section.bodies(record)}
    return named - own


def unknown_body(stated: Stated, code: str, at: Place, lives: Lives) -> DocumentFault:
    """The fault of a code that stands for no body."""
    words = f"No body of this document or of another that is loaded has the code {code}.{stated.text.near(code, lives)}"
    return stated.text.fault(words, at, "unknown-organisation", Refers.RECORD)


def unknown_bodies(stated: Stated, lives: Lives) -> Iterator[DocumentFault]:
    """Bodies that contributed records name and nobody knows, or that belong to the other kind of portfolio."""
    illustrative = stated.document.portfolio.illustrative
    for section in contributed():
        for record, place in stated.each(section.name):
            for code, below in section.bodies(record):
                at = (*place, *below)
                if code in lives:
                    if lives[code].illustrative != illustrative:
                        yield stated.text.fault("A real body and an illustrative one have no dealings.", at)
                elif code not in stated.tainted:
                    yield unknown_body(stated, code, at, lives)
