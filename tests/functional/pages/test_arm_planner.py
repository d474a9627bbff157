"""The planner of a provider arm without scripts: cards, forms, the path, keeping, proposing, following."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commissioning.models import ArmPlan
from organisations.models import Change
from tests.functional.pages.filling import Sheet, words

pytestmark = pytest.mark.django_db
COAST = "portfolio=illustrative-trusts&as_of=2009-10-01"
PATH = f"/organisations/X-KPCT1/provider-arm/?{COAST}"
TITLES = ["Children, young people and families", "Care at home", "Rehabilitation", "Health and wellbeing"]
PLANNER = "main form.pc-planner"
Read = Callable[..., BeautifulSoup]


@pytest.fixture
def reader(client: Client) -> Sheet:
    """The planner as anybody sees it."""
    return Sheet(client, PATH, PLANNER)


@pytest.fixture
def planner(proposer: Client) -> Sheet:
    """The planner as a commissioner sees it."""
    return Sheet(proposer, PATH, PLANNER)


def columns(sheet: Sheet) -> dict[str, list[str]]:
    """The names of the cards in each group."""
    return {
        words(column.select_one("[data-heading]")): [words(name) for name in column.select(".pc-card__name")]
        for column in sheet.page.select("[data-column]")
    }


def verdict(sheet: Sheet) -> str:
    return words(sheet.page.select_one("#part-preview .pc-verdict"))


def path(page: BeautifulSoup) -> list[str]:
    return [words(step) for step in page.select(".pc-path__step")]


def ends(page: BeautifulSoup) -> dict[str, list[str]]:
    """The rows of the table of the end, by the code of the body."""
    table = page.select_one("table:has(> #ends-caption)")
    assert table is not None
    return {
        words(row.select_one(".pc-code")): [words(cell) for cell in row.select("td")]
        for row in table.select("tbody tr")
    }


def test_it_opens_with_the_recorded_groups_and_their_chosen_forms(reader: Sheet) -> None:
    assert list(columns(reader)) == [*TITLES, "In no group"]
    assert columns(reader)["In no group"] == ["Chiropody", "Dental services", "Minor injury services"]
    values = reader.values
    assert [values[f"groups-{number}-form"] for number in range(4)] == [
        "horizontal-integration",
        "community-foundation-trust",
        "",
        "community-interest-company",
    ]
    assert verdict(reader).startswith("It can be proposed, in 3 steps.")
    assert [step.split(" Selwyke")[0] for step in path(reader.page)] == [
        "1 October 2009 Children, young people and families Horizontal integration (children's trust or care trust):",
        "1 April 2011 Health and wellbeing Community interest company:",
        "1 October 2012 Care at home Community foundation trust:",
    ]


def test_a_new_plan_starts_from_the_groups_of_the_catalogue(client: Client) -> None:
    sheet = Sheet(client, f"{PATH}&start_from=catalogue", PLANNER)
    assert list(columns(sheet))[:2] == ["Children and families", "Rehabilitation"]
    assert columns(sheet)["In no group"] == []
    assert "Choose a form for at least one group" in words(sheet.page.select_one("#part-preview"))


def test_a_card_says_what_its_service_carries(reader: Sheet) -> None:
    card = reader.page.select_one('[data-name="Health visiting"]')
    assert words(card.select_one(".pc-card__facts")) == "73 staff · £2.78 million"
    assert card.select_one("select")["name"] == "service-health-visiting"


def test_cards_move_by_their_selects_and_groups_come_and_go(reader: Sheet) -> None:
    reader.press("sort", service__chiropody="2", service__physiotherapy="")
    assert "Chiropody" in columns(reader)["Rehabilitation"]
    assert "Physiotherapy" in columns(reader)["In no group"]
    reader.press("add", "groups")
    assert list(columns(reader))[4] == "Group 5"
    reader.press("sort", service__chiropody="4", groups__4__title="Feet")
    assert columns(reader)["Feet"] == ["Chiropody"]
    reader.press("remove", "groups-2")
    assert list(columns(reader)) == [TITLES[0], TITLES[1], TITLES[3], "Feet", "In no group"]
    assert {"Physiotherapy", "Stroke rehabilitation"} <= set(columns(reader)["In no group"])
    assert columns(reader)["Feet"] == ["Chiropody"]
    assert not ArmPlan.objects.exists()


def test_a_form_asks_for_what_it_takes_and_suggests_it(reader: Sheet) -> None:
    assert "groups-2-on" not in reader.values
    reader.press("preview", groups__2__form="cooperative-society")
    values = reader.values
    assert (values["groups-2-on"], values["groups-2-name"]) == ("2011-10-01", "Selwyke Coast Rehabilitation")
    assert values["groups-2-code"] not in {"", values["groups-1-code"]}
    assert "groups-2-run_by" not in values
    assert "groups-0-run_by" in values
    assert "18 months allowed" in words(reader.page.select_one("#becoming-2"))


def test_forms_stand_side_by_side_those_chosen_or_those_ticked(reader: Sheet) -> None:
    def shown() -> list[str]:
        return [words(head.a) for head in reader.page.select("#part-sides thead th")]

    assert len(shown()) == 3
    assert "leaves open whether this is a benefit or a risk" in words(reader.page.select_one("#part-sides"))
    reader.press("preview", **{"show__provider-unit": "yes"})
    assert shown() == ["Provider unit of a primary care trust"]
    assert "is ours" in words(reader.page.select_one("#part-sides + p, #part-sides p"))


def test_checks_that_ask_for_thought_name_their_groups_and_sources(reader: Sheet) -> None:
    reader.press("preview", groups__1__on="2010-04-01", groups__3__coherence="")
    said = {row["data-check"]: words(row) for row in reader.page.select("#part-preview tr[data-check]")}
    assert "The plan as a whole" in said["coherence-first"]
    assert "Health and wellbeing" in said["coherence-first"]
    assert "Chiropody" in said["coherence-first"]
    everything = words(reader.page.select_one("#part-preview"))
    assert "Care at home would have less than 36 months" in everything
    assert "lines 1833-1839" in everything


def test_the_end_is_shown_body_by_body(reader: Sheet) -> None:
    found = ends(reader.page)
    values = reader.values
    assert list(found) == ["X-KPCT1", values["groups-3-code"], values["groups-1-code"]]
    assert [row[0] for row in found.values()] == ["11", "5", "10"]


def test_everything_wrong_is_told_at_its_field(reader: Sheet) -> None:
    reader.press(
        "preview",
        title="",
        start="soon",
        groups__0__title="",
        groups__1__on="never",
        groups__3__code="not a code",
    )
    assert reader.answer.status_code == 422
    told = dict(reader.errors)
    assert told["#title"] == "Give the plan a title"
    assert told["#groups-0-title"] == "Name group 1"
    assert {"#start", "#groups-1-on", "#groups-3-code"} <= set(told)
    for field in told:
        assert reader.page.select_one(field) is not None, field


def test_what_contradicts_the_record_is_told_too(reader: Sheet) -> None:
    reader.press("preview", groups__0__run_by="NOBODY", groups__3__code="X-KPCT2", separation="none")
    told = dict(reader.errors)
    assert told["#groups-0-run_by"] == "No organisation has the code NOBODY."
    assert "#separation" in told
    reader.press("preview", groups__0__run_by="", separation="internal")
    assert "already stands for" in dict(reader.errors)["#groups-3-code"]


def test_readers_try_and_are_told_how_to_keep(reader: Sheet, client: Client) -> None:
    assert not reader.page.select('button[name="keep"]')
    assert "sign in" in words(reader.page.select_one("#keep-heading").parent)
    answer = client.post(PATH, reader.values | {"keep": "yes"})
    assert answer.status_code == 403
    assert not ArmPlan.objects.exists()


def keep(planner: Sheet, **fields: str) -> Sheet:
    """Keep the plan and open its page."""
    planner.press("keep", **fields)
    assert planner.answer.status_code == 302, planner.errors
    return Sheet(planner.client, planner.answer["Location"], "main form")


def test_a_plan_is_kept_altered_and_thrown_away(planner: Sheet, read: Read) -> None:
    shown = keep(planner, title="The coast by 2012", rationale="Forms that fit.")
    assert words(shown.page.h1).endswith("The coast by 2012")
    assert "not proposed" in words(shown.page.select_one(".pc-standing"))
    alter = Sheet(planner.client, shown.page.select_one('a[href*="plan="]')["href"], PLANNER)
    stale = Sheet(planner.client, shown.page.select_one('a[href*="plan="]')["href"], PLANNER)
    assert alter.values["rationale"] == "Forms that fit."
    again = keep(alter, title="The coast by 2013")
    assert ArmPlan.objects.get().version == 2
    assert "1 plan is kept" in words(Sheet(planner.client, PATH, PLANNER).page.select_one("main"))
    stale.press("keep")
    assert "at version 2 now" in words(stale.page.select_one(".nhsuk-error-summary"))
    discard = again.page.select_one('form[action*="discard"]')
    answer = planner.client.post(discard["action"], {"version": "2"})
    assert answer.status_code == 302
    assert not ArmPlan.objects.exists()


def test_proposed_steps_show_their_status_and_the_end_still_reached(
    planner: Sheet, signed_in: Callable[[User], Client], approver: User
) -> None:
    promised = ends(planner.page)
    shown = keep(planner)
    propose = shown.page.select_one('form[action*="propose"]')
    answer = planner.client.post(propose["action"], {"version": "1"}, follow=True)
    page = BeautifulSoup(answer.content, "html.parser")
    assert "3 steps are proposed" in words(page.select_one(".nhsuk-notification-banner"))
    assert [words(tag) for tag in page.select(".pc-path .nhsuk-tag")] == ["Proposed"] * 3
    assert ends(page) == promised
    first = Change.objects.filter(owner_name="a-commissioner").order_by("effective_on").first()
    bob = signed_in(approver)
    for step in ("approve", "effect"):
        bob.post(f"/changes/{first.pk}/step/{step}/", {"version": Change.objects.get(pk=first.pk).version})
    planner.client.post(f"/changes/{first.pk + 1}/step/withdraw/", {"version": 1, "withdraw-comment": "Not now"})
    page = BeautifulSoup(planner.client.get(answer.redirect_chain[-1][0]).content, "html.parser")
    assert [words(tag) for tag in page.select(".pc-path .nhsuk-tag")] == ["Carried out", "Withdrawn", "Proposed"]
    assert "1 of 3 steps carried out." in words(page.select_one("#path-heading").parent)
    assert "Health and wellbeing" in words(page.select_one("main .pc-uncovered"))
    assert len(ends(page)) == 2


def test_a_plan_that_a_check_blocks_is_refused_whole(planner: Sheet) -> None:
    shown = keep(planner, groups__3__on="2013-04-01")
    propose = shown.page.select_one('form[action*="propose"]')
    answer = planner.client.post(propose["action"], {"version": "1"})
    assert answer.status_code == 409
    assert "rules do not allow" in words(
        BeautifulSoup(answer.content, "html.parser").select_one(".nhsuk-error-summary")
    )
    assert not Change.objects.filter(owner_name="a-commissioner").exists()


def test_a_trust_that_provides_nothing_has_nothing_to_plan(read: Read) -> None:
    page = read("/organisations/5M1/provider-arm/", as_of="2009-04-01")
    assert "there is nothing to plan" in words(page.select_one("main"))
    assert "X-KPCT1" in page.select_one('main a[href*="provider-arm"]')["href"]
    read("/organisations/NOBODY/provider-arm/", status=404)
    read("/organisations/X-KPCT1/provider-arm/", status=404, portfolio="illustrative-trusts", as_of="1999-01-01")
    read("/organisations/X-KPCT1/provider-arm/99/", status=404)
    read("/organisations/X-KPCT1/provider-arm/", status=404, plan="99")


@pytest.mark.parametrize("values", [{}, {"groups-9-title": "Ten"}, {"service-chiropody": "77", "groups-0-title": "²"}])
def test_odd_forms_are_answered(client: Client, values: dict[str, str]) -> None:
    answer = client.post(PATH, values | {"preview": "yes"})
    assert answer.status_code == 422


def test_the_planner_costs_few_queries(client: Client, queries: Callable[[], CaptureQueriesContext]) -> None:
    client.get(PATH)
    with queries() as seen:
        client.get(PATH)
    assert len(seen) <= 44


def test_provider_arms_of_many_trusts(read: Read) -> None:
    where: dict[str, Any] = {"portfolio": "illustrative-trusts", "as_of": "2009-03-31"}
    page = read("/provider-arms/", **where)
    tiles = {words(tile.dt): words(tile.dd) for tile in page.select(".pc-stat")}
    assert tiles == {
        "Not separated": "1",
        "Internal, with a service-level agreement": "1",
        "At arm's length": "0",
        "Fully separate": "0",
    }
    narrowed = read("/provider-arms/", separation="internal", **where)
    assert words(narrowed.select_one("#arms-heading")) == "1 arm of 2"
    assert words(narrowed.select_one("tbody th a[href*=X-KPCT]")) == "Selwyke Coast Primary Care Trust"
    by_stance = read("/provider-arms/", approach="holding-position", **where)
    assert words(by_stance.select_one("#arms-heading")) == "1 arm of 2"
    odd = read("/provider-arms/", separation="sideways", **where)
    assert "no such state" in words(odd.select_one("main"))
    none = read("/provider-arms/")
    assert "No provider arm is recorded" in words(none.select_one("main"))
