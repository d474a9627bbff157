"""Reading YAML event by event into plain data, with the line of every value and what cannot be read.

Nothing is built but the data themselves: a line takes four bytes, whatever the document. Aliases are not followed, what
is nested too deep is passed over, and a document of too many values is refused before it is built.
"""

from __future__ import annotations

import re
from array import array
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from organisations.portfolios.decoding import (
    DEEPEST,
    HOPELESS,
    LONGEST_NAME,
    LONGEST_TEXT,
    TOO_DEEP,
    TOO_LONG,
    TOO_LONG_NAME,
)
from organisations.portfolios.faults_of_files import DocumentFault, DocumentRefused, Found, field_of
from organisations.specs.wording import Place, pointer, shown

MANY_ASIDE = 10_000
"""Lines kept of entries of lists that are given twice."""

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRUTH, _WHOLE, _DECIMAL, _TEXT = (f"tag:yaml.org,2002:{kind}" for kind in ("bool", "int", "float", "str"))
_MEANT = {_WHOLE: "whole number", _DECIMAL: "decimal number", "tag:yaml.org,2002:timestamp": "date"}
_MARKS = ("\n", ",", ": ", "- ", "[", "{")


class _Loader(_Base):
    """The safe loader with the truth values of YAML 1.2, and whole numbers that begin with no nought: `010` stays what
    is written, a code or ten, and `1:30` is no number."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag not in {_TRUTH, _WHOLE}]
    for letter, resolvers in _Base.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_TRUTH, re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_WHOLE, re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))


def marks_in(text: str) -> int:
    """How many values a text may hold at most, by the marks that separate them: told without reading it."""
    return sum(map(text.count, _MARKS))


class YAMLText:
    """A document of YAML. Making it reads it; raises Refused and yaml.YAMLError."""

    def __init__(self, text: str, name: str, found: Found, most: int) -> None:
        self.name = name
        self.found = found
        self.most = most
        self.reported: set[Place] = set()
        self.lines = array("I")
        self.events = 0
        self.path: list[str | int] = []
        self.aside = 0
        self.lines_aside: dict[Place, int] = {}
        self.numbered: dict[int, int] = {}
        self.loader = _Loader(text)
        self.get_event = self.loader.get_event
        self.reached: dict[Place, tuple[int, int]] = {}
        self.data = self._document()

    def line_of(self, place: Place) -> int | None:
        """The line of a place, or of the nearest place around it."""
        for upto in range(len(place), 0, -1):
            if place[:upto] in self.lines_aside:
                return self.lines_aside[place[:upto]]
        number, found = 0, self.data
        for at, step in enumerate(place):
            below = self._number_below(place[:at], found, number, step)
            if below is None:
                break
            number, found = below, found[step]
        return self.lines[number] if place and self.lines else None

    def _number_below(self, around: Place, found: Any, number: int, step: str | int) -> int | None:
        """The number of a value in the order of reading, from that of the list or record around it."""
        if isinstance(found, dict):
            number += 1
            for key, value in found.items():
                if key == step:
                    return number
                number += self._size(value)
            return None
        if not isinstance(found, list) or not isinstance(step, int) or step >= self._length(found):
            return None
        entry, number = self.reached.get(around, (0, number + 1))
        if entry > step:
            entry, number = 0, number - sum(map(self._size, found[:entry]))
        for value in found[entry:step]:
            number += self._size(value)
        self.reached[around] = (step, number)
        return number

    def _size(self, value: Any) -> int:
        """How many values a value is, with all that are in it."""
        if isinstance(value, dict):
            return 1 + sum(map(self._size, value.values()))
        if isinstance(value, list):
            return 1 + sum(map(self._size, value[: self._length(value)]))
        return 1

    def _length(self, listed: list[Any]) -> int:
        """How many entries of a list are numbered: all, but for what was given of it a second time."""
        return self.numbered.get(id(listed), len(listed))

    def _next(self) -> Any:
        self.events += 1
        if self.events > self.most:
            raise DocumentRefused(self.name, [DocumentFault(too_many(self.most))])
        return self.get_event()

    def _document(self) -> Any:
        self._next()
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        first = self._next()
        self._stand(first.start_mark.line + 1)
        data = self._value(first)
        self._next()
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise yaml.composer.ComposerError(
                "expected a single document in the stream", None, "but found another document", event.start_mark
            )
        return data

    def _stand(self, line: int) -> None:
        """Note the line of the value that comes next."""
        if not self.aside:
            self.lines.append(line)
        elif len(self.lines_aside) < MANY_ASIDE:
            self.lines_aside[tuple(self.path)] = line

    def _report(self, message: str, line: int, value: str = "") -> None:
        """Note a fault; nothing more is said of its place."""
        place = tuple(self.path)
        self.found.append(DocumentFault(message, pointer(place), line, field=field_of(place), value=shown(value)))
        if not self.found.too_many:
            self.reported.add(place)

    def _value(self, event: Any) -> Any:
        kind = type(event)
        if kind is yaml.ScalarEvent and event.anchor is None and len(self.path) <= DEEPEST:
            if not event.implicit[0] and event.tag is None and len(event.value) <= LONGEST_TEXT:
                return event.value
            return self._scalar(event)
        line = event.start_mark.line + 1
        if len(self.path) > DEEPEST:
            self._report(TOO_DEEP, line)
            self._pass_over(event)
            return None
        if isinstance(event, yaml.AliasEvent):
            self._named(event, line)
            self.reported.add(tuple(self.path))
            return None
        if event.anchor:
            self._named(event, line)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            listed: list[Any] = []
            self._list(listed)
            return listed
        return self._record()

    def _named(self, event: Any, line: int) -> None:
        self.found.append(DocumentFault("Anchors and aliases are not read; write the value out.", line=line))

    def _list(self, listed: list[Any]) -> None:
        self.path.append(len(listed))
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            self.path[-1] = len(listed)
            self._stand(event.start_mark.line + 1)
            listed.append(self._value(event))
        self.path.pop()

    def _record(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                self.found.append(DocumentFault("The name of a field is plain text.", pointer(tuple(self.path)), line))
                self._pass_over(event)
                self._pass_over(self._next())
                continue
            if event.anchor:
                self._named(event, line)
            if len(event.value) > LONGEST_NAME:
                self.found.append(
                    DocumentFault(TOO_LONG_NAME, pointer(tuple(self.path)), line, value=shown(event.value))
                )
                self._pass_over(self._next())
                continue
            self.path.append(str(event.value))
            self._field(made, str(event.value), line)
            self.path.pop()
        return made

    def _field(self, made: dict[str, Any], key: str, line: int) -> None:
        if key not in made:
            self._stand(line)
            made[key] = self._value(self._next())
            return
        place = tuple(self.path)
        self.found.append(DocumentFault(f"“{key}” is given twice.", pointer(place), line, field=field_of(place)))
        event = self._next()
        if isinstance(made[key], list) and isinstance(event, yaml.SequenceStartEvent):
            self.numbered.setdefault(id(made[key]), len(made[key]))
            self.aside += 1
            self._list(made[key])
            self.aside -= 1
        else:
            self.reported.add(place)
            self._pass_over(event)

    def _pass_over(self, event: Any) -> None:
        """Read on to the end of a value without keeping any of it."""
        depth = 0
        while True:
            if getattr(event, "anchor", None):
                self._named(event, event.start_mark.line + 1)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth + len(self.path) > HOPELESS:
                raise DocumentRefused(self.name, [DocumentFault(TOO_DEEP, line=event.start_mark.line + 1)])
            if depth == 0:
                return
            event = self._next()

    def _scalar(self, event: Any) -> Any:
        value = event.value
        if len(value) > LONGEST_TEXT:
            self._report(TOO_LONG, event.start_mark.line + 1, value)
            return None
        tag = event.tag
        if tag is None or tag == "!":
            if not event.implicit[0]:
                return value
            tag = _meant(value)
        if tag == _TEXT:
            return value
        try:
            if tag == _DECIMAL:  # as it is written: shares must add up exactly
                return Decimal(value)
            return int(value) if tag == _WHOLE else self._constructed(tag, event)
        except (ValueError, ArithmeticError, InvalidOperation):
            what = _MEANT.get(tag, "value of this kind")
            self._report(f"“{shown(value)}” cannot be read as a {what}.", event.start_mark.line + 1, value)
            return None

    def _constructed(self, tag: str, event: Any) -> Any:
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        made = self.loader.construct_object(node)
        self.loader.constructed_objects.clear()
        return made


def too_many(most: int) -> str:
    """What is said of a document of too many values."""
    return f"More than {most:,} values: load it in several documents."


def _meant(value: str) -> str:
    """What a plain word means: a number, a date, or a text."""
    for tag, pattern in _Loader.yaml_implicit_resolvers.get(value[:1], ()):
        if pattern.match(value):
            return str(tag)
    return _TEXT
