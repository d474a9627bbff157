"""Contracts, budgets and pooled budgets: a row per holding in lists, and each in full."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from rest_framework import serializers

from commissioning.api.fields import (
    Fraction,
    HeldSpellSerializer,
    HoldingItemSerializer,
    OrganisationField,
    OwnedSpellSerializer,
    Pounds,
    Slugs,
    SuppliedCode,
    SuppliedFraction,
    SuppliedPounds,
    ThingDetailSerializer,
)
from commissioning.domain.vocabulary import (
    Flexibility,
    Sector,
    SetBy,
    Stream,
)
from pcorg.core.api.rows import AddressField, Attached, Supplied


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


class ContractSpellSerializer(HeldSpellSerializer):
    """Between whom a contract ran."""

    commissioner = OrganisationField(source="commissioner_id")
    provider = OrganisationField(source="provider_id")
    annual_value = Pounds(help_text="Pounds a year")


class MeasureSerializer(serializers.Serializer):
    """What a contract is to achieve."""

    text = serializers.CharField()
    target = serializers.CharField(help_text="How it is told that it is achieved; empty where nothing is said")


class ContractDetailSerializer(ThingDetailSerializer):
    """A contract with its parties over time."""

    type = serializers.CharField(source="type_id")
    sector = serializers.ChoiceField(choices=Sector.choices())
    services = Slugs()
    price_year = serializers.CharField()
    ends = serializers.DateField(allow_null=True, help_text="The day it is due to end")
    measures = MeasureSerializer(many=True)
    holdings = ContractSpellSerializer(many=True)
    url = AddressField("api:contract-detail", source="code")


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


class BudgetSpellSerializer(OwnedSpellSerializer):
    """Who held a budget."""

    amount = Pounds(help_text="Pounds a year")


class BudgetDetailSerializer(ThingDetailSerializer):
    """A budget and who held it."""

    stream = serializers.ChoiceField(choices=Stream.choices())
    set_by = serializers.ChoiceField(choices=SetBy.choices())
    price_year = serializers.CharField()
    holdings = BudgetSpellSerializer(many=True)
    url = AddressField("api:budget-detail", source="code")


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


class ContributionSpellSerializer(HeldSpellSerializer):
    """What a partner put into a pool."""

    partner = OrganisationField(source="partner_id")
    amount = Pounds(help_text="Pounds a year")
    hosts = serializers.BooleanField()


class PooledBudgetDetailSerializer(ThingDetailSerializer):
    """A pooled budget with what its partners put in over time."""

    flexibility = serializers.ChoiceField(choices=Flexibility.choices())
    client_group = serializers.CharField()
    price_year = serializers.CharField()
    purpose = serializers.CharField()
    total = Pounds(help_text="Pounds a year on the day, else as last known")
    contributions = ContributedSerializer(
        many=True, help_text="On the day, else as last known, with shares of the whole"
    )
    holdings = ContributionSpellSerializer(many=True)
    url = AddressField("api:pooled-budget-detail", source="code")
