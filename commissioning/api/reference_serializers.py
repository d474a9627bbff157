"""Documents of commissioning's reference records: services, staff groups, contract types, approaches, recommendations,
provider-arm options."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from rest_framework import serializers

from commissioning.api.fields import WordOrNull
from commissioning.domain.vocabulary import Addressee, Answer, ApproachList, Axis, ClientGroup, Tier
from commissioning.models.reference import LEGAL_ATTRIBUTES
from organisations.api.reference_serializers import CitationSerializer
from organisations.domain.vocabulary import Family
from pcorg.core.api.rows import AddressField, Attached, Supplied


class ServiceGroupDocumentSerializer(serializers.Serializer):
    """A group of community services."""

    slug = serializers.CharField()
    label = serializers.CharField()
    summary = serializers.CharField()
    services = Attached(child=serializers.CharField(), help_text="Slugs of its services, in the order of the source")
    citation = CitationSerializer(source="*")
    url = AddressField("api:service-group-detail", source="slug")


class ServiceDocumentSerializer(serializers.Serializer):
    """A community service of the catalogue. `tier` is null where the source's figure does not name the service."""

    slug = serializers.CharField()
    label = serializers.CharField()
    group = serializers.CharField(source="group_id", help_text="Slug of its group")
    tier = WordOrNull(choices=Tier.choices())
    citation = CitationSerializer(source="*")
    url = AddressField("api:service-detail", source="slug")


class RoleDocumentSerializer(serializers.Serializer):
    """What a staff group does for a client group. `ambiguous`: the source's layout leaves open whom it is about."""

    client_group = serializers.ChoiceField(choices=ClientGroup.choices())
    text = serializers.CharField()
    ambiguous = serializers.BooleanField()
    source = serializers.CharField(source="citation", help_text="Source and place")
    note = serializers.CharField()


class Roles(Supplied, serializers.ListField):
    """What a staff group does for whom; none where the source does not say."""

    child = RoleDocumentSerializer()


class StaffGroupDocumentSerializer(serializers.Serializer):
    """A profession or other group of staff, and whom it serves."""

    slug = serializers.CharField()
    label = serializers.CharField()
    summary = serializers.CharField()
    roles = Roles()
    citation = CitationSerializer(source="*")
    url = AddressField("api:staff-group-detail", source="slug")


class ContractTypeDocumentSerializer(serializers.Serializer):
    """A kind of contract. An `agreement` cannot be enforced in law, and a body may have it with itself."""

    slug = serializers.CharField()
    label = serializers.CharField()
    summary = serializers.CharField()
    agreement = serializers.BooleanField()
    citation = CitationSerializer(source="*")
    url = AddressField("api:contract-type-detail", source="slug")


class ApproachDocumentSerializer(serializers.Serializer):
    """What trusts do about provision: a stance of the review or a route named at the seminar."""

    slug = serializers.CharField()
    list = serializers.ChoiceField(source="drawn_from", choices=ApproachList.choices(), help_text="Which list it is of")
    axis = WordOrNull(choices=Axis.choices(), help_text="What a stance is about; null for a route")
    label = serializers.CharField()
    summary = serializers.CharField()
    citation = CitationSerializer(source="*")
    url = AddressField("api:approach-detail", source="slug")


class RecommendationDocumentSerializer(serializers.Serializer):
    """A recommendation of the report, in our words. General ones stand under a theme."""

    slug = serializers.CharField()
    addressee = serializers.ChoiceField(choices=Addressee.choices())
    theme = serializers.CharField()
    text = serializers.CharField()
    citation = CitationSerializer(source="*")
    url = AddressField("api:recommendation-detail", source="slug")


class BenefitDocumentSerializer(serializers.Serializer):
    """A benefit of a form, in our words."""

    text = serializers.CharField()
    source = serializers.CharField(source="citation", help_text="Source and place")


class RiskDocumentSerializer(BenefitDocumentSerializer):
    """A risk of a form, in our words. `ambiguous`: the source leaves open whether it is one; `note` says why."""

    ambiguous = serializers.BooleanField()
    note = serializers.CharField()


class Benefits(Supplied, serializers.ListField):
    """Benefits in the order of the source."""

    child = BenefitDocumentSerializer()


class Risks(Supplied, serializers.ListField):
    """Risks in the order of the source."""

    child = RiskDocumentSerializer()


class Attribute(serializers.ChoiceField):
    """A legal attribute, as coded by us from the words of the source."""

    def __init__(self, help_text: str) -> None:
        super().__init__(choices=Answer.choices(), help_text=help_text)


class AttributesDocumentSerializer(serializers.Serializer):
    """Legal attributes. The coding is ours: `yes` and `no` where the source says so, `possible` where it says might,
    could or under a condition, `unknown` where it does not say. Of `untested`, `no` means that it is called
    established."""

    separate_entity = Attribute(LEGAL_ATTRIBUTES["separate_entity"])
    charity = Attribute(LEGAL_ATTRIBUTES["charity"])
    pensions = Attribute(LEGAL_ATTRIBUTES["pensions"])
    asset_lock = Attribute(LEGAL_ATTRIBUTES["asset_lock"])
    monopoly = Attribute(LEGAL_ATTRIBUTES["monopoly"])
    profit = Attribute(LEGAL_ATTRIBUTES["profit"])
    staff_ownership = Attribute(LEGAL_ATTRIBUTES["staff_ownership"])
    untested = Attribute(LEGAL_ATTRIBUTES["untested"])
    accountability_framework = Attribute(LEGAL_ATTRIBUTES["accountability_framework"])
    regulator = serializers.CharField(help_text="Who regulates it; empty where the source does not say")


class ArmOptionDocumentSerializer(serializers.Serializer):
    """A form that a provider arm may take: benefits, risks, legal attributes. The coding of the attributes is ours."""

    slug = serializers.CharField(source="form_id", help_text="Slug of the form")
    label = serializers.CharField(source="form.label")
    family = serializers.ChoiceField(source="form.family", choices=Family.choices())
    benefits = Benefits()
    risks = Risks()
    attributes = AttributesDocumentSerializer(source="*")
    citation = CitationSerializer(source="*")
    url = AddressField("api:provider-arm-option-detail", source="form_id")
