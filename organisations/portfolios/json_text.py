"""Reading JSON by the standard library, which is fast, and finding the line of a place only where it is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from json.decoder import scanstring  # type: ignore[attr-defined]  # the stubs know the decoder alone
from json.scanner import make_scanner
from typing import Any, NoReturn

from organisations.portfolios.decoding import DEEPEST, LONGEST_NAME, LONGEST_TEXT, TOO_DEEP, TOO_LONG, TOO_LONG_NAME
from organisations.portfolios.faults_of_files import DocumentFault, Found, field_of
from organisations.specs.wording import Place, pointer, shown

CHUNK = 1 << 16
MOST_NAMES = 10_000
"""Fields of a record whose places are kept."""

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BLANK = re.compile(r"[ \t\n\r]*")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class NotPlain(ValueError):
    """JSON that the standard library takes and that says something twice, or nothing: NaN."""


def _record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotPlain
    return made


def _no_number(name: str) -> NoReturn:
    raise NotPlain(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_record, parse_float=Decimal, parse_constant=_no_number)
_SKIP: Any = make_scanner(json.JSONDecoder())  # type: ignore[arg-type]


def values_in(content: bytes, most: int) -> int:
    """How many values, names and lists a document of JSON holds, told without reading it; exact where it is more than
    `most`, else perhaps too high."""
    found = _marks(content)
    return found if found <= most else _marks(_STRING.sub(b"", content))


def _marks(content: bytes) -> int:
    return sum(map(content.count, (b",", b":", b"[", b"{"))) + 1


class JSONText:
    """A document of JSON. Making it reads it; raises ValueError where it is none, and RecursionError where it is nested
    far too deep."""

    def __init__(self, text: str, found: Found) -> None:
        self.text = text
        self.found = found
        self.reported: set[Place] = set()
        self.path: list[str | int] = []
        self.lists: dict[Place, tuple[int, int]] = {}
        self.records: dict[Place, tuple[dict[str, tuple[int, int]], Iterator[tuple[str, int, int]]]] = {}
        self.ends: list[int] = []
        self.data = _DECODER.decode(text)
        self.halves = _HALF.search(text) is not None
        self._look_at(self.data)

    def line_of(self, place: Place) -> int | None:
        """The line of a place, or of the nearest place around it."""
        start = at = _blank(self.text, 0)
        for upto, step in enumerate(place):
            below = self._below(place[:upto], at, step)
            if below is None:
                break
            start, at = below
        return self._line(start) if place else None

    def _line(self, at: int) -> int:
        if not self.ends:
            count = 0
            for start in range(0, len(self.text), CHUNK):
                self.ends.append(count)
                count += self.text.count("\n", start, start + CHUNK)
        chunk = min(at // CHUNK, len(self.ends) - 1)
        return self.ends[chunk] + self.text.count("\n", chunk * CHUNK, at) + 1

    def _below(self, around: Place, at: int, step: str | int) -> tuple[int, int] | None:
        """Where a field begins, with its name, and where its value; of an entry of a list both are the same."""
        if self.text[at] == "[" and isinstance(step, int):
            start = self._entry(around, at, step)
            return None if start is None else (start, start)
        if self.text[at] != "{" or not isinstance(step, str):
            return None
        if around not in self.records:
            self.records[around] = ({}, self._fields(at))
        known, following = self.records[around]
        while step not in known and len(known) < MOST_NAMES:
            name, start, value = next(following, ("", 0, 0))
            if not value:
                break
            known[name] = (start, value)
        return known.get(step)

    def _entry(self, around: Place, at: int, number: int) -> int | None:
        entry, start = self.lists.get(around, (0, _blank(self.text, at + 1)))
        if entry > number:
            entry, start = 0, _blank(self.text, at + 1)
        while entry < number and self.text[start] != "]":
            comma = _blank(self.text, _SKIP(self.text, start)[1])
            if self.text[comma] != ",":
                return None
            entry, start = entry + 1, _blank(self.text, comma + 1)
        self.lists[around] = (entry, start)
        return None if self.text[start] == "]" else start

    def _fields(self, at: int) -> Iterator[tuple[str, int, int]]:
        start = _blank(self.text, at + 1)
        while self.text[start] == '"':
            name, end = scanstring(self.text, start + 1)
            value = _blank(self.text, _blank(self.text, end) + 1)
            yield name, start, value
            comma = _blank(self.text, _SKIP(self.text, value)[1])
            if self.text[comma] != ",":
                return
            start = _blank(self.text, comma + 1)

    def _report(self, message: str, value: Any = None) -> None:
        place = tuple(self.path)
        line = None if self.found.too_many else self.line_of(place)
        self.found.append(DocumentFault(message, pointer(place), line, field=field_of(place), value=shown(value)))
        if not self.found.too_many:
            self.reported.add(place)

    def _look_at(self, child: Any) -> None:
        """Tell of what is too deep, too long or no text, and take it out."""
        if isinstance(child, dict):
            for name in [name for name in child if len(name) > LONGEST_NAME or not self._is_text(name)]:
                self._report(TOO_LONG_NAME if len(name) > LONGEST_NAME else HALF)
                del child[name]
        places: Any = child.items() if isinstance(child, dict) else enumerate(child) if isinstance(child, list) else ()
        deep = len(self.path) >= DEEPEST
        for step, value in places:
            kind = type(value)
            if not deep and (kind is int or kind is bool or (kind is str and len(value) < SURE and not self.halves)):
                continue
            self.path.append(step)
            if deep or (kind is str and (len(value) > LONGEST_TEXT or not self._is_text(value))):
                words = TOO_DEEP if deep else TOO_LONG if len(value) > LONGEST_TEXT else HALF
                self._report(words, value if kind is str and words is TOO_LONG else None)
                child[step] = None
            elif kind is dict or kind is list:
                self._look_at(value)
            self.path.pop()

    def _is_text(self, value: str) -> bool:
        if not self.halves:
            return True
        try:
            value.encode()
        except UnicodeEncodeError:
            return False
        return True


SURE = 1_000
HALF = "This holds half of a character, which is no text. Write it out."


def _blank(text: str, at: int) -> int:
    """The next place that is not blank."""
    found = _BLANK.match(text, at)
    return at if found is None else found.end()
