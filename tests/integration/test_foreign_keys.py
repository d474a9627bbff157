"""References in the database itself: none points nowhere, and nothing that is referred to can be taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError

from commissioning.domain.vocabulary import Separation
from commissioning.models import ArmPlan, ArmPlanGroup, PortfolioGroup, Service
from evaluation.method.vocabulary import AssessmentScope, OptionKind
from organisations.domain.vocabulary import LoadState
from organisations.models import Change, Organisation
from tests.constraints import APRIL
from tests.factories import evaluation as judged
from tests.factories import rows

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.exhaustive]
NOON = datetime(2009, 6, 1, 12, tzinfo=UTC)
NOWHERE = {"int": 2_000_000_000, "str": "no-such-row", "UUID": "0" * 32}
DROPPED_WITH = {
    ("PortfolioLoad", "portfolio"),
    ("LoadedRecord", "portfolio"),
    ("LoadedRecord", "load"),
    ("WaitingLoad", "load"),
    ("WaitingLoad", "upload"),
}
"""References that go when what they refer to goes: the record of what was loaded, with its portfolio; the file
of a load that waited, when there is a decision."""
ALONG: dict[tuple[str, str], dict[str, Any]] = {
    ("Assessment", "service_group"): {"scope": AssessmentScope.GROUP},
    ("Assessment", "service"): {"scope": AssessmentScope.SERVICE},
    ("Option", "form"): {"kind": OptionKind.FORM, "integration_option": None, "change": None},
    ("Option", "change"): {"kind": OptionKind.CHANGE, "integration_option": None, "form": None},
    ("DispersalPart", "override"): {"reason": "It suits us."},
    ("WaitingLoad", "decided_by"): {"status": LoadState.WITHDRAWN, "decided_at": NOON},
    ("ArmPlanGroup", "change"): {"form": "provider-unit", "on": APRIL, "code": "X-NEW", "name": "New"},
}
"""What else a row must say for a reference that it does not have to be set."""


def references() -> Iterator[tuple[type[models.Model], Any]]:
    """Every reference of every table of the three apps, those of lists among them."""
    for label in ("organisations", "commissioning", "evaluation"):
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                if field.remote_field is not None:
                    yield model, field


REFERENCES = list(references())
EACH = pytest.mark.parametrize(
    ("model", "field"), REFERENCES, ids=[f"{model.__name__}.{field.name}" for model, field in REFERENCES]
)


@pytest.fixture
def some_of_each() -> None:
    """A row of every kind that the shipped data has none of."""
    trust = Organisation.objects.filter(form_periods__form="pct-4").order_by("pk")[0]
    change = Change.objects.order_by("pk")[0]
    rows.comment(change)
    rows.consultation(change)
    rows.collaborator(change)
    rows.author(change)
    rows.waiting_load()
    rows.lineage_link(change, trust, Organisation.objects.exclude(pk=trust.pk)[0])
    facts = {"title": "A plan", "start": APRIL, "separation": Separation.FULL, "kept_by": "ann", "kept_at": NOON}
    plan = ArmPlan.objects.create(organisation=trust, **facts)
    group = ArmPlanGroup.objects.create(plan=plan, position=0, title="One", group=PortfolioGroup.objects.all()[0])
    group.services.add(Service.objects.all()[0])
    plan.collaborators.create(name="bob")
    held = judged.assessment()
    option, criterion = judged.option(held), judged.criterion(held.framework)
    judged.planned_mitigation(held, criterion).options.add(option)
    judged.profile_point(trust)
    judged.choice(held, option)
    judged.reading(judged.measure(held))
    dispersal = judged.dispersal(trust)
    judged.dispersal_part(dispersal, held)
    judged.collaborator(dispersal)
    judged.collaborator(held)
    judged.author(held)
    judged.comment(held)
    judged.assessment(copied_from=held)


def refused(statement: str, words: list[Any], table: str) -> None:
    """The database refuses it as a reference that would point nowhere, at the latest when the work is to be kept."""
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        _kept(statement, words, table)


def _kept(statement: str, words: list[Any], table: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, words)
        connection.check_constraints([table])


def row_with(model: type[models.Model], field: Any) -> Any:
    """A row that has the reference; where none has, one that is given it."""
    having = model._base_manager.filter(**{f"{field.name}__isnull": False}).order_by("pk").first()
    if having is not None:
        return having
    row: Any = model._base_manager.order_by("pk").first()
    assert row is not None, f"no row of {model.__name__}"
    others = field.related_model._base_manager.order_by("pk")
    other = (others.exclude(pk=row.pk) if field.related_model is model else others).first()
    assert other is not None, f"nothing that {field.name} could refer to"
    given = {field.name: other} | ALONG.get((model.__name__, field.name), {})
    model._base_manager.filter(pk=row.pk).update(**given)
    return model._base_manager.get(pk=row.pk)


@EACH
def test_it_never_points_nowhere(some_of_each: None, model: type[models.Model], field: Any) -> None:
    row = row_with(model, field)
    nowhere = NOWHERE[type(getattr(row, field.attname)).__name__]
    table, column, key = map(connection.ops.quote_name, (model._meta.db_table, field.column, model._meta.pk.column))
    refused(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [nowhere, row.pk], model._meta.db_table)


@EACH
def test_what_it_refers_to_stays(some_of_each: None, model: type[models.Model], field: Any) -> None:
    row = row_with(model, field)
    other: Any = getattr(row, field.name)
    table, key = map(connection.ops.quote_name, (other._meta.db_table, other._meta.pk.column))
    value = other._meta.pk.get_db_prep_value(other.pk, connection)
    refused(f"DELETE FROM {table} WHERE {key} = %s", [value], model._meta.db_table)
    if model._meta.auto_created or (model.__name__, field.name) in DROPPED_WITH:
        return
    assert field.remote_field.on_delete is models.PROTECT
    with pytest.raises(ProtectedError):
        other.delete()


def test_sqlite_is_asked_to_see_to_it() -> None:
    """It does so only for a connection that asks."""
    if connection.vendor != "sqlite":
        pytest.skip("The server always does.")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
