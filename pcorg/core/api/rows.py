"""Long lists without building an object per row: what a serializer declares, read straight from
`.values_list()`.

The serializer stays the one description of a record: a test holds that both ways give the same JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

Shape = Callable[[tuple], Any]


@extend_schema_field(OpenApiTypes.URI)
class AddressField(serializers.Field):
    """The address of a record in this API."""

    def __init__(self, view_name: str, **kwargs: Any) -> None:
        self.view_name = view_name
        super().__init__(read_only=True, **kwargs)

    def bind(self, field_name: str, parent: Any) -> None:
        super().bind(field_name, parent)
        self._stem = ""

    def to_representation(self, value: Any) -> str:
        if not self._stem:
            request = self.context.get("request")
            path = reverse(self.view_name, args=["-"]).removesuffix("-/")
            self._stem = request.build_absolute_uri(path) if request else path
        return f"{self._stem}{quote(str(value), safe='')}/"


AS_THEY_STAND = (
    serializers.CharField,
    serializers.IntegerField,
    serializers.BooleanField,
    serializers.DateField,
    serializers.ChoiceField,
    serializers.JSONField,
    serializers.DictField,
)


class Rows:
    """Turns tuples of `.values_list(*paths)` into what a serializer says of the records.

    `fields` chooses among the serializer's own; None takes all.
    """

    def __init__(self, serializer: serializers.Serializer, fields: Sequence[str] | None = None) -> None:
        self.paths: list[str] = []
        self.supplied: dict[str, serializers.Field] = {}
        self._shape = self._nested(serializer, "", fields)
        self.columns = _columns(serializer, (), fields)

    def __call__(self, row: tuple) -> dict[str, Any]:
        return self._shape(row)

    def represent(self, records: Iterable[dict[str, Any]]) -> None:
        """Write what was supplied to records as their fields have it."""
        for record in records:
            for name, field in self.supplied.items():
                if record[name] is not None:
                    record[name] = field.to_representation(record[name])

    def _nested(self, serializer: serializers.Serializer, prefix: str, fields: Sequence[str] | None) -> Shape:
        parts: list[tuple[str, Shape]] = []
        for name, field in serializer.fields.items():
            if fields is not None and name not in fields:
                continue
            if getattr(field, "supplied", False):
                self.supplied[name] = field
                parts.append((name, _nothing_yet))
            elif isinstance(field, serializers.Serializer):
                inner = prefix if field.source == "*" else f"{prefix}{_path(field)}__"
                parts.append((name, self._nested(field, inner, None)))
            else:
                parts.append((name, self._leaf(field, prefix)))
        return lambda row: {name: shape(row) for name, shape in parts}

    def _leaf(self, field: serializers.Field, prefix: str) -> Shape:
        path = prefix + _path(field)
        if path not in self.paths:
            self.paths.append(path)
        place = self.paths.index(path)
        if type(field) in AS_THEY_STAND:
            return lambda row: row[place]
        convert = field.to_representation
        return lambda row: None if row[place] is None else convert(row[place])


def _path(field: serializers.Field) -> str:
    return str(field.source).replace(".", "__")


def _nothing_yet(row: tuple) -> None:
    return None


def _columns(
    serializer: serializers.Serializer, prefix: tuple[str, ...], fields: Sequence[str] | None
) -> list[tuple[str, ...]]:
    """The leaves of a serializer, each by the names that lead to it."""
    leaves: list[tuple[str, ...]] = []
    for name, field in serializer.fields.items():
        if fields is not None and name not in fields:
            continue
        if isinstance(field, serializers.Serializer):
            leaves += _columns(field, (*prefix, name), None)
        else:
            leaves.append((*prefix, name))
    return leaves
