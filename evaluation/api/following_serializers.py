"""Documents of what is followed over time."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from rest_framework import serializers

from evaluation.method.vocabulary import IntegrationAxis, Stage
from pcorg.core.api.rows import AddressField, Noted


class DispersalItemSerializer(serializers.Serializer):
    """A dispersal in a list."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    organisation = serializers.CharField(source="organisation_id")
    as_of = serializers.DateField()
    owner = Noted(help_text="Whose it is; strangers read a role")
    created_by = Noted(help_text="Strangers read a role")
    url = AddressField("api:dispersal-detail", source="id")


class DispersalGroupSerializer(serializers.Serializer):
    """One group of services in a dispersal."""

    assessment = serializers.IntegerField()
    title = serializers.CharField()
    service_group = serializers.CharField(allow_null=True)
    best = serializers.CharField(help_text="The option that comes first most often")
    acceptability = serializers.FloatField(help_text="Share of weightings in which it comes first")
    chosen = serializers.CharField()
    override = serializers.BooleanField(help_text="Another than the best was chosen, for the reason given")
    reason = serializers.CharField()
    loss = serializers.FloatField(
        allow_null=True, help_text="Points that the chosen option is worth less than the best"
    )
    spend = serializers.CharField(allow_null=True, help_text="Pounds a year; null where not known")
    options = serializers.ListField(child=serializers.DictField())


class OneForAllDocumentSerializer(serializers.Serializer):
    """What one option for every group would cost."""

    option = serializers.CharField()
    label = serializers.CharField()
    loss = serializers.FloatField(help_text="Mean points lost against the best of each group")
    by_group = serializers.ListField(child=serializers.FloatField())


class DispersalDocumentSerializer(serializers.Serializer):
    """Which form for which group of services, and what one form for all would cost."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    organisation = serializers.CharField()
    as_of = serializers.DateField()
    owner = serializers.CharField(help_text="Whose it is; strangers read a role")
    collaborators = serializers.ListField(
        child=serializers.CharField(), help_text="Whom the owner named to work on it; strangers read a role"
    )
    created_by = serializers.CharField(help_text="Strangers read a role")
    created_at = serializers.DateTimeField()
    version = serializers.IntegerField(help_text="Grows with every write to it or to one of its assessments; its ETag")
    groups = DispersalGroupSerializer(many=True)
    one_for_all = OneForAllDocumentSerializer(many=True)
    weighed_by_spend = serializers.BooleanField()
    note = serializers.CharField()
    draws = serializers.IntegerField()
    url = AddressField("api:dispersal-detail", source="id")


class ProfilePointDocumentSerializer(serializers.Serializer):
    """How integrated a body is on an axis on a day, 0 to 5."""

    id = serializers.IntegerField()
    organisation = serializers.CharField(source="organisation_id")
    axis = serializers.ChoiceField(choices=IntegrationAxis.choices())
    on = serializers.DateField()
    level = serializers.IntegerField()
    assessor = Noted(help_text="Strangers read a role")
    consensus = serializers.BooleanField()
    evidence = serializers.CharField()


class ChoiceDocumentSerializer(serializers.Serializer):
    """The option chosen after an assessment was closed."""

    option = serializers.CharField()
    label = serializers.CharField()
    on = serializers.DateField()
    reason = serializers.CharField()
    by = serializers.CharField()


class ReadingDocumentSerializer(serializers.Serializer):
    """What a measure came to on a day."""

    stage = serializers.ChoiceField(choices=Stage.choices())
    on = serializers.DateField()
    value = serializers.CharField()
    note = serializers.CharField()
    by = serializers.CharField()


class MeasureDocumentSerializer(serializers.Serializer):
    """A measure of a chosen model, with its readings and how far it has moved since its baseline."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    unit = serializers.CharField()
    higher_is_better = serializers.BooleanField()
    target = serializers.CharField(allow_null=True, help_text="The value aimed at")
    source = serializers.CharField(help_text="Where readings are taken from")
    readings = ReadingDocumentSerializer(many=True)
    change = serializers.CharField(allow_null=True, help_text="Latest reading less the baseline")
    better = serializers.BooleanField(allow_null=True, help_text="Whether that change is for the better")
    target_met = serializers.BooleanField(allow_null=True, help_text="Whether the latest reading reaches the target")


class MeasuresSerializer(serializers.Serializer):
    """All measures of the model chosen in an assessment."""

    results = MeasureDocumentSerializer(many=True)
