"""The page of one organisation: what it says of the day, its drawings and their tables, its sources and downloads."""

from __future__ import annotations

import csv
import io
import json

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

pytestmark = pytest.mark.django_db

# Beside the page's own queries: the portfolios for the date bar, and the version of the data.
OF_THE_FRAME = 2


def get(client, code, **query):
    response = client.get(reverse("organisation", args=[code]), query)
    assert response.status_code == 200, response.content[:300]
    return BeautifulSoup(response.content, "html.parser")


def text(part):
    return " ".join(part.get_text(" ").split())


def summary(page):
    """The summary list as a dict."""
    return {text(row.find("dt")): text(row.find("dd")) for row in page.select(".nhsuk-summary-list__row")}


def rows(page, table):
    """The rows of a table as lists of cells."""
    found = page.select(f"#{table} tbody tr")
    return [[text(cell) for cell in row.find_all(["td", "th"])] for row in found]


def test_a_body_in_force_says_so(client):
    page = get(client, "5M1", as_of="2009-04-01")

    assert text(page.h1) == "Primary care trust, level 4 South Birmingham Primary Care Trust"
    assert text(page.select_one(".pc-standing")) == "In force 5M1"
    told = summary(page)
    assert told["Life"].startswith("In place by 1 October 2006, where these records begin")
    assert "Last day 31 March 2013" in told["Life"]
    assert told["Answers to"].startswith("West Midlands Strategic Health Authority")
    assert told["Council of its area"].startswith("Birmingham City Council")
    assert "provides community health services" in told["Form on 1 April 2009"]


def test_a_population_shows_its_own_date_and_that_it_is_carried_back(client):
    told = summary(get(client, "5M1", as_of="2009-04-01"))["Population"]

    assert told.startswith("556,000 people on 1 July 2013")
    assert "Estimate" in told
    assert "earliest later one is carried back" in told


def test_a_closed_body_is_shown_as_on_its_last_day_with_what_stands_for_it(client):
    page = get(client, "5M1", as_of="2014-01-01")

    assert text(page.select_one(".pc-standing")).startswith("Closed")
    inset = page.select_one(".nhsuk-inset-text")
    assert "Its last day was 31 March 2013" in text(inset)
    assert "NHS Birmingham CrossCity Clinical Commissioning Group (62.5%)" in text(inset)
    assert inset.a["href"].endswith("?as_of=2013-03-31")
    assert "Form on 31 March 2013" in summary(page)


def test_a_body_not_yet_open_is_shown_as_on_its_first_day(client):
    page = get(client, "13P", as_of="2009-04-01")

    assert text(page.select_one(".pc-standing")).startswith("Not yet open")
    assert "Its first day was 1 April 2013" in text(page.select_one(".nhsuk-inset-text"))


def test_an_unknown_code_is_not_found(client):
    assert client.get(reverse("organisation", args=["NOBODY"])).status_code == 404


def test_shares_multiply_through_several_changes(client):
    """5P3 went into 5QV in 2010, which gave way to three groups in 2013."""
    page = get(client, "5P3", as_of="2014-01-01")

    found = {row[1]: (row[2], row[3]) for row in rows(page, "stand-ins")}
    assert found["06N"] == ("50.7%", "Hertfordshire Primary Care Trust")
    assert found["06K"][0] == "47.5%"
    known = {row[1]: row[4] for row in rows(page, "stand-ins")}
    assert known["06N"] == "Estimated: everyone in Hertfordshire Primary Care Trust is treated alike"
    of_the_whole = {row[1]: row[4] for row in rows(get(client, "5QV", as_of="2014-01-01"), "stand-ins")}
    assert set(of_the_whole.values()) == {"Stated"}


def test_shares_are_of_the_people_of_the_day_of_the_data(client):
    """X-PCT2 gave a part of its people away; on its page they are where they went, unless the data are of later."""
    page = get(client, "5P3", as_of="2014-01-01")
    form = page.find(id="data-day").find_parent("form")
    assert {field["name"] for field in form.select("input")} == {"from", "as_of"}
    assert text(page.find(id="stand-ins-caption")) == "Where the people it had on 31 March 2010 were on 1 January 2014"
    asked = get(client, "5P3", **{"as_of": "2014-01-01", "from": "2009-04-01"})
    assert text(asked.find(id="stand-ins-caption")) == "Where the people it had on 1 April 2009 were on 1 January 2014"
    assert asked.find(id="data-day")["value"] == "2009-04-01"


@pytest.mark.parametrize("day", ["2014-02-01", "2010-04-01", "2001-01-01", "soon", "9999-99-99"])
def test_a_day_of_the_data_on_which_it_had_nobody_is_refused(client, day):
    answer = client.get(reverse("organisation", args=["5P3"]), {"as_of": "2014-01-01", "from": day})
    assert answer.status_code == 400
    assert "Day of the data" in text(BeautifulSoup(answer.content, "html.parser").main)


