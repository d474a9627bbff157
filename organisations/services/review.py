"""What loading a document brings or would bring, by name: each new record, and each that is described differently, with
what it said before and what it says now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Max

from organisations.domain.vocabulary import ChangeStatus
from organisations.models import ChangeDecision, NamePeriod, Organisation, PortfolioLoad
from organisations.portfolios.records import HEADER, Record, flat
from organisations.portfolios.sections import sections
from organisations.services.comparing import DocumentComparison
from organisations.specs.document import StatedBody, StatedChange, StatedTie
from pcorg.core.batches import batches


@dataclass(frozen=True, slots=True)
class AlteredBody:
    """An organisation on record that a document says something new of, by its latest name."""

    code: str
    name: str
    portfolio: str


def altered(codes: Collection[str]) -> tuple[AlteredBody, ...]:
    """Those of some bodies that are on record, in the order of their codes."""
    found: list[AlteredBody] = []
    for batch in batches(sorted(codes)):
        rows = dict(Organisation.objects.filter(pk__in=batch).values_list("pk", "portfolio"))
        names = NamePeriod.objects.filter(organisation__in=rows).order_by("start")
        latest = dict(names.values_list("organisation_id", "name"))
        found += [AlteredBody(code, latest.get(code, ""), portfolio) for code, portfolio in sorted(rows.items())]
    return tuple(found)


def state_of(sha256: str, review: Sequence[Any], alters: Sequence[AlteredBody], portfolio_slugs: Iterable[str]) -> str:
    """SHA-256 of a file's own, of what it brings and alters by name, and of what was loaded into and carried out
    in the portfolios that it rests upon."""
    portfolios = sorted(portfolio_slugs)
    content = {
        "file": sha256,
        "review": [asdict(section) for section in review],
        "alters": [asdict(body) for body in alters],
        "loads": [_last(PortfolioLoad.objects.filter(portfolio=slug)) for slug in portfolios],
        "decisions": [
            _last(ChangeDecision.objects.filter(change__portfolio=slug, status=ChangeStatus.EFFECTED))
            for slug in portfolios
        ],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _last(rows: Any) -> int | None:
    last: int | None = rows.aggregate(last=Max("pk"))["last"]
    return last


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
