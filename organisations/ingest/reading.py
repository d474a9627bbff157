"""Reading YAML and JSON safely, remembering on which line everything stands.

YAML as written here knows only `true` and `false` as truth values, so that `on` and `no` stay words. Aliases and
anchors are refused (a few bytes could expand to gigabytes), as are repeated keys and files that are too large. What can
be read beside a fault is read, so that all faults of a file are found at once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Container
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import Enum, auto
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from organisations.ingest.decoding import decoded, printable
from organisations.ingest.suggestions import near_code, suggestion

LARGEST = 20 * 1024 * 1024
"""Bytes of the largest document read."""

DEEPEST = 20
"""Levels of nesting at most."""

HOPELESS = 5 * DEEPEST
"""Levels beyond which the rest of a document is not even looked at."""

MOST_VALUES = 2_000_000
"""Values, names and lists of a document. A portfolio of 20,000 bodies has about half a million."""

TOO_DEEP = f"Nested more than {DEEPEST} levels deep."

_PARSER_LIMIT = "exceeded maximum nesting depth"
"""What the YAML parser says where its own limit of nesting, far beyond ours, is passed: PyYAML 6.0.4 and later have
one, and it may be reached before the first event, since the parser reads ahead."""

MOST_HINTS = 1_000
"""Unknown names of a document for which near ones are looked up."""

SHORT = 60
"""Characters of a value as a fault shows it."""

Place = tuple[str | int, ...]


class Refers(Enum):
    """What a fault says does not exist, if it says so of anything: a name that the product knows, or a record of the
    document or of what is loaded."""

    NOWHERE = auto()
    CATALOGUE = auto()
    RECORD = auto()


class Sheet(NamedTuple):
    """A sheet of a workbook: its number, for the order of reading, and its name."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a document: where, what, and what to do.

    `line` is the line of the text, or the row of the sheet in a workbook. `field` is the field or column, and `value`
    what stands there, shortened; both are empty where the fault is about a whole record or the whole document.
    `harmless` is one that says nothing against what rests on the record.
    """

    message: str
    pointer: str = ""
    line: int | None = None
    code: str = "invalid"
    sheet: Sheet | None = None
    field: str = ""
    value: str = ""
    refers: Refers = Refers.NOWHERE
    harmless: bool = False

    @property
    def record(self) -> tuple[str, ...]:
        """The first two steps of the pointer: which record of which list the fault is in."""
        return tuple(self.pointer.split("/")[1:3])

    @property
    def where(self) -> str:
        """The place in words: `line 12`, or `sheet bodies, row 3`."""
        if self.sheet is None:
            return f"line {self.line}" if self.line is not None else "document"
        return f"sheet {self.sheet.name}" + (f", row {self.line}" if self.line is not None else "")

    def __str__(self) -> str:
        about = f", {self.field}" if self.field else ""
        given = f" “{self.value}”" if self.value else ""
        return f"{self.where}{about}{given}{f' ({self.pointer})' if self.pointer else ''}: {self.message}"


class Refused(Exception):
    """A document that cannot be loaded, with every fault found, in the order of reading."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        super().__init__(f"{name}: {len(faults)} {'fault' if len(faults) == 1 else 'faults'}")
        self.name = name
        self.faults = sorted(faults, key=lambda fault: (fault.sheet or (0, ""), fault.line or 0, fault.pointer))


