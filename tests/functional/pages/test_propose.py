"""Propose a change: every kind by its form without scripts, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client

from organisations.domain.lifecycle import Step
from organisations.domain.vocabulary import ChangeKind
from organisations.models import Change, Organisation
from organisations.services.proposals import decide
from pcorg.core.policies import Actor
from tests.functional.pages.filling import CCG, Sheet, county, named, newcastle, seated, words

pytestmark = pytest.mark.django_db
BOB = Actor("bob", commissions=True, approves=True)


# --- the way in -----------------------------------------------------------------------------------------------------


def test_every_kind_is_explained_and_leads_to_its_form(read: Callable[..., BeautifulSoup]) -> None:
    page = read("/changes/propose/")
    listed = page.select(".pc-kinds__kind")
    assert len(listed) == len(ChangeKind) == 10
    for kind in listed:
        assert len(words(kind.dd)) > 30
        assert kind.a["href"].startswith("/changes/propose/")
    assert page.select_one('main a[href^="/sign-in/?next="]')


def test_a_body_is_carried_from_its_page_to_the_form(read: Callable[..., BeautifulSoup], proposer: Client) -> None:
    link = read("/organisations/5M1/", as_of="2009-04-01").find("a", string="Propose a change to this body")
    page = read(link["href"])
    merger = page.find("a", string="Merger")
    assert Sheet(proposer, merger["href"]).values["originals-0"] == "5M1"
    assert page.find("a", string="Establishment") is None


def test_only_commissioners_get_the_form(client: Client, signed_in: Callable, person: Callable) -> None:
    answer = client.get("/changes/propose/merger/")
    assert (answer.status_code, answer["Location"][:9]) == (302, "/sign-in/")
    assert signed_in(person("reader")).get("/changes/propose/merger/").status_code == 403
    assert signed_in(person("reader2")).post("/changes/propose/merger/", {"propose": "yes"}).status_code == 403


def test_an_unknown_kind_is_not_found(proposer: Client) -> None:
    assert proposer.get("/changes/propose/abolition/").status_code == 404


# --- naming bodies --------------------------------------------------------------------------------------------------


def test_a_name_is_looked_up_and_a_choice_offered(sheet: Callable[..., Sheet]) -> None:
    page = sheet("merger", effective_on="2015-03-01")
    page.press("find", "originals-0", originals__0="newcastle")
    assert not page.errors
    assert {"00G", "00H"} <= set(page.choices("pick-originals-0"))
    page.press("find", "originals-0", pick__originals__0="00G")
    assert page.values["originals-0"] == "00G"
    assert "Clinical commissioning group" in words(page.page.select_one("#originals-0-means"))


def test_a_name_that_fits_one_body_is_taken_for_it(sheet: Callable[..., Sheet]) -> None:
    page = sheet("rename", effective_on="2009-04-01")
    page.press("find", "originals-0", originals__0="south birmingham primary care trust")
    assert page.values["originals-0"] == "5M1"


def test_the_lookup_offers_only_bodies_that_may_take_the_step(sheet: Callable[..., Sheet]) -> None:
    page = sheet("separation", effective_on="2009-04-01")
    page.press("find", "originals-0", originals__0="birmingham")
    offered = page.choices("pick-originals-0")
    assert "5M1" in offered
    assert not [code for code in offered if code.startswith("LA-")]


def test_ambiguous_and_unknown_names_are_errors_with_what_to_do(sheet: Callable[..., Sheet]) -> None:
    page = sheet("merger", effective_on="2015-03-01").press(
        "preview", originals__0="newcastle", originals__1="no such place", **named("13T")
    )
    assert page.answer.status_code == 422
    told = dict(page.errors)
    assert "choose one" in told["#originals-0"]
    assert "no such place" in told["#originals-1"]
    assert page.values["originals-1"] == "no such place"


# --- rows -----------------------------------------------------------------------------------------------------------


def test_rows_are_added_and_taken_away_and_the_rest_is_kept(sheet: Callable[..., Sheet]) -> None:
    page = sheet("merger", effective_on="2015-03-01", originals__0="00F", originals__1="00G")
    page.press("add", "originals", title="Tyneside")
    page.press("add", "originals", originals__2="00H", **named("13T"))
    assert [page.values[f"originals-{row}"] for row in range(4)] == ["00F", "00G", "00H", ""]
    page.press("remove", "originals-1")
    assert [page.values[f"originals-{row}"] for row in range(3)] == ["00F", "00H", ""]
    assert (page.values["title"], page.values["resulting-0-code"]) == ("Tyneside", "13T")


def test_taking_away_a_body_takes_its_shares_along(sheet: Callable[..., Sheet]) -> None:
    page = sheet("reconfiguration", effective_on="2015-03-01", originals__0="00F", originals__1="00G")
    page.press("add", "resulting", **named("N1", CCG))
    page.press("find", "originals-0", **named("N2", CCG, 1))
    shares = {"shares__0__0": "100", "shares__1__0": "30", "shares__1__1": "70"}
    page.press("remove", "originals-0", **shares)
    assert page.values["originals-0"] == "00G"
    assert (page.values["shares-0-0"], page.values["shares-0-1"]) == ("30", "70")
    page.press("remove", "resulting-0")
    assert (page.values["resulting-0-code"], page.values["shares-0-0"]) == ("N2", "70")


# --- what is offered ------------------------------------------------------------------------------------------------


def test_a_transition_offers_the_declared_steps_of_the_day(sheet: Callable[..., Sheet]) -> None:
    page = county(sheet, "transition", "X-PCG6")
    assert page.choices("step") == ["level:pcg-2", "succession:pct-3", "succession:pct-4"]
    page = county(sheet, "transition", "X-PCG6", on="1999-10-01")
    assert page.choices("step") == ["level:pcg-2"]
    page = county(sheet, "transition", "X-LA1")
    assert page.choices("step") == []
    assert "The rules know nothing" in words(page.page.select_one("#step"))


def test_a_merger_offers_the_forms_that_all_its_bodies_may_join_into(sheet: Callable[..., Sheet]) -> None:
    mixed = county(sheet, "merger", "X-PCG6", "X-PCG4").choices("resulting-0-form")
    assert "pct-3" in mixed
    assert "pcg-1" not in mixed
    assert "acute-trust" not in mixed


def test_a_succession_asks_for_the_new_body_and_a_change_of_level_does_not(sheet: Callable[..., Sheet]) -> None:
    page = county(sheet, "transition", "X-PCG6").press("find", "step", step="level:pcg-2")
    assert "resulting-0-code" not in page.values
    page.press("find", "step", step="succession:pct-3")
    assert "resulting-0-code" in page.values
    assert "resulting-0-form" not in page.values


# --- every kind, from form to effect --------------------------------------------------------------------------------


def fill_establishment(sheet: Callable[..., Sheet]) -> Sheet:
    return sheet("establishment", effective_on="2015-03-01").press(
        "preview", portfolio="england-2006-2015", **named("13Z", CCG), resulting__0__population="180,000"
    )


def fill_transition(sheet: Callable[..., Sheet]) -> Sheet:
    page = county(sheet, "transition", "X-MH1", on="2010-03-01")
    return page.press("preview", step="designation:foundation-trust")


def fill_merger(sheet: Callable[..., Sheet]) -> Sheet:
    return newcastle(sheet)


def fill_split(sheet: Callable[..., Sheet]) -> Sheet:
    page = sheet("split", effective_on="2015-03-01", originals__0="03N")
    page.press("find", "originals-0", **named("13A", CCG), **named("13B", CCG, 1))
    return page.press("preview", shares__0__0="60", shares__0__1="40")


def fill_separation(sheet: Callable[..., Sheet]) -> Sheet:
    page = county(sheet, "separation", "X-PCT5", on="2010-03-01").press("add", "moves")
    form = next(slug for slug in page.choices("resulting-0-form") if slug)
    return page.press("preview", **named("X-ARM9", form), moves__0__what="District nursing")


def fill_transfer(sheet: Callable[..., Sheet]) -> Sheet:
    page = sheet("transfer", effective_on="2015-03-01", originals__0="01A", originals__1="01E")
    page.press("add", "moves")
    return page.press("preview", passes__0__1="5", moves__0__what="Two wards", moves__0__from="01A", moves__0__to="01E")


def fill_reconfiguration(sheet: Callable[..., Sheet]) -> Sheet:
    page = sheet("reconfiguration", effective_on="2015-03-01", originals__0="00J", originals__1="00K")
    page.press("add", "resulting", **named("13C", CCG))
    page.press("find", "originals-0", **named("13D", CCG, 1))
    return page.press("preview", shares__0__0="70", shares__0__1="30", shares__1__1="100")


def fill_rename(sheet: Callable[..., Sheet]) -> Sheet:
    return sheet("rename", effective_on="2015-03-02", originals__0="00F").press("preview", name="Tyneside South")


def fill_dissolution(sheet: Callable[..., Sheet]) -> Sheet:
    return sheet("dissolution", effective_on="2015-03-03", originals__0="00F").press("preview")


def fill_correction(sheet: Callable[..., Sheet]) -> Sheet:
    page = sheet("correction", effective_on="2013-06-01", originals__0="00F")
    return page.press("find", "right", right="fact").press("preview", name="Gateshead Clinical Commissioning")


FILL = {
    "establishment": fill_establishment,
    "transition": fill_transition,
    "merger": fill_merger,
    "split": fill_split,
    "separation": fill_separation,
    "transfer": fill_transfer,
    "reconfiguration": fill_reconfiguration,
    "rename": fill_rename,
    "dissolution": fill_dissolution,
    "correction": fill_correction,
}


def test_no_kind_is_left_out() -> None:
    assert set(FILL) == set(ChangeKind)


@pytest.mark.parametrize("kind", FILL)
def test_each_kind_is_previewed_proposed_and_carried_out_by_its_form(kind: str, sheet: Callable[..., Sheet]) -> None:
    page = FILL[kind](sheet)
    assert page.answer.status_code == 200, page.errors
    assert not Change.objects.filter(recorded=False).exists()
    shown = words(page.page.select_one("#part-preview"))
    assert "Before and after" in shown
    assert page.page.select("#part-preview .pc-effects__deed")
    page.press("propose")
    assert page.answer.status_code == 302, page.errors
    made = Change.objects.get(recorded=False)
    assert (made.kind, made.status, made.owner_name) == (kind, "proposed", "a-commissioner")
    for step in (Step.APPROVE, Step.EFFECT):
        made = decide(change_id=made.pk, step=step, by=BOB)
    assert made.status == "effected"


def test_a_forgotten_merger_is_put_under_later_history_by_the_form(sheet: Callable[..., Sheet]) -> None:
    page = sheet("correction", effective_on="2011-04-01", originals__0="5QQ", originals__1="5QP")
    page.press("find", "right", right="forgotten")
    page.press("preview", **named("5ZQ", "pct-4"), **seated(), title="A merger that had been forgotten")
    assert "re-based" in page.finding("later-history")["said"]
    assert "Takes their place in change" in words(page.page.select_one("#part-preview .pc-effects"))


def test_a_change_that_never_happened_is_undone_by_the_form(sheet: Callable[..., Sheet]) -> None:
    sheet("rename", effective_on="2015-03-02", originals__0="00F").press("propose", name="A slip of the pen")
    slip = Change.objects.get(recorded=False)
    for step in (Step.APPROVE, Step.EFFECT):
        decide(change_id=slip.pk, step=step, by=BOB)
    page = sheet("correction", effective_on="2015-03-02").press("find", "right", right="undo")
    assert "originals-0" not in page.values
    page.press("preview", corrects=str(slip.pk))
    assert page.answer.status_code == 200, page.errors
    assert f"Change {slip.pk} is struck out" in words(page.page.select_one("#part-preview .pc-effects"))


def test_one_original_of_a_merger_may_go_on(sheet: Callable[..., Sheet]) -> None:
    page = sheet("merger", effective_on="2015-03-01", originals__0="00F", originals__1="00G")
    page.press("preview", continues__0="yes")
    assert page.answer.status_code == 200, page.errors
    assert "resulting-0-code" not in page.values
    assert "continues-1" not in page.values
    page.press("propose")
    made = Change.objects.get(recorded=False)
    assert made.particulars["resulting"] == [{"code": "00F"}]


# --- the preview ----------------------------------------------------------------------------------------------------


def test_the_preview_shows_totals_and_what_happens_to_whom(sheet: Callable[..., Sheet]) -> None:
    page = newcastle(sheet)
    totals = {
        words(row.th): [words(cell) for cell in row.select("td")] for row in page.page.select(".pc-totals tbody tr")
    }
    assert totals["Organisations"] == ["3", "1"]
    assert totals["People"] == ["493,497", "493,497"]
    told = {words(body.dt): words(body) for body in page.page.select(".pc-effects__body")}
    ends = next(text for name, text in told.items() if "00F" in name)
    opens = next(text for name, text in told.items() if "13T" in name)
    assert "All its people pass to Body 13T." in ends
    assert "1 March 2015 is the first day without it" in ends
    assert "Opens on 1 March 2015" in opens
    assert "493,497 people" in opens
    assert not Organisation.objects.filter(pk="13T").exists()


def test_a_change_under_later_history_is_said_to_be_what_would_have_been(sheet: Callable[..., Sheet]) -> None:
    page = sheet("merger", effective_on="2011-04-01", originals__0="5QQ", originals__1="5QP")
    page.press("preview", **named("5ZQ", "pct-4"), **seated())
    shown = words(page.page.select_one("#part-preview"))
    assert "This is what would have been" in shown
    assert "What would have happened to whom" in shown
    page.press("propose")
    assert page.answer.status_code == 422
    assert page.errors[0][0] == "#finding-later-history"
    assert not Change.objects.filter(recorded=False).exists()


def test_the_live_answer_says_what_is_wanting_instead_of_errors(proposer: Client) -> None:
    answer = proposer.post(
        "/changes/propose/merger/", {"live": "yes", "effective_on": "2015-03-01", "originals-0": "00F"}
    )
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 200
    assert not page.select(".nhsuk-error-summary, .nhsuk-error-message")
    assert "Still wanting" in words(page.select_one("#part-preview"))
    assert all(part["id"] for part in page.select("[data-live]"))


def test_a_live_preview_works_before_the_new_body_has_a_code(proposer: Client) -> None:
    sent = {"live": "yes", "effective_on": "2015-03-01", "originals-0": "00F", "originals-1": "00G"}
    answer = proposer.post("/changes/propose/merger/", sent | {"resulting-0-form": CCG})
    page = BeautifulSoup(answer.content, "html.parser")
    assert "New body 1" in words(page.select_one(".pc-effects"))
    assert "Enter the code of the new body" in words(page.select_one("#part-preview"))


# --- errors ---------------------------------------------------------------------------------------------------------


def test_errors_come_all_at_once_and_lead_to_their_fields(sheet: Callable[..., Sheet]) -> None:
    page = sheet("merger", effective_on="2015-03-01")
    page.press(
        "propose",
        originals__0="5M1",
        originals__1="NOPE",
        resulting__0__code="5M1!",
        resulting__0__population="many",
        resulting__0__board__gp="some",
        title="Kept",
    )
    assert page.answer.status_code == 422
    for href, _ in page.errors:
        assert page.page.select_one(href), href
    told = dict(page.errors)
    assert {
        "#resulting-0-code",
        "#resulting-0-name",
        "#resulting-0-form",
        "#resulting-0-population",
        "#resulting-0-board-gp",
    } <= set(told)
    assert page.page.title.string.startswith("Error: ")
    assert (page.values["title"], page.values["resulting-0-population"]) == ("Kept", "many")


@pytest.mark.parametrize(
    ("fields", "where", "says"),
    [
        ({"originals__1": "00F"}, "#originals-0", "named 2 times"),
        ({"originals__1": "NOPE"}, "#originals-1", "No organisation has the code NOPE"),
        ({"originals__1": "5M1"}, "#originals-1", "not in force"),
        ({"resulting__0__code": "5M1"}, "#resulting-0-code", "never used again"),
        ({"effective_on": "soon"}, "#effective_on", "Enter the date"),
        ({"effective_on": "2012-01-01"}, "#originals-0", "not in force"),
        ({"resulting__0__accountable_to": "NOPE"}, "#resulting-0-accountable_to", "No organisation has the code"),
        ({"resulting__0__name": "x" * 201}, "#resulting-0-name", "at most 200"),
        ({"legal_instrument": "x" * 201}, "#legal_instrument", "at most 200"),
    ],
)
def test_what_integrity_refuses_is_told_at_its_field(
    sheet: Callable[..., Sheet], fields: dict[str, str], where: str, says: str
) -> None:
    page = sheet("merger", effective_on="2015-03-01", originals__0="00F", originals__1="00G")
    page.press("propose", **(named("13T", CCG) | fields))
    assert page.answer.status_code == 422
    told = dict(page.errors)
    assert where in told, page.errors
    assert says in told[where]


def test_shares_that_do_not_add_up_are_refused(sheet: Callable[..., Sheet]) -> None:
    page = sheet("split", effective_on="2015-03-01", originals__0="03N")
    page.press("find", "originals-0", **named("13A", CCG), **named("13B", CCG, 1))
    page.press("preview", shares__0__0="60", shares__0__1="many")
    assert dict(page.errors)["#shares-0-1"].startswith("Enter a share as a percentage")
    page.press("preview", shares__0__1="30")
    assert any("add up to 1" in message for _, message in page.errors)


# --- drafts ---------------------------------------------------------------------------------------------------------


def test_a_draft_is_saved_unchecked_and_gone_on_with(proposer: Client, sheet: Callable[..., Sheet]) -> None:
    page = sheet("split", effective_on="2015-03-01", originals__0="03N")
    page.press("find", "originals-0", **named("13A", CCG), **named("13B", CCG, 1))
    page.press("draft", shares__0__0="60", shares__0__1="40", title="In two", rationale="Two towns.")
    assert page.answer.status_code == 302, page.errors
    draft = Change.objects.get(recorded=False)
    assert draft.status == "draft"
    shown = BeautifulSoup(proposer.get(f"/changes/{draft.pk}/").content, "html.parser")
    again = Sheet(proposer, shown.find("a", string="Edit this draft")["href"])
    assert (again.values["resulting-1-code"], again.values["shares-0-1"]) == ("13B", "40")
    assert (again.values["title"], again.values["rationale"]) == ("In two", "Two towns.")
    again.press("draft", title="In two parts")
    assert again.answer.status_code == 302, again.errors
    draft.refresh_from_db()
    assert (draft.title, draft.status, draft.version) == ("In two parts", "draft", 2)
    again = Sheet(proposer, f"/changes/propose/split/?again={draft.pk}")
    again.press("propose")
    assert again.answer.status_code == 302, again.errors
    assert Change.objects.get(recorded=False).status == "proposed"


def test_a_draft_that_was_saved_meanwhile_is_not_overwritten_unsaid(
    proposer: Client, sheet: Callable[..., Sheet]
) -> None:
    page = sheet("rename", effective_on="2015-03-01", originals__0="03N")
    page.press("draft", name="One name", rationale="First.")
    draft = Change.objects.get(recorded=False)
    address = f"/changes/propose/rename/?again={draft.pk}"
    one, other = Sheet(proposer, address), Sheet(proposer, address)
    one.press("draft", rationale="Second.")
    assert one.answer.status_code == 302, one.errors
    other.press("draft", rationale="Third.")
    assert other.answer.status_code == 422
    assert [message for _, message in other.errors if "Somebody else saved this draft" in message]
    assert other.values["rationale"] == "Third."
    draft.refresh_from_db()
    assert (draft.rationale, draft.version) == ("Second.", 2)
    other.press("draft")
    assert other.answer.status_code == 302, other.errors
    draft.refresh_from_db()
    assert draft.rationale == "Third."


@pytest.mark.parametrize("kind", FILL)
def test_every_kind_comes_back_into_its_form(kind: str, proposer: Client, sheet: Callable[..., Sheet]) -> None:
    page = FILL[kind](sheet)
    before = page.values
    page.press("draft")
    assert page.answer.status_code == 302, page.errors
    made = Change.objects.get(recorded=False)
    again = Sheet(proposer, f"/changes/propose/{kind}/?again={made.pk}&portfolio={made.portfolio_id}")
    made_up = {"title", "csrfmiddlewaretoken", "earlier", "portfolio", "moves-0-from", "resulting-0-population"}
    kept = {name: text for name, text in before.items() if name not in made_up and text}
    assert {name: text for name, text in again.values.items() if name in kept} == kept


def test_a_form_asks_few_questions_of_the_database(
    proposer: Client, queries: Callable, sheet: Callable[..., Sheet]
) -> None:
    page = sheet("merger", effective_on="2015-03-01", originals__0="00F", originals__1="00G")
    with queries() as seen:
        page.press("preview", **named("13T", CCG))
    assert len(seen) <= 46, len(seen)


def test_somebody_who_may_not_propose_is_offered_no_form(
    signed_in: Callable[[User], Client], administrator: User
) -> None:
    page = BeautifulSoup(signed_in(administrator).get("/changes/propose/").content, "html.parser")
    assert "Only commissioners and approvers can propose changes" in words(page.main)
    assert page.select(".pc-kinds__kind")
    assert not page.select(".pc-kinds__kind a")
