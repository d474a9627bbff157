"""Fields and documents that every part of the API uses."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from pcorg.core.api.problems import ProblemCode
from pcorg.core.values import day_of


class StrictSerializer(serializers.Serializer):
    """A body that may hold only the fields declared."""

    def to_internal_value(self, data: Any) -> Any:
        strange = [key for key in data if key not in self.fields] if isinstance(data, Mapping) else []
        errors: dict[str, Any] = {key: ["There is no such field here."] for key in strange}
        try:
            known = super().to_internal_value(data)
        except serializers.ValidationError as fault:
            if isinstance(fault.detail, Mapping):
                raise serializers.ValidationError({**fault.detail, **errors}) from fault
            raise
        if errors:
            raise serializers.ValidationError(errors)
        return known


class Day(serializers.DateField):
    """A day, written as `2009-04-01`."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise serializers.ValidationError("Write a date as year, month and day: 2009-04-01.")
        try:
            return day_of(value)
        except ValueError as fault:
            raise serializers.ValidationError(str(fault)) from fault


class CoverageSerializer(serializers.Serializer):
    """From when to when what is loaded speaks, both days included, and whether the date lies within."""

    def get_fields(self) -> dict[str, Any]:
        return {
            "from": serializers.DateField(allow_null=True),
            "to": serializers.DateField(allow_null=True),
            "within": serializers.BooleanField(allow_null=True, help_text="Null where no date is asked about"),
        }


class FaultDocumentSerializer(serializers.Serializer):
    """One thing wrong with a request."""

    pointer = serializers.CharField(
        help_text="JSON pointer into the body; `/query/name` for a query parameter; empty for the whole"
    )
    code = serializers.CharField(help_text="A problem code or, where a check blocks, the code of the check")
    detail = serializers.CharField()
    parameter = serializers.CharField(required=False, help_text="The query parameter, where it is about one")
    sheet = serializers.CharField(required=False, help_text="Of a workbook: the sheet; of CSV, the file")
    row = serializers.IntegerField(required=False, help_text="Of a workbook: the row of the sheet, headings included")
    line = serializers.IntegerField(required=False, help_text="Of YAML and JSON files: the line")
    field = serializers.CharField(required=False, help_text="Of files: the field or column")
    value = serializers.CharField(required=False, help_text="Of files: what stands there, shortened")


class ProblemDocumentSerializer(serializers.Serializer):
    """A refusal (RFC 9457), with everything that is wrong at once."""

    type = serializers.CharField(help_text="Address of an explanation of the code")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.ChoiceField(choices=ProblemCode.choices())
    errors = FaultDocumentSerializer(many=True)
    more_errors = serializers.IntegerField(
        required=False, help_text="How many more things are wrong with a file than are told: the first thousand are"
    )
