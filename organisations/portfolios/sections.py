"""The sections of a portfolio document, and where apps above add their own.

The document is one schema: the sections of this app (bodies, relationships, changes) and those that the *chapters* of
apps above register in their `AppConfig.ready`. A section declares its records as a pydantic model; a chapter checks
what they say beside the rest of the document, and puts them into dated facts that a replay takes in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import Field, create_model

from organisations.domain.replay import StatedFact
from organisations.portfolios.reading import DocumentFault, Place
from organisations.specs.document import OUTWARD, Document, DocumentModel, StatedBody, StatedChange, StatedTie
from pcorg.core.audit.subjects import Subject

if TYPE_CHECKING:
    from organisations.portfolios.lives import Lives
    from organisations.portfolios.stated import Stated


@dataclass(frozen=True)
class DocumentSection:
    """A list of records in a portfolio document. Records of apps above are ContributedRecord.

    `key` names the fields that identify a record for ever; `prefix` begins its natural key (`contracts:X-C01`).
    `settable` are the fields that only describe it: loading the document again may set them anew. `bodies` gives the
    codes of the bodies that a record names, each with its place in the record; `start` the day it begins, where that is
    not its field `start`. `bearing` are the fields that other records build upon: where one of them is wrong, nothing
    can be said of what rests on the record; where another field is wrong, the rest of the record still counts.
    """

    name: str
    record: type[DocumentModel]
    key: tuple[str, ...]
    prefix: str = ""
    settable: frozenset[str] = frozenset()
    bodies: Callable[[Any], Iterable[tuple[str, Place]]] = lambda record: ()
    bearing: frozenset[str] = frozenset()

    def bears(self, place: Place) -> bool:
        """Whether what stands at a place of a record (without the section and the number) is built upon. Wherever they
        stand, fields that only describe are not."""
        return not place or (place[0] in self.bearing and not DESCRIBING & set(place))

    @property
    def prefix_of_keys(self) -> str:
        """How the natural keys of its records begin."""
        return self.prefix or self.name

    def key_of(self, record: Any) -> str:
        """The natural key of a record; parts that are not stated are left out."""
        parts = (getattr(record, name) for name in self.key)
        return self.key_named(*(str(part) for part in parts if part is not None))

    def key_named(self, *parts: str) -> str:
        """The natural key of the record that is identified so."""
        return ":".join((self.prefix_of_keys, *parts))


class Chapter(Protocol):
    """What an app above adds to the portfolio document: its sections, and what to make of them."""

    name: str

    @property
    def sections(self) -> Sequence[DocumentSection]:
        """In the order in which they rest on each other."""

    def faults(self, stated: Stated, lives: Lives) -> Iterable[DocumentFault]:
        """What is wrong with the records beside each other and beside what the database holds. Faults of form, bodies
        that nobody knows and sources that do not exist are told without it."""

    def facts(self, stated: Stated, lives: Lives, fresh: Collection[str]) -> Iterable[StatedFact]:
        """The dated facts that the records state, of those with a natural key among `fresh`."""

    def standing(self, section: DocumentSection, records: Iterable[Any], *, portfolio: str) -> Iterable[Any]:
        """The loaded records of a section as they stand now, what was decided here since put in, and after them those
        that came about here and not by a load."""

    def describe(self, records: Mapping[str, Any], *, portfolio: str) -> Collection[Subject]:
        """Write what the records, by natural key, say beyond their dated facts, in place of what was said before; gives
        the subjects whose rows it wrote."""


DESCRIBING = frozenset({"basis", "source", "note", "title", "form_basis", "populations", "board"})
"""Fields that say how a fact is known or describe it, in whatever record they stand."""

OF_BODIES = frozenset({"code", "form", "opened", "closed", *OUTWARD})
TIES_SAY = frozenset({"kind", "subject", "object", "start", "end"})
CHANGES_SAY = frozenset(
    {
        *("reference", "kind", "route", "effective_on", "originals", "resulting", "to_form", "edges", "links", "moves"),
        *("relationships", "corrects", "set"),
    }
)

BODIES = DocumentSection("bodies", StatedBody, ("code",), "body", bearing=OF_BODIES)
TIES = DocumentSection("relationships", StatedTie, ("kind", "subject", "object", "start"), "tie", bearing=TIES_SAY)
CHANGES = DocumentSection("changes", StatedChange, ("reference",), "change", bearing=CHANGES_SAY)
OWN = (BODIES, TIES, CHANGES)
"""The sections of this app. History is corrected by a change: none of its fields is set anew by a load."""

_chapters: dict[str, Chapter] = {}


def register(chapter: Chapter) -> None:
    """Add a chapter. Raises ValueError where its name or one of its sections is taken."""
    taken = {section.name for section in sections()} & {section.name for section in chapter.sections}
    if chapter.name in _chapters or taken:
        raise ValueError(f"{', '.join(sorted(taken)) or chapter.name} is registered already")
    _chapters[chapter.name] = chapter
    document_model.cache_clear()


def withdraw(name: str) -> None:
    """Remove a chapter."""
    del _chapters[name]
    document_model.cache_clear()


def chapters() -> tuple[Chapter, ...]:
    """All chapters, in the order in which they registered."""
    return tuple(_chapters.values())


def contributed() -> Iterator[DocumentSection]:
    """The sections of apps above, in the order of the document."""
    for chapter in chapters():
        yield from chapter.sections


def sections() -> tuple[DocumentSection, ...]:
    """Every section, in the order of the document."""
    return (*OWN, *contributed())


@cache
def document_model() -> type[Document]:
    """The schema of the whole document: one model, whoever contributes to it."""
    fields: dict[str, Any] = {
        section.name: (list[section.record], Field([], description=_summary(section.record)))  # type: ignore[name-defined]
        for section in contributed()
    }
    return create_model("Document", __base__=Document, __doc__=Document.__doc__, **fields)


def _summary(record: type[DocumentModel]) -> str:
    return (record.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")


def start_of(record: Any, section: DocumentSection, lives: Lives) -> date:
    """The day a record begins: as stated, else the latest opening of the bodies it names."""
    stated: date | None = getattr(record, "start", None)
    return stated or lives.latest_opening(code for code, _ in section.bodies(record))