def test_the_lineage_drawing_and_its_table_hold_the_same(client):
    page = get(client, "5QV", as_of="2011-01-01")

    drawing = page.select_one("svg.pc-graph__drawing")
    drawn = {link["href"].split("/")[2] for link in drawing.select("a.pc-graph__link")}
    listed = {code for row in page.select("#lineage-table .pc-code") for code in [text(row)]}
    assert drawn == listed == {"5P3", "5P4", "5QV", "06H", "06K", "06N"}
    table = rows(page, "lineage-table")
    assert len(drawing.select(".pc-graph__edge")) == len(table) == 5
    assert sorted(text(share) for share in drawing.select(".pc-graph__share")) == sorted(row[3] for row in table)


def test_drawings_have_names_and_can_be_scrolled_by_keyboard(client):
    page = get(client, "5QV", as_of="2011-01-01")

    for drawing in page.select("svg.pc-graph__drawing, svg.pc-timeline__drawing"):
        assert page.find(id=drawing["aria-labelledby"]).get_text()
        assert page.find(id=drawing["aria-describedby"]).get_text()
        assert drawing.parent["tabindex"] == "0"
        assert drawing.parent["aria-label"]
        assert not drawing.select("[style], script, style")


def test_the_timeline_and_its_table_hold_the_same(client):
    page = get(client, "X-PCT4")

    bars = page.select(".pc-timeline__bar title")
    facts = rows(page, "life-table")
    assert [bar.get_text().split(", from ")[0] for bar in bars] == [row[1] for row in facts]
    marks = [text(mark) for mark in page.select(".pc-timeline__number")]
    assert sorted(marks) == sorted(row[0] for row in rows(page, "changes-table"))


def test_an_illustrative_body_is_labelled_and_opens_within_its_own_coverage(client):
    page = get(client, "X-PCT4")

    assert text(page.select_one(".pc-standing .pc-illustrative")) == "Illustrative"
    assert page.select_one(".pc-illustrative--banner")
    assert text(page.select_one(".pc-date-bar time")) == "31 March 2010"


def test_a_board_is_shown_by_constituency(client):
    page = get(client, "X-PCT4")

    board = rows(page, "board-table")
    assert "General practitioners" in [row[0] for row in board]
    assert f"{sum(int(row[1]) for row in board)} in all" in text(page.find(id="board-caption"))


def test_several_counts_are_drawn_and_listed(client):
    page = get(client, "X-PCT4")

    chart = json.loads(page.find(id="population-data").string)
    listed = [int(row[1].replace(",", "")) for row in rows(page, "population-table")]
    assert chart["series"][0]["values"] == listed
    assert len(listed) > 1


def test_one_count_is_no_chart(client):
    assert get(client, "5M1").find(id="population-data") is None


def test_an_authority_lists_who_answers_to_it(client):
    page = get(client, "Q36", as_of="2009-04-01")

    assert "Bodies that answer to it (31)" in text(page.find(id="ties"))


def test_a_council_lists_the_bodies_in_its_area(client):
    page = get(client, "LA-birmingham", as_of="2009-04-01")

    assert "Bodies in its area" in text(page.find(id="ties"))
    assert "South Birmingham Primary Care Trust" in text(page.find(id="ties"))


@pytest.mark.parametrize("code", ["5M1", "X-PCT4"])
def test_every_reference_leads_to_a_source_listed(client, code):
    page = get(client, code)

    cited = {link["href"].lstrip("#") for link in page.select(".pc-reference")}
    assert cited
    assert cited == {item["id"] for item in page.select(".pc-references li")}


@pytest.mark.parametrize("table", ["life", "lineage", "changes", "ties", "population", "board"])
def test_every_table_can_be_had_as_a_spreadsheet(client, table):
    page = get(client, "X-PCT4")
    link = next(link["href"] for link in page.select(".pc-download a") if f"table={table}" in link["href"])
    response = client.get(link)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert f"X-PCT4-{table}.csv" in response["Content-Disposition"]
    found = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert len(found) >= len(rows(page, "life-table" if table == "life" else f"{table}-table"))


def test_a_table_there_is_not_is_a_bad_request(client):
    assert client.get(reverse("organisation", args=["5M1"]), {"table": "nonsense"}).status_code == 400
    assert client.get(reverse("organisation", args=["5M1"]), {"table": "board"}).status_code == 400


def test_every_api_address_answers(client):
    for link in get(client, "5M1").select(".pc-data-links__address"):
        assert client.get(link["href"]).status_code == 200, link["href"]


@pytest.mark.parametrize("code", ["5M1", "13P", "Q36", "LA-birmingham", "X-PCT4", "X-PCG1"])
def test_the_page_takes_few_queries(client, queries, code):
    address = reverse("organisation", args=[code])
    client.get(address)  # fills what the process remembers
    with queries() as seen:
        client.get(address)

    assert len(seen) <= 16 + OF_THE_FRAME  # three of them ask evaluation, one commissioning


@pytest.mark.parametrize(
    "code", ["X-P14", "X-FC1", "X-TPP1", "X-PCG8", "X-PCT2", "X-PCT7", "X-CT1", "X-HA1", "X-CIC1", "TAM"]
)
@pytest.mark.parametrize("day", ["1992-01-01", "2001-10-01", "2012-01-01"])
def test_every_kind_of_body_has_a_page_on_any_day(client, code, day):
    page = get(client, code, as_of=day)

    assert page.h1
    ids = [item["id"] for item in page.select("[id]")]
    assert len(ids) == len(set(ids))
