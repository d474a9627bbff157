"""Services provided, staff and premises: a row per holding in lists, and each in full."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from rest_framework import serializers

from commissioning.api.fields import (
    HeldSpellSerializer,
    HoldingItemSerializer,
    OrganisationField,
    OwnedSpellSerializer,
    Pounds,
    Slugs,
    ThingDetailSerializer,
    WholeTime,
    WordOrNull,
    YesOrNo,
)
from commissioning.domain.vocabulary import (
    PremisesKind,
    Tier,
)
from pcorg.core.api.rows import AddressField, Attached


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


class ProvisionSpellSerializer(HeldSpellSerializer):
    """Who provided a service for whose population."""

    provider = OrganisationField(source="provider_id")
    population_of = OrganisationField(source="population_of_id")
    wte = WholeTime(allow_null=True)
    annual_value = Pounds(allow_null=True)
    contacts = serializers.IntegerField(allow_null=True)


class ProvisionDetailSerializer(ThingDetailSerializer):
    """A service as bodies provided it over time."""

    service = serializers.CharField(source="service_id")
    group = serializers.CharField(source="service.group_id")
    tier = WordOrNull(source="service.tier", choices=Tier.choices())
    round_the_clock = serializers.BooleanField()
    price_year = serializers.CharField()
    premises = Slugs()
    holdings = ProvisionSpellSerializer(many=True)
    url = AddressField("api:provision-detail", source="code")


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


class StaffingSpellSerializer(OwnedSpellSerializer):
    """Who employed the staff."""

    wte = WholeTime()
    headcount = serializers.IntegerField(allow_null=True)


class StaffingDetailSerializer(ThingDetailSerializer):
    """Staff of a group and who employed them."""

    staff_group = serializers.CharField(source="staff_group_id")
    service = serializers.CharField(source="service_id", allow_null=True)
    holdings = StaffingSpellSerializer(many=True)
    url = AddressField("api:staffing-detail", source="code")


class PremisesItemSerializer(HoldingItemSerializer):
    """Premises and who holds them."""

    type = serializers.ChoiceField(source="item.type", choices=PremisesKind.choices())
    organisation = serializers.CharField(source="organisation_id")
    built = serializers.IntegerField(source="item.built", allow_null=True, help_text="Year")
    purpose_built = YesOrNo(source="item.purpose_built")
    lift = serializers.BooleanField(source="item.lift", help_text="Of the Local Improvement Finance Trust programme")
    url = AddressField("api:premises-detail", source="item_id")


class PremisesDetailSerializer(ThingDetailSerializer):
    """Premises, who held them and which services work from them."""

    type = serializers.ChoiceField(choices=PremisesKind.choices())
    built = serializers.IntegerField(allow_null=True)
    purpose_built = YesOrNo()
    lift = serializers.BooleanField()
    provisions = Slugs(help_text="Codes of the services provided from here")
    holdings = OwnedSpellSerializer(many=True)
    url = AddressField("api:premises-detail", source="code")
