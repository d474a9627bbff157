"""Filters of the lists of commissioning, shared by the API and the pages. Parties and amounts are those of the holdings
a list is of: in force on its day, or the last known."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from commissioning.domain.vocabulary import (
    Addressee,
    AnswerState,
    Flexibility,
    PilotVariant,
    PremisesKind,
    Sector,
    Separation,
    Stream,
    Tier,
)
from commissioning.models import (
    Approach,
    ArmHolding,
    ArmPlan,
    BudgetHolding,
    Contract,
    ContractHolding,
    ContractType,
    Contribution,
    GroupHolding,
    PmsPilot,
    PooledBudget,
    PortfolioGroup,
    PremisesHolding,
    ProviderArm,
    ProvisionHolding,
    Recommendation,
    RecommendationAnswer,
    Service,
    ServiceGroup,
    StaffGroup,
    StaffingHolding,
)
from commissioning.models.querysets import by_day
from organisations.filters import BodyFilter, FormsFilter
from organisations.models import Organisation
from pcorg.core.filters import CodesFilter, IsoDateFilter, ListFilters, OneOf, WholeNumberFilter, YesOrNoFilter
from pcorg.core.names import containing, with_words


class SlugsField(forms.ModelMultipleChoiceField):
    """Slugs of reference records."""

    default_error_messages = {"invalid_choice": "There is no record %(value)s of this kind."}


class SlugsFilter(OneOf):
    """Takes slugs of reference records of a kind, one or several."""

    field_class = SlugsField

    def __init__(self, records: QuerySet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, queryset=records, **kwargs)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return super().filter(qs, [record.pk for record in value])


class ServicesFilter(SlugsFilter):
    """Takes slugs of services; keeps things that concern one of them. `link` is the table between the two, `thing` the
    column there that names the thing."""

    def __init__(self, link: type[Model], thing: str, **kwargs: Any) -> None:
        self.link, self.thing = link, thing
        super().__init__(Service.objects.all(), **kwargs)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        return qs.filter(
            Exists(self.link._base_manager.filter(**{self.thing: OuterRef("item"), "service__in": list(value)}))
        )


class PriceYearField(forms.RegexField):
    """A financial year."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": "Write a financial year like this: 2008/09."}
        super().__init__(r"^\d{4}/\d{2}$", error_messages=messages, **kwargs)


class PriceYearFilter(django_filters.Filter):
    """Takes a financial year written as `2008/09`."""

    field_class = PriceYearField


