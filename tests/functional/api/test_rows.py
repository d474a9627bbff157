"""Long lists are read without serializers; what the serializer would say of each object must be the same."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.test import APIRequestFactory

from commissioning.models import (
    Approach,
    ArmOption,
    ContractType,
    Recommendation,
    Service,
    ServiceGroup,
    StaffGroup,
)
from commissioning.read_models.references import (
    ApproachDocument,
    ArmOptionDocument,
    ContractTypeDocument,
    RecommendationDocument,
    ServiceDocument,
    ServiceGroupDocument,
    StaffGroupDocument,
)
from organisations.models import Change, Form, GlossaryTerm, PolicyCheck, Portfolio, Source, TransitionRule
from organisations.read_models.changes import ChangeItem
from organisations.read_models.organisations import OrganisationItem
from organisations.read_models.portfolios import PortfolioItem
from organisations.read_models.references import (
    CheckDocument,
    FormDocument,
    GlossaryDocument,
    SourceDocument,
    TransitionRuleDocument,
)
from organisations.selectors import organisations
from pcorg.core.api.content import as_json
from pcorg.core.api.read_models import serializer_of
from pcorg.core.api.rows import Rows
from tests.factories import rows as factory

pytestmark = pytest.mark.django_db
CONTEXT = {"request": APIRequestFactory().get("/api/v1/")}


def both(model: type, objects: QuerySet, context: dict[str, Any]) -> tuple[Any, Any]:
    item = serializer_of(model)
    shape = Rows(item(context=context))
    fast = [shape(row) for row in objects.values_list(*shape.paths)]
    one_by_one = item(context=context)
    for name, field in list(one_by_one.fields.items()):
        if getattr(field, "supplied", False):
            del one_by_one.fields[name]
    slow = [one_by_one.to_representation(found) for found in objects]
    fast = [{name: value for name, value in row.items() if name not in shape.supplied} for row in fast]
    return json.loads(as_json(fast)), json.loads(as_json(slow))


@pytest.mark.parametrize("on", [None, date(2009, 4, 1), date(2015, 1, 1), date(2004, 4, 1)])
def test_organisations(on: date | None) -> None:
    bare = factory.organisation("X-BARE", opened=date(2000, 4, 1))
    factory.name_period(bare, start=date(2000, 4, 1))
    objects = organisations.listing(on, portfolio="all").select_related("portfolio").order_by("code")
    fast, slow = both(OrganisationItem, objects, {**CONTEXT, "as_of": on})
    assert fast == slow
    assert fast


@pytest.mark.parametrize(
    ("item", "model"),
    [
        (FormDocument, Form),
        (TransitionRuleDocument, TransitionRule),
        (CheckDocument, PolicyCheck),
        (PortfolioItem, Portfolio),
        (SourceDocument, Source),
        (GlossaryDocument, GlossaryTerm),
        (ServiceGroupDocument, ServiceGroup),
        (ServiceDocument, Service),
        (StaffGroupDocument, StaffGroup),
        (ContractTypeDocument, ContractType),
        (ApproachDocument, Approach),
        (RecommendationDocument, Recommendation),
        (ArmOptionDocument, ArmOption),
        (ChangeItem, Change),
    ],
)
def test_other_lists(item: type[serializers.Serializer], model: Any) -> None:
    fast, slow = both(item, model.objects.order_by("pk"), {**CONTEXT, "as_of": None})
    assert fast == slow
    assert fast
