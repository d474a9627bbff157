"""Documents of the lists of commissioning: a row per holding, so that a row has one holder of each part, one amount,
one period. Money is pounds a year as a decimal in a string; staff are whole-time equivalent."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commissioning.domain.vocabulary import (
    AnswerState,
    Flexibility,
    PilotEnd,
    PilotVariant,
    PremisesKind,
    Sector,
    Separation,
    SetBy,
    Stream,
    Tier,
)
from pcorg.core.api.rows import AddressField, Attached, Supplied

LAST = ("start", "end", "holding", "portfolio", "illustrative", "url")
"""Fields that close every row, after those that are its own."""


class Pounds(serializers.DecimalField):
    """Money in pounds with pence, as a decimal in a string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=16, decimal_places=2, **kwargs)


class SuppliedPounds(Supplied, Pounds):
    """Money that comes by one more query."""


class Fraction(serializers.DecimalField):
    """A part of a whole, 0 to 1, as a decimal in a string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=7, decimal_places=4, **kwargs)


class SuppliedFraction(Supplied, Fraction):
    """A part of a whole that comes by one more query."""


class SuppliedCode(Supplied, serializers.CharField):
    """A code that comes by one more query."""


class WholeTime(serializers.DecimalField):
    """Staff as whole-time equivalent, as a decimal in a string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=8, decimal_places=2, **kwargs)


class YesOrNo(serializers.BooleanField):
    """True, false or, where it is not known, null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)


class WordOrNull(serializers.ChoiceField):
    """A word of a vocabulary; null where none is stated."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return value or None


class HoldingItemSerializer(serializers.Serializer):
    """A thing and who holds it from `start` up to, and not including, `end`. One thing may have several rows: each
    `holding` is one."""

    code = serializers.CharField(source="item_id", help_text="Code of the thing, for ever the same")
    title = serializers.CharField(source="item.title")
    start = serializers.DateField(help_text="First day of this holding")
    end = serializers.DateField(allow_null=True, help_text="First day on which it no longer holds")
    holding = serializers.IntegerField(source="pk", help_text="Number of this row: breaks ties in orderings")
    portfolio = serializers.CharField(source="item.portfolio_id")
    illustrative = serializers.BooleanField(source="item.portfolio.illustrative", help_text="Invented")

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        own = {name: field for name, field in fields.items() if name not in LAST}
        return {**own, **{name: fields[name] for name in LAST}}


class ContractItemSerializer(HoldingItemSerializer):
    """Between whom a contract runs, and for how much a year. `ends` is the day it is due to end."""

    type = serializers.CharField(source="item.type_id", help_text="Slug of its type")
    sector = serializers.ChoiceField(source="item.sector", choices=Sector.choices())
    services = Attached(child=serializers.CharField(), help_text="Slugs of the services it concerns")
    commissioner = serializers.CharField(source="commissioner_id")
    provider = serializers.CharField(source="provider_id")
    annual_value = Pounds()
    price_year = serializers.CharField(source="item.price_year")
    ends = serializers.DateField(source="item.ends", allow_null=True)
    url = AddressField("api:contract-detail", source="item_id")


class ProvisionItemSerializer(HoldingItemSerializer):
    """Who provides a service for whose population: staff, cost a year, contacts a year. Null is unknown."""

    service = serializers.CharField(source="item.service_id", help_text="Slug of the service")
    group = serializers.CharField(source="item.service.group_id", help_text="Slug of its group")
    tier = WordOrNull(source="item.service.tier", choices=Tier.choices())
    provider = serializers.CharField(source="provider_id")
    population_of = serializers.CharField(
        source="population_of_id", help_text="Code of the body whose people it serves"
    )
    wte = WholeTime(allow_null=True, help_text="Whole-time equivalent staff")
    annual_value = Pounds(allow_null=True)
    price_year = serializers.CharField(source="item.price_year")
    contacts = serializers.IntegerField(allow_null=True, help_text="Contacts a year")
    round_the_clock = serializers.BooleanField(
        source="item.round_the_clock", help_text="Day and night, every day of the week"
    )
    premises = Attached(child=serializers.CharField(), help_text="Codes of the premises it works from")
    url = AddressField("api:provision-detail", source="item_id")


class BudgetItemSerializer(HoldingItemSerializer):
    """A budget by stream and its holder. `devolved_share` is the part of it that the holder's form on the day lets it
    commission with: of its own motion all, none or a part. Null where the form is not known."""

    stream = serializers.ChoiceField(source="item.stream", choices=Stream.choices())
    organisation = serializers.CharField(source="organisation_id")
    amount = Pounds(help_text="Pounds a year")
    price_year = serializers.CharField(source="item.price_year")
    set_by = serializers.ChoiceField(source="item.set_by", choices=SetBy.choices())
    devolved_share = SuppliedFraction(allow_null=True)
    devolved_amount = SuppliedPounds(allow_null=True)
    url = AddressField("api:budget-detail", source="item_id")


class StaffingItemSerializer(HoldingItemSerializer):
    """Staff of a group and who employs them."""

    staff_group = serializers.CharField(source="item.staff_group_id", help_text="Slug of the staff group")
    service = serializers.CharField(
        source="item.service_id", allow_null=True, help_text="Slug of the service; null where it is several"
    )
    organisation = serializers.CharField(source="organisation_id")
    wte = WholeTime(help_text="Whole-time equivalent")
    headcount = serializers.IntegerField(allow_null=True, help_text="People")
    url = AddressField("api:staffing-detail", source="item_id")


