"""Reading YAML and JSON safely, remembering on which line everything stands.

YAML as written here knows only `true` and `false` as truth values, so that `on` and `no` stay words. Aliases and
anchors are refused (a few bytes could expand to gigabytes), as are repeated keys and files that are too large.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

LARGEST = 20 * 1024 * 1024
"""Bytes of the largest document read."""

DEEPEST = 20
"""Levels of nesting at most."""

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a document: where (line and JSON pointer), what, and what to do."""

    message: str
    pointer: str = ""
    line: int | None = None
    code: str = "invalid"

    @property
    def record(self) -> tuple[str, ...]:
        """The first two steps of the pointer: which record of which list the fault is in."""
        return tuple(self.pointer.split("/")[1:3])

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line is not None else "document"
        return f"{where}{f' ({self.pointer})' if self.pointer else ''}: {self.message}"


class Refused(Exception):
    """A document that cannot be loaded, with every fault found."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        super().__init__(f"{name}: {len(faults)} {'fault' if len(faults) == 1 else 'faults'}")
        self.name = name
        self.faults = sorted(faults, key=lambda fault: (fault.line or 0, fault.pointer))


@dataclass(frozen=True)
class Text:
    """A document as read: plain data, the line of every place in it, its name and SHA-256."""

    name: str
    data: Any
    sha256: str
    lines: dict[Place, int] = field(default_factory=dict)

    def line_of(self, place: Place) -> int | None:
        """The line of a place, or of the nearest place around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)

    def fault(self, message: str, place: Place, code: str = "invalid") -> Fault:
        """A fault at a place."""
        return Fault(message, pointer(place), self.line_of(place), code)


def pointer(place: Place) -> str:
    """A place as a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """The safe loader with the truth values of YAML 1.2."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in _Base.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read(path: Path) -> Text:
    """Read a file. Raises Refused where it is too large or is not well-formed."""
    size = path.stat().st_size
    if size > LARGEST:
        raise Refused(path.name, [Fault(f"The file has {size:,} bytes; at most {LARGEST:,} are read.")])
    return parse(path.read_bytes(), name=path.name)


def parse(content: bytes, *, name: str) -> Text:
    """Read YAML, or JSON, which is a part of it. Raises Refused where it is not well-formed."""
    if len(content) > LARGEST:
        raise Refused(name, [Fault(f"The document has {len(content):,} bytes; at most {LARGEST:,} are read.")])
    faults: list[Fault] = []
    lines: dict[Place, int] = {}
    try:
        text = content.decode("utf-8-sig")
        for event in yaml.parse(text, Loader=_Base):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                line = event.start_mark.line + 1 if event.start_mark else None
                raise Refused(name, [Fault("Anchors and aliases are not read; write the value out.", line=line)])
        loader = _Loader(text)
        node = loader.get_single_node()
        data = None if node is None else _built(loader, node, (), lines, faults)
    except UnicodeDecodeError as error:
        raise Refused(name, [Fault(f"The file is not UTF-8 text: byte {error.start} cannot be read.")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        raise Refused(name, [Fault(f"This is not well-formed YAML: {error.problem}.", line=line)]) from None
    except (yaml.YAMLError, ValueError) as error:
        raise Refused(name, [Fault(f"This is not well-formed YAML: {error}.")]) from None
    if faults:
        raise Refused(name, faults)
    return Text(name, data, hashlib.sha256(content).hexdigest(), lines)


def _built(loader: Any, node: Any, place: Place, lines: dict[Place, int], faults: list[Fault]) -> Any:
    """Plain data of a node, noting the line of every place."""
    line = node.start_mark.line + 1
    lines.setdefault(place, line)
    if len(place) > DEEPEST:
        faults.append(Fault(f"Nested more than {DEEPEST} levels deep.", pointer(place), line))
        return None
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            below = (*place, key)
            if key in made:
                faults.append(Fault(f"“{key}” is given twice.", pointer(below), key_node.start_mark.line + 1))
            lines[below] = key_node.start_mark.line + 1
            made[key] = _built(loader, value_node, below, lines, faults)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [_built(loader, child, (*place, number), lines, faults) for number, child in enumerate(node.value)]
    try:
        if node.tag == "tag:yaml.org,2002:float":  # as it is written: shares must add up exactly
            return Decimal(node.value)
        return loader.construct_object(node)
    except (ValueError, InvalidOperation) as error:
        faults.append(Fault(f"“{node.value}” cannot be read: {error}.", pointer(place), line))
        return None
