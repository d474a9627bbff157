"""A portfolio given back as the document that loads to the same state: what was loaded, and what was carried out since.

Records come one after the other, so that a document of any size takes little memory.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from heapq import merge
from typing import Any

import yaml

from organisations.models import Change, LoadedRecord, Organisation, Portfolio, PortfolioLoad
from organisations.portfolios.effected import FIRST_DECIDED, as_stated, carried_out, effected_changes
from organisations.portfolios.records import PORTFOLIO
from organisations.portfolios.sections import CHANGES, OWN, DocumentSection, chapters
from organisations.specs.document import SCHEMA, DocumentModel, Header
from pcorg.core.vocabulary import Term

CHUNK = 500
"""Records read at a time."""

Plain = dict[str, Any]
"""A record as plain data: text, numbers (decimals as Decimal), dates, and lists and records of these."""


class NotKept(Exception):
    """The portfolio was loaded before the contents of records were kept."""

    def __init__(self, portfolio: str) -> None:
        super().__init__(
            f"What the records of {portfolio} said was not kept when they were loaded. Load its document again: that "
            "changes nothing, and keeps it."
        )


def portfolio_of(named: str) -> Portfolio | None:
    """The portfolio with a slug, or the one that a body with this code belongs to."""
    if "\x00" in named:
        return None
    return (
        Portfolio.objects.filter(pk=named).first()
        or Portfolio.objects.filter(pk__in=Organisation.objects.filter(pk=named).values("portfolio")).first()
    )


@dataclass(frozen=True)
class PortfolioDocument:
    """The document of a portfolio. Making it raises NotKept where its records cannot be given back."""

    portfolio: str

    def __post_init__(self) -> None:
        records = LoadedRecord.objects.filter(portfolio=self.portfolio)
        if records.filter(content__isnull=True).exists() or not records.filter(key=PORTFOLIO).exists():
            raise NotKept(self.portfolio)

    @property
    def records(self) -> int:
        """How many records it has, about: those loaded and the changes carried out since."""
        loaded = LoadedRecord.objects.filter(portfolio=self.portfolio)
        return loaded.count() + Change.objects.filter(portfolio=self.portfolio, recorded=False).count()

    @property
    def header(self) -> Plain:
        """What the portfolio is about."""
        content = LoadedRecord.objects.values_list("content", flat=True).get(portfolio=self.portfolio, key=PORTFOLIO)
        return in_reading_order(Header.model_validate(content))

    def sections(self) -> Iterator[tuple[str, Iterator[Plain]]]:
        """The records of each section, in the order of the document. Some sections may have none."""
        for section in OWN:
            records = self._changes() if section is CHANGES else self._loaded(section)
            yield section.name, map(in_reading_order, records)
        after = self._last_carried_out_before_loads()
        for chapter in chapters():
            for section in chapter.sections:
                standing = chapter.standing(section, self._contributed(section, after), portfolio=self.portfolio)
                yield section.name, map(in_reading_order, standing)

    def _loaded(self, section: DocumentSection) -> Iterator[DocumentModel]:
        for _, content in self._contents(section, "pk"):
            yield section.record.model_validate(content)

    def _contributed(self, section: DocumentSection, after: Mapping[int, str]) -> Iterator[DocumentModel]:
        """The loaded records of an app above, each with the change after which it was loaded, if any."""
        for load, content in self._contents(section, "load_id"):
            known_after = {"known_after": after[load]} if load in after else {}
            yield section.record.model_validate(content | known_after)

    def _last_carried_out_before_loads(self) -> dict[int, str]:
        """By load, the last change that had been carried out by then; loads before the first are left out."""
        changes = carried_out(self.portfolio)
        moments = [change.at for change in changes]
        found: dict[int, str] = {}
        for load, at in PortfolioLoad.objects.filter(portfolio=self.portfolio).values_list("pk", "loaded_at"):
            before = bisect_right(moments, at)
            if before:
                found[load] = changes[before - 1].reference
        return found

    def _contents(self, section: DocumentSection, column: str) -> Iterator[tuple[int, Any]]:
        rows = LoadedRecord.objects.filter(portfolio=self.portfolio, key__startswith=f"{section.prefix_of_keys}:")
        for load, content in rows.order_by("pk").values_list(column, "content").iterator(chunk_size=CHUNK):
            yield load, as_stated(content)  # an earlier version took documents that said it was decided here

    def _changes(self) -> Iterator[DocumentModel]:
        """Changes in the order in which they became history; those of one load as they stood in its document."""
        first = self._first_of_loads()
        loaded = (
            (first.get(load, 0), 0, CHANGES.record.model_validate(content))
            for load, content in self._contents(CHANGES, "load_id")
        )
        decided = ((at, 1, change) for at, change in effected_changes(self.portfolio))
        return (change for _, _, change in merge(loaded, decided, key=lambda entry: entry[:2]))

    def _first_of_loads(self) -> dict[int, int]:
        """When the first change of each load became history."""
        recorded = Change.objects.filter(portfolio=self.portfolio, recorded=True).annotate(decided=FIRST_DECIDED)
        decided = {CHANGES.key_named(reference): at for reference, at in recorded.values_list("reference", "decided")}
        rows = LoadedRecord.objects.filter(portfolio=self.portfolio, key__startswith=f"{CHANGES.prefix_of_keys}:")
        found: dict[int, int] = {}
        for key, load in rows.values_list("key", "load_id"):
            found[load] = min(decided.get(key, 0), found.get(load, decided.get(key, 0)))
        return found


LAST = ("start", "end", "known_after", "basis", "source", "note")
"""Fields that stand at the end of a record: its dates, and how it is known."""


def in_reading_order(part: DocumentModel) -> Plain:
    """A record as it was stated, its fields in the order in which people read them."""
    ordered: Plain = _ordered(part.model_dump(by_alias=True, exclude_unset=True))
    return ordered


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        last = [name for name in LAST if name in value]
        names = [*(name for name in value if name not in last), *last]
        return {name: _ordered(value[name]) for name in names}
    return [_ordered(entry) for entry in value] if isinstance(value, list) else value


Fields = Collection[str] | None
"""Fields of a document to give out, of `schema`, `portfolio` and the names of sections; None is all."""


def _parts(document: PortfolioDocument, fields: Fields) -> Iterator[tuple[str, Any]]:
    """The fields of a document with what stands in each: for a section, its records one after the other."""
    if fields is None or "schema" in fields:
        yield "schema", SCHEMA
    if fields is None or "portfolio" in fields:
        yield "portfolio", document.header
    for name, records in document.sections():
        if fields is None or name in fields:
            yield name, records


def as_data(document: PortfolioDocument, fields: Fields = None) -> Plain:
    """The document at once, without sections that have no records."""
    found = (
        (name, list(content) if isinstance(content, Iterator) else content)
        for name, content in _parts(document, fields)
    )
    return {name: content for name, content in found if content}


def yaml_of(data: Any) -> str:
    """Plain data as YAML that the reader of documents reads."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)
    return text


