"""The body of a request to resolve codes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from pcorg.core.api.serializers import Day, StrictSerializer

MOST_CODES = 10_000


@extend_schema_field({"type": ["string", "integer"]})
class CodeAsked(serializers.Field):
    """A code as somebody holds it. One that cannot be a code, or is blank, has a problem in its own result."""

    def __init__(self) -> None:
        super().__init__(allow_null=True)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str | int) or isinstance(data, bool):
            raise serializers.ValidationError("Give a code as text.")
        return str(data).strip()

    def to_representation(self, value: str) -> str:
        return value


class ResolveRequestSerializer(StrictSerializer):
    """Old codes, the day of the data that bear them, and the day on which somebody must stand for them.

    Without `on`, in the end. Without `from`, the people with whom each body opened.
    """

    codes = serializers.ListField(child=CodeAsked(), min_length=1, max_length=MOST_CODES)
    on = Day(required=False, allow_null=True, default=None)

    def get_fields(self) -> dict[str, Any]:
        since = Day(
            required=False,
            allow_null=True,
            default=None,
            help_text="The day of the data: the code stands for the people whom the body had at the end of that day",
        )
        return {**super().get_fields(), "from": since}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        since, on = attrs["from"], attrs["on"]
        if since is not None and on is not None and since > on:
            raise serializers.ValidationError({"from": "The day of the data must be on or before the day asked for."})
        return attrs
