"""What stands round every page: the date, the portfolio, navigation, notices, errors, safety."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PAGES = [
    "/",
    "/organisations/",
    "/organisations/5M1/",
    "/compare/?code=5M1",
    "/changes/",
    "/forms/",
    "/forms/pct-4/",
    "/options/",
    "/assessments/",
    "/glossary/",
    "/about-the-data/",
    "/accessibility/",
    "/api-guide/",
    "/sign-in/",
]


def words(part):
    return " ".join(part.get_text(" ").split())


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/sign-in/"])
def test_every_page_of_data_has_the_date_the_portfolio_and_the_frame(read, path):
    page = read(path + ("&" if "?" in path else "?") + "as_of=2009-04-01")
    assert words(page.select_one(".pc-date-bar__statement")) == "As at 1 April 2009"
    assert page.select_one("#as-of")["value"] == "2009-04-01"
    shown = [option["value"] for option in page.select("#portfolio-shown option")]
    assert shown == ["", "illustrative-county", "illustrative-trusts", "all"]
    assert page.select_one(".nhsuk-skip-link")["href"] == "#maincontent"
    assert page.select_one("main#maincontent")
    assert len(page.find_all("h1")) == 1
    assert page.title.string.strip().endswith("– pcorg")
    assert "Contains NHS England and ONS data, Crown copyright, OGL v3" in words(page.footer)
    assert "not a service of the NHS" in words(page.footer)
    assert page.html["lang"] == "en-GB"


@pytest.mark.parametrize("path", PAGES)
def test_pages_carry_no_mark_of_the_health_service(read, path):
    page = str(read(path))
    assert "nhsuk-header__logo" not in page
    assert "Frutiger" not in page


def test_a_page_opens_on_the_last_day_covered(read):
    assert words(read("/").select_one(".pc-date-bar__statement")) == "As at 31 March 2015"
    invented = read("/", portfolio="illustrative-county")
    assert words(invented.select_one(".pc-date-bar__statement")) == "As at 31 March 2010"


def test_the_date_form_keeps_the_other_parameters_but_not_the_page(read):
    page = read("/organisations/", q="trust", ordering="-population", page="2", as_of="2009-04-01")
    kept = {field["name"]: field["value"] for field in page.select(".pc-date-bar__form input[type=hidden]")}
    assert kept == {"q": "trust", "ordering": "-population"}


def test_links_keep_the_date_and_the_portfolio(read):
    page = read("/", as_of="2005-04-01", portfolio="illustrative-county")
    for link in page.select(".pc-header__nav a, main a[href^='/organisations/'], main a[href^='/changes/']"):
        query = parse_qs(urlsplit(link["href"]).query)
        assert query["portfolio"] == ["illustrative-county"], link
        assert query["as_of"] == ["2005-04-01"], link


def test_where_one_is_is_marked(read):
    def marked(path):
        return [(words(link), link["aria-current"]) for link in read(path).select(".pc-header__nav a[aria-current]")]

    assert marked("/changes/") == [("Changes", "page")]
    assert marked("/forms/pct-4/") == [("Forms and rules", "true")]
    assert marked("/accessibility/") == []


def test_invented_data_is_marked_and_left_out_unless_asked_for(read):
    assert not read("/").select(".pc-illustrative")
    assert "invented" in words(read("/", portfolio="illustrative-county").select_one(".pc-illustrative--banner"))
    assert "mixes" in words(read("/", portfolio="all").select_one(".pc-illustrative--banner"))
    assert not [row for row in read("/organisations/").select("tbody tr") if "X-" in words(row)]


def test_a_day_outside_the_period_covered_says_so_and_leads_back(read):
    page = read("/organisations/", as_of="1990-01-01", q="trust")
    told = page.select_one(".pc-uncovered")
    assert "1 January 1990 lies outside the period covered" in words(told)
    assert [parse_qs(urlsplit(link["href"]).query) for link in told.find_all("a")] == [
        {"q": ["trust"], "as_of": ["2006-10-01"]},
        {"q": ["trust"], "as_of": ["2015-03-31"]},
    ]
    assert not read("/organisations/").select(".pc-uncovered")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/?as_of=yesterday", "“yesterday” is not a date"),
        ("/?as_of=2009-02-30", "“2009-02-30” is not a date"),
        ("/changes/?portfolio=atlantis", "no portfolio called “atlantis”"),
        ("/forms/?family=royal", "no family of forms called “royal”"),
    ],
)
def test_what_is_not_understood_is_said_in_words(read, path, told):
    page = read(path, status=400)
    assert told in words(page.main)
    assert page.select_one("main a[href='/']")


def test_a_date_may_be_written_day_first(read):
    assert words(read("/", as_of="1/4/2009").select_one(".pc-date-bar__statement")) == "As at 1 April 2009"


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/organisations/NOBODY/", "/changes/99999/", "/forms/kingdom/", "/changes/99999/shares.csv"]
)
def test_what_is_not_there_is_not_found_in_the_frame(read, path):
    page = read(path, status=404)
    assert words(page.h1) == "Page not found"
    assert page.select(".pc-header__nav a")


def test_a_fault_of_ours_is_told_without_the_database(monkeypatch, django_assert_num_queries):
    def fail(*_args, **_kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("organisations.web.views.home.scope_of", fail)
    with django_assert_num_queries(0):
        answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert b"something went wrong on our side" in answer.content
    assert b"secret detail" not in answer.content


def test_a_forged_form_is_refused_in_words():
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert b"You may not do this" in answer.content


@pytest.mark.parametrize("path", PAGES)
def test_scripts_carry_the_nonce_and_nothing_is_inline(client, read, path):
    policy = client.get(path)["Content-Security-Policy"]
    page = read(path)
    nonces = {tag["nonce"] for tag in page.select("script:not([type='application/json'])")}
    assert len(nonces) == 1
    assert "'nonce-" in policy
    assert "unsafe-eval" not in policy
    assert not page.select("[style], style")
    assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]


def test_a_page_with_a_nonce_never_answers_not_modified(client):
    first = client.get("/")
    again = client.get("/", headers={"if-none-match": first.headers.get("ETag", '"x"')})
    assert again.status_code == 200
    assert again["Content-Security-Policy"] != first["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/?as_of=2009-04-01",
        "/?portfolio=illustrative-county",
        "/organisations/?as_of=2009-04-01&q=birmingham&ordering=-population",
        "/compare/?code=5M1&code=5PG&as_of=2009-04-01",
        "/changes/?kind=merger&q=hertfordshire",
        "/changes/5/?body=birmingham",
        "/forms/?family=pilots",
        "/forms/pct-4/",
        "/glossary/",
        "/about-the-data/",
    ],
)
def test_the_same_data_is_one_click_away(client, read, path):
    links = [link["href"] for link in read(path).select("a[href*='/api/v1/'], a[href*='csv']")]
    assert any("csv" in link for link in links), "no CSV"
    assert any(link.startswith("/api/v1/") and "csv" not in link for link in links), "no API address"
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        if "csv" in link:
            assert answer["Content-Type"].startswith("text/csv"), link
            b"".join(answer.streaming_content) if answer.streaming else None
