"""Writing what records say beyond their dated facts: columns that only describe, lists, milestones, pilots, answers.

What is written takes the place of what a record said before; rows that already say it are left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models

from commissioning.models import Milestone, OutcomeMeasure, PmsPilot, RecommendationAnswer
from commissioning.portfolios import known
from commissioning.portfolios import sections as our
from commissioning.portfolios.translation import cited, columns, title_of
from organisations.models.subjects import organisation
from organisations.portfolios.sections import DocumentSection
from pcorg.core.audit.subjects import Subject, of_record
from pcorg.core.batches import BATCH, batches

Rows = Mapping[str, Mapping[tuple[Any, ...], Mapping[str, Any]]]
"""Columns of the rows that are to be there, by the first of the columns that identify one, then by all of these."""


def describe(records: Mapping[str, Any], *, portfolio: str) -> set[Subject]:
    """Write what the records, by natural key, say beyond their dated facts; gives the subjects whose rows it wrote."""
    reference = known.reference()
    wrote: set[Subject] = set()
    for section in our.THINGS:
        table: Any = known.table_of(section)
        found = _of(section, records)
        things = {each.code: columns(section, each) | {"title": title_of(each, reference)} for each in found}
        _set_rows(table, ("code",), {code: {(code,): values} for code, values in things.items()})
        for field in table._meta.many_to_many:  # fields that list codes or slugs, of the same name in record and table
            if field.name in section.record.model_fields:
                _set_list(field, {each.code: getattr(each, field.name) for each in found})
        wrote |= {subject for each in found for subject in of_record(table(pk=each.code))}
    _set_children(OutcomeMeasure, ("contract_id", "position"), _measures(_of(our.CONTRACTS, records)))
    _set_children(Milestone, ("arm_id", "title"), _milestones(_of(our.ARMS, records)))
    _set_pilots(_of(our.PILOTS, records), portfolio)
    _set_answers(_of(our.ANSWERS, records))
    of_bodies = (*_of(our.PILOTS, records), *_of(our.ANSWERS, records))
    return wrote | {organisation(record.organisation) for record in of_bodies}


def _of(section: DocumentSection, records: Mapping[str, Any]) -> list[Any]:
    return [record for record in records.values() if isinstance(record, section.record)]


def _set_rows(model: type[models.Model], key: Sequence[str], wanted: Rows, **fresh: Any) -> list[Any]:
    """Make the rows that are not there, with the columns `fresh` besides, and set those that differ. Gives the keys of
    other rows with the same first column."""
    others: list[Any] = []
    for batch in batches(wanted):
        rows = {at: values for first in batch for at, values in wanted[first].items()}
        held = {
            tuple(getattr(row, name) for name in key): row
            for row in model._default_manager.filter(**{f"{key[0]}__in": batch})
        }
        others += [row.pk for at, row in held.items() if at not in rows]
        made = [
            model(**dict(zip(key, at, strict=True)), **fresh, **values) for at, values in rows.items() if at not in held
        ]
        model._default_manager.bulk_create(made, batch_size=BATCH // 8)
        differing = []
        for at in (at for at in rows if at in held):
            row, values = held[at], rows[at]
            if any(getattr(row, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(row, name, value)
                differing.append(row)
        if differing:
            fields = [name.removesuffix("_id") for name in next(iter(rows.values()))]
            model._default_manager.bulk_update(differing, fields, batch_size=BATCH // 8)
    return others


def _set_list(field: Any, expected: Mapping[str, Sequence[str]]) -> None:
    """Set a many-to-many field of the rows named, where it differs."""
    through = field.remote_field.through
    near, far = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    for batch in batches(expected):
        rows = through._default_manager.filter(**{f"{near}__in": batch})
        existing = {(row[near], row[far]): row["pk"] for row in rows.values("pk", near, far)}
        pairs = dict.fromkeys((code, other) for code in batch for other in expected[code])
        for gone in batches(existing[pair] for pair in existing if pair not in pairs):
            through._default_manager.filter(pk__in=gone).delete()
        through._default_manager.bulk_create(
            [through(**{near: code, far: other}) for code, other in pairs if (code, other) not in existing],
            batch_size=BATCH,
        )


def _set_children(model: type[models.Model], key: Sequence[str], expected: Rows) -> None:
    """Set the rows below each of the things named, and remove those that no record states any more."""
    for gone in batches(_set_rows(model, key, expected)):
        model._default_manager.filter(pk__in=gone).delete()


def _measures(contracts: Iterable[Any]) -> Rows:
    return {
        contract.code: {
            (contract.code, at): {"text": each.text, "target": each.target} for at, each in enumerate(contract.measures)
        }
        for contract in contracts
    }


def _milestones(arms: Iterable[Any]) -> Rows:
    return {
        arm.code: {
            (arm.code, each.title): {"due": each.due, "reached": each.reached, **cited(each, arm)}
            for each in arm.milestones
        }
        for arm in arms
    }


def _set_pilots(pilots: Sequence[Any], portfolio: str) -> None:
    wanted = {
        pilot.organisation: {
            (pilot.organisation,): {
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
        }
        for pilot in pilots
    }
    _set_rows(PmsPilot, ("organisation_id",), wanted, portfolio_id=portfolio)
    field: Any = PmsPilot._meta.get_field("practices")
    _set_list(field, {pilot.organisation: pilot.practices for pilot in pilots})


def _set_answers(answers: Iterable[Any]) -> None:
    expected: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = defaultdict(dict)
    for each in answers:
        values = {"state": each.state, "evidence": each.evidence, "by": each.by, **cited(each, each)}
        expected[each.organisation][each.organisation, each.recommendation, each.answered_on] = values
    _set_rows(RecommendationAnswer, ("organisation_id", "recommendation_id", "answered_on"), expected)
