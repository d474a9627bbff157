"""Provider arms with their groups of services, personal medical services pilots, and answers to recommendations."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commissioning.api.fields import (
    ByThen,
    HoldingItemSerializer,
    OwnedSpellSerializer,
    Pounds,
    Slugs,
    ThingDetailSerializer,
    WholeTime,
)
from commissioning.domain.vocabulary import (
    AnswerState,
    PilotEnd,
    PilotVariant,
    Separation,
)
from organisations.api.reference_serializers import CitationSerializer
from organisations.domain.vocabulary import Basis
from pcorg.core.api.rows import AddressField, Attached


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


class SeparationSpellSerializer(OwnedSpellSerializer):
    """The trust an arm was part of, and how far it was separated."""

    separation = serializers.ChoiceField(choices=Separation.choices())


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


class PilotCitationSerializer(CitationSerializer):
    """Where the particulars of a pilot are from, else where the body is."""

    slug = serializers.CharField(source="cited", allow_null=True)
    locator = serializers.CharField(source="cited_at")
    note = serializers.CharField(source="noted")


class PmsPilotDetailSerializer(PmsPilotItemSerializer):
    """A pilot with how it is known."""

    basis = serializers.ChoiceField(choices=Basis.choices(), source="known_basis")
    citation = PilotCitationSerializer(source="*")
