"""Writing what records say beyond their dated facts: columns that only describe, lists, milestones, pilots, answers.

What is written takes the place of what a record said before; rows that already say it are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models

from commissioning.domain.kinds import KINDS
from commissioning.models import HOLDINGS, Milestone, OutcomeMeasure, PmsPilot, RecommendationAnswer
from commissioning.portfolios import known
from commissioning.portfolios import sections as our
from commissioning.portfolios.known import Reference
from commissioning.portfolios.translation import cited, columns, title_of
from organisations.models.subjects import organisation
from organisations.portfolios.sections import DocumentSection
from pcorg.core.audit.subjects import Subject, of_record
from pcorg.core.batches import BATCH, batches

TABLES: Mapping[str, type[models.Model]] = {KINDS[holding.kind].section: holding.thing() for holding in HOLDINGS}
"""The table of each section of things."""


def _lists() -> Iterator[tuple[DocumentSection, Any]]:
    """Fields that list codes or slugs, of the same name in record and table."""
    for section in our.THINGS:
        for field in TABLES[section.name]._meta.many_to_many:
            if field.name in section.record.model_fields:
                yield section, field


def describe(records: Mapping[str, Any], *, portfolio: str) -> set[Subject]:
    """Write what the records, by natural key, say beyond their dated facts; gives the subjects whose rows it wrote."""
    reference = known.reference()
    wrote: set[Subject] = set()
    for section in our.THINGS:
        found = _of(section, records)
        _set_columns(section, found, reference)
        wrote |= {subject for record in found for subject in of_record(TABLES[section.name](pk=record.code))}
    for section, field in _lists():
        _set_list(field, {record.code: getattr(record, field.name) for record in _of(section, records)})
    _set_children(OutcomeMeasure, "contract", "position", dict(_measures(_of(our.CONTRACTS, records))))
    _set_children(Milestone, "arm", "title", dict(_milestones(_of(our.ARMS, records))))
    _set_pilots(_of(our.PILOTS, records), portfolio)
    _set_answers(_of(our.ANSWERS, records))
    of_bodies = (*_of(our.PILOTS, records), *_of(our.ANSWERS, records))
    return wrote | {organisation(record.organisation) for record in of_bodies}


def _of(section: DocumentSection, records: Mapping[str, Any]) -> list[Any]:
    return [record for record in records.values() if isinstance(record, section.record)]


def _set_columns(section: DocumentSection, records: Iterable[Any], reference: Reference) -> None:
    wanted = {record.code: columns(section, record) | {"title": title_of(record, reference)} for record in records}
    _update(TABLES[section.name], wanted)


def _update(model: type[models.Model], wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """Set the columns of rows, by their keys, where they differ."""
    for batch in batches(wanted, BATCH // 8):
        differing = []
        for row in model._default_manager.filter(pk__in=batch):
            values = wanted[str(row.pk)]
            if any(getattr(row, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(row, name, value)
                differing.append(row)
        if differing:
            fields = [name.removesuffix("_id") for name in wanted[batch[0]]]
            model._default_manager.bulk_update(differing, fields)


def _set_list(field: Any, wanted: Mapping[str, Sequence[str]]) -> None:
    """Set a many-to-many field of the rows named, where it differs."""
    through = field.remote_field.through
    near, far = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    for batch in batches(wanted):
        rows = through._default_manager.filter(**{f"{near}__in": batch})
        held = {(row[near], row[far]): row["pk"] for row in rows.values("pk", near, far)}
        pairs = dict.fromkeys((code, other) for code in batch for other in wanted[code])
        for gone in batches(held[pair] for pair in held if pair not in pairs):
            through._default_manager.filter(pk__in=gone).delete()
        through._default_manager.bulk_create(
            [through(**{near: code, far: other}) for code, other in pairs if (code, other) not in held],
            batch_size=BATCH,
        )


def _set_children(
    model: type[models.Model], parent: str, key: str, wanted: Mapping[str, Mapping[Any, Mapping[str, Any]]]
) -> None:
    """Set the rows below each of the things named: by key, the columns of each."""
    for batch in batches(wanted):
        held = {
            (getattr(row, f"{parent}_id"), getattr(row, key)): row
            for row in model._default_manager.filter(**{f"{parent}__in": batch})
        }
        rows = {(code, at): values for code in batch for at, values in wanted[code].items()}
        for gone in batches(row.pk for at, row in held.items() if at not in rows):
            model._default_manager.filter(pk__in=gone).delete()
        fresh = [
            model(**{f"{parent}_id": code, key: at}, **values)
            for (code, at), values in rows.items()
            if (code, at) not in held
        ]
        model._default_manager.bulk_create(fresh, batch_size=BATCH // 8)
        _update(model, {str(held[at].pk): values for at, values in rows.items() if at in held})


def _measures(contracts: Iterable[Any]) -> Iterator[tuple[str, dict[int, dict[str, Any]]]]:
    for contract in contracts:
        yield (
            contract.code,
            {at: {"text": each.text, "target": each.target} for at, each in enumerate(contract.measures)},
        )


def _milestones(arms: Iterable[Any]) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    for arm in arms:
        yield (
            arm.code,
            {each.title: {"due": each.due, "reached": each.reached, **cited(each, arm)} for each in arm.milestones},
        )


def _set_pilots(pilots: Sequence[Any], portfolio: str) -> None:
    held = _existing(PmsPilot, (pilot.organisation for pilot in pilots))

    def values(pilot: Any) -> dict[str, Any]:
        return {
            "contract_id": pilot.contract,
            "wave": pilot.wave,
            "variant": pilot.variant,
            "provider_id": pilot.provider,
            "salaried_gps": pilot.salaried_gps,
            "nurses": pilot.nurses,
            "term_ends": pilot.term_ends,
            "at_end": pilot.at_end,
            **cited(pilot, pilot),
        }

    PmsPilot.objects.bulk_create(
        [
            PmsPilot(organisation_id=pilot.organisation, portfolio_id=portfolio, **values(pilot))
            for pilot in pilots
            if pilot.organisation not in held
        ],
        batch_size=BATCH // 8,
    )
    _update(PmsPilot, {pilot.organisation: values(pilot) for pilot in pilots if pilot.organisation in held})
    field: Any = PmsPilot._meta.get_field("practices")
    _set_list(field, {pilot.organisation: pilot.practices for pilot in pilots})


def _existing(model: type[models.Model], keys: Iterable[str]) -> set[str]:
    return {
        str(key)
        for batch in batches(keys)
        for key in model._default_manager.filter(pk__in=batch).values_list("pk", flat=True)
    }


def _set_answers(answers: Sequence[Any]) -> None:
    wanted = {(each.organisation, each.recommendation, each.answered_on): each for each in answers}
    held: dict[tuple[Any, ...], int] = {}
    for batch in batches(sorted({each.organisation for each in answers})):
        rows = RecommendationAnswer.objects.filter(organisation__in=batch)
        for pk, *key in rows.values_list("pk", "organisation", "recommendation", "answered_on"):
            held[tuple(key)] = pk

    def values(answer: Any) -> dict[str, Any]:
        return {"state": answer.state, "evidence": answer.evidence, "by": answer.by, **cited(answer, answer)}

    RecommendationAnswer.objects.bulk_create(
        [
            RecommendationAnswer(
                organisation_id=each.organisation,
                recommendation_id=each.recommendation,
                answered_on=each.answered_on,
                **values(each),
            )
            for key, each in wanted.items()
            if key not in held
        ],
        batch_size=BATCH // 8,
    )
    _update(RecommendationAnswer, {str(held[key]): values(each) for key, each in wanted.items() if key in held})
