"""The home page: the system on a date, charts with their tables, and the steps through time."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from organisations.selectors import configuration

pytestmark = pytest.mark.django_db


def words(part):
    return " ".join(part.get_text(" ").split())


def tiles(page, section):
    found = page.select(f"section[data-replay={section}] .pc-stat")
    return {words(tile.select_one(".pc-stat__label")): words(tile.select_one(".pc-stat__figure")) for tile in found}


def test_counts_by_form(read):
    page = read("/", as_of="2009-04-01")
    assert tiles(page, "forms") == {
        "Primary care trusts, level 4": "147",
        "Care trusts": "5",
        "Strategic health authorities": "10",
        "Councils": "152",
    }
    assert words(page.select_one("#summary")) == (
        "162 bodies: 147 primary care trusts (level 4), 10 strategic health authorities and 5 care trusts, "
        "beside 152 councils."
    )


def test_many_forms_are_counted_by_family(read):
    page = read("/", portfolio="illustrative-county", as_of="2005-04-01")
    known = configuration.configuration(date(2005, 4, 1), portfolio="illustrative-county")
    counted = tiles(page, "forms")
    assert sum(int(figure) for label, figure in counted.items() if label != "Councils") == known["bodies"]


def test_population_spread_says_what_it_is_worth(read):
    page = read("/", as_of="2009-04-01")
    known = configuration.configuration(date(2009, 4, 1))["population"]
    shown = tiles(page, "people")
    assert shown["Median population"] == f"{known['median']:,}"
    assert shown["Largest"] == f"{known['max']:,}"
    told = words(page.select_one("section[data-replay=people]"))
    assert "Known for 150 of 152" in told
    assert "carried back" in told
    bands = page.select("#bands-caption")[0].find_parent("table").select("tbody td")
    assert sum(int(cell.string) for cell in bands) == known["known"]


@pytest.mark.parametrize("query", [{"as_of": "2009-04-01"}, {"portfolio": "illustrative-county"}])
def test_each_chart_holds_what_its_table_says(read, query):
    page = read("/", **query)
    data = json.loads(page.select_one("#series-data").string)
    table = page.select_one("#series-caption").find_parent("table")
    rows = [[int(cell.string.replace(",", "")) for cell in row.select("td")] for row in table.select("tbody tr")]
    assert [list(values) for values in zip(*(line["values"] for line in data["series"]), strict=True)] == rows
    assert [line["name"] for line in data["series"]] == [words(head) for head in table.select("thead th")][1:]


def test_the_years_are_links_with_the_number_of_changes(read):
    page = read("/", as_of="2010-04-01")
    steps = {words(link): link["href"] for link in page.select(".pc-replay__link")}
    assert "1 October 2006 no change" in steps
    assert "1 April 2010 2 changes" in steps
    assert "31 March 2015 no change" in steps
    current = page.select(".pc-replay__link[aria-current=date]")
    assert [words(link) for link in current] == ["1 April 2010 2 changes"]
    moves = page.select_one(".pc-stepper__moves")
    assert moves.select_one("a[rel=prev]")["href"] == "/?as_of=2007-09-01"
    assert moves.select_one("a[rel=next]")["href"] == "/?as_of=2011-04-01"


def test_changes_about_the_date(read):
    section = read("/", as_of="2009-10-01").select_one("section[data-replay=changes]")
    assert "The two Hertfordshire trusts become one" in words(section)
    assert "abolished" not in words(section)


def test_a_day_before_everything_shows_nothing_and_no_noughts(read):
    page = read("/", as_of="1950-01-01")
    assert words(page.select_one("#summary")) == "No organisation is recorded as in force on this day."
    assert "No population is known" in words(page.main)


def test_the_years_as_a_file(client):
    answer = client.get("/series.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert {"as_of": "2009-04-01", "form": "care-trust", "label": "Care trust",
            "family": "primary-care-groups-and-trusts", "bodies": "5"} in rows  # fmt: skip


def test_few_queries_whatever_the_number_of_years(client, queries):
    client.get("/", {"portfolio": "illustrative-county"})  # fills the memory of the process
    with queries() as seen:
        client.get("/", {"portfolio": "illustrative-county"})
    assert len(seen) <= 8
