"""Documents of single things of commissioning: what they are, and who held them when."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from commissioning.api.serializers import (
    ContributedSerializer,
    PmsPilotItemSerializer,
    Pounds,
    WholeTime,
    WordOrNull,
    YesOrNo,
)
from commissioning.domain.vocabulary import Flexibility, PremisesKind, Sector, Separation, SetBy, Stream, Tier
from organisations.api.reference_serializers import CitationSerializer
from organisations.api.serializers import BodyNameSerializer
from organisations.domain.vocabulary import Basis
from pcorg.core.api.rows import AddressField


@extend_schema_field(BodyNameSerializer)
class OrganisationField(serializers.Field):
    """An organisation by code and name, from its code. `names` stand in the context."""

    def to_representation(self, value: str) -> dict[str, str]:
        return {"code": value, "name": self.context["names"].get(value, value)}


class Slugs(serializers.ListField):
    """The keys of related records in their order."""

    child = serializers.CharField()

    def to_representation(self, value: Any) -> list[str]:
        return [record.pk for record in value.all()]


class ByThen(serializers.DateField):
    """A day on which something came about; null where that is after the day asked about."""

    def to_representation(self, value: Any) -> Any:
        on = self.context.get("as_of")
        return None if on is not None and value > on else super().to_representation(value)


class Spells(serializers.ListSerializer):
    """Holdings; with a day, those in force on it."""

    def to_representation(self, data: Any) -> list[Any]:
        on = self.context.get("as_of")
        rows = data.all() if hasattr(data, "all") else data
        return super().to_representation([row for row in rows if on is None or _in_force(row, on)])


def _in_force(row: Any, on: date) -> bool:
    return row.start <= on and (row.end is None or on < row.end)


class HeldSpellSerializer(serializers.Serializer):
    """Who held the thing from `start` up to, and not including, `end`."""

    start = serializers.DateField()
    end = serializers.DateField(allow_null=True)
    begun_by = serializers.IntegerField(
        source="begun_by_id", allow_null=True, help_text="Number of the change that began it; null at the opening"
    )
    ended_by = serializers.IntegerField(
        source="ended_by_id", allow_null=True, help_text="Number of the change that ended it"
    )


class ContractSpellSerializer(HeldSpellSerializer):
    """Between whom a contract ran."""

    commissioner = OrganisationField(source="commissioner_id")
    provider = OrganisationField(source="provider_id")
    annual_value = Pounds(help_text="Pounds a year")


class ProvisionSpellSerializer(HeldSpellSerializer):
    """Who provided a service for whose population."""

    provider = OrganisationField(source="provider_id")
    population_of = OrganisationField(source="population_of_id")
    wte = WholeTime(allow_null=True)
    annual_value = Pounds(allow_null=True)
    contacts = serializers.IntegerField(allow_null=True)


class OwnedSpellSerializer(HeldSpellSerializer):
    """Which body held the thing."""

    class Meta:
        list_serializer_class = Spells

    organisation = OrganisationField(source="organisation_id")


class BudgetSpellSerializer(OwnedSpellSerializer):
    """Who held a budget."""

    amount = Pounds(help_text="Pounds a year")


class StaffingSpellSerializer(OwnedSpellSerializer):
    """Who employed the staff."""

    wte = WholeTime()
    headcount = serializers.IntegerField(allow_null=True)


class SeparationSpellSerializer(OwnedSpellSerializer):
    """The trust an arm was part of, and how far it was separated."""

    separation = serializers.ChoiceField(choices=Separation.choices())


class ContributionSpellSerializer(HeldSpellSerializer):
    """What a partner put into a pool."""

    partner = OrganisationField(source="partner_id")
    amount = Pounds(help_text="Pounds a year")
    hosts = serializers.BooleanField()


class ThingDetailSerializer(serializers.Serializer):
    """What every thing tells of itself. With a date its holdings are those in force on it, else all there ever were."""

    code = serializers.CharField()
    title = serializers.CharField()
    portfolio = serializers.CharField(source="portfolio_id")
    illustrative = serializers.BooleanField(source="portfolio.illustrative", help_text="Invented")
    basis = serializers.ChoiceField(choices=Basis.choices(), help_text="How it is known")
    source = serializers.CharField(source="citation", help_text="Slug of the source and the place in it")
    note = serializers.CharField()


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


class BudgetDetailSerializer(ThingDetailSerializer):
    """A budget and who held it."""

    stream = serializers.ChoiceField(choices=Stream.choices())
    set_by = serializers.ChoiceField(choices=SetBy.choices())
    price_year = serializers.CharField()
    holdings = BudgetSpellSerializer(many=True)
    url = AddressField("api:budget-detail", source="code")


class StaffingDetailSerializer(ThingDetailSerializer):
    """Staff of a group and who employed them."""

    staff_group = serializers.CharField(source="staff_group_id")
    service = serializers.CharField(source="service_id", allow_null=True)
    holdings = StaffingSpellSerializer(many=True)
    url = AddressField("api:staffing-detail", source="code")


class PremisesDetailSerializer(ThingDetailSerializer):
    """Premises, who held them and which services work from them."""

    type = serializers.ChoiceField(choices=PremisesKind.choices())
    built = serializers.IntegerField(allow_null=True)
    purpose_built = YesOrNo()
    lift = serializers.BooleanField()
    provisions = Slugs(help_text="Codes of the services provided from here")
    holdings = OwnedSpellSerializer(many=True)
    url = AddressField("api:premises-detail", source="code")


class MilestoneDocumentSerializer(serializers.Serializer):
    """A step on the way of an arm's separation."""

    title = serializers.CharField()
    due = serializers.DateField()
    reached = ByThen(allow_null=True, help_text="Null where it had not been reached by the day asked about")
    basis = serializers.ChoiceField(choices=Basis.choices())
    source = serializers.CharField(source="citation")


