"""Filters of the lists of evaluation, shared by the API and the pages."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet

from evaluation.method.scale import Polarity
from evaluation.method.vocabulary import AssessmentScope, AssessmentStatus, IntegrationAxis, MitigationKind
from evaluation.models import (
    Assessment,
    Criterion,
    Dispersal,
    Evidence,
    Framework,
    IntegrationOption,
    Mitigation,
    ProfilePoint,
)
from organisations.filters import BodyFilter
from pcorg.core.filters import ListFilters, OneOf, WholeNumberFilter, YesOrNoFilter
from pcorg.core.names import containing


class CriterionFilter(ListFilters):
    """What a criterion is found by."""

    framework = django_filters.ModelChoiceFilter(
        queryset=Framework.objects.all(), to_field_name="slug", help_text="Slug of its framework."
    )

    class Meta:
        model = Criterion
        fields: list[str] = []


class EvidenceFilter(ListFilters):
    """What a statement of evidence is found by."""

    option = django_filters.ModelChoiceFilter(
        queryset=IntegrationOption.objects.all(), to_field_name="slug", help_text="Slug of the option."
    )
    criterion = django_filters.ModelChoiceFilter(
        queryset=Criterion.objects.all(), to_field_name="slug", help_text="Slug of the criterion."
    )
    polarity = OneOf(choices=Polarity.choices(), help_text="What it says; several may be given.")
    ambiguous = YesOrNoFilter(help_text="`true`: the source leaves open to which option it belongs.")

    class Meta:
        model = Evidence
        fields: list[str] = []


class MitigationFilter(ListFilters):
    """What a mitigation is found by."""

    criterion = django_filters.ModelChoiceFilter(
        queryset=Criterion.objects.all(), to_field_name="slug", help_text="Slug of the criterion."
    )
    kind = OneOf(choices=MitigationKind.choices(), help_text="What it is; several may be given.")

    class Meta:
        model = Mitigation
        fields: list[str] = []


class AssessmentFilter(ListFilters):
    """What an assessment is found by."""

    q = django_filters.CharFilter(method="titled", help_text="Part of the title.")
    subject = BodyFilter(field_name="subject", help_text="Code of the organisation it is about.")
    status = OneOf(choices=AssessmentStatus.choices(), help_text="How far it has come; several may be given.")
    scope = OneOf(choices=AssessmentScope.choices(), help_text="What it is about; several may be given.")
    framework = django_filters.ModelChoiceFilter(
        queryset=Framework.objects.all(), to_field_name="slug", help_text="Slug of its framework."
    )
    reference = YesOrNoFilter(help_text="`true`: shipped with the product.")
    change = WholeNumberFilter(field_name="change", help_text="Number of the change it is attached to.")
    option = django_filters.CharFilter(
        method="with_option", help_text="Key of an option that is appraised: `change-12`."
    )

    class Meta:
        model = Assessment
        fields: list[str] = []

    def titled(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(containing("title", value))

    def with_option(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(options__key=value)


class DispersalFilter(ListFilters):
    """What a dispersal is found by."""

    organisation = BodyFilter(field_name="organisation", help_text="Code of the trust.")

    class Meta:
        model = Dispersal
        fields: list[str] = []


class ProfileFilter(ListFilters):
    """What a point of an integration profile is found by."""

    organisation = BodyFilter(field_name="organisation", help_text="Code of the organisation.")
    axis = OneOf(choices=IntegrationAxis.choices(), help_text="Axis; several may be given.")
    consensus = YesOrNoFilter(help_text="`true`: what the panel agreed on; `false`: individual views.")

    class Meta:
        model = ProfilePoint
        fields: list[str] = []
