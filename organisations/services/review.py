"""What loading a document brings or would bring, by name: each new record, and each that is described differently, with
what it said before and what it says now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from organisations.portfolios.records import HEADER, Record, flat
from organisations.portfolios.sections import sections
from organisations.services.comparing import DocumentComparison
from organisations.specs.document import StatedBody, StatedChange, StatedTie


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that is set anew: fields of a field are told apart with a dot. None is not given."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ReviewedRecord:
    """A record that is new or described differently. `code` is what the document calls it, `detail` says a little more
    of a new one, and `fields` what differs in one that was there."""

    key: str
    code: str
    title: str
    detail: str = ""
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionReview:
    """The new and the changed records of a section, in the order of the document."""

    section: str
    created: tuple[ReviewedRecord, ...]
    changed: tuple[ReviewedRecord, ...]


def reviewed(compared: DocumentComparison) -> tuple[SectionReview, ...]:
    """The records that a document brings, by section; sections that bring nothing are left out."""
    created: dict[str, list[ReviewedRecord]] = {}
    changed: dict[str, list[ReviewedRecord]] = {}
    for key, record in compared.fresh.items():
        created.setdefault(record.section.name, []).append(_reviewed(key, record, detail=_detail(record.part)))
    for key, (record, fields) in compared.changed.items():
        differing = tuple(_fields(compared.before[key], record, fields))
        changed.setdefault(record.section.name, []).append(_reviewed(key, record, fields=differing))
    return tuple(
        SectionReview(name, tuple(created.get(name, ())), tuple(changed.get(name, ())))
        for name in (section.name for section in (HEADER, *sections()))
        if name in created or name in changed
    )


def _reviewed(key: str, record: Record, **more: Any) -> ReviewedRecord:
    part: Any = record.part
    code = getattr(part, "code", None) or getattr(part, "reference", None) or getattr(part, "slug", None)
    if code is None:
        code = " ".join(str(getattr(part, name)) for name in record.section.key if getattr(part, name) is not None)
    return ReviewedRecord(key, str(code), _title(part), **more)


def _title(part: Any) -> str:
    """What a record is called; one without a title says what it is about."""
    for name in ("title", "name"):
        if isinstance(found := getattr(part, name, None), str):
            return found
    if isinstance(part, StatedTie):
        return f"{part.subject} {part.kind.label.lower()} {part.object}"
    named = (getattr(part, name, None) for name in ("service", "organisation", "recommendation"))
    return ", ".join(str(each) for each in named if each is not None)


def _detail(part: Any) -> str:
    if isinstance(part, StatedBody):
        return part.form
    if isinstance(part, StatedTie):
        days = [f"from {_day(part.start)}" if part.start else "", f"until {_day(part.end)}" if part.end else ""]
        return " ".join(each for each in days if each)
    if isinstance(part, StatedChange):
        made = [entry.code for entry in part.resulting if isinstance(entry, StatedBody)]
        of = f" of {', '.join(part.originals)}" if part.originals else ""
        opens = f", opens {', '.join(made)}" if made else ""
        corrects = f", strikes out {part.corrects}" if part.corrects else ""
        return f"{part.kind.label}{of}, {_day(part.effective_on)}{opens}{corrects}"
    return ""


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _fields(before: Mapping[str, Any], record: Record, names: list[str]) -> Iterator[FieldChange]:
    was, now = dict(flat(before)), dict(flat(record.content))
    for name in names:
        yield FieldChange(name, was.get(name), now.get(name))


def value_in_words(value: Any) -> str:
    """A value of a record as people read it."""
    if value is None or value in ("", []):
        return "not given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {value_in_words(inner)}" for name, inner in value.items())
    return "; ".join(value_in_words(each) for each in value) if isinstance(value, list | tuple) else str(value)