def json_of(data: Any) -> str:
    """Plain data as JSON."""
    return json.dumps(data, ensure_ascii=False, default=_plain)


def as_yaml(document: PortfolioDocument, fields: Fields = None) -> Iterator[str]:
    """The document as YAML, record by record."""
    some = False
    for name, content in _parts(document, fields):
        if not isinstance(content, Iterator):
            yield yaml_of({name: content}) if isinstance(content, dict) else f"{name}: {content}\n"
            some = True
            continue
        for number, record in enumerate(content):
            yield (f"{name}:\n" if number == 0 else "") + yaml_of([record])
            some = True
    if not some:
        yield yaml_of({})


def as_json(document: PortfolioDocument, fields: Fields = None) -> Iterator[str]:
    """The document as JSON, a record on each line."""
    before = "{"
    for name, content in _parts(document, fields):
        if not isinstance(content, Iterator):
            yield f"{before}{json_of(name)}: {json_of(content)}"
            before = ",\n"
            continue
        number = -1
        for number, record in enumerate(content):
            yield f"{',' if number else f'{before}{json_of(name)}: ['}\n{json_of(record)}"
        if number >= 0:
            yield "\n]"
            before = ",\n"
    yield "}\n" if before != "{" else "{}\n"


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes what the reader of documents reads: decimals as they are, terms as words."""


def _decimal(dumper: Any, value: Decimal) -> Any:
    text = f"{value:f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_multi_representer(Term, lambda dumper, term: dumper.represent_str(term.value))


def _plain(value: Any) -> Any:
    """Dates as text; decimals as numbers, for they have too few digits to lose one."""
    return float(value) if isinstance(value, Decimal) else value.isoformat()
