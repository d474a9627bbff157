"""One file with faults at every depth, in every kind of file: all of them are found in one round, none that only
follows from another, and nothing is loaded."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
import yaml

from organisations.portfolios.formats import layouts
from organisations.portfolios.reading import DocumentFault, DocumentRefused
from organisations.portfolios.workbook import filing
from organisations.services.load_portfolio import load_content
from tests.documents import KNOWN, body, coast
from tests.integration.test_document_faults import rows

pytestmark = pytest.mark.django_db

Document = dict[str, Any]


def change(reference: str, kind: str, on: str, **more: Any) -> dict[str, Any]:
    return {"reference": reference, "kind": kind, "effective_on": on, "title": f"Change {reference}", **KNOWN, **more}


def new(code: str, form: str = "pct-4") -> dict[str, Any]:
    return {"code": code, "name": f"Trust {code}", "form": form}


def shared_out(original: str, *shares: tuple[str, Any]) -> list[dict[str, Any]]:
    return [{"original": original, "resulting": code, "share": share} for code, share in shares]


def history() -> Document:
    """The coast with a history of its own for each fault: trusts that go their ways, and two corrections, each of which
    begins a segment that is replayed upon what the one before wrote."""
    document = coast()
    for number in range(1, 13):
        document["bodies"].append(body(f"X-ST{number}", f"Trust {number}", "pct-4", opened="2000-04-01"))
    document["bodies"].append(body("X-SP2", "Hill Surgery", "gp-practice", opened="2000-04-01", member_of=["X-ST1"]))
    document["changes"] += [
        change("divide-1", "split", "2001-04-01", originals=["X-ST2"], resulting=[new("X-SD1"), new("X-SD2")])
        | {"edges": shared_out("X-ST2", ("X-SD1", 0.5), ("X-SD2", 0.5))},
        change("divide-2", "split", "2003-04-01", originals=["X-SD1"], resulting=[new("X-SD3"), new("X-SD4")])
        | {"edges": shared_out("X-SD1", ("X-SD3", 0.25), ("X-SD4", 0.75))},
        change("rename-3", "rename", "2002-04-01", originals=["X-ST3"], name="Renamed trust"),
        change("end-4", "dissolution", "2003-04-01", originals=["X-ST4"]),
        change("join-5", "merger", "2004-04-01", originals=["X-ST5", "X-ST6"], resulting=[new("X-SE1")]),
        change("undo", "correction", "2003-04-01", originals=["X-ST4"], corrects="end-4", rationale="It never ended."),
        change("join-7", "merger", "2005-04-01", originals=["X-ST7", "X-ST8"], resulting=[new("X-SE2")]),
        change("end-9", "dissolution", "2005-04-01", originals=["X-ST9"]),
        change("undo-9", "correction", "2005-04-01", originals=["X-ST9"], corrects="end-9", rationale="Nor did this."),
        change("join-10", "merger", "2006-04-01", originals=["X-ST10", "X-ST11"], resulting=[new("X-SE3")]),
    ]
    return document


def at(document: Document, reference: str) -> tuple[int, dict[str, Any]]:
    """A change, with its number."""
    number = next(n for n, each in enumerate(document["changes"]) if each["reference"] == reference)
    return number, document["changes"][number]


Plant = Callable[[Document], set[str]]
"""Puts a fault in; gives the pointers at which it must be found."""


def of_record(section: str, number: int, wrong: str | None = None, **fields: Any) -> Plant:
    def plant(document: Document) -> set[str]:
        document[section][number].update(fields)
        return {f"/{section}/{number}/{wrong or next(iter(fields))}"}

    return plant


def of_change(reference: str, *wrong: str, **fields: Any) -> Plant:
    def plant(document: Document) -> set[str]:
        number, found = at(document, reference)
        found.update(fields)
        return {f"/changes/{number}/{each}" for each in wrong or fields}

    return plant


def body_number(code: str) -> int:
    return next(n for n, each in enumerate(history()["bodies"]) if each["code"] == code)


def added(section: str, record: dict[str, Any], *wrong: str) -> Plant:
    def plant(document: Document) -> set[str]:
        document[section].append(record)
        return {f"/{section}/{len(document[section]) - 1}/{each}".rstrip("/") for each in wrong}

    return plant


PLANTS: dict[str, Plant] = {
    # the form of a record
    "a body counted in words": of_record(
        "bodies",
        5,
        "populations/0/count",
        populations=[{"count": "many", "on": "2001-04-01", "basis": "registered"}],
    ),
    "a change without a title that others follow": of_change("divide-1", title=None),
    "a budget below nothing": of_record("budgets", 0, amount=-1),
    "a price year that is none": of_record("provisions", 0, price_year="2008"),
    "a date that is none, on a body that others name": of_record("bodies", body_number("X-ST12"), opened="01/04/1999"),
    # names of what does not exist
    "an unknown source of a body that merges": of_record("bodies", body_number("X-ST5"), source="me"),
    "an unknown form of a body alone": of_record("bodies", 2, form="acute-trusts"),
    "an unknown check": of_change("rename-3", "evidence/luck", evidence={"luck": "Plenty"}),
    "an unknown far end": added(
        "relationships",
        {"kind": "member-of", "subject": "X-SP1", "object": "X-ZZ", **KNOWN},
        "object",
    ),
    # beside other records
    "a relationship stated twice": added(
        "relationships", {"kind": "located-in", "subject": "X-SA", "object": "X-SLA", **KNOWN}, ""
    ),
    "a second change of one name": added(
        "changes",
        change("rename-3", "rename", "2005-04-01", originals=["X-ST3"], name="Again"),
        "reference",
    ),
    # sections of other apps
    "an unknown service": of_record("provisions", 1, service="alchemy"),
    "an unknown type of contract, and who is not there": of_record("contracts", 0, "type", type="handshake"),
    "an answer without evidence": of_record("recommendation_answers", 0, "evidence", state="met", evidence=None),
    # the history
    "shares that do not add up, after a change without a title": of_change(
        "divide-2", "originals/0", edges=shared_out("X-SD1", ("X-SD3", 0.25), ("X-SD4", 0.5))
    ),
    "a body that had closed": added(
        "changes",
        change("late", "rename", "2009-04-01", originals=["X-ST6"], name="Too late"),
        "originals/0",
    ),
    "shares and a form in one change": of_change("join-5", "resulting/0/form", resulting=[new("X-SE1", "pct-9")]),
    "a merger of one, in the second segment": of_change("join-7", "originals", originals=["X-ST7"]),
    "a body nobody knows, in the third segment": of_change("join-10", "originals/1", originals=["X-ST10", "X-ZZ"]),
}


def planted(*kinds: str) -> tuple[Document, set[str]]:
    document = deepcopy(history())
    expected: set[str] = set()
    for kind in kinds:
        expected |= PLANTS[kind](document)
    return document, expected


def plain(data: Any) -> Any:
    """A document as it is written by hand: what is not given is left out."""
    if isinstance(data, dict):
        return {name: plain(value) for name, value in data.items() if value is not None}
    return [plain(each) for each in data] if isinstance(data, list) else data


FORMATS: dict[str, Callable[[Document], bytes]] = {
    "yaml": lambda data: yaml.safe_dump(plain(data), sort_keys=False).encode(),
    "json": lambda data: json.dumps(plain(data), indent=1).encode(),
    "xlsx": lambda data: filing.as_xlsx(plain(data), layouts(), {}),
    "zip": lambda data: filing.as_zip(plain(data), layouts()),
}


def refusal(document: Document, form: str) -> list[DocumentFault]:
    before = rows()
    with pytest.raises(DocumentRefused) as refused:
        load_content(content=FORMATS[form](document), name=f"coast.{form}", by="tests")
    assert rows() == before
    return refused.value.faults


def test_the_history_without_a_fault_would_be_loaded() -> None:
    report = load_content(content=FORMATS["json"](history()), name="coast.json", by="tests", dry_run=True)
    assert report.created > 40


@pytest.mark.parametrize("kind", PLANTS)
def test_a_fault_is_found_alone(kind: str) -> None:
    document, expected = planted(kind)
    assert {fault.pointer for fault in refusal(document, "json")} == expected


TOGETHER = [kind for kind in PLANTS if kind != "a body that had closed"]
"""Faults that do not depend on each other: whether X-ST6 had closed depends on the merger that would close it."""


@pytest.mark.parametrize("form", FORMATS)
def test_faults_at_every_depth_are_found_in_one_round(form: str) -> None:
    document, expected = planted(*TOGETHER)
    found = refusal(document, form)
    assert len(expected) == len(TOGETHER)
    assert {fault.pointer for fault in found} == expected
    for fault in found:
        assert fault.line is not None, fault
        assert (fault.sheet is not None) == (form in {"xlsx", "zip"})
        assert fault.message.endswith("."), fault


def test_several_faults_of_one_record_are_found_together() -> None:
    document = history()
    number, found = at(document, "divide-1")
    found.update(title="", source="me", colour="red", to_form="pct-9", effective_on="soon")
    found["edges"] = shared_out("X-ST2", ("X-SD1", 0.5), ("X-SD2", 0.25))
    document["contracts"][0].update(annual_value="much", provider="X-ZZ", services=["alchemy"], end="soon")
    assert {fault.pointer for fault in refusal(document, "json")} == {
        *(f"/changes/{number}/{each}" for each in ("title", "source", "colour", "to_form", "effective_on")),
        f"/changes/{number}/originals/0",
        *(f"/contracts/0/{each}" for each in ("annual_value", "provider", "services/0", "end")),
    }


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({"slug": "Small Coast"}, {"/portfolio/slug"}),
        ({"title": ""}, {"/portfolio/title"}),
        ({"illustrative": "perhaps"}, {"/portfolio/illustrative"}),
        ({"covers": {"from": "soon", "to": "2010-03-31"}}, {"/portfolio/covers/from"}),
        ({"covers": None, "colour": "red"}, {"/portfolio/covers", "/portfolio/colour"}),
    ],
)
def test_a_header_that_cannot_be_read_hides_nothing(header: dict[str, Any], expected: set[str]) -> None:
    document, planted_too = planted("shares that do not add up, after a change without a title", "an unknown service")
    document["portfolio"].update(header)
    assert {fault.pointer for fault in refusal(document, "json")} == expected | planted_too


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda document: document.update(schema="pcorg-portfolio/9"), {"/schema"}),
        (lambda document: document.update(bodys=document.pop("bodies")), {"/bodys"}),
        (lambda document: document.update(premises={"X-S-B1": {}}), {"/premises"}),
        (lambda document: document.update(wards=[]), {"/wards"}),
    ],
)
def test_an_outline_that_cannot_be_read_hides_nothing_and_is_told_once(
    spoil: Callable[[Document], Any], expected: set[str]
) -> None:
    document, planted_too = planted("an unknown type of contract, and who is not there")
    spoil(document)
    assert {fault.pointer for fault in refusal(document, "json")} == expected | planted_too


def test_a_sheet_that_cannot_be_read_to_its_end_hides_nothing_and_is_told_once() -> None:
    document, planted_too = planted("an unknown type of contract, and who is not there")
    with zipfile.ZipFile(io.BytesIO(FORMATS["zip"](document))) as archive:
        sheets = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    lines = sheets["bodies.csv"].split(b"\r\n")
    sheets["bodies.csv"] = b"\r\n".join([*lines[:4], b'"open', *lines[4:]])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in sheets.items():
            archive.writestr(name, content)
    with pytest.raises(DocumentRefused) as refused:
        load_content(content=stream.getvalue(), name="coast.zip", by="tests")
    assert {fault.pointer for fault in refused.value.faults if fault.pointer} == planted_too
    assert [fault.where for fault in refused.value.faults if not fault.pointer] == [f"sheet bodies, row {len(lines)}"]


MESSAGES = [
    (of_record("bodies", 0, source="me"), "There is no source called me. The sources are "),
    (of_record("bodies", 0, source="pcorg-ilustration"), "The nearest name is pcorg-illustration."),
    (of_record("bodies", 2, form="acute-trusts"), "The nearest name is acute-trust."),
    (of_record("contracts", 0, provider="X-SHOP"), "has the code X-SHOP. The nearest code is X-SHO."),
    (of_record("contracts", 0, sector="acut"), "The nearest is acute."),
    (of_record("contracts", 0, annual_valeu=1), "The nearest name is annual_value."),
    (
        of_change("divide-1", edges=[{"original": "X-ST2", "resulting": "X-SD1", "share": "0.3333333333333333"}]),
        "Give at most six decimal places.",
    ),
    (of_record("contracts", 0, annual_value="1000.3333333333333"), "Give fewer decimal places"),
    (of_record("contracts", 0, annual_value=99_999_999_999_999), "is too large a number"),
    (of_record("bodies", 0, code="X SHA"), "at most 40 letters, digits and hyphens only, such as 5M1"),
]


@pytest.mark.parametrize(("plant", "words"), MESSAGES)
def test_a_message_says_what_is_right(plant: Plant, words: str) -> None:
    document = history()
    plant(document)
    assert any(words in fault.message for fault in refusal(document, "json"))
