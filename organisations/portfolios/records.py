"""The records of a document: each by its natural key, with its content and a fingerprint, to be compared and kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from organisations.portfolios.reading import Place
from organisations.portfolios.sections import DocumentSection, sections
from organisations.portfolios.stated import Stated
from organisations.specs.document import DocumentModel, Header

PORTFOLIO = "portfolio"
"""The natural key of a document's header."""

HEADER = DocumentSection(
    PORTFOLIO, Header, (), settable=frozenset({"title", "summary", "attribution", "limits", "covers.to"})
)
"""The header as if it were a list of one record. What it says of the period covered may grow at its end."""


@dataclass(frozen=True)
class Record:
    """A record of a document: its natural key, its section, where it stands and what it says."""

    key: str
    section: DocumentSection
    place: Place
    part: DocumentModel

    @property
    def content(self) -> dict[str, Any]:
        """What is stated, as plain JSON; what is left out stays left out."""
        return self.part.model_dump(mode="json", by_alias=True, exclude_unset=True)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what it says."""
        return fingerprint_of(self.part)


def records_of(stated: Stated) -> dict[str, Record]:
    """Every record by natural key, in the order of the document."""
    found = {PORTFOLIO: Record(PORTFOLIO, HEADER, (PORTFOLIO,), stated.document.portfolio)}
    for section in sections():
        for part, place in stated.each(section.name):
            key = section.key_of(part)
            found.setdefault(key, Record(key, section, place, part))
    return found


def differing(record: Record, before: dict[str, Any]) -> list[str]:
    """The fields in which a record says something else than the content kept of it, in the order of its schema; fields
    of a field are told apart with a dot."""
    was = dict(flat(_saying(type(record.part).model_validate(before))))
    now = dict(flat(_saying(record.part)))
    return [name for name in dict.fromkeys((*now, *was)) if was.get(name) != now.get(name)]


def fingerprint_of(part: DocumentModel) -> str:
    """SHA-256 of what a record says; the same whether a default is written out or not, 0.5 or 0.50."""
    return _digest(_saying(part))


def former_fingerprint(part: DocumentModel) -> str:
    """The fingerprint as it was made before contents were kept: defaults written out, save fields that came later."""
    return _digest(_without_later_fields(part.model_dump(mode="json", by_alias=True)))


def _saying(part: DocumentModel) -> dict[str, Any]:
    """What a record says of the world: without its defaults, and without when it came to be known."""
    return part.model_dump(by_alias=True, exclude_defaults=True, exclude={"known_after"})


def flat(saying: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields of a record; fields of a field are told apart with a dot."""
    for name, value in saying.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{below}", inner) for below, inner in value.items())
        else:
            yield name, value


def _digest(saying: Any) -> str:
    content = json.dumps(saying, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(content.encode()).hexdigest()


def _plain(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _without_later_fields(data: Any) -> Any:
    if isinstance(data, dict):
        left_out: dict[str, Any] = {"closed": None, "relationships": []}
        return {
            name: _without_later_fields(value)
            for name, value in data.items()
            if name not in left_out or left_out[name] != value
        }
    return [_without_later_fields(entry) for entry in data] if isinstance(data, list) else data