class PremisesItemSerializer(HoldingItemSerializer):
    """Premises and who holds them."""

    type = serializers.ChoiceField(source="item.type", choices=PremisesKind.choices())
    organisation = serializers.CharField(source="organisation_id")
    built = serializers.IntegerField(source="item.built", allow_null=True, help_text="Year")
    purpose_built = YesOrNo(source="item.purpose_built")
    lift = serializers.BooleanField(source="item.lift", help_text="Of the Local Improvement Finance Trust programme")
    url = AddressField("api:premises-detail", source="item_id")


class ArmItemSerializer(HoldingItemSerializer):
    """A provider arm, the trust it is part of, and how far it is separated."""

    organisation = serializers.CharField(source="organisation_id")
    separation = serializers.ChoiceField(choices=Separation.choices())
    approaches = Attached(
        child=serializers.CharField(),
        help_text="Slugs of the approaches the trust takes; not those recorded of a later day than the one asked about",
    )
    approaches_on = serializers.DateField(
        allow_null=True, help_text="The day of which they are recorded; null where they are not dated"
    )
    groups = Attached(child=serializers.CharField(), help_text="Codes of its groups of services")
    url = AddressField("api:provider-arm-detail", source="item_id")


class GroupItemSerializer(HoldingItemSerializer):
    """Services of a provider arm that belong together, who holds them, and the form chosen for them, if any."""

    arm = serializers.CharField(source="item.arm_id", help_text="Code of the provider arm")
    organisation = serializers.CharField(source="organisation_id")
    services = Attached(child=serializers.CharField(), help_text="Slugs of its services")
    coherence = serializers.CharField(source="item.coherence", help_text="Why they belong together")
    chosen_form = serializers.CharField(
        allow_null=True, help_text="Slug of the form; null where none had been chosen by the day asked about"
    )
    chosen_on = serializers.DateField(allow_null=True)
    url = AddressField("api:portfolio-group-detail", source="item_id")


class ContributedSerializer(serializers.Serializer):
    """What a partner puts into a pooled budget."""

    partner = serializers.CharField()
    amount = Pounds(help_text="Pounds a year")
    share = Fraction(allow_null=True, help_text="Of the whole pool")
    hosts = serializers.BooleanField(help_text="Holds the pool for the others")
    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)


class Contributions(Supplied, serializers.ListField):
    """The contributions to a pool."""

    child = ContributedSerializer()


class PooledBudgetItemSerializer(serializers.Serializer):
    """A pooled budget with what its partners put in."""

    code = serializers.CharField()
    title = serializers.CharField()
    flexibility = serializers.ChoiceField(choices=Flexibility.choices())
    client_group = serializers.CharField()
    price_year = serializers.CharField()
    host = SuppliedCode(allow_null=True, help_text="Code of the partner that holds the pool")
    total = SuppliedPounds(help_text="Pounds a year")
    partners = Attached(child=serializers.CharField(), help_text="Codes, the host first")
    contributions = Contributions()
    portfolio = serializers.CharField(source="portfolio_id")
    illustrative = serializers.BooleanField(source="portfolio.illustrative", help_text="Invented")
    url = AddressField("api:pooled-budget-detail", source="code")


class DaysLeft(serializers.IntegerField):
    """Days of a term that are left from the day asked about on, that day included; negative where it is over. Null
    where no day is asked about."""

    def to_representation(self, value: Any) -> Any:
        on = self.context.get("as_of")
        return (value - on).days if on is not None else None


class PmsPilotItemSerializer(serializers.Serializer):
    """A pilot of personal medical services: a body with a local contract for a term. What is not recorded is null."""

    organisation = serializers.CharField(source="code", help_text="Code of the pilot body")
    name = serializers.CharField(allow_null=True)
    wave = serializers.IntegerField(allow_null=True)
    variant = serializers.ChoiceField(choices=PilotVariant.choices(), allow_null=True)
    provider = serializers.CharField(allow_null=True, help_text="Code of the body that runs it")
    contract = serializers.CharField(allow_null=True)
    commissioner = serializers.CharField(allow_null=True, help_text="Code of the body it has the contract with")
    annual_value = Pounds(allow_null=True, help_text="Of the contract")
    salaried_gps = WholeTime(allow_null=True, help_text="Whole-time equivalent")
    nurses = WholeTime(allow_null=True, help_text="Whole-time equivalent")
    practices = Attached(child=serializers.CharField(), help_text="Codes of the practices that take part")
    opened = serializers.DateField()
    closed = serializers.DateField(allow_null=True)
    term_ends = serializers.DateField(allow_null=True, help_text="First day after the term")
    days_left = DaysLeft(source="term_ends", allow_null=True)
    at_end = serializers.ChoiceField(choices=PilotEnd.choices(), allow_null=True)
    portfolio = serializers.CharField(source="portfolio_id")
    illustrative = serializers.BooleanField(source="portfolio.illustrative", help_text="Invented")
    url = AddressField("api:pms-pilot-detail", source="code")


class AnswerItemSerializer(serializers.Serializer):
    """How a trust answers a recommendation on a day. The latest answer stands."""

    id = serializers.IntegerField()
    organisation = serializers.CharField(source="organisation_id")
    recommendation = serializers.CharField(source="recommendation_id", help_text="Slug of the recommendation")
    state = serializers.ChoiceField(choices=AnswerState.choices())
    evidence = serializers.CharField()
    answered_on = serializers.DateField()
    by = serializers.CharField()
    portfolio = serializers.CharField(source="organisation.portfolio_id")
    illustrative = serializers.BooleanField(source="organisation.portfolio.illustrative", help_text="Invented")
    url = AddressField("api:recommendation-answer-detail", source="id")
