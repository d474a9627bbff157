"""Documents of the configuration on a day, over time and between two days."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from organisations.api.serializers import Share
from organisations.domain.vocabulary import Basis, ChangeKind, Family
from pcorg.core.api.serializers import CoverageSerializer


class FormCountSerializer(serializers.Serializer):
    """How many bodies had a form."""

    form = serializers.CharField()
    label = serializers.CharField()
    plural = serializers.CharField()
    family = serializers.ChoiceField(choices=Family.choices())
    level = serializers.IntegerField(allow_null=True)
    count = serializers.IntegerField()


class PopulationSpreadSerializer(serializers.Serializer):
    """People of primary care groups, trusts and later bodies: of how many such bodies it is known, and its
    spread."""

    bodies = serializers.IntegerField(help_text="Such bodies in all")
    known = serializers.IntegerField(help_text="Those whose population is known")
    carried_back = serializers.IntegerField(help_text="Those known only from a later count")
    computed = serializers.IntegerField(help_text="Those whose count a change computed from older counts")
    at_least = serializers.IntegerField(help_text="Those known only in part: the statistics take what is known")
    total = serializers.IntegerField(allow_null=True)
    mean = serializers.IntegerField(allow_null=True)
    median = serializers.IntegerField(allow_null=True)
    min = serializers.IntegerField(allow_null=True)
    max = serializers.IntegerField(allow_null=True)


class CoterminositySerializer(serializers.Serializer):
    """The share of those bodies whose councils are known that lie alone in exactly one council."""

    share = Share(allow_null=True)
    known = serializers.IntegerField()


class ConfigurationSerializer(serializers.Serializer):
    """The system on a day. Councils are partners and counted apart."""

    as_of = serializers.DateField()
    portfolio = serializers.CharField(allow_null=True, help_text="Null: all real portfolios")
    forms = FormCountSerializer(many=True)
    bodies = serializers.IntegerField()
    councils = serializers.IntegerField()
    population = PopulationSpreadSerializer()
    coterminous = CoterminositySerializer()
    coverage = CoverageSerializer()


class SeriesSerializer(serializers.Serializer):
    """The system on days a step apart."""

    points = ConfigurationSerializer(many=True)


class NamedBodySerializer(serializers.Serializer):
    """A body with its name and form of the day."""

    code = serializers.CharField()
    name = serializers.CharField()
    form = serializers.CharField()


class _FromTo(serializers.Serializer):
    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.CharField(), "to": serializers.CharField()}


class ReformedSerializer(_FromTo):
    """A body that had one form on the first day and has another on the second."""

    code = serializers.CharField()
    name = serializers.CharField()
    form = serializers.CharField()


class RenamedSerializer(_FromTo):
    """A body that had one name on the first day and has another on the second."""

    code = serializers.CharField()


class ChangeBetweenSerializer(serializers.Serializer):
    """A change carried out between the two days."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ChangeKind.choices())
    title = serializers.CharField()
    effective_on = serializers.DateField()
    recorded = serializers.BooleanField(help_text="History from a register or document, not a proposal made here")
    basis = serializers.ChoiceField(choices=Basis.choices())
    portfolio = serializers.CharField()


class ComparisonSerializer(serializers.Serializer):
    """Two days side by side, read from `a` to `b`."""

    a = ConfigurationSerializer()
    b = ConfigurationSerializer()
    opened = NamedBodySerializer(many=True)
    closed = NamedBodySerializer(many=True)
    changed_form = ReformedSerializer(many=True)
    renamed = RenamedSerializer(many=True)
    changes = ChangeBetweenSerializer(many=True)
