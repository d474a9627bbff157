"""Which sheets a workbook has, and which columns: worked out from the JSON Schema of the document.

- The single fields at the top, and those of its one record, are the columns of the first sheet.
- A list of records is a sheet, called as the field is or as its schema says under `sheet`. A list inside a record is a
  sheet of its own too; its first column names the record it belongs to.
- A list of codes is one cell. A list of sentences is a sheet with the column `text`; a set of texts by key is one with
  `key` (called as the schema says under `key`) and `text`.
- A record with a name inside a record is columns called `set.name`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from pcorg.core.vocabulary import Term

Schema = Mapping[str, Any]

LAST = ("start", "end", "basis", "source", "note")
"""When a fact holds and how it is known stands after the fact."""

KEYS = ("code", "reference")
"""The field by which other sheets name a record, in order of preference."""

BASIS, SOURCE = "basis", "source"
"""How a record is known. Records within others take it from the record around them."""

TEXT = "text"
KEY = "key"


class CellKind(Term):
    """What a column takes; the label tells an administrator."""

    CODE = "code", "A code or short name without spaces"
    CODES = "codes", "Codes, with spaces between them"
    TEXT = "text", "Text"
    CHOICE = "choice", "One of the values listed"
    DATE = "date", "A date, such as 2010-04-01"
    WHOLE = "whole", "A whole number"
    DECIMAL = "decimal", "A number, without commas or a pound sign"
    TRUTH = "truth", "TRUE or FALSE"


class RowShape(Enum):
    """What a row of a sheet is."""

    TOP = auto()
    RECORD = auto()
    SENTENCE = auto()
    PAIR = auto()


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its heading, the fields that lead to its value in a record, and what it takes. Where it must be filled
    in is said by `required` (in every row), or in words by `needed`."""

    heading: str
    steps: tuple[str, ...]
    kind: CellKind
    required: bool = False
    needed: str = ""
    allowed: tuple[str, ...] = ()
    longest: int | None = None
    about: str = ""


@dataclass(frozen=True)
class Holder:
    """Where a list stands: the kind of record around it (by the name of its schema) and the field. The kind is empty
    for lists of the document itself."""

    kind: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class SheetLayout:
    """A sheet. `kind` is the kind of record its rows are; `holders` says in which records they stand, `owner` is the
    heading of the column that names the record around, and `key` that of the column by which other sheets name a
    row. `least` is how many rows there must be, for each record around."""

    name: str
    shape: RowShape
    kind: str
    columns: tuple[SheetColumn, ...]
    holders: tuple[Holder, ...] = ()
    owner: str = ""
    key: str = ""
    about: str = ""
    least: int = 0

    @property
    def columns_with_owner(self) -> tuple[SheetColumn, ...]:
        """The columns as they stand on the sheet: first the one that names the record around, where there is one."""
        return (SheetColumn(self.owner, (), CellKind.CODE, True), *self.columns) if self.owner else self.columns


def layout_of(schema: Schema) -> tuple[SheetLayout, ...]:
    """The sheets of a document, in the order of its schema. Raises TypeError for a schema that no sheet can hold."""
    return tuple(_Reader(schema).sheets())


def processing_order(layouts: Sequence[SheetLayout]) -> list[SheetLayout]:
    """The sheets so that every record comes before those that stand in it."""
    makers: dict[str, list[SheetLayout]] = {}
    for layout in layouts:
        makers.setdefault(layout.kind, []).append(layout)

    def depth(layout: SheetLayout) -> int:
        around = [maker for holder in layout.holders if holder.kind for maker in makers.get(holder.kind, ())]
        return 1 + max((depth(maker) for maker in around), default=0)

    return sorted(layouts, key=depth)


