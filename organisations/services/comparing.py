"""What a document brings beside what earlier loads of its portfolio brought: new, described anew, there already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q

from organisations.models import LoadedRecord, Portfolio, PortfolioLoad
from organisations.portfolios.effected import as_stated, effected_changes
from organisations.portfolios.reading import DocumentFault, Text
from organisations.portfolios.records import HEADER, Record, differing, fingerprint_of, former_fingerprint
from organisations.portfolios.sections import CHANGES, sections
from pcorg.core.batches import BATCH, batches


@dataclass(frozen=True, slots=True)
class SectionCount:
    """How many records of a section were created, described anew, and left as they were."""

    section: str
    created: int
    changed: int
    unchanged: int


@dataclass
class DocumentComparison:
    """The records of a document, each by natural key, in its order: `fresh` ones; `changed` ones with the fields that
    are set anew, and in `before` what each of those said; the `unchanged` rest, of which some still want their content
    kept."""

    fresh: dict[str, Record] = field(default_factory=dict)
    changed: dict[str, tuple[Record, list[str]]] = field(default_factory=dict)
    before: dict[str, dict[str, Any]] = field(default_factory=dict)
    unchanged: dict[str, Record] = field(default_factory=dict)
    unkept: dict[str, Record] = field(default_factory=dict)
    faults: list[DocumentFault] = field(default_factory=list)

    @property
    def brings_nothing(self) -> bool:
        """Whether everything is there already as it is stated."""
        return not (self.fresh or self.changed)

    def counts(self) -> tuple[SectionCount, ...]:
        """How many of each, by section, in the order of the document; sections without records are left out."""
        created, changed, unchanged = (
            Counter(record.section.name for record in records)
            for records in (
                self.fresh.values(),
                (record for record, _ in self.changed.values()),
                self.unchanged.values(),
            )
        )
        return tuple(
            SectionCount(section.name, created[section.name], changed[section.name], unchanged[section.name])
            for section in (HEADER, *sections())
            if created[section.name] or changed[section.name] or unchanged[section.name]
        )


def known_records(portfolio: str) -> dict[str, tuple[str, bool]]:
    """Fingerprints of what earlier loads of a portfolio brought, by natural key, each with whether its content is kept;
    and of the changes carried out here, so that a document given back brings nothing. Locks the portfolio."""
    list(Portfolio.objects.select_for_update(no_key=True).filter(pk=portfolio))
    rows = LoadedRecord.objects.filter(portfolio=portfolio)
    is_kept = ExpressionWrapper(Q(content__isnull=False), output_field=BooleanField())
    kept = rows.annotate(kept=is_kept).values_list("key", "fingerprint", "kept")
    loaded = {key: (fingerprint, whether) for key, fingerprint, whether in kept}
    carried_out = {CHANGES.key_of(change): (fingerprint_of(change), True) for _, change in effected_changes(portfolio)}
    return carried_out | loaded


def compare(
    text: Text, portfolio: str, records: Mapping[str, Record], known: Mapping[str, tuple[str, bool]]
) -> DocumentComparison:
    """Compare the records of a document with those known. What only describes may be set anew; history may not."""
    found = DocumentComparison()
    altered: dict[str, Record] = {}
    for key, record in records.items():
        if key not in known:
            found.fresh[key] = record
            continue
        fingerprint, kept = known[key]
        if fingerprint == (record.fingerprint if kept else former_fingerprint(record.part)):
            found.unchanged[key] = record
            if not kept:
                found.unkept[key] = record
        else:
            altered[key] = record
    contents = _contents(portfolio, altered)
    for key, record in altered.items():
        fields = differing(record, contents[key]) if key in contents else []
        fixed = [name for name in fields if name not in record.section.settable]
        if key in contents and not fields:
            found.unchanged[key] = found.unkept[key] = record
        elif fields and not fixed:
            found.changed[key] = (record, fields)
            found.before[key] = contents[key]
        else:
            found.faults.append(_altered(text, record, fixed))
    return found


def _contents(portfolio: str, altered: Iterable[str]) -> dict[str, dict[str, Any]]:
    return {
        row.key: as_stated(row.content)
        for batch in batches(altered)
        for row in LoadedRecord.objects.filter(portfolio=portfolio, key__in=batch)
        if row.content is not None
    }


def _altered(text: Text, record: Record, fixed: list[str]) -> DocumentFault:
    """History may not say something else now: it is corrected by a change, and a thing stated anew has its own code."""
    place = (*record.place, *fixed[0].split(".")) if len(fixed) == 1 else record.place
    remark = f" ({', '.join(fixed)})" if fixed else ""
    remedy = (
        "Amounts, parties and dates are history: put them back as they were, and record a change that moves the thing, "
        "or state what is right under a code of its own."
        if record.section.settable
        else "Put it right with a change of kind correction instead of altering the record."
    )
    return text.fault(f"This is loaded already and says something else there{remark}. {remedy}", place, "conflict")


def keep_contents(portfolio: str, records: Mapping[str, Record]) -> None:
    """Keep what records say that are held already."""
    for batch in batches(records, BATCH // 4):
        rows = list(LoadedRecord.objects.filter(portfolio=portfolio, key__in=batch))
        for row in rows:
            row.fingerprint, row.content = records[row.key].fingerprint, records[row.key].content
        LoadedRecord.objects.bulk_update(rows, ["fingerprint", "content"])


def keep(portfolio: Portfolio, load: PortfolioLoad, compared: DocumentComparison) -> None:
    """Keep what the records said: of new ones, of those described anew, and of those loaded before it was kept."""
    LoadedRecord.objects.bulk_create(
        [
            LoadedRecord(
                portfolio=portfolio, key=key, fingerprint=record.fingerprint, content=record.content, load=load
            )
            for key, record in compared.fresh.items()
        ],
        batch_size=BATCH // 4,
    )
    described = {key: record for key, (record, _) in compared.changed.items()}
    keep_contents(portfolio.slug, described | compared.unkept)
