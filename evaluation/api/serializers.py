"""Documents of evaluation."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from rest_framework import serializers

from evaluation.api.following_serializers import ChoiceDocumentSerializer
from evaluation.method.scale import Polarity
from evaluation.method.vocabulary import (
    AssessmentScope,
    AssessmentStatus,
    MitigationKind,
    OptionKind,
    TransformKind,
)
from organisations.api.reference_serializers import CitationSerializer
from pcorg.core.api.rows import AddressField, Attached, Noted

TO_STRANGERS = "People are named to those who are signed in; others read a role, or a number that tells them apart"


class FrameworkDocumentSerializer(serializers.Serializer):
    """A set of criteria to judge options by."""

    slug = serializers.CharField()
    label = serializers.CharField()
    summary = serializers.CharField()
    criteria = Attached(child=serializers.CharField(), help_text="Slugs of its criteria, in order")
    citation = CitationSerializer(source="*")
    url = AddressField("api:framework-detail", source="slug")


class CriterionDocumentSerializer(serializers.Serializer):
    """What an option is asked."""

    slug = serializers.CharField()
    framework = serializers.CharField(source="framework_id")
    label = serializers.CharField()
    text = serializers.CharField()
    position = serializers.IntegerField()
    citation = CitationSerializer(source="*")
    url = AddressField("api:criterion-detail", source="slug")


class IntegrationOptionDocumentSerializer(serializers.Serializer):
    """A way of integrating community services with others, or of leaving them apart."""

    slug = serializers.CharField()
    label = serializers.CharField()
    summary = serializers.CharField()
    thin = serializers.BooleanField(help_text="The evidence is thinner than for the others")
    citation = CitationSerializer(source="*")
    url = AddressField("api:integration-option-detail", source="slug")


class EvidenceDocumentSerializer(serializers.Serializer):
    """A statement of evidence on an option and a criterion."""

    id = serializers.IntegerField()
    criterion = serializers.CharField(source="criterion_id")
    option = serializers.CharField(source="option_id")
    polarity = serializers.ChoiceField(choices=Polarity.choices())
    qualified = serializers.BooleanField(help_text="The source qualifies it: varies, may, is improving")
    ambiguous = serializers.BooleanField(help_text="The source leaves open to which option it belongs")
    text = serializers.CharField()
    source = serializers.CharField(source="cited", help_text="Slug of the source and the place in it")
    note = serializers.CharField()


class MitigationDocumentSerializer(serializers.Serializer):
    """What commissioners can do about weakness on a criterion, or what limits that. The transform is our coding."""

    slug = serializers.CharField()
    criterion = serializers.CharField(source="criterion_id")
    kind = serializers.ChoiceField(choices=MitigationKind.choices())
    text = serializers.CharField()
    transform = serializers.ChoiceField(choices=TransformKind.choices(), allow_blank=True)
    amount = serializers.DecimalField(max_digits=4, decimal_places=2, allow_null=True)
    citation = CitationSerializer(source="*")
    url = AddressField("api:mitigation-detail", source="slug")


class ScopeDocumentSerializer(serializers.Serializer):
    """What an assessment is about."""

    kind = serializers.ChoiceField(choices=AssessmentScope.choices(), source="scope")
    service_group = serializers.CharField(source="service_group_id", allow_null=True)
    service = serializers.CharField(source="service_id", allow_null=True)


class AssessmentItemSerializer(serializers.Serializer):
    """An assessment in a list."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    reference = serializers.BooleanField(help_text="Shipped with the product")
    illustrative = serializers.BooleanField()
    framework = serializers.CharField(source="framework_id")
    subject = serializers.CharField(source="subject_id", allow_null=True)
    as_of = serializers.DateField(allow_null=True)
    scope = ScopeDocumentSerializer(source="*")
    options = Attached(child=serializers.CharField(), help_text="Keys of the options, in order")
    status = serializers.ChoiceField(choices=AssessmentStatus.choices())
    change = serializers.IntegerField(source="change_id", allow_null=True)
    owner = Noted(help_text=f"Whose it is; empty where it ships with the product. {TO_STRANGERS}")
    created_by = Noted(help_text=TO_STRANGERS)
    url = AddressField("api:assessment-detail", source="id")


