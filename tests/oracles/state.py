"""The whole state of portfolios as plain values that know no row numbers, so that two databases can be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from organisations.domain.vocabulary import Basis
from organisations.models import Change, ChangeEffects, Portfolio
from organisations.portfolios.effected import FIRST_DECIDED, references_of

APPS = ("organisations", "commissioning")

REFERENCE = {
    "organisations.Source",
    "organisations.Form",
    "organisations.PolicyCheck",
    "organisations.TransitionRule",
    "organisations.GlossaryTerm",
    "commissioning.ServiceGroup",
    "commissioning.Service",
    "commissioning.StaffGroup",
    "commissioning.StaffRole",
    "commissioning.ContractType",
    "commissioning.Approach",
    "commissioning.Recommendation",
    "commissioning.ArmOption",
    "commissioning.ArmOptionPoint",
}
"""Records that no portfolio brings."""

DELIBERATION = {
    "organisations.ChangeDecision",
    "organisations.ChangeComment",
    "organisations.ChangeAuthor",
    "organisations.ChangeCollaborator",
    "organisations.ChangeFinding",
    "organisations.Consultation",
    "organisations.PortfolioLoad",
    "organisations.LoadedRecord",
    "commissioning.ArmPlan",
    "commissioning.ArmPlanGroup",
}
"""How a state came to be known and was decided upon: not a part of it."""

NOT_OF_THE_STATE = {
    "version": "counts writes",
    "sequence": "counts the changes of a day, whatever their portfolio; their order is compared",
    "recorded": "tells how a change became history",
    "particulars": "the words of a proposal",
    "owner_id": "the same",
    "owner_name": "the same",
    "flag": "the same",
    "reference": "a change without one is called by its number in the document",
}

State = dict[str, list[Any]]


def tables() -> Iterator[type[models.Model]]:
    """The tables that portfolios fill, those between many and many too."""
    for label in APPS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            owner = model._meta.auto_created or model
            if owner._meta.label not in REFERENCE:
                yield model


def state() -> State:
    """Every row of the state, by table."""
    named = {
        pk: f"{slug}:{name}"
        for slug in Portfolio.objects.values_list("pk", flat=True)
        for pk, name in references_of(slug).items()
    }
    told: State = {"order of changes": _order(named)}
    for model in tables():
        if model._meta.label not in DELIBERATION:
            rows = [_row(row, named) for row in model._base_manager.all() if _counts(row)]
            told[model._meta.label] = sorted(rows, key=repr)
    return told


def _counts(row: models.Model) -> bool:
    """Proposals that were not carried out are no part of the state."""
    change = row if isinstance(row, Change) else getattr(row, "change", None)
    return not isinstance(change, Change) or change.status == "effected"


def _row(row: models.Model, named: dict[int, str]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, models.ForeignKey) and field.related_model is Change:
            value = named.get(value)
        elif field.primary_key and not isinstance(field, models.CharField | models.ForeignKey):
            value = named.get(value) if isinstance(row, Change) else None
        if isinstance(row, ChangeEffects) and field.name == "effects":
            value = [_effect(effect, named) for effect in value]
        if field.name == "basis" and value == Basis.ELSEWHERE:
            value = Basis.DECISION.value  # the copy that a document came from says so of what it carried out itself
        if field.name not in NOT_OF_THE_STATE:
            told[field.name] = value
    return told


def _effect(effect: dict[str, Any], named: dict[int, str]) -> dict[str, Any]:
    """A stored effect with the name of the change that it concerns for its number."""
    return {
        name: value | {"change": named[value["change"]]} if isinstance(value, dict) and "change" in value else value
        for name, value in effect.items()
    }


def _order(named: dict[int, str]) -> list[tuple[str, list[str]]]:
    days: dict[str, list[str]] = defaultdict(list)
    changes = Change.objects.effected().annotate(decided=FIRST_DECIDED)
    for change in changes.order_by("effective_on", "sequence"):
        days[f"{change.portfolio_id} {change.effective_on}"].append(named[change.pk])
    return sorted(days.items())


def empty() -> None:
    """Take every portfolio out of the database, and what rests on one, in the transaction of a test."""
    above = apps.get_app_config("evaluation").get_models(include_auto_created=True)
    with connection.cursor() as cursor:
        for model in (*above, *tables()):
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')


def differences(before: State, after: State) -> list[str]:
    """What one state has and the other has not."""
    found: list[str] = []
    for table in before.keys() | after.keys():
        was, now = before.get(table, []), after.get(table, [])
        show: Callable[[Any], str] = repr
        left, right = sorted(map(show, was)), sorted(map(show, now))
        found += [f"{table} lost {row}" for row in left if row not in right]
        found += [f"{table} gained {row}" for row in right if row not in left]
        found += [f"{table} has {len(now)} rows, not {len(was)}"] if len(was) != len(now) else []
    return found
