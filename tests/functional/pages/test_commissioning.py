"""Pages of commissioning: what is held on a day, contracts, pooled budgets, and what stands on a body's own page."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from commissioning.models import Contract, ContractHolding, Contribution, ProvisionHolding
from organisations.models import Change
from pcorg.core.names import fold
from pcorg.core.pages.jinja2 import pounds, rough_pounds
from tests.functional.pages.filling import words

pytestmark = pytest.mark.django_db
Read = Callable[..., BeautifulSoup]
TRUSTS = {"portfolio": "illustrative-trusts", "as_of": "2009-06-01"}
TRUST = "X-KPCT1"


def rows(page: BeautifulSoup, table: str) -> list[list[str]]:
    """The rows of a table of records, each cell as words."""
    found = page.select(f"#{table}-table tbody tr")
    assert found, f"no table {table}"
    return [[words(cell) for cell in row.select("th, td")] for row in found]


def foot(page: BeautifulSoup, table: str) -> list[str]:
    """The totals of a table of records."""
    return [words(cell) for cell in page.select(f"#{table}-table tfoot th, #{table}-table tfoot td")]


def listed(client: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """The same from the API."""
    return client.get(f"/api/v1/{path}", {"page_size": 1000, **TRUSTS, **query}).json()["results"]


def panel(page: BeautifulSoup, anchor: str) -> Tag:
    heading = page.find(id=anchor)
    assert isinstance(heading, Tag), f"no section {anchor}"
    return heading


def test_commissioning_at_a_glance(read: Read, client: Client) -> None:
    page = read("/commissioning/", **TRUSTS)
    contracts = listed(client, "contracts/")
    figures = {words(tile.dt): [words(part) for part in tile.select("dd")] for tile in page.select(".pc-stat")}
    assert figures["Contracts"][0] == str(len({row["code"] for row in contracts}))
    value = sum(Decimal(row["annual_value"]) for row in contracts)
    assert figures["Contracts"][1] == f"{rough_pounds(value)} a year"
    providers = {row["provider"] for row in listed(client, "provisions/")}
    assert len(rows(page, "providers")) == len(providers)
    for name in ("Contracts", "Pooled budgets", "Pilots", "Benchmark", "Services and staff"):
        assert read(page.select_one(".pc-terms").find("a", string=name)["href"])  # type: ignore[union-attr]


def test_where_nothing_is_recorded_an_example_is_offered(read: Read) -> None:
    for path in ("/commissioning/", "/contracts/", "/pooled-budgets/"):
        page = read(path)
        assert "is recorded" in words(page.main)
        example = page.main.find("a", string="Illustrative trusts")  # type: ignore[union-attr]
        assert "portfolio=illustrative-trusts" in example["href"]  # type: ignore[index]


def test_contracts_of_the_day_the_largest_first(read: Read, client: Client) -> None:
    page = read("/contracts/", **TRUSTS)
    api = listed(client, "contracts/", ordering="-annual_value")
    shown = rows(page, "contracts")
    values = [Decimal(row["annual_value"]) for row in api][: len(shown)]
    assert {value == value.to_integral_value() for value in values} == {True, False}
    assert [row[5] for row in shown] == [pounds(value, pence=True) for value in values], "they line up"
    caption = words(page.select_one("#contracts-caption"))
    assert caption.startswith(f"{len(api)} contracts worth £")


@pytest.mark.parametrize(
    "query",
    [
        {"commissioner": TRUST},
        {"provider": "X-KAT1"},
        {"organisation": "X-KAT2"},
        {"type": "service-level-agreement"},
        {"service": "physiotherapy", "sector": "community"},
        {"value_min": "10000000"},
        {"ends_before": "2011-12-31"},
        {"q": "hospital"},
    ],
)
def test_the_page_and_the_api_find_the_same_contracts(read: Read, client: Client, query: dict[str, str]) -> None:
    page = read("/contracts/", **TRUSTS, **query)
    codes = [words(code) for code in page.select("#contracts-table tbody th .pc-code")]
    assert codes
    assert sorted(codes) == sorted(row["code"] for row in listed(client, "contracts/", **query))
    assert page.select(".pc-filters__chip")
    address = page.select_one(".pc-data-links__address")["href"]  # type: ignore[index]
    assert len(client.get(address).json()["results"]) == len(codes)


def test_a_search_that_is_not_understood_says_so(read: Read) -> None:
    page = read("/contracts/", commissioner="nobody", value_min="much", **TRUSTS)
    told = [words(link) for link in page.select(".nhsuk-error-summary a")]
    assert any(text.startswith("Commissioner: No organisation") for text in told)
    assert any(text.startswith("Pounds a year, at least") for text in told)
    assert not page.select("#contracts-table")


def test_contracts_are_sorted_by_their_headings(read: Read) -> None:
    page = read("/contracts/", **TRUSTS)
    heading = page.select_one('#contracts-table th[aria-sort="descending"]')
    assert words(heading) == "£ a year"
    page = read(page.find("a", string="Contract")["href"])  # type: ignore[index]
    titles = [words(row.th.a) for row in page.select("#contracts-table tbody tr")]
    assert titles == sorted(titles, key=fold)
    assert page.select_one('input[name="ordering"][value="title"]')


def test_one_contract_with_its_parties_over_time(read: Read) -> None:
    agreement = Contract.objects.filter(type__agreement=True, portfolio="illustrative-trusts").first()
    assert agreement is not None
    page = read(f"/contracts/{agreement.code}/", as_of="2009-06-01")
    told = words(page.main)
    assert "and its own provider arm" in told
    assert f"{pounds(agreement.holdings.get().annual_value)} a year" in told
    assert "Illustrative" in words(page.select_one(".pc-standing"))
    for service in agreement.services.all():
        assert service.label in told
    for measure in agreement.measures.all():
        assert measure.text in told
    assert len(rows(page, "holdings")) == agreement.holdings.count()
    assert read("/contracts/X-NONE/", status=404)


def test_a_novated_contract_tells_which_change_moved_it(read: Read) -> None:
    change = Change.objects.filter(portfolio="illustrative-trusts").earliest("pk")
    held = ContractHolding.objects.filter(item__portfolio="illustrative-trusts").earliest("pk")
    ContractHolding.objects.filter(pk=held.pk).update(begun_by=change)
    page = read(f"/contracts/{held.item_id}/")
    assert rows(page, "holdings")[0][5] == change.title
    assert (
        page.select_one("#holdings-table")
        .find("a", string=change.title)["href"]
        .startswith(  # type: ignore[union-attr]
            f"/changes/{change.pk}/"
        )
    )


def test_pooled_budgets_with_the_share_of_each_partner(read: Read, client: Client) -> None:
    page = read("/pooled-budgets/", **TRUSTS)
    for pool in listed(client, "pooled-budgets/"):
        section = page.find(id=pool["code"]).parent  # type: ignore[union-attr]
        assert isinstance(section, Tag)
        assert f"{pounds(Decimal(pool['total']))} a year" in words(section)
        shown = [[words(cell) for cell in row.select("td")] for row in section.select("tbody tr")]
        assert [row[0] for row in shown] == [pounds(Decimal(part["amount"])) for part in pool["contributions"]]
        assert shown[0][2] == "Holds the pool"
        widths = [Decimal(str(part["width"])) for part in section.select("svg rect")]
        assert sum(widths) == 100
        assert widths == [Decimal(part["share"]) * 100 for part in pool["contributions"]]


def test_pooled_budgets_by_partner(read: Read) -> None:
    partner = Contribution.objects.filter(item__portfolio="illustrative-trusts").order_by("partner").last()
    assert partner is not None
    page = read("/pooled-budgets/", partner=partner.partner_id, **TRUSTS)
    assert [pool["aria-labelledby"] for pool in page.select(".pc-pool")] == [partner.item_id]
    assert "No pooled budget" in words(read("/pooled-budgets/", q="unicorns", **TRUSTS).main)


def test_the_page_of_a_body_shows_what_it_holds(read: Read, client: Client) -> None:
    page = read(f"/organisations/{TRUST}/", as_of="2009-06-01")
    contents = [link["href"] for link in page.select(".pc-contents a")]
    for anchor in ("services", "contracts", "budgets", "pools", "staff", "premises", "arm"):
        assert f"#{anchor}-section" in contents
        heading = panel(page, f"{anchor}-section")
        assert "Illustrative" in words(heading)
    for table, path, party in (
        ("contracts", "contracts/", "organisation"),
        ("budgets", "budgets/", "organisation"),
        ("pools", "pooled-budgets/", "partner"),
        ("staff", "staffing/", "organisation"),
        ("premises", "premises/", "organisation"),
        ("services", "provisions/", "organisation"),
    ):
        assert len(rows(page, table)) == len(listed(client, path, **{party: TRUST}))


def test_long_tables_of_a_body_are_folded_under_their_captions(read: Read) -> None:
    page = read(f"/organisations/{TRUST}/", as_of="2009-06-01")
    folded = {words(each.summary): each.table["id"] for each in page.select("details:has(table.pc-records)")}
    assert set(folded.values()) == {f"{table}-table" for table in ("services", "contracts", "staff", "premises")}
    assert all(words(page.find(id=table).caption) == summary for summary, table in folded.items())
    assert len(rows(page, "budgets")) <= 8


def test_totals_add_what_is_known_and_say_what_is_not(read: Read) -> None:
    page = read(f"/organisations/{TRUST}/", as_of="2009-06-01")
    held = ProvisionHolding.objects.filter(population_of=TRUST).as_of("2009-06-01").exclude(wte=None)
    assert held.exists()
    ProvisionHolding.objects.filter(pk=held[0].pk).update(annual_value=None)
    again = read(f"/organisations/{TRUST}/", as_of="2009-06-01")
    assert "1 not known and left out" in foot(again, "services")[5]
    assert foot(page, "services")[5] != foot(again, "services")[5]


def test_budgets_say_what_is_devolved(read: Read) -> None:
    page = read("/organisations/X-KPCG1/", as_of="2000-01-01")
    (budget, *_) = rows(page, "budgets")
    assert "90%" in budget[3]


def test_a_body_that_holds_nothing_has_no_such_sections(read: Read) -> None:
    page = read("/organisations/5M1/", as_of="2009-04-01")
    assert page.find(id="services-section") is None
    assert page.find(id="contracts-section") is None


def test_panels_are_of_the_day_shown(read: Read) -> None:
    """After its last day a body shows what it held then."""
    page = read("/organisations/X-KPCG1/", as_of="2009-06-01")
    assert rows(page, "budgets")


def test_pages_take_few_queries(client: Client, queries: Callable[[], Any]) -> None:
    for path, most in (
        ("/commissioning/", 12),
        ("/contracts/", 12),
        ("/pooled-budgets/", 10),
        (f"/organisations/{TRUST}/portfolio/", 32),
        (f"/organisations/{TRUST}/", 42),
    ):
        client.get(path, TRUSTS)
        with queries() as seen:
            assert client.get(path, TRUSTS).status_code == 200
        assert len(seen) <= most, (path, len(seen))


@pytest.mark.parametrize("path", ["/contracts/", "/pooled-budgets/", "/commissioning/", "/pilots/"])
def test_an_empty_page_leads_to_the_portfolios_that_hold_something(
    read: Callable[..., BeautifulSoup], path: str
) -> None:
    page = read(path, as_of="2009-04-01")
    (said,) = [part for part in page.select("main p") if "Portfolios with" in words(part)]
    links = {words(link): link["href"] for link in said.select("a")}
    assert "Illustrative trusts" in links
    assert ("Illustrative county" in links) == (path == "/pilots/")
    for href in links.values():
        there = read(href)
        assert "Portfolios with" not in words(there.main)
        assert there.select("main tbody tr")
