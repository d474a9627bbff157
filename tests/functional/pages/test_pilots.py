"""Pilots: who runs them, how long they have left, and what may follow."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from bs4 import BeautifulSoup

from commissioning.domain.pilots import TERMS, TermStatus, days_left, standing
from commissioning.domain.vocabulary import PilotEnd, PilotVariant
from commissioning.models import PmsPilot
from pcorg.core.pages.jinja2 import decimal, pounds
from tests.functional.pages.filling import words

pytestmark = pytest.mark.django_db
COUNTY = {"portfolio": "illustrative-county"}


def rows(page: BeautifulSoup, form: str) -> dict[str, list[str]]:
    table = page.select_one(f'[aria-labelledby="{form}-caption"] table')
    if table is None:
        return {}
    return {words(row.th.a): [words(cell) for cell in row.select("td")] for row in table.select("tbody tr")}


@pytest.mark.parametrize(
    ("start", "on", "left", "stands"),
    [
        (date(1998, 4, 1), date(1998, 4, 1), 1096, TermStatus.RUNNING),
        (date(1998, 4, 1), date(2001, 3, 31), 1, TermStatus.RUNNING),
        (date(1998, 4, 1), date(2001, 4, 1), 0, TermStatus.OVER),
        (date(1998, 4, 1), date(2001, 4, 11), -10, TermStatus.OVER),
        (date(2000, 2, 29), date(2003, 2, 28), 1, TermStatus.RUNNING),
    ],
)
def test_the_term_is_three_years(start: date, on: date, left: int, stands: TermStatus) -> None:
    ends = TERMS["pms-pilot"].ends(start)
    assert (days_left(ends, on), standing(ends, on)) == (left, stands)


def test_pilots_of_the_day_with_provider_place_and_days_left(read: Callable[..., BeautifulSoup]) -> None:
    page = read("/pilots/", as_of="2000-04-01", **COUNTY)
    pilots = rows(page, "pms-pilot")
    started, run_by, place, people, term, _ = pilots["Kilnside salaried doctors pilot"]
    assert started == "1 April 1998 First wave"
    assert "Community NHS Trust" in run_by
    assert place
    assert people == "3,200 estimate 1998"
    assert term == "31 March 2001 365 days left"
    assert "Goodwin" in words(page.main)
    assert "lines 207-208" in words(page.main)


def test_pilots_over_their_term_are_said_to_be(read: Callable[..., BeautifulSoup]) -> None:
    page = read("/pilots/", as_of="2002-09-30", **COUNTY)
    pilots = rows(page, "pms-pilot")
    assert pilots["Saltpan Estate nurse-led pilot"][4].endswith("1 day left")
    assert pilots["Goosewing Yard pilot"][0].endswith("Later wave")
    early = rows(read("/pilots/", as_of="1998-05-01", **COUNTY), "total-purchasing-pilot")
    assert any("Over its term" in cells[4] and cells[4].endswith("over") for cells in early.values())


def test_total_purchasing_pilots_before_1999(read: Callable[..., BeautifulSoup]) -> None:
    page = read("/pilots/", as_of="1998-05-01", **COUNTY)
    pilots = rows(page, "total-purchasing-pilot")
    assert "Marrowdale total purchasing pilot" in pilots
    assert all("wave" not in cells[0] for cells in pilots.values())


def test_what_may_follow_comes_from_the_declared_rules(read: Callable[..., BeautifulSoup]) -> None:
    page = read("/pilots/", as_of="2000-04-01", **COUNTY)
    told = words(page.main)
    assert "Becomes a general practice" in told
    assert "1 April 1998 to 1 April 2004" in told
    assert "Joins others in a primary care group, level 2" in told
    assert told.count("Is dissolved") == 2


def test_what_comes_next_is_proposed_from_the_list(read: Callable[..., BeautifulSoup]) -> None:
    page = read("/pilots/", as_of="2000-04-01", **COUNTY)
    row = next(row for row in page.select("tbody tr") if "Kilnside" in words(row.th))
    kinds = read(row.select("a")[-1]["href"])
    href = kinds.find("a", string="Transition")["href"]
    assert "originals-0=X-PMS2" in href
    assert "effective_on=2001-04-01" in href


def test_a_day_without_pilots_says_so_and_points_to_the_example(read: Callable[..., BeautifulSoup]) -> None:
    page = read("/pilots/", as_of="2009-04-01")
    assert "None is in force on this day" in words(page.main)
    examples = [link["href"] for link in page.select('main a[href*="portfolio=illustrative"]')]
    assert len(examples) == 2
    for example in examples:
        held = read(example)
        assert rows(held, "pms-pilot") or rows(held, "total-purchasing-pilot")


def test_the_same_as_a_table(client, db: None) -> None:
    answer = client.get("/pilots/", {"as_of": "2000-04-01", "format": "csv", **COUNTY})
    assert answer["Content-Type"].startswith("text/csv")
    listed = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert {row["days_left"] for row in listed if row["code"] == "X-PMS2"} == {"365"}
    api = client.get("/api/v1/organisations/?as_of=2000-04-01&portfolio=illustrative-county&form=pms-pilot").json()
    assert len(listed) == len(api["results"])


def test_few_questions_of_the_database(client, queries) -> None:
    client.get("/pilots/", {"as_of": "2000-04-01", **COUNTY})
    with queries() as seen:
        client.get("/pilots/", {"as_of": "2000-04-01", **COUNTY})
    assert len(seen) <= 10, len(seen)


def test_particulars_of_personal_medical_services_pilots(read: Callable[..., BeautifulSoup]) -> None:
    page = read("/pilots/", as_of="2000-04-01", portfolio="illustrative-trusts")
    pilots = rows(page, "pms-pilot")
    assert pilots
    for record in PmsPilot.objects.filter(portfolio="illustrative-trusts").select_related("contract"):
        row = next(row for row in page.select("tbody tr") if words(row.select_one(".pc-code")) == record.pk)
        told = words(row)
        assert f"Wave {record.wave}" in told
        assert PilotVariant(record.variant).label in told
        assert PilotEnd(record.at_end).label in told
        assert record.contract.title in told
        assert f"Salaried doctors: {decimal(record.salaried_gps)}" in told
        assert f"{(record.term_ends - date(2000, 4, 1)).days} days left" in told
        value = record.contract.holdings.get().annual_value
        assert f"{pounds(value)} a year" in told


def test_the_recorded_term_counts_before_the_rule(read: Callable[..., BeautifulSoup]) -> None:
    PmsPilot.objects.filter(portfolio="illustrative-trusts").update(term_ends=date(2000, 4, 2))
    page = read("/pilots/", as_of="2000-04-01", portfolio="illustrative-trusts")
    assert words(page.main).count("1 day left") == PmsPilot.objects.filter(portfolio="illustrative-trusts").count()


def test_particulars_stand_in_the_table_too(client, db: None) -> None:
    answer = client.get("/pilots/", {"as_of": "2000-04-01", "format": "csv", "portfolio": "illustrative-trusts"})
    listed = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    contracts = set(PmsPilot.objects.values_list("contract", flat=True))
    assert {row["contract"] for row in listed} <= contracts
    assert all(row["annual_value"] and row["variant"] and row["commissioner"] for row in listed)