@dataclass(frozen=True)
class Text:
    """A document as read: plain data, where every place in it stands, its name and SHA-256.

    `lines` gives the line of a place, or its row in a workbook. Of a workbook, `sheets` gives the sheet of each record
    and `columns` the heading of a value that is not called by its last step. `faults` are those found in reading;
    nothing more is said of the places `told`, which they are about. `partial` are the lists of the document that could
    not be read to their end, so that nobody can tell what they do not hold. `asked_for` collects the unknown names.
    """

    name: str
    data: Any
    sha256: str
    lines: dict[Place, int] = field(default_factory=dict)
    sheets: dict[Place, Sheet] = field(default_factory=dict)
    columns: dict[Place, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    told: frozenset[Place] = frozenset()
    partial: frozenset[str] = frozenset()
    asked_for: set[str] = field(default_factory=set, compare=False)

    def line_of(self, place: Place) -> int | None:
        """The line or row of a place, or of the nearest place around it."""
        return _nearest(self.lines, place)

    def sheet_of(self, place: Place) -> Sheet | None:
        """The sheet a place stands on; None outside workbooks."""
        return _nearest(self.sheets, place)

    def spot_of(self, place: Place) -> str:
        """Where a place stands, in words."""
        return Fault("", line=self.line_of(place), sheet=self.sheet_of(place)).where

    def unknown(self, kind: str, plural: str, name: str, known: Collection[str], place: Place) -> Fault:
        """The fault of a name that nothing has, with those that may have been meant, for the first of such names."""
        self.asked_for.add(name)
        hint = f" {suggestion(name, known, plural)}" if len(self.asked_for) <= MOST_HINTS else ""
        return self.fault(f"There is no {kind} called {shown(name)}.{hint}", place, refers=Refers.CATALOGUE)

    def near(self, code: str, known: Container[str]) -> str:
        """Codes that may have been meant by an unknown one, for the first of such."""
        self.asked_for.add(code)
        return near_code(code, known) if len(self.asked_for) <= MOST_HINTS else ""

    def fault(self, message: str, place: Place, code: str = "invalid", refers: Refers = Refers.NOWHERE) -> Fault:
        """A fault at a place."""
        value = self._at(place)
        return Fault(
            message,
            pointer(place),
            self.line_of(place),
            code,
            self.sheet_of(place),
            "" if isinstance(value, dict) else self.columns.get(place) or _field(place),
            shown(value),
            refers,
        )

    def _at(self, place: Place) -> Any:
        found = self.data
        for step in place:
            if isinstance(found, dict):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found


def _nearest(found: dict[Place, Any], place: Place) -> Any:
    while place and place not in found:
        place = place[:-1]
    return found.get(place)


def _field(place: Place) -> str:
    """The field a place is in: the names after the last number; an entry of a list of values is in the list's field."""
    names: list[str] = []
    steps = list(place)
    while steps and isinstance(steps[-1], int):
        steps.pop()
    while steps and not isinstance(steps[-1], int):
        names.insert(0, str(steps.pop()))
    return ".".join(names if steps or len(names) == 1 else names[1:])


def shown(value: Any) -> str:
    """A value as a fault shows it: shortened; nothing of records and lists."""
    if value is None or isinstance(value, dict | list):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"


def pointer(place: Place) -> str:
    """A place as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)


_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
"""A character as JSON writes it in two escapes, after whole pairs of backslashes."""
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_TRUTH, _WHOLE, _DECIMAL = (f"tag:yaml.org,2002:{kind}" for kind in ("bool", "int", "float"))


class _Loader(_Base):
    """The safe loader with the truth values of YAML 1.2, and whole numbers that begin with no nought: `010` stays what
    is written, a code or ten, and `1:30` is no number."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag not in {_TRUTH, _WHOLE}]
    for letter, resolvers in _Base.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_TRUTH, re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_WHOLE, re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))


def read(path: Path) -> Text:
    """Read a file. Raises Refused where it is too large or is not well-formed."""
    size = path.stat().st_size
    if size > LARGEST:
        raise Refused(path.name, [Fault(f"The file has {size:,} bytes; at most {LARGEST:,} are read.")])
    return parse(path.read_bytes(), name=path.name)


def parse(content: bytes, *, name: str) -> Text:
    """Read YAML, or JSON, which is a part of it. Raises Refused where it is not well-formed, or has any fault that is
    found in reading."""
    text = examined(content, name=name)
    if text.faults:
        raise Refused(name, list(text.faults))
    return text


