"""Documents of reference records: forms, transition rules, sources, the glossary."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from rest_framework import serializers

from organisations.domain.vocabulary import Applies, Family, Nature, Route
from pcorg.core.api.rows import AddressField, Attached, Supplied


class SuppliedTruth(Supplied, serializers.BooleanField):
    """What follows from codes that hang on a record."""


class CitationSerializer(serializers.Serializer):
    """Where a record is from: the source's slug, the place in it, and a note."""

    slug = serializers.CharField(source="source_id", allow_null=True)
    locator = serializers.CharField()
    note = serializers.CharField()


class FormDocumentSerializer(serializers.Serializer):
    """An organisational form: what such a body is, may do, and when it could exist.

    A capability is null where no source states it. `commissioning_share` is the fraction (0 to 1) of services it
    commissions for its population, where a source gives a number; `commissioning_note` says it in words.
    `population_min` and `population_max` are the sizes that such bodies had in patients, both included;
    `population_expected` is the average that was predicted for them, which is no limit. `last_date` is the first
    day on which no such body could exist any more. `checks` are asked of such a body where no declared step leads
    to it.
    """

    slug = serializers.CharField()
    label = serializers.CharField()
    plural = serializers.CharField()
    family = serializers.ChoiceField(choices=Family.choices())
    level = serializers.IntegerField(allow_null=True)
    nature = serializers.ChoiceField(choices=Nature.choices())
    free_standing = serializers.BooleanField(allow_null=True)
    pilot = serializers.BooleanField()
    advises = serializers.BooleanField(allow_null=True)
    holds_budget = serializers.BooleanField(allow_null=True)
    commissions = serializers.BooleanField(allow_null=True)
    provides_primary_care = serializers.BooleanField(allow_null=True)
    provides_community_services = serializers.BooleanField(allow_null=True)
    provides_social_care = serializers.BooleanField(allow_null=True)
    commissioning_share = serializers.DecimalField(max_digits=4, decimal_places=3, allow_null=True)
    commissioning_note = serializers.CharField()
    accountable_to = Attached(child=serializers.CharField(), help_text="Slugs of the forms it answers to")
    population_min = serializers.IntegerField(allow_null=True)
    population_max = serializers.IntegerField(allow_null=True)
    population_expected = serializers.IntegerField(allow_null=True)
    population_note = serializers.CharField()
    first_date = serializers.DateField(allow_null=True)
    last_date = serializers.DateField(allow_null=True)
    ods_role = serializers.CharField(help_text="Role of the NHS Organisation Data Service, or empty")
    summary = serializers.CharField()
    checks = Attached(child=serializers.CharField(), help_text="Codes of the checks asked where no step leads to it")
    citation = CitationSerializer(source="*")
    url = AddressField("api:form-detail", source="slug")


class TransitionRuleDocumentSerializer(serializers.Serializer):
    """One step of the declared graph: from a form to a form by a route, between two days, both included."""

    id = serializers.IntegerField()
    from_form = serializers.CharField(source="from_form_id")
    to_form = serializers.CharField(source="to_form_id")
    route = serializers.ChoiceField(choices=Route.choices())
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)
    consultation = SuppliedTruth(help_text="Consultation is required: `consultation-held` is among its checks")
    joint_agreement = SuppliedTruth(
        help_text="Agreement of the NHS and council partners is required: `joint-agreement` is among its checks"
    )
    checks = Attached(child=serializers.CharField(), help_text="Codes of the checks that apply")
    source = serializers.CharField(source="source_id", allow_null=True)
    locator = serializers.CharField()
    note = serializers.CharField()


class SourceDocumentSerializer(serializers.Serializer):
    """Where facts come from."""

    slug = serializers.CharField()
    title = serializers.CharField()
    author = serializers.CharField()
    publisher = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    licence = serializers.CharField()
    note = serializers.CharField()
    url = AddressField("api:source-detail", source="slug")


class GlossaryDocumentSerializer(serializers.Serializer):
    """A term and what it means."""

    term = serializers.CharField()
    abbreviation = serializers.CharField()
    meaning = serializers.CharField()
    forms = Attached(child=serializers.CharField(), help_text="Slugs of the forms it is about")
    citation = CitationSerializer(source="*")


class CheckDocumentSerializer(serializers.Serializer):
    """A policy check: what it asks, how strictly, of which changes, and what can settle it.

    `severity` is the outcome where the check is not met; what is not known only advises. `applies` is `always` for a
    check of every change that it concerns, `declared` for one that the rule of the step or the form names.
    """

    code = serializers.CharField()
    title = serializers.CharField()
    question = serializers.CharField()
    severity = serializers.ChoiceField(choices=["advise", "block"])
    applies = serializers.ChoiceField(choices=Applies.choices())
    settled_by = serializers.ChoiceField(choices=["data", "evidence", "either"])
    citation = CitationSerializer(source="*")
