"""Serializers that follow from read models: what the API describes, and how records of the database become them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, is_typeddict

from rest_framework import serializers

from pcorg.core.api.rows import AddressField
from pcorg.core.read_models import (
    BLANK,
    LAST,
    SUPPLIED,
    URL,
    Address,
    Annotation,
    Convert,
    Converted,
    Digits,
    annotations_of,
    component_of,
)
from pcorg.core.vocabulary import Term

FIELDS: Mapping[Any, type[serializers.Field]] = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    bool: serializers.BooleanField,
    date: serializers.DateField,
    datetime: serializers.DateTimeField,
    Any: serializers.JSONField,
}
"""The field for each type of value."""


class ReadSerializer(serializers.Serializer):
    """A read model of records; `convert` makes the record from what the one around it holds."""

    def __init__(self, *args: Any, convert: Convert | None = None, **kwargs: Any) -> None:
        self.convert = convert
        super().__init__(*args, **kwargs)

    def to_representation(self, instance: Any) -> Any:
        record = instance if self.convert is None else self.convert(instance, self.context)
        return super().to_representation(record)


@functools.cache
def serializer_of(model: type) -> type[serializers.Serializer]:
    """The serializer of a read model, under its name; a serializer is its own."""
    if not is_typeddict(model):
        return model
    parts = annotations_of(model)
    fields = {name: _field(parts[name]) for name in sorted(parts, key=lambda name: LAST in parts[name].notes)}
    attributes = {**fields, "__doc__": model.__doc__, "__module__": model.__module__}
    return type(f"{component_of(model)}Serializer", (ReadSerializer,), attributes)


def field_of(hint: Any) -> serializers.Field:
    """The field of a serializer for an annotation of a read model. Raises TypeError for a type that has none."""
    return _field(Annotation.of(hint))


def _field(parts: Annotation) -> serializers.Field:
    options: dict[str, Any] = {"allow_null": True} if parts.nullable else {}
    if parts.optional:
        options["required"] = False
    own: dict[str, Any] = {"supplied": True} if SUPPLIED in parts.notes else {}
    if parts.source:
        options["source"] = parts.source
    convert: Convert | None = None
    for note in parts.notes:
        match note:
            case Address():
                return AddressField(note.route, source=note.key)
            case str() if not isinstance(note, Term):
                options["help_text"] = note
            case Converted():
                convert = note.convert
    field, made_from = _kind(parts.kind, parts.notes)
    if issubclass(field, ReadSerializer):
        return field(**made_from, **options, convert=convert)
    if convert is not None:
        own["to_representation"] = _converting(field, convert)
    return (type(field.__name__, (field,), own) if own else field)(**made_from, **options)


def _kind(kind: Any, notes: Iterable[Any]) -> tuple[type[serializers.Field], dict[str, Any]]:
    """The class of field for a type, with what it is made from."""
    vocabulary = next((note for note in notes if isinstance(note, type) and issubclass(note, Term)), None)
    if vocabulary is not None:
        blank = {"allow_blank": True} if BLANK in notes else {}
        return serializers.ChoiceField, {"choices": vocabulary.choices(), **blank}
    if URL in notes:
        return serializers.URLField, {}
    if get_origin(kind) is Literal:
        return serializers.ChoiceField, {"choices": list(get_args(kind))}
    if get_origin(kind) is list:
        (inner,) = get_args(kind)
        return serializers.ListSerializer if is_typeddict(inner) else serializers.ListField, {"child": field_of(inner)}
    if get_origin(kind) is dict:
        inner = get_args(kind)[1]
        return serializers.DictField, {} if inner is Any else {"child": field_of(inner)}
    if is_typeddict(kind):
        return serializer_of(kind), {}
    if kind is Decimal:
        digits = next(note for note in notes if isinstance(note, Digits))
        return serializers.DecimalField, {"max_digits": digits.whole, "decimal_places": digits.places}
    if kind not in FIELDS:
        raise TypeError(f"A read model cannot hold {kind}.")
    return FIELDS[kind], {}


def _converting(field: type[serializers.Field], convert: Convert) -> Callable[[Any, Any], Any]:
    def to_representation(self: Any, value: Any) -> Any:
        converted = convert(value, self.context)
        return None if converted is None else field.to_representation(self, converted)

    return to_representation
