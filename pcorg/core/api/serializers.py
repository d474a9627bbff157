"""Fields and documents that every part of the API uses."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from pcorg.core.values import day_of


class StrictSerializer(serializers.Serializer):
    """A body that may hold only the fields declared."""

    def to_internal_value(self, data: Any) -> Any:
        strange = [key for key in data if key not in self.fields] if isinstance(data, Mapping) else []
        errors: dict[str, Any] = {key: ["There is no such field here."] for key in strange}
        try:
            validated = super().to_internal_value(data)
        except serializers.ValidationError as fault:
            if isinstance(fault.detail, Mapping):
                raise serializers.ValidationError({**fault.detail, **errors}) from fault
            raise
        if errors:
            raise serializers.ValidationError(errors)
        return validated


class Day(serializers.DateField):
    """A day, written as `2009-04-01`."""

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise serializers.ValidationError("Write a date as year, month and day: 2009-04-01.")
        try:
            return day_of(value)
        except ValueError as fault:
            raise serializers.ValidationError(str(fault)) from fault
