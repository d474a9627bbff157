"""One change; forms and rules; glossary; about the data; the pages that belong to no app."""

from __future__ import annotations

import csv
import io

import pytest

from organisations.models import Change, Form, GlossaryTerm, PolicyCheck, Source, TransitionRule

pytestmark = pytest.mark.django_db


def words(part):
    return " ".join(part.get_text(" ").split())


@pytest.fixture
def reform(db):
    """The reform of April 2013."""
    return Change.objects.get(reference="2013-clinical-commissioning-groups").pk


@pytest.fixture
def merger(db):
    """The Hertfordshire merger of 2010."""
    return Change.objects.get(reference="2010-hertfordshire").pk


def shares(page):
    return [
        (words(row.select("th .pc-code")[0]) if row.th else None, words(row.select("td .pc-code")[0]),
         words(row.select_one(".nhsuk-table__cell--numeric")))
        for row in page.select_one("#shares-caption").find_parent("table").select("tbody tr")
    ]  # fmt: skip


def test_a_merger_tells_who_went_in_what_came_out_and_who_decided(read, merger):
    page = read(f"/changes/{merger}/")
    assert words(page.h1) == "Merger of 1 April 2010 The two Hertfordshire trusts become one"
    assert "2 bodies gave way to 1 new body." in words(page.main)
    assert shares(page) == [("5P3", "5QV", "100%"), ("5P4", "5QV", "100%")]
    assert "recorded as history" in words(page.main)
    assert page.select("#findings-caption")
    assert page.select("a[href*='/forms/#check-'], a[href*='/forms/?'][href*='#check-']")
    assert "Carried out by" in words(page.select_one(".pc-events"))


def test_bodies_of_a_change_lead_to_a_day_of_their_lives(read, merger):
    page = read(f"/changes/{merger}/", as_of="2014-01-01")
    assert page.select_one("main a[href^='/organisations/5P3/']")["href"] == "/organisations/5P3/?as_of=2010-03-31"
    assert page.select_one("main a[href^='/organisations/5QV/']")["href"] == "/organisations/5QV/?as_of=2013-03-31"


def test_the_reform_of_hundreds_comes_in_pages_and_can_be_searched(read, reform):
    page = read(f"/changes/{reform}/")
    assert "151 bodies gave way to 211 new bodies; 238 shares of population" in words(page.main)
    originals = 0
    while True:
        originals += len([share for share in shares(page) if share[0]])
        follow = page.select_one(".nhsuk-pagination__next")
        if follow is None:
            break
        page = read(follow["href"].partition("#")[0])
    assert originals == 151
    found = shares(read(f"/changes/{reform}/", body="5M1"))
    assert found == [("5M1", "13P", "62.5%"), (None, "04X", "37.4%"), (None, "05L", "0.1%")]
    divided = read(f"/changes/{reform}/", shares="divided", body="devon")
    assert all(len(body.select("tr")) > 1 for body in divided.select("#shares ~ .pc-table-wrap tbody.pc-group"))
    assert "No share fits" in words(read(f"/changes/{reform}/", body="atlantis").main)


