"""Assessments, dispersals and plans of before there were owners: names become the ids of the users who have them."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.utils import timezone

from commissioning.models import ArmPlan
from evaluation.models import Assessment
from organisations.models import Organisation
from pcorg.core.audit.models import AuditEntry
from pcorg.core.audit.trail import record
from tests.factories import evaluation as rows

pytestmark = pytest.mark.django_db
EVALUATION = importlib.import_module("evaluation.migrations.0004_assessments_have_people")
COMMISSIONING = importlib.import_module("commissioning.migrations.0007_arm_plans_have_owners")


def test_who_made_altered_and_judged_is_kept_by_id_also_in_copies(person: Callable[..., User]) -> None:
    ids = {name: person(name).pk for name in ("ann", "bob", "cat")}
    held = rows.assessment(status="closed", created_by="ann")
    judge = rows.assessor(held, name="bob")
    rows.judgement(judge, rows.option(held), rows.criterion(held.framework))
    rows.choice(held, held.options.get(), by="cat")
    record(actor="cat", action="alter-assessment", subject=f"assessment {held.pk}")
    record(actor="gone", action="judge", subject=f"assessment {held.pk}", particulars={"as": "Consensus"})
    copied = rows.assessment(held.framework, status="draft", created_by="cat", copied_from=held)
    apart = rows.dispersal(created_by="bob")
    EVALUATION.know_people(apps, None)
    held.refresh_from_db()
    assert (held.owner_id, held.owner_name) == (ids["ann"], "ann")
    wrote = {(each.user_id, each.name, each.what) for each in held.authors.all()}
    assert wrote == {
        (ids["ann"], "ann", "make"),
        (ids["bob"], "bob", "judge"),
        (ids["cat"], "cat", "alter"),
        (None, "gone", "judge"),
    }
    assert {each.name for each in copied.authors.all()} == {"ann", "bob", "cat", "gone"}
    assert (held.panel.get().user_id, held.choice.user_id) == (ids["bob"], ids["cat"])
    seat = copied.panel.get()  # nobody was named, so that whoever made it judges
    assert (seat.user_id, seat.invited_by) == (ids["cat"], "cat")
    apart.refresh_from_db()
    assert apart.owner_id == ids["bob"]
    shipped = Assessment.objects.get(slug="ostlebury-panel")
    assert (shipped.owner_name, shipped.authors.count()) == ("", 0)
    assert set(shipped.panel.values_list("user_id", flat=True)) == {None}


def test_a_plan_is_of_whoever_kept_it_first(person: Callable[..., User]) -> None:
    first, last = person("ann"), person("bob")
    plan = ArmPlan.objects.create(
        organisation=Organisation.objects.get(pk="X-KPCT1"), title="P", start="2009-10-01", separation="internal",
        kept_by="bob", kept_at=timezone.now(),
    )  # fmt: skip
    assert not AuditEntry.objects.filter(action="keep-arm-plan").exists()
    COMMISSIONING.know_owners(apps, None)
    plan.refresh_from_db()
    assert plan.owner_id == last.pk
    for name in ("ann", "bob"):
        record(actor=name, action="keep-arm-plan", subject=f"arm plan {plan.pk}")
    COMMISSIONING.know_owners(apps, None)
    plan.refresh_from_db()
    assert (plan.owner_id, plan.owner_name) == (first.pk, "ann")
