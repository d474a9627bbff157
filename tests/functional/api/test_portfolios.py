"""Portfolios over HTTP: checking a file, loading it, and getting the document back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import yaml
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse, HttpResponse
from rest_framework.test import APIClient

from organisations.models import LoadedRecord, Organisation, Portfolio, PortfolioLoad
from organisations.portfolios.formats import Format, document_from
from organisations.selectors import portfolio_files
from pcorg.core.audit.models import AuditEntry
from tests.functional.api.conftest import Get, refused
from tests.functional.api.test_description import conforms

KNOWN = {"basis": "illustrative", "source": "pcorg-illustration"}
VALLEY: dict[str, Any] = {
    "schema": "pcorg-portfolio/1",
    "portfolio": {
        "slug": "little-valley",
        "title": "Little valley",
        "illustrative": True,
        "covers": {"from": "1999-04-01", "to": "2010-03-31"},
        "limits": ["=Everything is invented."],
    },
    "bodies": [
        {
            "code": "X-V1",
            "name": "Upper Valley Group",
            "form": "pcg-1",
            "populations": [{"count": 80001, "on": "1999-04-01", "basis": "registered"}],
            **KNOWN,
        },
        {"code": "X-V2", "name": "Lower Valley Group", "form": "pcg-1", **KNOWN},
    ],
    "relationships": [{"kind": "neighbour-of", "subject": "X-V1", "object": "X-V2", **KNOWN}],
}
HERE = "/api/v1/portfolios/"


@pytest.fixture
def loader(administrator: User, api_as: Callable[[User], APIClient]) -> APIClient:
    """The API as a data administrator reaches it."""
    return api_as(administrator)


def sent(client: APIClient, content: bytes, form: Format, path: str = "", **headers: str) -> HttpResponse:
    return client.generic("POST", f"{HERE}{path}", content, content_type=form.media_type, headers=headers)


def uploaded(client: APIClient, content: bytes, name: str, path: str = "validate/") -> HttpResponse:
    return client.post(f"{HERE}{path}", {"file": SimpleUploadedFile(name, content)}, format="multipart")


VALLEY_JSON = json.dumps(VALLEY).encode()


def test_a_document_is_checked_loaded_and_given_back(loader: APIClient, get: Get) -> None:
    checked = sent(loader, VALLEY_JSON, Format.JSON, "validate/")
    assert checked.status_code == 200, checked.content
    conforms(f"{HERE}validate/", "post", checked)
    report = checked.json()
    assert (report["created"], report["changed"], report["unchanged"], report["dry_run"]) == (4, 0, 0, True)
    assert {each["section"]: each["created"] for each in report["sections"]} == {
        "portfolio": 1,
        "bodies": 2,
        "relationships": 1,
    }
    assert not Portfolio.objects.filter(pk="little-valley").exists()

    made = sent(loader, VALLEY_JSON, Format.JSON)
    assert made.status_code == 201, made.content
    conforms(HERE, "post", made)
    assert made["Location"].endswith("/portfolios/little-valley/")
    assert Organisation.objects.filter(portfolio="little-valley").count() == 2

    again = sent(loader, VALLEY_JSON, Format.JSON)
    assert (again.status_code, again.json()["nothing_new"]) == (200, True)
    assert PortfolioLoad.objects.filter(portfolio="little-valley").count() == 1

    for address in ("portfolios/little-valley/", "portfolios/X-V1/"):
        given = get(address)
        assert given.status_code == 200
        assert given.json() == VALLEY
    assert sent(loader, given.content, Format.JSON, "validate/").json()["nothing_new"]


def test_a_load_is_told_with_its_file_and_by_whom(loader: APIClient, get: Get, administrator: User) -> None:
    uploaded(loader, VALLEY_JSON, "valley.json", "")
    (load,) = get("portfolios/little-valley/loads/").json()["results"]
    assert (load["file_name"], load["loaded_by"], load["created"]) == ("valley.json", administrator.username, 4)
    assert len(load["sha256"]) == 64
    entry = AuditEntry.objects.get(action="load-portfolio", subject="portfolio little-valley")
    assert (entry.actor, entry.particulars["sha256"]) == (administrator.username, load["sha256"])


@pytest.mark.parametrize("form", list(Format))
def test_every_form_loads_to_the_same_state(loader: APIClient, get: Get, form: Format) -> None:
    sent(loader, VALLEY_JSON, Format.JSON)
    given = get("portfolios/little-valley/", format=form.value)
    assert given["Content-Type"] == form.media_type
    kept = dict(LoadedRecord.objects.filter(portfolio="little-valley").values_list("key", "fingerprint"))
    assert sent(loader, given.content, form).json()["nothing_new"]
    moved = given.content if form in {Format.XLSX, Format.ZIP} else None
    if moved:
        text = document_from(moved, name="again")
        assert not text.faults
        assert text.data["portfolio"]["limits"] == ["=Everything is invented."]
    if form is Format.YAML:
        assert yaml.safe_load(given.content)["bodies"][0]["name"] == "Upper Valley Group"
    assert kept == dict(LoadedRecord.objects.filter(portfolio="little-valley").values_list("key", "fingerprint"))


@pytest.mark.parametrize("form", list(Format))
def test_parts_of_a_document_are_given_in_every_form(loader: APIClient, get: Get, form: Format) -> None:
    sent(loader, VALLEY_JSON, Format.JSON)
    given = get("portfolios/little-valley/", format=form.value, fields="relationships,portfolio,changes")
    wanted = {name: VALLEY[name] for name in ("portfolio", "relationships")}
    read = document_from(given.content, name="part").data
    assert {name: _without_days(said) for name, said in read.items() if said and name != "schema"} == wanted
    assert form in {Format.XLSX, Format.ZIP} or "schema" not in read


def test_a_part_without_records_is_an_empty_document(loader: APIClient, get: Get) -> None:
    sent(loader, VALLEY_JSON, Format.JSON)
    assert get("portfolios/little-valley/", fields="changes").json() == {}
    assert yaml.safe_load(get("portfolios/little-valley/", format="yaml", fields="changes").content) == {}


def test_a_large_document_goes_through_a_file_and_not_through_memory(
    loader: APIClient, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(loader, VALLEY_JSON, Format.JSON)
    monkeypatch.setattr(portfolio_files, "IN_MEMORY", 10)
    whole = get("portfolios/little-valley/")
    assert isinstance(whole, FileResponse)
    content = b"".join(whole.streaming_content)
    assert json.loads(content) == VALLEY
    assert int(whole["Content-Length"]) == len(content)


def test_the_head_of_a_document_is_told_without_making_it(loader: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    sent(loader, VALLEY_JSON, Format.JSON)
    monkeypatch.setattr(portfolio_files, "written", None)
    head = loader.head(f"{HERE}little-valley/", {"format": "yaml"})
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Disposition"] == 'attachment; filename="little-valley.yaml"'
    assert head["ETag"]


def _without_days(said: Any) -> Any:
    """What was read with its dates as text again."""
    return json.loads(json.dumps(said, default=str))


def test_no_cell_given_out_begins_a_formula(loader: APIClient, get: Get) -> None:
    sent(loader, VALLEY_JSON, Format.JSON)
    book = openpyxl.load_workbook(io.BytesIO(get("portfolios/little-valley/", format="xlsx").content))
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f" or str(cell.value).startswith("=")]
    with zipfile.ZipFile(io.BytesIO(get("portfolios/little-valley/", format="zip").content)) as archive:
        assert "'=Everything is invented." in archive.read("limits.csv").decode("utf-8-sig")


def test_every_fault_has_its_line(loader: APIClient) -> None:
    text = yaml.safe_dump(VALLEY, sort_keys=False).replace("form: pcg-1", "form: pcg-9").replace("80001", "many")
    faults = refused(sent(loader, text.encode(), Format.YAML, "validate/"), 400, "invalid")
    lines = text.splitlines()
    assert {(fault["pointer"], fault["field"], fault["value"]) for fault in faults} == {
        ("/bodies/0/populations/0/count", "count", "many"),
        ("/bodies/0/form", "form", "pcg-9"),
        ("/bodies/1/form", "form", "pcg-9"),
    }
    for fault in faults:
        assert fault["value"] in lines[fault["line"] - 1]


def test_every_fault_of_a_workbook_has_its_sheet_and_row(loader: APIClient) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "bodies"
    sheet.append(["code", "name", "form", "colour"])
    sheet.append([50, "=A1", "pcg-1", "red"])
    stream = io.BytesIO()
    made.save(stream)
    faults = refused(uploaded(loader, stream.getvalue(), "valley.xlsx"), 400, "invalid")
    told = {(fault.get("sheet"), fault.get("row"), fault.get("field"), fault.get("value")) for fault in faults}
    assert told == {
        (None, None, None, None),  # the sheet of the portfolio itself
        ("bodies", 1, "colour", None),
        ("bodies", 2, "code", "50"),
        ("bodies", 2, "name", "=A1"),
        ("bodies", 2, "basis", None),
        ("bodies", 2, "source", None),
    }


def test_a_check_names_what_is_new_and_what_changes(loader: APIClient) -> None:
    told = sent(loader, VALLEY_JSON, Format.JSON, "validate/").json()
    review = {section["section"]: section for section in told["review"]}
    assert list(review) == ["portfolio", "bodies", "relationships"]
    assert [(each["code"], each["title"], each["detail"]) for each in review["bodies"]["created"]] == [
        (body["code"], body["name"], body["form"]) for body in VALLEY["bodies"]
    ]
    assert sent(loader, VALLEY_JSON, Format.JSON).status_code == 201

    altered = {**VALLEY, "portfolio": {**VALLEY["portfolio"], "title": "Lesser valley"}}
    told = sent(loader, json.dumps(altered).encode(), Format.JSON, "validate/").json()
    (section,) = told["review"]
    assert (section["section"], section["created"]) == ("portfolio", [])
    (record,) = section["changed"]
    assert (record["key"], record["code"], record["title"]) == ("portfolio", "little-valley", "Lesser valley")
    assert record["fields"] == [{"field": "title", "before": "Little valley", "after": "Lesser valley"}]


def test_a_check_names_as_many_as_are_asked_for(loader: APIClient) -> None:
    told = sent(loader, VALLEY_JSON, Format.JSON, "validate/?limit=1").json()
    bodies = next(section for section in told["review"] if section["section"] == "bodies")
    assert (len(bodies["created"]), bodies["more_created"]) == (1, 1)
    refused(sent(loader, VALLEY_JSON, Format.JSON, "validate/?limit=many"), 400, "invalid")


def test_what_contradicts_what_is_loaded_is_a_conflict(loader: APIClient) -> None:
    sent(loader, VALLEY_JSON, Format.JSON)
    altered = json.dumps({**VALLEY, "bodies": [{**VALLEY["bodies"][0], "form": "pcg-2"}, VALLEY["bodies"][1]]})
    (fault,) = refused(sent(loader, altered.encode(), Format.JSON), 409, "conflict")
    assert fault["pointer"].startswith("/bodies/0")


def test_only_data_administrators_load(
    api: APIClient, commissioner: User, approver: User, api_as: Callable[[User], APIClient]
) -> None:
    for path in ("", "validate/"):
        refused(sent(api, VALLEY_JSON, Format.JSON, path), 401, "not-authenticated")
        for user in (commissioner, approver):
            refused(sent(api_as(user), VALLEY_JSON, Format.JSON, path), 403, "not-permitted")


def test_a_key_sent_twice_loads_once(loader: APIClient) -> None:
    first = sent(loader, VALLEY_JSON, Format.JSON, **{"Idempotency-Key": "a"})
    again = sent(loader, VALLEY_JSON, Format.JSON, **{"Idempotency-Key": "a"})
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json()
    refused(sent(loader, VALLEY_JSON + b" ", Format.JSON, **{"Idempotency-Key": "a"}), 409, "conflict")


def test_what_is_too_large_or_of_no_known_kind_is_refused(
    loader: APIClient, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    refused(loader.generic("POST", HERE, b"<a/>", content_type="text/xml"), 415, "unsupported-media-type")
    refused(uploaded(loader, b"\x89PNG\r\n\x00\x00", "valley.png"), 415, "unsupported-media-type")
    refused(uploaded(loader, b"PK\x03\x04", "valley.xlsx"), 400, "invalid")
    refused(uploaded(loader, b"", "valley.xlsx"), 400, "invalid")
    refused(loader.post(f"{HERE}validate/", {"files": "x"}, format="multipart"), 400, "invalid")
    refused(sent(loader, b"", Format.YAML), 400, "invalid")
    settings.PCORG_LARGEST_UPLOAD = 100
    refused(uploaded(loader, b"x" * 200, "valley.yaml"), 413, "too-large")
    refused(sent(loader, b"x" * 200, Format.YAML), 413, "too-large")
    settings.PCORG_LARGEST_UPLOAD = 10_000
    monkeypatch.setattr("organisations.portfolios.formats.LARGEST", 100)
    refused(uploaded(loader, VALLEY_JSON, "valley.yaml"), 413, "too-large")


def test_the_template_has_a_sheet_for_each_kind_of_record(get: Get, loader: APIClient) -> None:
    given = get("portfolios/template/", format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(given.content))
    assert {"notes", "portfolio", "bodies", "changes", "contracts", "contributions"} <= set(book.sheetnames)
    assert book["lists"].sheet_state == "hidden"
    forms = [rule for rule in book["bodies"].data_validations.dataValidation if "C2" in rule.sqref]
    assert len(forms) == 1
    with zipfile.ZipFile(io.BytesIO(get("portfolios/template/", format="zip").content)) as archive:
        assert archive.read("limits.csv").decode("utf-8-sig").strip() == "text"
    faults = refused(uploaded(loader, given.content, "template.xlsx"), 400, "invalid")
    assert {fault["sheet"] for fault in faults} == {"portfolio"}


def test_the_schema_describes_the_document(get: Get) -> None:
    import jsonschema

    given = get("portfolios/schema/")
    conforms(f"{HERE}schema/", "get", given)
    schema = given.json()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(VALLEY, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**VALLEY, "colour": "red"}, schema)


def test_a_choice_of_fields_of_the_document(get: Get) -> None:
    found = get("portfolios/england-2006-2015/", fields="portfolio").json()
    assert set(found) == {"portfolio"}
    assert "Crown copyright" in found["portfolio"]["attribution"]
    refused(get("portfolios/england-2006-2015/", fields="colour"), 400, "invalid")
    refused(get("portfolios/nope/loads/"), 404, "not-found")
