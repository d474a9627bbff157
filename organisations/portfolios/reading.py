"""Reading YAML and JSON safely, remembering on which line everything stands.

YAML as written here knows only `true` and `false` as truth values, so that `on` and `no` stay words. Aliases and
anchors are refused (a few bytes could expand to gigabytes), as are repeated keys and files that are too large. What can
be read beside a fault is read, so that all faults of a file are found at once.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from organisations.portfolios.decoding import LONGEST_TEXT, TOO_DEEP, TOO_LONG, decoded, printable
from organisations.portfolios.faults_of_files import DocumentFault, DocumentRefused, Found, Refers, SheetPlace, field_of
from organisations.portfolios.json_text import JSONText, values_in
from organisations.portfolios.suggestions import near_code, suggestion
from organisations.portfolios.yaml_text import YAMLText, marks_in, too_many
from organisations.specs.wording import Place, pointer, shown

__all__ = ["DocumentFault", "DocumentRefused", "Found", "Place", "Refers", "SheetPlace", "Text", "pointer", "shown"]

LARGEST = 20 * 1024 * 1024
"""Bytes of the largest document read."""

MOST_VALUES = 1_000_000
"""Values, names and lists of a document. A portfolio of 20,000 bodies has about half a million."""

_LONG = re.compile(rb'"[^"\\,\[\]{}]{%d}|\n(?=[^{])[^\n"\x27,]{%d}' % (8 * LONGEST_TEXT, 8 * LONGEST_TEXT))
"""A single value that is far too long, in quotes or on a line of its own: told before it is decoded."""

_PARSER_LIMIT = "exceeded maximum nesting depth"
"""What the YAML parser says where its own limit of nesting, far beyond ours, is passed: PyYAML 6.0.4 and later have
one, and it may be reached before the first event, since the parser reads ahead."""

MOST_HINTS = 1_000
"""Unknown names of a document for which near ones are looked up."""


@dataclass(frozen=True)
class Text:
    """A document as read: plain data, where every place in it stands, its name and SHA-256.

    `lines` gives the row of a place in a workbook, and `find_line` the line of one in a text. Of a workbook, `sheets`
    gives the sheet of each record and `columns` the heading of a value that is not called by its last step. `faults`
    are those found in reading; nothing more is said of the places `told`, which they are about. `partial` are the lists
    of the document that could not be read to their end, so that nobody can tell what they do not hold. `asked_for`
    collects the unknown names.
    """

    name: str
    data: Any
    sha256: str
    lines: dict[Place, int] = field(default_factory=dict)
    sheets: dict[Place, SheetPlace] = field(default_factory=dict)
    columns: dict[Place, str] = field(default_factory=dict)
    faults: tuple[DocumentFault, ...] = ()
    reported: frozenset[Place] = frozenset()
    partial: frozenset[str] = frozenset()
    asked_for: set[str] = field(default_factory=set, compare=False)
    find_line: Callable[[Place], int | None] | None = None

    def line_of(self, place: Place) -> int | None:
        """The line or row of a place, or of the nearest place around it."""
        return _nearest(self.lines, place) if self.find_line is None else self.find_line(place)

    def sheet_of(self, place: Place) -> SheetPlace | None:
        """The sheet a place stands on; None outside workbooks."""
        return _nearest(self.sheets, place)

    def spot_of(self, place: Place) -> str:
        """Where a place stands, in words."""
        return DocumentFault("", line=self.line_of(place), sheet=self.sheet_of(place)).where

    def unknown(self, kind: str, plural: str, name: str, choices: Collection[str], place: Place) -> DocumentFault:
        """The fault of a name that nothing has, with those that may have been meant, for the first of such names."""
        self.asked_for.add(name)
        hint = f" {suggestion(name, choices, plural)}" if len(self.asked_for) <= MOST_HINTS else ""
        return self.fault(f"There is no {kind} called {shown(name)}.{hint}", place, refers=Refers.CATALOGUE)

    def near(self, code: str, choices: Container[str]) -> str:
        """Codes that may have been meant by an unknown one, for the first of such."""
        self.asked_for.add(code)
        return near_code(code, choices) if len(self.asked_for) <= MOST_HINTS else ""

    def fault(
        self, message: str, place: Place, code: str = "invalid", refers: Refers = Refers.NOWHERE
    ) -> DocumentFault:
        """A fault at a place."""
        value = self._at(place)
        return DocumentFault(
            message,
            pointer(place),
            self.line_of(place),
            code,
            self.sheet_of(place),
            "" if isinstance(value, dict) else self.columns.get(place) or field_of(place),
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


def read(path: Path) -> Text:
    """Read a file. Raises Refused where it is too large or is not well-formed."""
    size = path.stat().st_size
    if size > LARGEST:
        raise DocumentRefused(path.name, [DocumentFault(f"The file has {size:,} bytes; at most {LARGEST:,} are read.")])
    return parse(path.read_bytes(), name=path.name)


def parse(content: bytes, *, name: str) -> Text:
    """Read YAML, or JSON, which is a part of it. Raises Refused where it is not well-formed, or has any fault that is
    found in reading."""
    text = examined(content, name=name)
    if text.faults:
        raise DocumentRefused(name, list(text.faults))
    return text


def examined(content: bytes, *, name: str) -> Text:
    """Read YAML or JSON with the faults found in reading. Raises Refused where nothing of it can be read, or where it
    has more faults than are told."""
    if len(content) > LARGEST:
        raise DocumentRefused(
            name, [DocumentFault(f"The document has {len(content):,} bytes; at most {LARGEST:,} are read.")]
        )
    if _LONG.search(content) is not None:
        raise DocumentRefused(name, [DocumentFault(f"{TOO_LONG} One of this document has far more.")])
    raw, misread = decoded(content)
    raw, unprintable = printable(raw)
    found = Found(DocumentFault(words, line=line) for words, line in (*misread, *unprintable))
    read = _as_json(content, raw, name, found) or _as_yaml(raw, name, found)
    if found.too_many:
        raise DocumentRefused(name, found)
    digest = hashlib.sha256(content).hexdigest()
    return Text(name, read.data, digest, find_line=read.line_of, faults=tuple(found), reported=frozenset(read.reported))


def _as_json(content: bytes, raw: str, name: str, found: Found) -> JSONText | None:
    """A text as JSON; None where it is none. What it says twice YAML tells better."""
    if not raw.lstrip().startswith("{"):
        return None
    if values_in(content, MOST_VALUES) > MOST_VALUES:
        raise DocumentRefused(name, [*found, DocumentFault(too_many(MOST_VALUES))])
    try:
        return JSONText(raw, found)
    except ValueError:
        return None
    except RecursionError:
        raise DocumentRefused(name, [*found, DocumentFault(TOO_DEEP)]) from None


def _as_yaml(raw: str, name: str, found: Found) -> YAMLText:
    if marks_in(raw) > MOST_VALUES:
        raise DocumentRefused(name, [*found, DocumentFault(too_many(MOST_VALUES))])
    try:
        return YAMLText(_without_tabs(raw), name, found, MOST_VALUES)
    except yaml.MarkedYAMLError as error:
        raise DocumentRefused(name, [*found, _not_well_formed(raw, error)]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise DocumentRefused(name, [*found, DocumentFault(f"This is not well-formed YAML: {error}.")]) from None


def _without_tabs(raw: str) -> str:
    """A text that is JSON but for what it says twice as YAML can read it, on the same lines: YAML takes no tabs between
    tokens, and no character that is written as two escapes."""
    if not raw.lstrip().startswith("{"):
        return raw
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return raw
    return _PAIR.sub(lambda pair: pair[1] + json.loads(f'"{pair[2]}"'), raw.replace("\t", " "))


_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
"""A character as JSON writes it in two escapes, after whole pairs of backslashes."""


def _not_well_formed(text: str, error: yaml.MarkedYAMLError) -> DocumentFault:
    """What stops the reading: JSON is told as JSON."""
    if error.problem == _PARSER_LIMIT:
        mark = error.problem_mark or error.context_mark
        return DocumentFault(TOO_DEEP, line=None if mark is None else mark.line + 1)
    if text.lstrip().startswith("{"):
        try:
            json.loads(text)
        except json.JSONDecodeError as fault:
            words = f"This is not well-formed JSON: {fault.msg} at place {fault.colno:,} of the line."
            return DocumentFault(words, line=fault.lineno)
        except ValueError:
            pass  # a number that is too long, which YAML tells
        except RecursionError:
            return DocumentFault(TOO_DEEP)
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return DocumentFault(f"This is not well-formed YAML: {error.problem}.")
    tab = " Indent with spaces, not tabs." if text[mark.index : mark.index + 1] == "\t" else ""
    words = f"This is not well-formed YAML: {error.problem}, at place {mark.column + 1:,} of the line.{tab}"
    return DocumentFault(words, line=mark.line + 1)
