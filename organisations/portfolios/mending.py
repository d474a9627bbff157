"""A record with faults of form, with what is wrong taken out, so that the rest of it can still be looked at.

A value that is wrong is left out, or where its field must be given, replaced by one that is well formed and means
nothing. Nothing mended is ever written: a document with a fault is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from organisations.portfolios.reading import Place
from organisations.specs.document import DocumentModel

EMPTY: tuple[Any, ...] = ("unreadable", "2000/01", date(2000, 1, 1), 0, 1, 1500, False, [])
"""Values that mean nothing; the first that a field takes is put in."""


def repaired(model: type[DocumentModel], data: Any, wrong: Collection[Place]) -> Any:
    """The data of a record with what stands at the places `wrong` (from the record on) taken out or replaced.

    What cannot be mended stays as it is, and is then refused by the model.
    """
    if not isinstance(data, dict):
        return data
    found = dict(data)
    by_field: dict[Any, list[Place]] = {}
    for place in wrong:
        if place:
            by_field.setdefault(place[0], []).append(place[1:])
    for name, below in by_field.items():
        field = field_named(model, str(name))
        if field is None:
            found.pop(name, None)
        elif () in below or (parts := parts_of(field)) is None:
            _replace(found, str(name), field)
        else:
            found[name] = _within(parts, found.get(name), below)
    return found


def _within(parts: tuple[type[DocumentModel], ...], data: Any, wrong: Collection[Place]) -> Any:
    """The records of a field with what is wrong in them mended; of several kinds of record the fullest."""
    fullest = max(parts, key=lambda part: len(part.model_fields))
    if isinstance(data, list):
        return [
            repaired(fullest, entry, [place[1:] for place in wrong if place[0] == number])
            for number, entry in enumerate(data)
        ]
    return repaired(fullest, data, wrong)


def _replace(record: dict[str, Any], name: str, field: FieldInfo) -> None:
    record.pop(name, None)
    if field.is_required():
        for value in (*_words_of(field.annotation), *EMPTY):
            if _takes(field, value):
                record[name] = value
                return


def _takes(field: FieldInfo, value: Any) -> bool:
    try:
        _adapter(field).validate_python(value)
    except ValidationError:
        return False
    return True


_adapters: dict[int, tuple[FieldInfo, TypeAdapter[Any]]] = {}
"""Validators of fields by the identity of the field, which is held so that no other field takes it."""


def _adapter(field: FieldInfo) -> TypeAdapter[Any]:
    if id(field) not in _adapters:
        taken: Any = field.annotation
        for each in field.metadata:
            taken = Annotated[taken, each]
        _adapters[id(field)] = field, TypeAdapter(taken)
    return _adapters[id(field)][1]


def _words_of(annotation: Any) -> list[Any]:
    """The first word of a vocabulary."""
    is_vocabulary = isinstance(annotation, type) and issubclass(annotation, Enum)
    return list(annotation)[:1] if is_vocabulary else []


def field_named(model: type[DocumentModel], name: str) -> FieldInfo | None:
    """The field of a record that a document calls so."""
    for key, field in model.model_fields.items():
        if name == (field.alias or key):
            return field
    return None


def names_of(model: type[DocumentModel]) -> list[str]:
    """What a document calls the fields of a record."""
    return [field.alias or key for key, field in model.model_fields.items()]


def parts_of(field: FieldInfo) -> tuple[type[DocumentModel], ...] | None:
    """The kinds of record that stand in a field, alone or in a list; None where it holds no records."""
    return _parts(field.annotation) or None


def _parts(annotation: Any) -> tuple[type[DocumentModel], ...]:
    if isinstance(annotation, type) and issubclass(annotation, DocumentModel):
        return (annotation,)
    origin = get_origin(annotation)
    if origin in {list, Annotated}:
        return _parts(get_args(annotation)[0])
    if origin in {Union, UnionType}:
        return tuple(part for each in get_args(annotation) if each is not NoneType for part in _parts(each))
    return ()


def model_at(model: type[DocumentModel], place: Place) -> type[DocumentModel] | None:
    """The kind of record around a place, from the document on."""
    found: type[DocumentModel] = model
    for step in place[:-1]:
        if isinstance(step, int):
            continue
        field = field_named(found, step)
        parts = None if field is None else parts_of(field)
        if parts is None:
            return None
        found = max(parts, key=lambda part: len(part.model_fields))
    return found


def header_of(
    model: type[DocumentModel], data: Any, wrong: Collection[Place], otherwise: Mapping[str, Any]
) -> dict[str, Any]:
    """The header of a document as far as it can be read; for what cannot, `otherwise`."""
    if not isinstance(data, dict) or () in wrong:
        return dict(otherwise)
    found: dict[str, Any] = repaired(model, data, wrong)
    return found | {name: value for name, value in otherwise.items() if any(place[0] == name for place in wrong)}