def test_shares_as_a_file_add_up(client, reform):
    answer = client.get(f"/changes/{reform}/shares.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert len(rows) == 238
    whole: dict[str, float] = {}
    for row in rows:
        whole[row["original"]] = whole.get(row["original"], 0) + float(row["share"])
    assert len(whole) == 151
    assert all(abs(total - 1) < 1e-9 for total in whole.values())


def test_moves_and_evidence_of_an_invented_transfer(read):
    change = Change.objects.filter(portfolio="illustrative-county", moves__isnull=False).first()
    page = read(f"/changes/{change.pk}/")
    assert page.select("#moves-caption")
    assert "This change is invented" in words(page.main)


def test_a_change_that_passed_nothing_on_has_no_shares(read, client):
    change = Change.objects.filter(kind="dissolution", edges=None).first()
    page = read(f"/changes/{change.pk}/")
    assert not page.select("#shares")
    assert client.get(page.select_one(".pc-data-links a")["href"]).status_code == 200


def test_the_typology_holds_every_form_with_its_powers(read):
    page = read("/forms/")
    table = page.select_one("#forms-caption").find_parent("table")
    rows = {words(row.th): [words(cell) for cell in row.select("td")] for row in table.select("tr") if row.td}
    assert set(rows) == set(Form.objects.values_list("label", flat=True))
    assert rows["Care trust"] == [
        *("", "Yes", "Not stated", "Yes", "Yes", "Not stated", "Yes", "Yes"),
        "from 2002",
    ]
    assert rows["Primary care group, level 1"][:5] == ["1", "No", "Yes", "Not stated", "No"]
    assert rows["General practice"][5] == "Yes"


def test_every_declared_step_is_drawn_and_listed(read):
    page = read("/forms/")
    table = page.select_one("#rules-caption").find_parent("table")
    listed = sum(cell.string.count(" or ") + 1 for cell in table.select("tbody tr td:nth-last-of-type(4)"))
    merging = len(page.select("#merging ~ ul.pc-columns li"))
    assert listed + merging == TransitionRule.objects.count()
    assert page.select_one(".pc-graph svg")
    assert len(page.select("#checks-caption ~ tbody tr")) == PolicyCheck.objects.count()


def test_a_family_narrows_forms_and_rules(read):
    page = read("/forms/", family="pilots")
    assert words(page.select_one("#forms-caption")) == "Pilots: 1 form"
    assert "Personal medical services pilot" in words(page.select_one("#rules-caption").find_parent("table"))


def test_a_form_tells_its_powers_bounds_steps_and_bodies(read):
    page = read("/forms/pct-4/", as_of="2009-04-01")
    told = words(page.main)
    assert "stands on its own in law, holds a budget, plans and buys care and provides community" in told
    assert "Predicted to average over 200,000 patients" in told
    assert "Not stated: advises, provides primary care, provides social care" in told
    assert "Care it plans and buys Almost all care" in told
    assert "200,000 patients or more" not in told
    assert "1 April 2000 to 31 March 2013" in told
    assert "147 organisations have this form on 1 April 2009" in told
    assert page.select("#steps-in")
    assert page.select("#steps-out")


@pytest.mark.parametrize("slug", ["gp-practice", "clinical-network", "primary-care-network", "local-authority"])
def test_forms_without_steps_or_dates_have_pages_too(read, slug):
    assert words(read(f"/forms/{slug}/").h1).endswith(Form.objects.get(pk=slug).label)


def test_every_term_is_in_the_glossary_with_a_place_of_its_own(read):
    page = read("/glossary/")
    terms = page.select("dt.pc-terms__term")
    assert len(terms) == GlossaryTerm.objects.count()
    assert len({term["id"] for term in terms}) == len(terms)
    assert "Primary care trust (PCT)" in {words(term) for term in terms}


def test_about_the_data_tells_coverage_limits_sources_and_attribution(read):
    page = read("/about-the-data/")
    told = words(page.main)
    assert "1 October 2006 to 31 March 2015" in told
    assert "1 April 1991 to 31 March 2010" in told
    assert "The registers do not state the level of a primary care trust" in told
    assert {row["id"] for row in page.select("tr[id^=source-]")} == {
        f"source-{slug}" for slug in Source.objects.values_list("slug", flat=True)
    }
    assert "Contains NHS England and ONS" in told


def test_citations_lead_to_a_source_that_is_there(read):
    about = read("/about-the-data/")
    for path in ("/forms/", "/glossary/", "/forms/pct-4/"):
        anchors = {link["href"].partition("#")[2] for link in read(path).select("a[href*='#source-']")}
        assert anchors
        assert all(about.find(id=anchor) for anchor in anchors)


def test_the_api_guide_gives_requests_that_work(read, client):
    page = read("/api-guide/", as_of="2009-04-01")
    for request in page.select(".pc-snippet code")[:3]:
        address = request.string.split('"')[1].partition("testserver")[2]
        assert client.get(address).status_code == 200