def examined(content: bytes, *, name: str) -> Text:
    """Read YAML or JSON with the faults found in reading. Raises Refused where nothing of it can be read."""
    if len(content) > LARGEST:
        raise Refused(name, [Fault(f"The document has {len(content):,} bytes; at most {LARGEST:,} are read.")])
    raw, misread = decoded(content)
    raw, unprintable = printable(raw)
    faults = [Fault(words, line=line) for words, line in (*misread, *unprintable)]
    try:
        text = _as_yaml(raw)
        faults += _expanding(text, name)
        loader = _Loader(text)
        node = loader.get_single_node()
        builder = _Builder(loader)
        data = None if node is None else builder.built(node, ())
    except yaml.MarkedYAMLError as error:
        raise Refused(name, [*faults, _not_well_formed(raw, error)]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise Refused(name, [*faults, Fault(f"This is not well-formed YAML: {error}.")]) from None
    faults += builder.faults
    digest = hashlib.sha256(content).hexdigest()
    return Text(name, data, digest, builder.lines, faults=tuple(faults), told=frozenset(builder.told))


def _not_well_formed(text: str, error: yaml.MarkedYAMLError) -> Fault:
    """What stops the reading: JSON is told as JSON."""
    if error.problem == _PARSER_LIMIT:
        mark = error.problem_mark or error.context_mark
        return Fault(TOO_DEEP, line=None if mark is None else mark.line + 1)
    if text.lstrip().startswith("{"):
        try:
            json.loads(text)
        except json.JSONDecodeError as fault:
            words = f"This is not well-formed JSON: {fault.msg} at place {fault.colno:,} of the line."
            return Fault(words, line=fault.lineno)
        except RecursionError:
            return Fault(TOO_DEEP)
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Fault(f"This is not well-formed YAML: {error.problem}.")
    line = text.splitlines()[mark.line :][:1]
    tab = " Indent with spaces, not tabs." if line and line[0][mark.column :].startswith("\t") else ""
    words = f"This is not well-formed YAML: {error.problem}, at place {mark.column + 1:,} of the line.{tab}"
    return Fault(words, line=mark.line + 1)


def _expanding(text: str, name: str) -> list[Fault]:
    """Find anchors and aliases, and refuse far too deep nesting and far too many values, as the parser comes to them,
    before anything is built: that would run out of stack or memory. What is nested a little too deep is told with its
    pointer later."""
    faults: list[Fault] = []
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=_Base)):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            faults.append(Fault("Anchors and aliases are not read; write the value out.", line=line))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > HOPELESS:
            raise Refused(name, [Fault(TOO_DEEP, line=line)])
        if number > MOST_VALUES:
            raise Refused(name, [Fault(f"More than {MOST_VALUES:,} values: load it in several documents.", line=line)])
    return faults


def _as_yaml(text: str) -> str:
    """JSON as YAML can read it, on the same lines: YAML takes no tabs between tokens, and no character that is written
    as two escapes."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return text
    return _PAIR.sub(lambda pair: pair[1] + json.loads(f'"{pair[2]}"'), text.replace("\t", " "))


class _Builder:
    """Plain data of the nodes of a document, noting the line of every place and what cannot be read."""

    def __init__(self, loader: Any) -> None:
        self.loader = loader
        self.lines: dict[Place, int] = {}
        self.faults: list[Fault] = []
        self.told: set[Place] = set()
        self.seen: set[int] = set()

    def tell(self, message: str, place: Place, line: int, value: str = "") -> None:
        """Note a fault; nothing more is said of its place."""
        self.faults.append(Fault(message, pointer(place), line, field=_field(place), value=shown(value)))
        self.told.add(place)

    def built(self, node: Any, place: Place) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if len(place) > DEEPEST:
            self.tell(TOO_DEEP, place, line)
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, place, line)
        if id(node) in self.seen:  # an alias, which has its fault already and may expand without end
            self.told.add(place)
            return None
        self.seen.add(id(node))
        return self._record(node, place) if isinstance(node, yaml.MappingNode) else self._list(node, place, 0)

    def _list(self, node: Any, place: Place, first: int) -> list[Any]:
        return [self.built(child, (*place, number)) for number, child in enumerate(node.value, start=first)]

    def _record(self, node: Any, place: Place) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append(Fault("The name of a field is plain text.", pointer(place), line))
                continue
            key = str(key_node.value)
            below = (*place, key)
            if key not in made:
                self.lines[below] = line
                made[key] = self.built(value_node, below)
                continue
            self.faults.append(Fault(f"“{key}” is given twice.", pointer(below), line, field=_field(below)))
            if isinstance(made[key], list) and isinstance(value_node, yaml.SequenceNode):
                made[key] += self._list(value_node, below, len(made[key]))
            else:
                self.told.add(below)
        return made

    def _scalar(self, node: Any, place: Place, line: int) -> Any:
        try:
            if node.tag == _DECIMAL:  # as it is written: shares must add up exactly
                return Decimal(node.value)
            return int(node.value) if node.tag == _WHOLE else self.loader.construct_object(node)
        except (ValueError, InvalidOperation):
            what = _MEANT.get(node.tag, "value of this kind")
            self.tell(f"“{shown(node.value)}” cannot be read as a {what}.", place, line, node.value)
            return None


_MEANT = {_WHOLE: "whole number", _DECIMAL: "decimal number", "tag:yaml.org,2002:timestamp": "date"}