class StatedScopeDocumentSerializer(serializers.Serializer):
    """What an assessment is about."""

    kind = serializers.ChoiceField(choices=AssessmentScope.choices())
    service_group = serializers.CharField(allow_null=True)
    service = serializers.CharField(allow_null=True)


class OptionDocumentSerializer(serializers.Serializer):
    """An option of an assessment."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=OptionKind.choices())
    label = serializers.CharField()
    passes_gate = serializers.BooleanField()
    gate_reason = serializers.CharField()
    set_aside = serializers.BooleanField(help_text="Taken out of the results after it was judged")
    set_aside_reason = serializers.CharField()


class PlannedMitigationDocumentSerializer(serializers.Serializer):
    """What would be done about a weakness; `position` names it in `?mitigations=`."""

    position = serializers.IntegerField()
    criterion = serializers.CharField()
    text = serializers.CharField()
    transform = serializers.ChoiceField(choices=TransformKind.choices())
    amount = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField(), help_text="Keys; empty for all options")
    delivery = serializers.CharField(help_text="Chance, 0 to 1, that it is delivered")
    owner = serializers.CharField()


class PanelMemberSerializer(serializers.Serializer):
    """Somebody on the panel, or its consensus."""

    name = serializers.CharField(help_text=TO_STRANGERS)
    consensus = serializers.BooleanField()
    invited = serializers.BooleanField(help_text="May judge while the assessment is open")
    weights = serializers.DictField(allow_null=True, help_text="What they said of the weights; null: nothing")


class AssessmentStepDocumentSerializer(serializers.Serializer):
    """A step in an assessment's life."""

    status = serializers.ChoiceField(choices=AssessmentStatus.choices())
    by = serializers.CharField()
    at = serializers.DateTimeField()
    comment = serializers.CharField()


class AssessmentDetailSerializer(serializers.Serializer):
    """An assessment in full."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    reference = serializers.BooleanField()
    illustrative = serializers.BooleanField()
    framework = serializers.CharField()
    subject = serializers.CharField(allow_null=True)
    as_of = serializers.DateField(allow_null=True)
    scope = StatedScopeDocumentSerializer()
    purpose = serializers.CharField()
    status = serializers.ChoiceField(choices=AssessmentStatus.choices())
    options = OptionDocumentSerializer(many=True)
    weights = serializers.DictField(help_text="What is said of the weights: mode, and points, places or bounds")
    mitigations = PlannedMitigationDocumentSerializer(many=True)
    panel = PanelMemberSerializer(many=True)
    change = serializers.IntegerField(allow_null=True)
    choice = ChoiceDocumentSerializer(allow_null=True)
    copied_from = serializers.IntegerField(allow_null=True)
    seed = serializers.IntegerField(help_text="Settles every drawn figure")
    owner = serializers.CharField(help_text=f"Whose it is; empty where it ships with the product. {TO_STRANGERS}")
    collaborators = serializers.ListField(
        child=serializers.CharField(), help_text=f"Whom the owner named to work on it. {TO_STRANGERS}"
    )
    created_by = serializers.CharField(help_text=TO_STRANGERS)
    created_at = serializers.DateTimeField()
    history = AssessmentStepDocumentSerializer(many=True)
    allowed_actions = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()
    problem = serializers.CharField(
        allow_null=True, help_text="`unreadable-weights` where what is kept of the weights cannot be read; else null"
    )
    url = AddressField("api:assessment-detail", source="id")


class JudgementDocumentSerializer(serializers.Serializer):
    """An assessor's judgement of an option on a criterion, in levels from 1 to 5."""

    assessor = serializers.CharField()
    consensus = serializers.BooleanField()
    option = serializers.CharField()
    criterion = serializers.CharField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()
    varies = serializers.BooleanField()
    no_evidence = serializers.BooleanField()
    not_applicable = serializers.BooleanField()
    rationale = serializers.CharField()
    evidence = serializers.ListField(child=serializers.IntegerField(), help_text="Numbers of statements of evidence")
    set_aside = serializers.BooleanField(help_text="Of an option that was set aside: in no result")
    at = serializers.DateTimeField()


class JudgementsSerializer(serializers.Serializer):
    """All judgements of an assessment."""

    results = JudgementDocumentSerializer(many=True)


