"""Finding organisations and changes: search, filters, sorting, paging, comparing, and the same list in the API."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def words(part):
    return " ".join(part.get_text(" ").split())


def codes(page):
    return [words(row.select_one(".pc-code")) for row in page.select("main tbody tr")]


def test_search_by_part_of_a_name_or_by_code(read):
    assert codes(read("/organisations/", as_of="2009-04-01", q="birmingham care")) == ["5PG", "5MX", "5M1"]
    assert codes(read("/organisations/", as_of="2009-04-01", q="5m1")) == ["5M1"]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"form": "care-trust"},
        {"family": "authorities"},
        {"level": "4", "accountable_to": "Q34"},
        {"located_in": "LA-birmingham"},
        {"population_min": "500000", "ordering": "-population"},
        {"q": "hert", "ordering": "code"},
        {"coterminous": "false", "ordering": "population"},
    ],
)
@pytest.mark.parametrize("as_of", ["2009-04-01", "2014-01-01"])
def test_the_api_address_gives_exactly_the_list_shown(read, client, query, as_of):
    first = read("/organisations/", as_of=as_of, **query)
    address = first.select_one(".pc-data-links__address")["href"]
    told = client.get(address + "&page_size=1000").json()["results"]
    shown = codes(first)
    while follow := first.select_one(".nhsuk-pagination__next"):
        first = read(follow["href"])
        shown += codes(first)
    assert shown == [body["code"] for body in told]


def test_a_heading_sorts_and_says_how(read):
    page = read("/organisations/", as_of="2009-04-01", ordering="-population", form="pct-4")
    heading = page.select_one("th[aria-sort]")
    assert heading["aria-sort"] == "descending"
    assert "ordering=population" in heading.a["href"]
    assert "form=pct-4" in heading.a["href"]
    people = [
        int(cell.find(string=True).replace(",", "")) for cell in page.select("tbody td.nhsuk-table__cell--numeric")
    ]
    assert people == sorted(people, reverse=True)


def test_what_narrows_the_list_can_be_taken_away(read):
    page = read("/organisations/", as_of="2009-04-01", q="trust", accountable_to="Q34")
    chips = {words(chip): chip["href"] for chip in page.select(".pc-filters__chip")}
    assert chips["Answers to: West Midlands Strategic Health Authority , remove"].endswith("as_of=2009-04-01&q=trust")


def test_several_values_of_a_filter_are_kept(read):
    page = read("/organisations/?as_of=2009-04-01&form=care-trust&form=strategic-health-authority")
    assert words(page.caption).startswith("15 organisations")
    assert words(page.select_one(".pc-filters__chip")).startswith("Form: Care trust or Strategic health authority")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"accountable_to": "ZZZ"}, "Answers to: No organisation has the code ZZZ"),
        ({"population_min": "many"}, "People, at least"),
        ({"opened_after": "spring"}, "Opened on or after"),
    ],
)
def test_a_refused_filter_is_named_with_a_link_to_its_field(read, query, told):
    page = read("/organisations/", **query)
    summary = page.select_one(".nhsuk-error-summary")
    assert told in words(summary)
    assert page.select_one(summary.a["href"])
    assert page.title.string.strip().startswith("Error: ")
    assert not page.select("main table")


def test_nothing_found_says_so(read):
    assert "No organisation in force on 1 April 2009 fits" in words(
        read("/organisations/", as_of="2009-04-01", q="atlantis").main
    )


def test_unknown_and_inferred_values_say_so(read):
    rows = read("/organisations/", as_of="2009-04-01", q="hertfordshire primary").select("main tbody tr")
    assert all("Not known" in words(row) for row in rows)
    assert all("inferred" in words(row) for row in rows)


def test_a_list_takes_few_queries(client, queries):
    client.get("/organisations/", {"as_of": "2009-04-01"})
    with queries() as seen:
        client.get("/organisations/", {"as_of": "2009-04-01", "form": "pct-4"})
    assert len(seen) <= 6


def test_compare_shows_up_to_four_and_names_the_rest(read):
    page = read("/compare/?as_of=2009-04-01&code=5M1&code=5PG&code=5QW&code=zz&code=TAK")
    assert [words(head.a) for head in page.select("thead th")] == [
        "South Birmingham Primary Care Trust",
        "Birmingham East and North Primary Care Trust",
    ]
    told = words(page.select_one("main .pc-uncovered"))
    assert "5QW It was not in force on 1 April 2009" in told
    assert "zz No organisation has this code" in told
    assert "Left out: TAK" in told
    lines = {words(row.th): [words(cell) for cell in row.select("td")] for row in page.select("tbody tr")}
    assert lines["Form"] == ["Primary care trust, level 4 inferred"] * 2
    assert lines["Answers to"] == ["West Midlands Strategic Health Authority"] * 2
    assert lines["Board"] == ["None recorded"] * 2


def test_compare_with_nothing_offers_the_form(read):
    page = read("/compare/")
    assert len(page.select("input[name=code]")) == 4
    assert not page.select("main table")


def test_changes_by_kind_word_organisation_and_time(read):
    assert [words(row.th) for row in read("/changes/", kind="merger").select("tbody tr")] == [
        "The two Hertfordshire trusts become one"
    ]
    assert len(read("/changes/", q="care trust plus").select("tbody tr")) == 2
    assert len(read("/changes/", organisation="5M1").select("tbody tr")) == 1
    assert len(read("/changes/", effective_after="2010-01-01", effective_before="2012-12-31").select("tbody tr")) == 3
    assert "No change fits" in words(read("/changes/", q="atlantis").main)
    assert "No organisation has the code" in words(read("/changes/", organisation="zz").main)


def test_changes_after_the_date_shown_are_marked(read):
    rows = read("/changes/", as_of="2010-12-31").select("tbody tr")
    marked = ["after the date shown" in words(row) for row in rows]
    assert marked == [True, True, True, False, False, False]
