"""The benchmark as a reader meets it, on the invented coast."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.functional.pages.filling import words

pytestmark = pytest.mark.django_db
COAST = {"portfolio": "illustrative-trusts", "as_of": "2009-03-31"}
TRUST = "X-KPCT1"
Read = Callable[..., BeautifulSoup]


def row(page: BeautifulSoup, measure: str, label: str) -> list[str]:
    """The cells of a category of a measure."""
    table = page.select_one(f"table:has(> #{measure}-caption)")
    assert table is not None, measure
    return next(
        [words(cell) for cell in line.select("td")] for line in table.select("tbody tr") if words(line.th) == label
    )


def test_a_trust_is_set_beside_the_peers_suggested(read: Read) -> None:
    page = read("/benchmark/", trust=TRUST, **COAST)
    ticked = [box["value"] for box in page.select("input[name=peer][checked]")]
    assert ticked == ["X-KPCT3", "X-KPCT4", "X-KPCT2"]
    assert "Suggested: of the same form" in words(page.select_one(".pc-peers"))
    cells = row(page, "spend-by-service-group", "Rehabilitation")
    assert cells[0].startswith("£")
    assert cells[5].endswith("of 4")
    assert "prices of 2008/09" in words(page.select_one("#spend-by-service-group-caption"))


def test_each_chart_has_its_table_and_draws_no_guess(read: Read) -> None:
    page = read("/benchmark/", trust=TRUST, **COAST)
    charts = page.select("[data-chart]")
    assert charts
    for chart in charts:
        data = json.loads(page.select_one(f"#{chart['data-chart-source']}").string)
        slug = chart["data-chart-source"].removesuffix("-data")
        for category, value in zip(data["categories"], data["series"][0]["values"], strict=True):
            assert (value is None) == (row(page, slug, category)[0].split(" ")[0] in {"Not", "Nothing", "Prices"})


def test_fewer_than_three_peers_give_no_quartiles_and_say_so(read: Read) -> None:
    page = read("/benchmark/", trust=TRUST, peer=["X-KPCT2", "X-KPCT3"], chosen="yes", **COAST)
    assert "There are 2 peers: quartiles take at least 3." in words(page.select_one("main"))
    cells = row(page, "spend-by-service-group", "Rehabilitation")
    assert (cells[1], cells[3]) == ("Too few peers", "Too few peers")
    assert cells[2].startswith("£")
    alone = read("/benchmark/", trust=TRUST, chosen="yes", **COAST)
    assert "There is no peer" in words(alone.select_one("main"))


def test_a_peer_is_added_by_name(read: Read, client: Client) -> None:
    page = read("/benchmark/", trust=TRUST, peer="X-KPCT3", add="hatherdale hills primary", **COAST)
    assert [box["value"] for box in page.select("input[name=peer][checked]")] == ["X-KPCT3", "X-KPCT2"]
    refused = read("/benchmark/", trust=TRUST, add="primary care trust", status=422, **COAST)
    assert "Several fit" in words(refused.select_one(".nhsuk-error-summary"))
    nobody = read("/benchmark/", trust=TRUST, add="nobody at all", status=422, **COAST)
    assert "No organisation in force on the day fits" in words(nobody.select_one("#add-error"))
    unknown = read("/benchmark/", trust="NOBODY", status=422, **COAST)
    assert "No organisation has the code NOBODY" in words(unknown.select_one("#trust-error"))


def test_the_same_as_a_table(client: Client, db: None) -> None:
    answer = client.get("/benchmark/", {"trust": TRUST, "format": "csv", **COAST})
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode().splitlines()))
    assert answer["Content-Disposition"] == f'attachment; filename="benchmark-{TRUST}.csv"'
    staff = next(row for row in rows if (row["measure"], row["category"]) == ("staff", "rehabilitation"))
    assert (staff["prices"], staff["peers_compared"]) == ("", "X-KPCT3 X-KPCT4 X-KPCT2")
    assert staff["peer_X-KPCT2"]


def test_where_nothing_is_recorded_the_page_says_so_and_shows_where_there_is(read: Read) -> None:
    page = read("/benchmark/")
    assert "No trust shown here has services or contracts recorded" in words(page.select_one("main"))
    assert "illustrative-trusts" in page.select_one("main a[href*=benchmark]")["href"]
    assert not page.select("form.pc-filters")
