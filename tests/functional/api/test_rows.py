"""Long lists are read without serializers; what the serializer would say of each object must be the same."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.test import APIRequestFactory

from commissioning.api import reference_serializers as catalogue
from commissioning.models import (
    Approach,
    ArmOption,
    ContractType,
    Recommendation,
    Service,
    ServiceGroup,
    StaffGroup,
)
from organisations.api import change_serializers, portfolio_serializers, reference_serializers
from organisations.api.serializers import OrganisationItemSerializer
from organisations.models import Change, Form, GlossaryTerm, PolicyCheck, Portfolio, Source, TransitionRule
from organisations.selectors import organisations
from pcorg.core.api.content import as_json
from pcorg.core.api.rows import Rows, Supplied
from tests.factories import rows as factory

pytestmark = pytest.mark.django_db
CONTEXT = {"request": APIRequestFactory().get("/api/v1/")}


def both(item: type[serializers.Serializer], objects: QuerySet, context: dict[str, Any]) -> tuple[Any, Any]:
    shape = Rows(item(context=context))
    fast = [shape(row) for row in objects.values_list(*shape.paths)]
    one_by_one = item(context=context)
    for name, field in list(one_by_one.fields.items()):
        if isinstance(field, Supplied):
            del one_by_one.fields[name]
    slow = [one_by_one.to_representation(found) for found in objects]
    fast = [{name: value for name, value in row.items() if name not in shape.attached} for row in fast]
    return json.loads(as_json(fast)), json.loads(as_json(slow))


@pytest.mark.parametrize("on", [None, date(2009, 4, 1), date(2015, 1, 1), date(2004, 4, 1)])
def test_organisations(on: date | None) -> None:
    bare = factory.organisation("X-BARE", opened=date(2000, 4, 1))
    factory.name_period(bare, start=date(2000, 4, 1))
    objects = organisations.listing(on, portfolio="all").select_related("portfolio").order_by("code")
    fast, slow = both(OrganisationItemSerializer, objects, {**CONTEXT, "as_of": on})
    assert fast == slow
    assert fast


@pytest.mark.parametrize(
    ("item", "model"),
    [
        (reference_serializers.FormDocumentSerializer, Form),
        (reference_serializers.TransitionRuleDocumentSerializer, TransitionRule),
        (reference_serializers.CheckDocumentSerializer, PolicyCheck),
        (portfolio_serializers.PortfolioItemSerializer, Portfolio),
        (reference_serializers.SourceDocumentSerializer, Source),
        (reference_serializers.GlossaryDocumentSerializer, GlossaryTerm),
        (catalogue.ServiceGroupDocumentSerializer, ServiceGroup),
        (catalogue.ServiceDocumentSerializer, Service),
        (catalogue.StaffGroupDocumentSerializer, StaffGroup),
        (catalogue.ContractTypeDocumentSerializer, ContractType),
        (catalogue.ApproachDocumentSerializer, Approach),
        (catalogue.RecommendationDocumentSerializer, Recommendation),
        (catalogue.ArmOptionDocumentSerializer, ArmOption),
        (change_serializers.ChangeItemSerializer, Change),
    ],
)
def test_other_lists(item: type[serializers.Serializer], model: Any) -> None:
    fast, slow = both(item, model.objects.order_by("pk"), {**CONTEXT, "as_of": None})
    assert fast == slow
    assert fast
