"""Rules that every model of ours keeps, whoever adds one."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import models

APPS = ("audit", "accounts", "idempotency", "uploads", "jobs", "organisations", "commissioning", "evaluation")
MODELS = [model for model in apps.get_models() if model._meta.app_label in APPS]

NOT_IN_ADMIN = {
    **dict.fromkeys(
        ("audit.AuditEntry", "audit.AuditHead", "audit.AuditSeal"), "the trail, which only its own functions write"
    ),
    **dict.fromkeys(
        (
            "organisations.Organisation",
            "organisations.FormPeriod",
            "organisations.NamePeriod",
            "organisations.Population",
            "organisations.BoardSeat",
            "organisations.Relationship",
            "organisations.LineageEdge",
            "organisations.LineageLink",
            "commissioning.ArmHolding",
            "commissioning.Budget",
            "commissioning.BudgetHolding",
            "commissioning.Contract",
            "commissioning.ContractHolding",
            "commissioning.Contribution",
            "commissioning.GroupHolding",
            "commissioning.Milestone",
            "commissioning.OutcomeMeasure",
            "commissioning.PmsPilot",
            "commissioning.PooledBudget",
            "commissioning.PortfolioGroup",
            "commissioning.Premises",
            "commissioning.PremisesHolding",
            "commissioning.ProviderArm",
            "commissioning.Provision",
            "commissioning.ProvisionHolding",
            "commissioning.Staffing",
            "commissioning.StaffingHolding",
        ),
        "history, which only the plan writer makes",
    ),
    **dict.fromkeys(
        (
            "commissioning.ArmPlan",
            "commissioning.ArmPlanCollaborator",
            "commissioning.ArmPlanGroup",
            "commissioning.RecommendationAnswer",
            "evaluation.AssessmentAuthor",
            "evaluation.AssessmentCollaborator",
            "evaluation.AssessmentComment",
            "evaluation.DispersalCollaborator",
        ),
        "decided on the pages and by the API, where roles apply",
    ),
    **dict.fromkeys(
        (
            "organisations.Change",
            "organisations.ChangeParty",
            "organisations.ChangeMove",
            "organisations.ChangeDecision",
            "organisations.ChangeComment",
            "organisations.ChangeAuthor",
            "organisations.ChangeCollaborator",
            "organisations.ChangeEffects",
            "organisations.ChangeFinding",
            "organisations.Consultation",
        ),
        "changes go through their own pages, where roles and checks apply",
    ),
    **dict.fromkeys(
        (
            "evaluation.Assessment",
            "evaluation.AssessmentStep",
            "evaluation.Assessor",
            "evaluation.Choice",
            "evaluation.Dispersal",
            "evaluation.DispersalPart",
            "evaluation.Judgement",
            "evaluation.ModelMeasure",
            "evaluation.ModelReading",
            "evaluation.Option",
            "evaluation.PlannedMitigation",
            "evaluation.ProfilePoint",
        ),
        "assessed on the pages and by the API, where roles apply",
    ),
    **dict.fromkeys(
        (
            "organisations.Portfolio",
            "organisations.PortfolioLoad",
            "organisations.LoadedRecord",
            "organisations.WaitingLoad",
        ),
        "portfolios are loaded as a whole",
    ),
    **dict.fromkeys(
        ("accounts.TokenDetails", "accounts.SignIn", "accounts.Recovery"),
        "people look after their own on the account page",
    ),
    "accounts.Person": "the user of Django, which is there, as a command makes one",
    "idempotency.KeptAnswer": "answers to programs, forgotten after a day",
    **dict.fromkeys(
        ("jobs.Job", "jobs.JobLine", "jobs.JobFile"),
        "long work, followed on a page of its own",
    ),
    "uploads.KeptUpload": "files that only those who sent them see, forgotten after hours",
}
"""Models left out of the admin, and why."""

NEVER_FILTERED = {"begun_by", "ended_by", "closed_by", "superseded_by"}
"""Foreign keys that rows are read with and never searched by alone: the change that began, ended or replaced a fact."""

each_model = pytest.mark.parametrize("model", MODELS, ids=[model._meta.label for model in MODELS])


@each_model
def test_a_model_says_what_it_is(model: type[models.Model]) -> None:
    # Django writes a docstring of its own where there is none: "Name(field, field)".
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")


@each_model
def test_a_model_is_in_the_admin_or_left_out_for_a_reason(model: type[models.Model]) -> None:
    assert (model in admin.site._registry) != (model._meta.label in NOT_IN_ADMIN)


def test_no_reason_is_given_for_a_model_that_is_gone() -> None:
    assert NOT_IN_ADMIN.keys() <= {model._meta.label for model in MODELS}


@each_model
def test_foreign_keys_that_are_searched_by_have_an_index(model: type[models.Model]) -> None:
    leading = {index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields}
    leading |= {
        constraint.fields[0]
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields and constraint.condition is None
    }
    bare = {
        field.name
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey) and not (field.db_index or field.unique or field.name in leading)
    }
    assert bare <= NEVER_FILTERED


STRUCK_OUT = [
    model
    for model in MODELS
    if {"ended_by", "superseded_by", "closed_by"} & {field.name for field in model._meta.fields}
]


@pytest.mark.parametrize("model", STRUCK_OUT, ids=[model._meta.label for model in STRUCK_OUT])
def test_what_was_struck_out_has_to_be_asked_for_by_name(model: type[models.Model]) -> None:
    """The default manager, and with it every relation, leaves it out; the base manager of Django does not."""
    reads: Any = model
    assert model._meta.default_manager is reads.objects
    whole, standing = str(reads.with_struck_out.order_by().query), str(reads.objects.order_by().query)
    assert standing.startswith(f"{whole} WHERE ")
    assert str(model._base_manager.order_by().query) == whole


GOES_WITH_IT = {
    "organisations.PortfolioLoad",
    "organisations.LoadedRecord",
    "accounts.TokenDetails",
    "accounts.SignIn",
    "accounts.Recovery",
    "uploads.KeptUpload",
    "jobs.JobFile",
    "jobs.JobLine",
}


@each_model
def test_what_it_belongs_to_cannot_be_deleted_from_under_history(model: type[models.Model]) -> None:
    """Only the records of a load go with their portfolio, and what is no history with whom or what it is of: a token, a
    session, a person, a job that is forgotten."""
    cascading = {
        field.name
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE
    }
    assert not cascading or model._meta.label in GOES_WITH_IT


@each_model
def test_rows_have_an_order_and_a_name(model: type[models.Model]) -> None:
    assert model.__str__ is not models.Model.__str__
    listed = model._meta.label not in {"audit.AuditHead", "organisations.LoadedRecord", "organisations.Consultation"}
    assert bool(model._meta.ordering) or not listed


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
