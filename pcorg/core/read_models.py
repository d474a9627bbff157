"""Read models: what a selector returns, declared once. The JSON, the columns of the CSV, the API's description and what
a template finds are the same declaration.

A read model is a `TypedDict`. Beside its type an annotation may hold, in any order:

- a sentence that describes the field;
- a `Term`, where the text is a word of that vocabulary;
- `Source`, the path to the value in a record where that is not the name of the field;
- `Converted`, what the value is made from;
- `Digits`, how a decimal is written;
- `Address`, for the address of the record in the API, which the view fills in;
- `SUPPLIED`, where the values come by one more query for a whole page of records (`attach` of the view);
- `URL`, where the text is an address; `BLANK`, where a word of a vocabulary may be left out;
- `LAST`, where the field follows those that a model adds to it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    NotRequired,
    TypedDict,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from django.db.models import QuerySet

Convert = Callable[[Any, Mapping[str, Any]], Any]
"""Takes a value and what the view knows of the request."""

Model = TypeVar("Model", bound=type)
Row = TypeVar("Row", bound=Mapping[str, object])


@dataclass(frozen=True, slots=True)
class Source:
    """Where the value stands in a record: attributes joined by dots; `*` for the record itself."""

    path: str


@dataclass(frozen=True, slots=True)
class Converted:
    """What becomes of the value that the record holds, given what the view knows of the request (`as_of` and so on).
    Never called with None, which stays None."""

    convert: Convert


@dataclass(frozen=True, slots=True)
class Digits:
    """A decimal as a string: digits in all, and after the point."""

    whole: int
    places: int


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a record in the API: the name of its route, and the field that names the record."""

    route: str
    key: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A property of a field."""

    name: str


SUPPLIED: Final = Mark("supplied")
LAST: Final = Mark("last")
URL: Final = Mark("url")
BLANK: Final = Mark("blank")


FromTo = TypedDict("FromTo", {"from": Annotated[str, LAST], "to": Annotated[str, LAST]})
"""What something was before and is after, at the end of what a model says of it."""


def without_nothing(value: str, context: Mapping[str, Any]) -> str | None:
    """None for an empty text."""
    return value or None


Share = str
"""A fraction from 0 to 1 as a decimal in a string."""


def component(name: str) -> Callable[[Model], Model]:
    """Describe a read model under another name than that of its class, which means something else elsewhere."""

    def named(model: Model) -> Model:
        model.component = name  # type: ignore[attr-defined]
        return model

    return named


def component_of(model: type) -> str:
    """The name under which the API describes a read model."""
    return str(model.__dict__.get("component", model.__name__))


@dataclass(frozen=True)
class Annotation:
    """An annotation taken apart: the type within, whether it may be None or left out, and what is said beside it."""

    kind: Any
    nullable: bool = False
    optional: bool = False
    notes: tuple[Any, ...] = ()

    @property
    def source(self) -> str:
        """The path that `Source` says; empty where there is none."""
        return next((note.path for note in self.notes if isinstance(note, Source)), "")

    @classmethod
    def of(cls, hint: Any) -> Annotation:
        """An annotation of a read model, as `get_type_hints` gives it with its extras."""
        origin = get_origin(hint)
        if origin is NotRequired:
            return replace(cls.of(get_args(hint)[0]), optional=True)
        if origin is Annotated:
            inner = cls.of(get_args(hint)[0])
            return replace(inner, notes=(*hint.__metadata__, *inner.notes))
        if origin in {Union, UnionType}:
            (kind,) = (kind for kind in get_args(hint) if kind is not NoneType)
            return replace(cls.of(kind), nullable=True)
        return cls(hint)


@functools.cache
def annotations_of(model: type) -> dict[str, Annotation]:
    """The fields of a read model by name, with their annotations taken apart."""
    return {name: Annotation.of(hint) for name, hint in get_type_hints(model, include_extras=True).items()}


def rows_of(model: type[Row], records: QuerySet[Any], **converted: Callable[[Any], Any]) -> list[Row]:
    """Records of the database as a flat read model has them: a column for each of its fields, taken from where `Source`
    says. `converted` makes other values of some fields."""
    columns = {name: parts.source or name for name, parts in annotations_of(model).items()}
    rows = records.values_list(*(path.replace(".", "__") for path in columns.values()))
    return [
        cast("Row", {name: converted.get(name, _unchanged)(value) for name, value in zip(columns, row, strict=True)})
        for row in rows
    ]


def _unchanged(value: Any) -> Any:
    return value