class GroupDetailSerializer(ThingDetailSerializer):
    """A group of services of a provider arm, the form chosen for it by the day, and who held it."""

    arm = serializers.CharField(source="arm_id")
    services = Slugs()
    coherence = serializers.CharField()
    chosen_form = serializers.CharField(source="chosen_form_id", allow_null=True)
    chosen_on = ByThen(allow_null=True)
    holdings = OwnedSpellSerializer(many=True)
    url = AddressField("api:portfolio-group-detail", source="code")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)
        if told["chosen_on"] is None:
            told["chosen_form"] = None
        return told


class ArmDetailSerializer(ThingDetailSerializer):
    """A provider arm: how far it was separated over time, its groups of services, its milestones."""

    approaches = Slugs(help_text="Not those recorded of a later day than the one asked about")
    approaches_on = ByThen(allow_null=True, help_text="The day of which they are recorded; null where not dated")
    separations = SeparationSpellSerializer(source="holdings", many=True)
    groups = GroupDetailSerializer(many=True, help_text="With a day, those that somebody holds then")
    milestones = MilestoneDocumentSerializer(many=True)
    url = AddressField("api:provider-arm-detail", source="code")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)
        on = self.context["as_of"]
        if on is not None:
            if instance.approaches_on is not None and instance.approaches_on > on:
                told["approaches"] = []
            told["groups"] = [group for group in told["groups"] if group["holdings"]]
        return told


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


class PilotCitationSerializer(CitationSerializer):
    """Where the particulars of a pilot are from, else where the body is."""

    slug = serializers.CharField(source="cited", allow_null=True)
    locator = serializers.CharField(source="cited_at")
    note = serializers.CharField(source="noted")


class PmsPilotDetailSerializer(PmsPilotItemSerializer):
    """A pilot with how it is known."""

    basis = serializers.ChoiceField(choices=Basis.choices(), source="known_basis")
    citation = PilotCitationSerializer(source="*")
