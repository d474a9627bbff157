"""Lists: pages by key, orderings, filters, fields, counts, streams."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from rest_framework.test import APIClient

from organisations.models import Form, NamePeriod
from pcorg.core.names import fold
from tests.functional.api.conftest import Get, refused

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]
ORDERINGS = ["code", "-code", "name", "-name", "form,-name", "level", "-level", "closed", "-closed,name",
             "population", "-population", "accountable_to,-population,name", "opened,closed"]  # fmt: skip


def content(response: HttpResponse) -> str:
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def test_a_page(read: Read) -> None:
    page = read("organisations/", page_size=10)
    assert list(page) == ["next", "previous", "coverage", "results"]
    assert len(page["results"]) == 10
    assert page["previous"] is None


@pytest.mark.parametrize(
    ("path", "query", "covered"),
    [
        ("organisations/", {"as_of": "2009-04-01"}, ("2006-10-01", "2015-03-31", True)),
        ("organisations/", {"as_of": "2016-04-01"}, ("2006-10-01", "2015-03-31", False)),
        ("organisations/", {}, ("2006-10-01", "2015-03-31", None)),
        ("changes/", {"as_of": "2004-01-01"}, ("2006-10-01", "2015-03-31", False)),
        ("contracts/", {"as_of": "2009-04-01", "portfolio": "illustrative-county"}, ("1997-04-01", "2010-03-31", True)),
    ],
)
def test_a_list_says_which_period_its_records_cover(
    read: Read, path: str, query: dict[str, str], covered: tuple[str, str, bool | None]
) -> None:
    found = read(path, **query)["coverage"]
    assert (found["to"], found["within"]) == covered[1:]
    assert query.get("portfolio") or found["from"] == covered[0]


@pytest.mark.parametrize("path", ["forms/", "services/", "sources/", "criteria/", "glossary/"])
def test_a_list_that_is_the_same_on_every_day_says_so(read: Read, path: str) -> None:
    assert read(path, as_of="1950-01-01")["coverage"] is None


def test_a_table_of_a_day_says_in_each_row_whether_the_records_cover_it(get: Get) -> None:
    asked = {"q": "5M1", "as_of": "2009-04-01"}
    (row,) = csv.DictReader(io.StringIO(content(get("organisations/", format="csv", **asked))))
    told = {name: row[f"coverage_{name}"] for name in ("from", "to", "within")}
    assert told == {"from": "2006-10-01", "to": "2015-03-31", "within": "true"}
    (line,) = content(get("organisations/", format="ndjson", **asked)).splitlines()
    assert json.loads(line)["coverage"] == told | {"within": True}
    (row,) = csv.DictReader(io.StringIO(content(get("organisations/", format="csv", fields="code", **asked))))
    assert row == {"code": "5M1"}


@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize("as_of", [None, "2012-04-01"])
def test_pages_there_and_back_hold_every_record_once(
    read: Read, api: APIClient, ordering: str, as_of: str | None
) -> None:
    query = {"ordering": ordering, "fields": "code"} | ({"as_of": as_of} if as_of else {})
    whole = [row["code"] for row in read("organisations/", page_size=1000, **query)["results"]]
    page, there = read("organisations/", page_size=59, **query), []
    while True:
        there += page["results"]
        if page["next"] is None:
            break
        page = api.get(page["next"]).json()
    assert [row["code"] for row in there] == whole
    back = page["results"]
    while page["previous"]:
        page = api.get(page["previous"]).json()
        back = page["results"] + back
    assert [row["code"] for row in back] == whole
    assert len(set(whole)) == len(whole)


def key_of(value: Any, *, descending: bool) -> tuple[bool, Any]:
    if value is None:
        return (True, 0)
    if isinstance(value, str):
        text = fold(value).encode() if " " in value else value.encode()  # names have words, codes have none
        return (False, (*(-byte for byte in text), 1) if descending else tuple(text))
    return (False, -value if descending else value)


@pytest.mark.parametrize("ordering", ["name", "-name", "closed", "level", "-level", "accountable_to"])
def test_nulls_stand_last_and_codes_break_ties(read: Read, ordering: str) -> None:
    name, descending = ordering.removeprefix("-"), ordering.startswith("-")
    rows = read("organisations/", ordering=ordering, page_size=1000)["results"]
    values = [row["form"]["level"] if name == "level" else row[name] for row in rows]
    expected = sorted(
        zip(values, (row["code"] for row in rows), strict=True),
        key=lambda pair: (key_of(pair[0], descending=descending), pair[1].encode()),
    )
    assert [row["code"] for row in rows] == [code for _, code in expected]


def test_a_cursor_of_another_order_or_another_hand_is_refused(read: Read, get: Get) -> None:
    page = read("organisations/", page_size=5)
    cursor = page["next"].split("cursor=")[1].replace("%3A", ":")
    refused(get("organisations/", cursor=cursor, ordering="name"), 400, "invalid")
    refused(get("organisations/", cursor=cursor[:-1]), 400, "invalid")
    refused(get("organisations/", cursor="e30:abc"), 400, "invalid")
    assert get("organisations/", cursor=cursor, page_size=5).status_code == 200


@pytest.mark.parametrize("ordering", ["size", "code,name,form,opened,closed", "-", ","])
def test_orderings_are_a_list_we_know(get: Get, ordering: str) -> None:
    refused(get("organisations/", ordering=ordering), 400, "invalid")


def test_the_count_is_made_when_asked(read: Read, every: Read) -> None:
    assert read("organisations/", count="exact", page_size=1)["count"] == len(every("organisations/", page_size=200))


def test_fields(read: Read, get: Get) -> None:
    page = read("organisations/", fields="population,code", page_size=3)
    assert all(set(row) == {"code", "population"} for row in page["results"])
    assert set(read("organisations/5M1/", fields="code,form")) == {"code", "form"}
    assert set(read("forms/", fields="slug,accountable_to", page_size=2)["results"][0]) == {"slug", "accountable_to"}
    refused(get("organisations/5M1/", fields="code,shape"), 400, "invalid")


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ({"form": "pct-4"}, 147),
        ({"form": ["pct-4", "care-trust"]}, 152),
        ({"family": "authorities"}, 162),
        ({"level": "4"}, 147),
        ({"level": ["1", "4"], "family": "primary-care-groups-and-trusts"}, 147),
        ({"accountable_to": "Q36"}, 31),
        ({"located_in": "LA-birmingham"}, 3),
        ({"q": "south birm"}, 1),
        ({"q": "5m1"}, 1),
        ({"name": "hertfordshire", "family": "primary-care-groups-and-trusts"}, 2),
        ({"coterminous": "true"}, 118),
        ({"coterminous": "false"}, 34),
        ({"closed_before": "2010-04-01"}, 3),
        ({"closed_after": "2010-04-02", "closed_before": "2012-12-31"}, 1),
        ({"opened_after": "2007-01-01", "form": "care-trust"}, 1),
        ({"opened_before": "2006-09-30", "family": "authorities"}, 10),
        ({"population_min": "1000000"}, 2),
        ({"population_max": "99999"}, 1),
        ({"q": "100%"}, 0),
    ],
)
def test_filters_of_organisations(read: Read, query: dict[str, Any], number: int) -> None:
    asked = {**query, "as_of": "2009-04-01", "count": "exact", "page_size": 1}
    assert read("organisations/", **asked)["count"] == number


def test_illustrative_bodies_stand_apart(every: Read, read: Read) -> None:
    assert not [row for row in every("organisations/", page_size=1000) if row["code"].startswith("X-")]
    invented = []
    for portfolio in ("illustrative-county", "illustrative-trusts"):
        rows = every("organisations/", portfolio=portfolio, page_size=1000)
        assert rows
        assert all(row["illustrative"] and row["code"].startswith("X-") for row in rows)
        invented += rows
    real = every("organisations/", page_size=1000)
    assert len(every("organisations/", portfolio="all", page_size=1000)) == len(real) + len(invented)


@pytest.mark.parametrize("path", ["organisations/", "changes/", "forms/", "transition-rules/", "sources/", "glossary/",
                                  "checks/", "portfolios/", "services/", "staff-groups/",
                                  "provider-arm-options/"])  # fmt: skip
def test_streams_hold_the_whole_list_in_its_order(get: Get, every: Read, path: str) -> None:
    rows = every(path, page_size=50)
    lines = content(get(path, format="ndjson", headers={"Accept": "application/json"})).splitlines()
    assert [json.loads(line) for line in lines] == rows
    table = list(csv.reader(io.StringIO(content(get(path, format="csv")))))
    assert len(table) == len(rows) + 1
    assert all(len(line) == len(table[0]) for line in table)


def test_a_table_flattens_nested_values(get: Get) -> None:
    response = get("organisations/", format="csv", q="5M1", as_of="2009-04-01", ordering="-code")
    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"] == 'attachment; filename="organisations.csv"'
    (row,) = csv.DictReader(io.StringIO(content(response)))
    assert (row["form_slug"], row["population_count"], row["population_carried_back"]) == ("pct-4", "556000", "true")


def test_the_accept_header_chooses_too(get: Get) -> None:
    assert get("forms/", headers={"Accept": "text/csv"})["Content-Type"].startswith("text/csv")
    assert get("forms/", headers={"Accept": "text/html,*/*;q=0.8"})["Content-Type"] == "application/json"
    assert get("forms/", format="json", headers={"Accept": "text/csv"})["Content-Type"] == "application/json"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cells_never_begin_a_formula(get: Get, start: str) -> None:
    Form.objects.filter(slug="pct-4").update(summary=f"{start}cmd()")
    (row,) = csv.DictReader(io.StringIO(content(get("forms/", format="csv", slug="pct-4")), newline=""))
    assert row["summary"] == f"'{start}cmd()"


def test_a_stream_reads_in_chunks(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    from pcorg.core.api import streaming

    monkeypatch.setattr(streaming, "CHUNK", 100)
    response = get("organisations/", format="ndjson")
    assert len(list(response.streaming_content)) > 3  # type: ignore[attr-defined]


def test_names_are_searched_as_of_the_day(read: Read) -> None:
    period = NamePeriod.objects.get(organisation="5M1")
    NamePeriod.objects.filter(pk=period.pk).update(end="2010-04-01")
    NamePeriod.objects.create(
        organisation_id="5M1", name="Another Trust", start="2010-04-01", end=period.end, basis=period.basis
    )
    assert [row["code"] for row in read("organisations/", q="another trust", as_of="2011-01-01")["results"]] == ["5M1"]
    assert read("organisations/", q="another trust", as_of="2009-01-01")["results"] == []
    assert [row["code"] for row in read("organisations/", q="another trust")["results"]] == ["5M1"]
