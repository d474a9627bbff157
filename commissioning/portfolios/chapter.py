"""What commissioning adds to the portfolio document (see `organisations.portfolios.sections`), and what was decided
here of records that a document stated: put in where the document is given back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from commissioning.domain.holdings import NAME
from commissioning.models import PortfolioGroup, RecommendationAnswer
from commissioning.portfolios import describing, known
from commissioning.portfolios import sections as our
from commissioning.portfolios.faults import Faults
from commissioning.portfolios.translation import Translation
from commissioning.specs.portfolio import RecordedAnswer, StatedGroup
from organisations.domain.replay import StatedFact
from organisations.domain.vocabulary import Basis
from organisations.models import LoadedRecord
from organisations.portfolios.effected import as_stated, carried_out
from organisations.portfolios.lives import Lives
from organisations.portfolios.reading import DocumentFault
from organisations.portfolios.sections import DocumentSection
from organisations.portfolios.stated import Stated
from pcorg.core.audit.subjects import Subject
from pcorg.core.batches import batches


class CommissioningChapter:
    """Services, contracts, money, staff, premises, provider arms, pilots and answers."""

    name = NAME
    sections = our.SECTIONS

    def faults(self, stated: Stated, lives: Lives) -> Iterable[DocumentFault]:
        return Faults(stated, lives, known.reference()).all()

    def facts(self, stated: Stated, lives: Lives, fresh: Collection[str]) -> Iterable[StatedFact]:
        return Translation(stated, lives, known.reference(), fresh).facts()

    def standing(self, section: DocumentSection, records: Iterable[Any], *, portfolio: str) -> Iterable[Any]:
        return STANDING[section.name](records, portfolio) if section.name in STANDING else records

    def describe(self, records: Mapping[str, Any], *, portfolio: str) -> Collection[Subject]:
        return describing.describe(records, portfolio=portfolio)


def groups(records: Iterable[StatedGroup], portfolio: str) -> Iterator[StatedGroup]:
    """Groups with the form that is chosen for them now, and why their services belong together."""
    for batch in batches(records):
        rows = PortfolioGroup.objects.in_bulk([record.code for record in batch])
        for record in batch:
            row = rows[record.code]
            now = {"coherence": row.coherence, "chosen_form": row.chosen_form_id, "chosen_on": row.chosen_on}
            new = {name: value for name, value in now.items() if getattr(record, name) != value}
            yield record.model_copy(update=new)


def answers(records: Iterable[RecordedAnswer], portfolio: str) -> Iterator[RecordedAnswer]:
    """Answers that were loaded, then those that were given here by the trusts of the portfolio."""
    yield from records
    changes = carried_out(portfolio)
    last = changes[-1].reference if changes else None
    rows = RecommendationAnswer.objects.filter(organisation__portfolio=portfolio, basis=Basis.DECISION)
    for batch in batches(rows.select_related("organisation").order_by("pk").iterator(chunk_size=500)):
        given = {our.ANSWERS.key_of(answer): answer for answer in (_answer(row, last) for row in batch)}
        loaded = set(LoadedRecord.objects.filter(key__in=given).values_list("key", flat=True))
        yield from (answer for key, answer in given.items() if key not in loaded)


def _answer(row: RecommendationAnswer, last: str | None) -> RecordedAnswer:
    """An answer given here. Known after all that was carried out, unless that has ended the trust before its day."""
    trust = row.organisation
    stands = trust.opened <= row.answered_on and (trust.closed is None or row.answered_on < trust.closed)
    answer = {
        "organisation": row.organisation_id,
        "recommendation": row.recommendation_id,
        "state": row.state,
        "evidence": row.evidence,
        "answered_on": row.answered_on,
        "by": row.by,
        "basis": row.basis,
        "source": row.citation,
        "note": row.note,
        "known_after": last if stands else None,
    }
    return RecordedAnswer.model_validate(as_stated({name: value for name, value in answer.items() if value}))


STANDING: Mapping[str, Callable[[Iterable[Any], str], Iterator[Any]]] = {
    our.GROUPS.name: groups,
    our.ANSWERS.name: answers,
}
"""Sections of which something can be decided here without a change."""
