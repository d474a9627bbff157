"""Filters of the reference lists of commissioning, shared by the API and the pages."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from commissioning.domain.vocabulary import Addressee, Answer, ApproachList, Axis, Tier
from commissioning.filters import SlugsFilter
from commissioning.models import Approach, ArmOption, ArmOptionPoint, Recommendation, Service, ServiceGroup
from commissioning.models.reference import LEGAL_ATTRIBUTES
from organisations.domain.vocabulary import Family
from pcorg.core.filters import ListFilters, OneOf
from pcorg.core.names import with_words


class ServiceFilter(ListFilters):
    """What a service of the catalogue is found by."""

    group = SlugsFilter(ServiceGroup.objects.all(), help_text="Group of services, by its slug; several may be given.")
    tier = OneOf(choices=Tier.choices(), help_text="Tier; several may be given. Not every service has one.")
    q = django_filters.CharFilter(method="matching", help_text="Words to find in the label.")

    class Meta:
        model = Service
        fields: list[str] = []

    def matching(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(with_words(value, "label"))


class ApproachFilter(ListFilters):
    """What an approach to provision is found by."""

    list = OneOf(field_name="drawn_from", choices=ApproachList.choices(), help_text="Which of the two lists it is of.")
    axis = OneOf(choices=Axis.choices(), help_text="What a stance is about; several may be given.")

    class Meta:
        model = Approach
        fields = ()


class RecommendationFilter(ListFilters):
    """What a recommendation is found by."""

    addressee = OneOf(choices=Addressee.choices(), help_text="To whom it speaks; several may be given.")

    class Meta:
        model = Recommendation
        fields: list[str] = []


class AttributeFilter(OneOf):
    """Takes answers to a question about the law, one or several."""

    def __init__(self, question: str, **kwargs: Any) -> None:
        messages = f"{question} Several answers may be given; their coding is ours."
        super().__init__(choices=Answer.choices(), help_text=messages, **kwargs)


class ArmOptionFilter(ListFilters):
    """What a form that a provider arm may take is found by."""

    family = OneOf(
        field_name="form__family",
        choices=[(each.value, each.label) for each in (Family.PROVIDER_ARM_NHS, Family.PROVIDER_ARM_INDEPENDENT)],
        help_text="Family of forms; several may be given.",
    )
    q = django_filters.CharFilter(method="matching", help_text="Words to find in its label, a benefit or a risk.")
    separate_entity = AttributeFilter(LEGAL_ATTRIBUTES["separate_entity"])
    charity = AttributeFilter(LEGAL_ATTRIBUTES["charity"])
    pensions = AttributeFilter(LEGAL_ATTRIBUTES["pensions"])
    asset_lock = AttributeFilter(LEGAL_ATTRIBUTES["asset_lock"])
    monopoly = AttributeFilter(LEGAL_ATTRIBUTES["monopoly"])
    profit = AttributeFilter(LEGAL_ATTRIBUTES["profit"])
    staff_ownership = AttributeFilter(LEGAL_ATTRIBUTES["staff_ownership"])
    untested = AttributeFilter(LEGAL_ATTRIBUTES["untested"])
    accountability_framework = AttributeFilter(LEGAL_ATTRIBUTES["accountability_framework"])

    class Meta:
        model = ArmOption
        fields: list[str] = []

    def matching(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        points = ArmOptionPoint.objects.filter(with_words(value, "text"), option=OuterRef("pk"))
        return rows.filter(with_words(value, "form__label") | Exists(points))
