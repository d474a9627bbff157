"""Documents of reference records: forms, transition rules, sources, the glossary."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from rest_framework import serializers

from organisations.domain.vocabulary import Family, Nature, Route
from pcorg.api.rows import Address, Attached


class Citation(serializers.Serializer):
    """Where a record is from: the source's slug, the place in it, and a note."""

    slug = serializers.CharField(source="source_id", allow_null=True)
    locator = serializers.CharField()
    note = serializers.CharField()


class FormDocument(serializers.Serializer):
    """An organisational form: what such a body is, may do, and when it could exist.

    `commissioning_share` is the fraction (0 to 1) of services it commissions for its population. Population
    bounds are patients, both included. `last_date` is the first day on which no such body could exist any
    more.
    """

    slug = serializers.CharField()
    label = serializers.CharField()
    plural = serializers.CharField()
    family = serializers.ChoiceField(choices=Family.choices())
    level = serializers.IntegerField(allow_null=True)
    nature = serializers.ChoiceField(choices=Nature.choices())
    free_standing = serializers.BooleanField()
    pilot = serializers.BooleanField()
    advises = serializers.BooleanField()
    holds_budget = serializers.BooleanField()
    commissions = serializers.BooleanField()
    provides_community_services = serializers.BooleanField()
    provides_social_care = serializers.BooleanField()
    commissioning_share = serializers.DecimalField(max_digits=4, decimal_places=3, allow_null=True)
    accountable_to = Attached(child=serializers.CharField(), help_text="Slugs of the forms it answers to")
    population_min = serializers.IntegerField(allow_null=True)
    population_max = serializers.IntegerField(allow_null=True)
    population_note = serializers.CharField()
    first_date = serializers.DateField(allow_null=True)
    last_date = serializers.DateField(allow_null=True)
    ods_role = serializers.CharField(help_text="Role of the NHS Organisation Data Service, or empty")
    summary = serializers.CharField()
    citation = Citation(source="*")
    url = Address("api:form-detail", source="slug")


class TransitionRuleDocument(serializers.Serializer):
    """One step of the declared graph: from a form to a form by a route, between two days, both included."""

    id = serializers.IntegerField()
    from_form = serializers.CharField(source="from_form_id")
    to_form = serializers.CharField(source="to_form_id")
    route = serializers.ChoiceField(choices=Route.choices())
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)
    consultation = serializers.BooleanField(help_text="Consultation is required")
    joint_agreement = serializers.BooleanField(help_text="Agreement of the NHS and council partners is required")
    checks = Attached(child=serializers.CharField(), help_text="Codes of the checks that apply")
    source = serializers.CharField(source="source_id", allow_null=True)
    locator = serializers.CharField()
    note = serializers.CharField()


class SourceDocument(serializers.Serializer):
    """Where facts come from."""

    slug = serializers.CharField()
    title = serializers.CharField()
    author = serializers.CharField()
    publisher = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    licence = serializers.CharField()
    note = serializers.CharField()
    url = Address("api:source-detail", source="slug")


class GlossaryDocument(serializers.Serializer):
    """A term and what it means."""

    term = serializers.CharField()
    abbreviation = serializers.CharField()
    meaning = serializers.CharField()
    forms = Attached(child=serializers.CharField(), help_text="Slugs of the forms it is about")
    citation = Citation(source="*")


class CheckDocument(serializers.Serializer):
    """A policy check: what it asks, how strictly, and what can settle it."""

    code = serializers.CharField()
    title = serializers.CharField()
    question = serializers.CharField()
    severity = serializers.ChoiceField(choices=["advise", "block"])
    settled_by = serializers.ChoiceField(choices=["data", "evidence", "either"])
    citation = Citation(source="*")