class ThingsFilter(CodesFilter):
    """Takes codes of the things that a list of holdings is of."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(Contract.objects.none(), *args, **kwargs)

    @property
    def field(self) -> forms.Field:
        self.extra["records"] = self.model.thing()._default_manager.order_by()
        return super().field


class HoldingFilters(ListFilters):
    """Filters of a list with a row per holding of a thing."""

    code = ThingsFilter(field_name="item", help_text="Codes of things, separated by commas.")
    q = django_filters.CharFilter(method="matching", help_text="Words to find in the title, or a part of the code.")

    def matching(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(containing("item__code", value) | with_words(value, "item__title"))


class ContractFilter(HoldingFilters):
    """What a contract is found by."""

    commissioner = BodyFilter(help_text="Code of the body that commissions.")
    provider = BodyFilter(help_text="Code of the body that provides.")
    organisation = BodyFilter(method="party", help_text="Code of a body that commissions or provides.")
    type = SlugsFilter(
        ContractType.objects.all(), field_name="item__type", help_text="Type, by its slug; several may be given."
    )
    service = ServicesFilter(
        Contract.services.through, "contract", help_text="Service, by its slug; several may be given."
    )
    sector = OneOf(field_name="item__sector", choices=Sector.choices(), help_text="Sector; several may be given.")
    price_year = PriceYearFilter(field_name="item__price_year", help_text="Year of its prices, such as `2008/09`.")
    value_min = WholeNumberFilter(
        field_name="annual_value", lookup_expr="gte", help_text="At least so many pounds a year."
    )
    value_max = WholeNumberFilter(
        field_name="annual_value", lookup_expr="lte", help_text="At most so many pounds a year."
    )
    ends_after = IsoDateFilter(field_name="item__ends", lookup_expr="gte", help_text="Due to end on this day or later.")
    ends_before = IsoDateFilter(
        field_name="item__ends", lookup_expr="lte", help_text="Due to end on this day or earlier; open ones left out."
    )

    class Meta:
        model = ContractHolding
        fields: list[str] = []

    def party(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(commissioner=value) | Q(provider=value))


class ProvisionFilter(HoldingFilters):
    """What a service provided is found by."""

    provider = BodyFilter(help_text="Code of the body that provides it.")
    population_of = BodyFilter(help_text="Code of the body whose population it serves.")
    organisation = BodyFilter(
        method="party", help_text="Code of a body that provides it or whose population it serves."
    )
    service = SlugsFilter(
        Service.objects.all(), field_name="item__service", help_text="Service, by its slug; several may be given."
    )
    group = SlugsFilter(
        ServiceGroup.objects.all(),
        field_name="item__service__group",
        help_text="Group of services, by its slug; several may be given.",
    )
    tier = OneOf(
        field_name="item__service__tier", choices=Tier.choices(), help_text="Tier of services; several may be given."
    )
    round_the_clock = YesOrNoFilter(
        field_name="item__round_the_clock", help_text="`true`: day and night, every day of the week."
    )
    price_year = PriceYearFilter(field_name="item__price_year", help_text="Year of its prices, such as `2008/09`.")

    class Meta:
        model = ProvisionHolding
        fields: list[str] = []

    def party(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Q(provider=value) | Q(population_of=value))


class HeldByFilters(HoldingFilters):
    """Filters of a list of things that one body holds each."""

    organisation = BodyFilter(help_text="Code of the body that holds it.")


class BudgetFilter(HeldByFilters):
    """What a budget is found by."""

    stream = OneOf(field_name="item__stream", choices=Stream.choices(), help_text="Stream; several may be given.")
    price_year = PriceYearFilter(field_name="item__price_year", help_text="Year of its prices, such as `2008/09`.")

    class Meta:
        model = BudgetHolding
        fields: list[str] = []


class StaffingFilter(HeldByFilters):
    """What staff are found by."""

    staff_group = SlugsFilter(
        StaffGroup.objects.all(),
        field_name="item__staff_group",
        help_text="Staff group, by its slug; several may be given.",
    )
    service = SlugsFilter(
        Service.objects.all(), field_name="item__service", help_text="Service, by its slug; several may be given."
    )

    class Meta:
        model = StaffingHolding
        fields: list[str] = []


class PremisesFilter(HeldByFilters):
    """What premises are found by."""

    type = OneOf(field_name="item__type", choices=PremisesKind.choices(), help_text="Kind; several may be given.")
    built_before = WholeNumberFilter(
        field_name="item__built", lookup_expr="lt", help_text="Built before this year; unknown is left out."
    )
    lift = YesOrNoFilter(field_name="item__lift", help_text="`true`: of the Local Improvement Finance Trust programme.")

    class Meta:
        model = PremisesHolding
        fields: list[str] = []


class ArmFilter(HeldByFilters):
    """What a provider arm is found by."""

    separation = OneOf(choices=Separation.choices(), help_text="How far it is separated; several may be given.")
    approach = SlugsFilter(
        Approach.objects.all(), method="taking", help_text="Approach to provision, by its slug; several may be given."
    )

    class Meta:
        model = ArmHolding
        fields: list[str] = []

    def taking(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        if not value:
            return rows
        taken = Approach.arms.through.objects.filter(approach__in=value)
        return rows.filter(by_day(self.of_day, "item__approaches_on"), item__in=taken.values("providerarm"))


class ArmPlanFilter(ListFilters):
    """What a plan for a provider arm is found by."""

    organisation = BodyFilter(help_text="Code of the trust.")
    proposed = YesOrNoFilter(method="put_forward", help_text="Whether its steps are proposed.")

    class Meta:
        model = ArmPlan
        fields: list[str] = []

    def put_forward(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        return rows.exclude(proposed_by="") if value else rows.filter(proposed_by="")


class GroupFilter(HeldByFilters):
    """What a group of services of a provider arm is found by."""

    arm = CodesFilter(
        ProviderArm.objects.all(), field_name="item__arm", help_text="Codes of provider arms, separated by commas."
    )
    service = ServicesFilter(
        PortfolioGroup.services.through, "portfoliogroup", help_text="Service, by its slug; several may be given."
    )
    chosen_form = FormsFilter(
        method="chosen", help_text="Form chosen for it by the day, by its slug; several may be given."
    )

    class Meta:
        model = GroupHolding
        fields: list[str] = []

    def chosen(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        if not value:
            return rows
        return rows.filter(by_day(self.of_day, "item__chosen_on"), item__chosen_form__in=value)


class PooledBudgetFilter(ListFilters):
    """What a pooled budget is found by."""

    code = CodesFilter(PooledBudget.objects.all(), help_text="Codes, separated by commas.")
    q = django_filters.CharFilter(method="matching", help_text="Words to find in the title or the client group.")
    partner = BodyFilter(method="joined", help_text="Code of a partner.")
    flexibility = OneOf(choices=Flexibility.choices(), help_text="Flexibility of the Act; several may be given.")
    price_year = PriceYearFilter(help_text="Year of its prices, such as `2008/09`.")

    class Meta:
        model = PooledBudget
        fields: list[str] = []

    def matching(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(containing("code", value) | with_words(value, "title", "client_group"))

    def joined(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(Exists(Contribution.objects.known(self.of_day).filter(item=OuterRef("pk"), partner=value)))


class PmsPilotFilter(ListFilters):
    """What a pilot of personal medical services is found by."""

    wave = WholeNumberFilter(field_name="pms_pilot__wave", help_text="Number of its wave.")
    variant = OneOf(
        field_name="pms_pilot__variant", choices=PilotVariant.choices(), help_text="Variant; several may be given."
    )
    provider = BodyFilter(field_name="pms_pilot__provider", help_text="Code of the body that runs it.")
    commissioner = BodyFilter(field_name="commissioner", help_text="Code of the body with which it has its contract.")
    practice = BodyFilter(method="joined", help_text="Code of a practice that takes part.")

    class Meta:
        model = Organisation
        fields: list[str] = []

    def joined(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        link = PmsPilot.practices.through.objects
        return rows.filter(Exists(link.filter(pmspilot=OuterRef("pk"), organisation=value)))


class AnswerFilter(ListFilters):
    """What an answer to a recommendation is found by."""

    organisation = BodyFilter(help_text="Code of the trust that answers.")
    recommendation = SlugsFilter(
        Recommendation.objects.all(), help_text="Recommendation, by its slug; several may be given."
    )
    addressee = OneOf(
        field_name="recommendation__addressee",
        choices=Addressee.choices(),
        help_text="To whom the recommendation speaks; several may be given.",
    )
    state = OneOf(choices=AnswerState.choices(), help_text="How far the trust has come; several may be given.")
    standing = YesOrNoFilter(
        method="stands", help_text="`true`: the latest answer by the day; `false`: those a later one has replaced."
    )

    class Meta:
        model = RecommendationAnswer
        fields: list[str] = []

    def stands(self, rows: QuerySet, name: str, value: bool) -> QuerySet:
        later = RecommendationAnswer.objects.filter(
            organisation=OuterRef("organisation"),
            recommendation=OuterRef("recommendation"),
            answered_on__gt=OuterRef("answered_on"),
        )
        if self.of_day is not None:
            later = later.filter(answered_on__lte=self.of_day)
        return rows.filter(~Exists(later) if value else Exists(later))
