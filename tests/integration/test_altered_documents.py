"""A small document with something altered is loaded or refused with its faults, whatever was altered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from organisations.portfolios.reading import DocumentFault, DocumentRefused
from organisations.services.load_portfolio import load_content
from tests.documents import KNOWN, coast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.exhaustive]

DAYS = ("0001-01-01", "9999-12-31", "1899-12-31", "1900-01-01", "2200-01-01", "2200-01-02", "2001-02-29", "2006-10-01")
NUMBERS = (True, False, -1, 0, 1, 0.1, 1e300, 10**30, float("nan"), float("inf"), -float("inf"), 1e-12)
TEXTS = ("", " ", "a\0b", "\ud800", "٣", "٢٠٠١-٠١-٠١", "1e5", "0x1", "\u202e", "🏥", "x" * 201, "é" * 5001, "decision")
OTHERS: tuple[Any, ...] = (
    None,
    [],
    {},
    [[]],
    [None],
    [{}],
    {"": ""},
    {"a\0": 1},
    "X-SA",
    ["X-SA", "X-SA"],
    "one-coast",
)
VALUES = (
    st.sampled_from((*DAYS, *NUMBERS, *TEXTS, *OTHERS)) | st.text(max_size=20) | st.integers() | st.dates().map(str)
)

Way = tuple[str | int, ...]


def ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """Every place of a document."""
    if way:
        yield way
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in inner:
        yield from ways(below, (*way, step))


WAYS = sorted(ways(coast()), key=str)
ALTERATIONS = st.lists(
    st.tuples(st.sampled_from(WAYS), st.sampled_from(["put", "drop", "twice", "add"]), VALUES), min_size=1, max_size=3
)


def altered(document: dict[str, Any], alterations: list[tuple[Way, str, Any]]) -> dict[str, Any]:
    """A document with each alteration made where its place is still there."""
    made = deepcopy(document)
    for way, how, value in alterations:
        held: Any = made
        for step in way[:-1]:
            held = _at(held, step)
        if isinstance(held, dict):
            _alter_field(held, way[-1], how, value)
        elif isinstance(held, list) and isinstance(way[-1], int) and way[-1] < len(held):
            held[way[-1]] = value
    return made


def _at(held: Any, step: str | int) -> Any:
    if isinstance(held, list):
        return held[step] if isinstance(step, int) and step < len(held) else None
    return held.get(step) if isinstance(held, dict) else None


def _alter_field(held: dict[Any, Any], name: Any, how: str, value: Any) -> None:
    if how == "drop":
        held.pop(name, None)
    elif how == "twice" and isinstance(held.get(name), list):
        held[name] = held[name] * 2
    elif how == "add" and isinstance(held.get(name), list):
        held[name] = [*held[name], value]
    else:
        held[name] = value


def tied(start: str | None, end: str | None, kind: str = "located-in") -> list[tuple[Way, str, Any]]:
    """A relationship of the days given, beside the others."""
    days = {name: day for name, day in (("start", start), ("end", end)) if day is not None}
    return [(("relationships",), "add", {"kind": kind, "subject": "X-SB", "object": "X-SLA", **KNOWN, **days})]


def is_loaded_or_refused(content: bytes) -> None:
    """Load, and take it back. Anything but a refusal with faults fails."""
    faults: list[DocumentFault] | None = None
    try:
        with transaction.atomic():
            load_content(content=content, name="coast", by="tests")
            transaction.set_rollback(True)
    except DocumentRefused as refused:
        faults = refused.faults
    if faults is not None:
        assert faults
        assert all(fault.message for fault in faults)
        assert "".join(str(fault) for fault in faults).encode()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ALTERATIONS)
@example(tied("2005-01-01", "2004-01-01"))
@example(tied("2005-01-01", "2005-01-01"))
@example(tied(None, "1999-01-01"))
@example(tied("1900-01-01", "2200-01-01", kind="neighbour-of"))
@example([(("portfolio", "slug"), "put", "x" * 100)])
@example([(("portfolio", "covers"), "put", {"from": "2200-01-01", "to": "1900-01-01"})])
def test_an_altered_document_is_loaded_or_refused(alterations: list[tuple[Way, str, Any]]) -> None:
    document = altered(coast(), alterations)
    is_loaded_or_refused(json.dumps(document).encode())
    is_loaded_or_refused(json.dumps(document, ensure_ascii=False, indent=1).encode(errors="replace"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_bytes_altered_anywhere_are_read_or_refused(data: st.DataObject) -> None:
    """The same with some bytes of the text itself put in, taken out or replaced."""
    content = bytearray(json.dumps(coast(), indent=1).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from(
                [b"", b"\0", b"\xff", b'"', b"{", b"]", b"\\ud800", b"&a ", b"*a", b"!!int ", b": ", b"\t", b"NaN"]
            )
            | st.binary(max_size=3)
        )
    is_loaded_or_refused(bytes(content))