class _Reader:
    """Reads a schema once."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.parts: Mapping[str, Schema] = schema.get("$defs", {})
        self.found: dict[str, SheetLayout] = {}

    def sheets(self) -> Iterator[SheetLayout]:
        self._top()
        for name, place in self.schema["properties"].items():
            kind, part = self._resolved(place)
            if part.get("type") == "array":
                self._list(name, place, Holder("", (name,)), owner="")
            elif "properties" in part:
                self._lists_in(kind, part, (name,), owner="", within="")
        yield from self.found.values()

    def _top(self) -> None:
        columns: list[SheetColumn] = []
        name = about = ""
        for field_name, place in self.schema["properties"].items():
            _, part = self._resolved(place)
            if "properties" in part:
                name, about = field_name, part.get("description", "")
                columns += self._columns(part, (field_name,), heading="", required=True)
            elif part.get("type") != "array":
                required = field_name in self.schema.get("required", ())
                columns.append(self._column(field_name, (field_name,), place, required=required))
        self.found[name] = SheetLayout(name, RowShape.TOP, "", tuple(columns), about=about, least=1)

    def _list(self, name: str, place: Schema, holder: Holder, *, owner: str) -> None:
        """The sheet of a list of records or sentences, unless it is one cell; then the lists in those records."""
        items = self._resolved(place)[1]["items"]
        kind, part = self._resolved(items)
        sheet = str(place.get("sheet", name))
        if "properties" not in part:
            if _is_code(part) or "enum" in part:
                return
            column = SheetColumn(TEXT, (), CellKind.TEXT, True, longest=part.get("maxLength"))
            self._grow(SheetLayout(sheet, RowShape.SENTENCE, "", (column,), owner=owner), holder)
            return
        always = self._in_every_kind(items)
        columns = tuple(
            self._needed(column, always, of_document=not holder.kind)
            for column in self._columns(part, (), heading="", required=True)
        )
        key = next((each for each in KEYS if each in part["properties"]), "")
        about = part.get("description", "")
        least = self._resolved(place)[1].get("minItems", 0)
        layout = SheetLayout(sheet, RowShape.RECORD, kind, columns, owner=owner, key=key, about=about, least=least)
        self._grow(layout, holder)
        self._lists_in(kind, part, (), owner=self._singular(kind, name), within=kind)

    def _needed(self, column: SheetColumn, always: frozenset[str], *, of_document: bool) -> SheetColumn:
        """A column with where it must be filled in: the records of the document's own lists say how they are known."""
        if column.required and column.steps[0] not in always:
            return replace(column, required=False, needed=f"yes, unless only {', '.join(sorted(always))} is given")
        if of_document and column.steps == (SOURCE,):
            return replace(column, needed="yes, unless basis is decided-elsewhere")
        return replace(column, needed="yes") if of_document and column.steps == (BASIS,) else column

    def _lists_in(self, kind: str, part: Schema, steps: tuple[str, ...], *, owner: str, within: str) -> None:
        for name, place in _ordered(part):
            below = self._resolved(place)[1]
            holder = Holder(within, (*steps, name))
            if below.get("type") == "array":
                self._list(name, place, holder, owner=owner)
            elif below.get("type") == "object" and "properties" not in below:
                key = SheetColumn(str(place.get(KEY, KEY)), (), CellKind.CODE, True)
                text = SheetColumn(TEXT, (), CellKind.TEXT, True, longest=_texts_of(below).get("maxLength"))
                layout = SheetLayout(str(place.get("sheet", name)), RowShape.PAIR, "", (key, text), owner=owner)
                self._grow(layout, holder)

    def _grow(self, layout: SheetLayout, holder: Holder) -> None:
        """A sheet, or one more place where the records of a sheet may stand."""
        known = self.found.get(layout.name, layout)
        if (known.kind, known.shape, known.owner) != (layout.kind, layout.shape, layout.owner):
            raise TypeError(f"Two lists of the document would share the sheet {layout.name}; name one under `sheet`.")
        if layout.owner in {column.heading for column in layout.columns}:
            raise TypeError(f"The sheet {layout.name} has its own column {layout.owner}.")
        holders = tuple(dict.fromkeys((*known.holders, holder)))
        self.found[layout.name] = replace(known, holders=holders)

    def _singular(self, kind: str, name: str) -> str:
        """What one record of a kind is called: by the first list that has such records."""
        several = next((each.name for each in self.found.values() if each.kind == kind), name)
        return f"{several[:-3]}y" if several.endswith("ies") else several.removesuffix("s")

    def _columns(self, part: Schema, steps: tuple[str, ...], *, heading: str, required: bool) -> Iterator[SheetColumn]:
        needed = part.get("required", ())
        for name, place in _ordered(part):
            below = self._resolved(place)[1]
            here, title = (*steps, name), f"{heading}{name}"
            if "properties" in below:
                yield from self._columns(below, here, heading=f"{title}.", required=required and name in needed)
            elif below.get("type") == "object" or (below.get("type") == "array" and not self._one_cell(below)):
                continue
            else:
                yield self._column(title, here, place, required=required and name in needed)

    def _in_every_kind(self, items: Schema) -> frozenset[str]:
        """The fields that a record must have, whichever of several kinds it is of."""
        parts = [self._resolved(each)[1] for each in items.get("anyOf", (items,))]
        return frozenset.intersection(*(frozenset(part.get("required", ())) for part in parts))

    def _one_cell(self, part: Schema) -> bool:
        items = self._resolved(part["items"])[1]
        return _is_code(items) or "enum" in items

    def _column(self, heading: str, steps: tuple[str, ...], place: Schema, *, required: bool) -> SheetColumn:
        part = self._resolved(place)[1]
        allowed = tuple(part["enum"]) if "enum" in part else (part["const"],) if "const" in part else ()
        about = str(place.get("description", ""))
        return SheetColumn(
            heading, steps, self._kind(part), required, allowed=allowed, longest=part.get("maxLength"), about=about
        )

    def _kind(self, part: Schema) -> CellKind:
        kinds = {
            "boolean": CellKind.TRUTH,
            "integer": CellKind.WHOLE,
            "number": CellKind.DECIMAL,
            "array": CellKind.CODES,
        }
        if "enum" in part or "const" in part:
            return CellKind.CHOICE
        if part.get("format") == "date":
            return CellKind.DATE
        if part.get("type") == "string":
            return CellKind.CODE if _is_code(part) else CellKind.TEXT
        if part.get("type") in kinds:
            return kinds[part["type"]]
        raise TypeError(f"No cell can hold a value of the schema {dict(part)}.")

    def _resolved(self, place: Schema) -> tuple[str, Schema]:
        """What a schema says, without references and the alternative of nothing: the name of the part and the part.
        Of several kinds of record the one with most fields, which the others are short for."""
        if "$ref" in place:
            name = place["$ref"].rsplit("/", 1)[-1]
            return name, self.parts[name]
        branches = [self._resolved(each) for each in place.get("anyOf", ()) if each.get("type") != "null"]
        if not branches:
            return "", place
        number = next((each for each in branches if each[1].get("type") == "number"), None)
        return number or max(branches, key=lambda each: len(each[1].get("properties", ())))


def _ordered(part: Schema) -> list[tuple[str, Schema]]:
    properties = part["properties"]
    first = [pair for pair in properties.items() if pair[0] not in LAST]
    return [*first, *((name, properties[name]) for name in LAST if name in properties)]


def _is_code(part: Schema) -> bool:
    """Whether a text is a code: its pattern lets no space in."""
    return part.get("type") == "string" and "pattern" in part and " " not in part["pattern"]


def _texts_of(part: Schema) -> Schema:
    """The schema of the values of a set of texts by key."""
    patterns: Mapping[str, Schema] = part.get("patternProperties", {})
    found: Any = next(iter(patterns.values()), part.get("additionalProperties"))
    return found if isinstance(found, Mapping) else {}