class AssessmentCommentSerializer(serializers.Serializer):
    """Something said of an assessment."""

    by = serializers.CharField(help_text=TO_STRANGERS)
    at = serializers.DateTimeField()
    text = serializers.CharField()


class AssessmentCommentsSerializer(serializers.Serializer):
    """What was said of an assessment, in order."""

    results = AssessmentCommentSerializer(many=True)


class OptionResultSerializer(serializers.Serializer):
    """What an appraisal comes to for one option. Values go from 0 to 100, shares from 0 to 1."""

    option = serializers.CharField()
    label = serializers.CharField()
    value = serializers.FloatField(help_text="Additive value in the middle of what is open")
    low = serializers.FloatField(help_text="Lowest value possible under admitted weights")
    high = serializers.FloatField(help_text="Highest value possible under admitted weights")
    rank = serializers.IntegerField(help_text="By value")
    expected_value = serializers.FloatField(help_text="Mean of the draws")
    from_5_to_95_per_cent = serializers.ListField(child=serializers.FloatField())
    contributions = serializers.DictField(child=serializers.FloatField(), help_text="Of each criterion to the value")
    rank_acceptability = serializers.ListField(child=serializers.FloatField(), help_text="Share of draws, by rank")
    standard_error = serializers.ListField(child=serializers.FloatField(), help_text="Of each of these shares")
    holistic_acceptability = serializers.FloatField()
    expected_rank = serializers.FloatField()
    entropy = serializers.FloatField(help_text="In bits: nothing where the rank is always the same")
    central_weights = serializers.DictField(
        child=serializers.FloatField(), allow_null=True, help_text="Mean weights when first; null where it never is"
    )
    low_precision = serializers.BooleanField(help_text="Central weights rest on fewer than 500 draws")
    confidence = serializers.FloatField(allow_null=True, help_text="Share of judgements under which it is first then")
    nearest_weights = serializers.DictField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="Admitted weights nearest to those given with it first",
    )


class ResultsDocumentSerializer(serializers.Serializer):
    """The results of an assessment. With the same seed and input they are the same to the last digit."""

    options = OptionResultSerializer(many=True)
    criteria = serializers.ListField(child=serializers.DictField())
    weights = serializers.DictField(child=serializers.FloatField())
    pairwise = serializers.DictField(help_text="Share of draws in which one option is strictly better than another")
    dominated = serializers.ListField(child=serializers.DictField())
    never_first = serializers.ListField(child=serializers.CharField())
    agreement = serializers.DictField()
    missing = serializers.ListField(child=serializers.DictField(), help_text="Cells that nobody has judged")
    gaps = serializers.DictField(help_text="Cells that members of the panel left out, by name")
    silent = serializers.ListField(child=serializers.CharField(), help_text="Those invited who have judged nothing")
    mitigations = serializers.ListField(child=serializers.IntegerField(), help_text="Positions of those in effect")
    draws = serializers.IntegerField()
    seed = serializers.IntegerField()
    engine = serializers.CharField()
    input = serializers.CharField(help_text="Hash of everything the figures rest on")
    statement = serializers.CharField(help_text="The answer in words")
    findings = serializers.ListField(child=serializers.DictField(), help_text="The same, structured")
    convention = serializers.DictField(help_text="What is a convention of ours")


class SensitivityDocumentSerializer(serializers.Serializer):
    """What would change the answer of an assessment."""

    sweeps = serializers.ListField(child=serializers.DictField())
    switching = serializers.ListField(child=serializers.DictField())
    judgements = serializers.ListField(child=serializers.DictField())
    without_criterion = serializers.ListField(child=serializers.DictField())
    without_assessor = serializers.ListField(child=serializers.DictField())
    in_effect = serializers.ListField(child=serializers.IntegerField(), help_text="Mitigations under all the rest")
    unmitigated = serializers.DictField(help_text="Values, ranks and first ranks with no mitigation")
    mitigations = serializers.ListField(child=serializers.DictField(), help_text="The same with each, and with all")
    ordinal = serializers.DictField()
    draws = serializers.IntegerField()
    seed = serializers.IntegerField()
    engine = serializers.CharField()
