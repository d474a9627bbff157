"""Numbered references of a page: each fact says how it is known and points into one list of sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from organisations.domain.vocabulary import Basis
from organisations.models import Source
from organisations.models.sourced import Cited
from pcorg.core.pages.scope import Scope

# A title of more letters is not for the cell of a table.
LONG = 60


@dataclass(frozen=True)
class Citation:
    """A source by its title and the place in it; `href` leads to its entry on the page about the data. `short` names
    it in a cell of a table: a paper by author and year."""

    title: str
    locator: str
    href: str
    short: str = ""


def cited(record: Cited, *, about: str) -> Citation | None:
    """The citation of a record whose source is loaded; None where it has none. `about`: that page's address."""
    return citation(record.source, record.locator, about=about) if record.source else None


def citation(source: Source, locator: str, *, about: str) -> Citation:
    """A citation of a place in a source."""
    year = f" ({source.year})" if source.year and str(source.year) not in source.title else ""
    title = f"{source.title}{year}"
    by_author = source.author and source.year and len(title) > LONG
    return Citation(
        title=title,
        short=f"{source.author} {source.year}" if by_author else title,
        locator=locator,
        href=f"{about}#source-{source.slug}",
    )


@dataclass(frozen=True)
class ProvenanceNote:
    """How a fact is known: its basis in words, the number of its reference, and a note."""

    basis: str
    number: int | None
    note: str


@dataclass(frozen=True)
class Ended:
    """The change that ended a fact, and how that is known."""

    change: int
    href: str
    known: ProvenanceNote


class References:
    """The sources a page cites, numbered as they first occur. `about` is the address of the page on sources."""

    def __init__(self, sources: Mapping[str, Source], *, about: str) -> None:
        self._sources = sources
        self._about = about
        self._numbers: dict[str, int] = {}

    def known(self, fact: Mapping[str, Any], *, basis: str = "basis") -> ProvenanceNote:
        """How a fact is known that carries a source (`goodwin-2001 lines 317-326`), a basis and a note."""
        return ProvenanceNote(Basis.stored(fact[basis]).label, self.number(fact["source"]), fact["note"])

    def ended(self, ending: Mapping[str, Any] | None, scope: Scope) -> Ended | None:
        """The change that ended a fact; None where it goes on or no change is known to have ended it."""
        if ending is None or ending["change"] is None:
            return None
        number: int = ending["change"]
        return Ended(number, scope.link("change", number), self.known({**ending, "note": ""}))

    def number(self, cited: str) -> int | None:
        """The number of a reference; None where nothing is cited."""
        if not cited:
            return None
        return self._numbers.setdefault(cited, len(self._numbers) + 1)

    @property
    def listed(self) -> list[tuple[int, Citation]]:
        """The references in order of their numbers."""
        return [(number, self._citation(cited)) for cited, number in self._numbers.items()]

    def _citation(self, cited: str) -> Citation:
        slug, _, locator = cited.partition(" ")
        source = self._sources.get(slug)
        if source is None:
            return Citation(title=slug, locator=locator, href=self._about)
        return citation(source, locator, about=self._about)
