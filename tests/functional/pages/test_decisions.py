"""A proposal on its page and in the piles: who may take which step, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client

from organisations.domain.lifecycle import Step
from organisations.models import Change, Organisation
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedChange, proposed
from pcorg.core.accounts.roles import Role
from pcorg.core.policies import Actor
from tests.clients import known
from tests.functional.pages.filling import words

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
CCG = "clinical-commissioning-group"
EVIDENCE = {"management-capacity": "joint team"}


def merger(by: Actor = ANN, *, draft: bool = False, **given: Any) -> Change:
    data = {
        "kind": "merger",
        "effective_on": "2015-03-01",
        "originals": ["00F", "00G", "00H"],
        "resulting": [{"code": "13T", "name": "Newcastle Gateshead", "form": CCG}],
        "title": "One group for both banks",
        "rationale": "The two banks of the river work as one.",
        "evidence": EVIDENCE,
    }
    return propose(spec=proposed(ProposedChange, data | given), by=known(by), draft=draft)


@pytest.fixture
def ann(signed_in: Callable[[User], Client], person: Callable[..., User]) -> Client:
    """The commissioner who proposes."""
    return signed_in(person("ann", Role.COMMISSIONER))


@pytest.fixture
def bob(signed_in: Callable[[User], Client], person: Callable[..., User]) -> Client:
    """An approver."""
    return signed_in(person("bob", Role.APPROVER))


def page_of(client: Client, change: Change | int, status: int = 200) -> BeautifulSoup:
    answer = client.get(f"/changes/{change if isinstance(change, int) else change.pk}/")
    assert answer.status_code == status
    return BeautifulSoup(answer.content, "html.parser")


def steps(page: BeautifulSoup) -> list[str]:
    return [words(part.select_one("summary, h3")) for part in page.select(".pc-steps__step")]


def send(client: Client, change: Change, step: str, **fields: str) -> tuple[int, BeautifulSoup]:
    """Send the form of a step as the page shows it, with fields filled in (hyphens as double underscores)."""
    page = page_of(client, change)
    form = page.select_one(f'form[action="/changes/{change.pk}/step/{step}/"]')
    held = {field["name"]: field.get("value", "") for field in form.select("input[name]")} if form else {"version": "1"}
    held |= {name.replace("__", "-"): text for name, text in fields.items()}
    answer = client.post(f"/changes/{change.pk}/step/{step}/", held)
    return answer.status_code, BeautifulSoup(answer.content, "html.parser")


def errors(page: BeautifulSoup) -> list[tuple[str, str]]:
    return [(link["href"], words(link)) for link in page.select(".nhsuk-error-summary a")]


# --- the page of a proposal -----------------------------------------------------------------------------------------


def test_anyone_reads_how_an_open_proposal_stands(client: Client) -> None:
    page = page_of(client, merger())
    shown = words(page.main)
    assert "Proposed proposed by a commissioner" in shown
    assert "The two banks of the river work as one." in shown
    assert page.select_one('tr[data-check="management-capacity"]')
    assert "493,497" in words(page.select_one(".pc-totals"))
    assert "All its people pass to Newcastle Gateshead." in words(page.select_one(".pc-effects"))
    assert steps(page) == []
    assert "Sign in" in words(page.select_one(".pc-steps"))
    assert page.select_one('form[action$="/comment/"]') is None


@pytest.mark.parametrize(
    ("role", "status", "offered"),
    [
        (Role.COMMISSIONER, "proposed", []),
        (Role.APPROVER, "proposed", ["Go out to consultation", "Approve", "Reject"]),
        (Role.APPROVER, "consulting", ["Approve", "Reject"]),
        (Role.APPROVER, "approved", ["Carry out", "Reject"]),
        (Role.APPROVER, "rejected", []),
        (Role.DATA_ADMINISTRATOR, "proposed", []),
    ],
)
def test_the_steps_offered_are_those_of_the_status_and_the_role(
    role: Role, status: str, offered: list[str], signed_in: Callable, person: Callable
) -> None:
    change = merger()
    bob = Actor("bob", commissions=True, approves=True)
    for step in {"consulting": [Step.CONSULT], "approved": [Step.APPROVE], "rejected": [Step.REJECT]}.get(status, []):
        decide(change_id=change.pk, step=step, by=bob)
    assert steps(page_of(signed_in(person("reader", role)), change)) == offered


def test_nobody_is_offered_to_decide_upon_a_proposal_of_their_own(bob: Client) -> None:
    change = merger(Actor("bob", commissions=True, approves=True))
    page = page_of(bob, change)
    assert steps(page) == ["Go out to consultation", "Withdraw"]
    assert "so that somebody else decides" in words(page.select_one(".pc-steps"))
    status, page = send(bob, change, "approve")
    assert status == 409
    assert "You wrote a part of this change, so that somebody else decides upon it." in dict(errors(page)).values()


def test_a_change_goes_from_proposal_to_history_by_its_page(ann: Client, bob: Client) -> None:
    change = merger()
    assert send(ann, change, "consult", consult__comment="Twelve weeks.")[0] == 302
    page = page_of(ann, change)
    form = page.select_one('form[action$="/add/"]')
    sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    sent |= {
        "consultation-opens": "2014-09-01",
        "consultation-closes": "2014-11-24",
        "consultation-responses_for": "1,240",
        "consultation-responses_against": "35",
        "consultation-summary": "Broad support.",
    }
    assert ann.post(form["action"], sent).status_code == 302
    assert "1,240" in words(page_of(ann, change).main)
    reason = {"override__relations": "They have shared an office since 2013."}
    assert send(bob, change, "approve", approve__comment="Go on.", **reason)[0] == 302
    confirm = bob.get(f"/changes/{change.pk}/effect/")
    shown = BeautifulSoup(confirm.content, "html.parser")
    assert "cannot be taken back" in words(shown.main)
    assert "493,497" in words(shown.select_one(".pc-totals"))
    form = shown.select_one("main form")
    sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    assert bob.post(form["action"], sent).status_code == 302
    page = page_of(bob, change)
    assert Organisation.objects.filter(pk="13T").exists()
    assert [words(item).split(" by ")[0].split()[-1] for item in page.select(".pc-events__body")][:1] == ["Proposed"]
    done = words(page.select_one("main"))
    assert "What it did" in done
    assert words(page.select_one(".pc-totals")).count("493,497") == 2
    assert "All its people pass to Newcastle Gateshead." in done
    assert steps(page) == []
    assert "They have shared an office since 2013." in done


def test_approval_that_a_check_blocks_is_refused_with_the_reason(ann: Client, bob: Client) -> None:
    change = merger(
        kind="establishment",
        originals=[],
        portfolio="england-2006-2015",
        effective_on="2008-04-01",
        evidence={"board-composition": "agreed"},
        resulting=[{"code": "5ZZ", "name": "A new trust", "form": "pct-3"}],
    )
    status, page = send(bob, change, "approve", approve__comment="Kept words")
    assert status == 409
    where, said = errors(page)[0]
    assert where == "#finding-consultation-held"
    assert page.select_one(where)
    assert "none is recorded" in said
    assert "Kept words" in words(page.select_one("#step-approve textarea[name=approve-comment]"))
    assert page.select_one("#step-approve").has_attr("open")
    assert page.select_one('form[action$="/add/"]') is None
    form = page_of(ann, change).select_one('form[action$="/add/"] input[value="evidence"]').find_parent("form")
    sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    sent |= {"evidence-board-composition": "agreed", "evidence-consultation-held": "Held in spring 2007."}
    assert ann.post(form["action"], sent).status_code == 302
    assert send(bob, change, "approve")[0] == 302


def test_a_stale_page_is_refused_kindly_and_keeps_what_was_written(ann: Client, bob: Client) -> None:
    change = merger()
    before = page_of(bob, change)
    version = before.select_one('form[action$="/step/reject/"] input[name=version]')["value"]
    assert send(ann, change, "consult")[0] == 302
    answer = bob.post(f"/changes/{change.pk}/step/reject/", {"version": version, "reject-comment": "Too soon."})
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 409
    assert "Somebody else acted on this change" in errors(page)[0][1]
    assert page.select_one(errors(page)[0][0])
    assert words(page.select_one("textarea[name=reject-comment]")) == "Too soon."
    assert "Out to consultation" in words(page.main)
    change.refresh_from_db()
    assert change.status == "consulting"
    fresh = page.select_one('form[action$="/step/reject/"] input[name=version]')["value"]
    again = bob.post(f"/changes/{change.pk}/step/reject/", {"version": fresh, "reject-comment": "Too soon."})
    assert again.status_code == 302


def test_a_form_without_a_version_changes_nothing(bob: Client) -> None:
    change = merger()
    assert bob.post(f"/changes/{change.pk}/step/approve/", {}).status_code == 409
    change.refresh_from_db()
    assert change.status == "proposed"


def test_a_rejection_wants_a_reason(bob: Client) -> None:
    change = merger()
    status, page = send(bob, change, "reject")
    assert (status, errors(page)) == (422, [("#reject-comment", "Say why it is rejected")])
    assert send(bob, change, "reject", reject__comment="Too soon.")[0] == 302
    assert "Rejected by bob: Too soon." in words(page_of(bob, change).main)


def test_a_withdrawal_wants_a_reason_and_is_its_peoples(ann: Client, bob: Client) -> None:
    change = merger()
    assert steps(page_of(ann, change)) == ["Go out to consultation", "Withdraw"]
    status, page = send(ann, change, "withdraw")
    assert (status, errors(page)) == (422, [("#withdraw-comment", "Say why it is withdrawn")])
    assert send(bob, change, "withdraw", withdraw__comment="Away with it.")[0] == 403
    assert send(ann, change, "withdraw", withdraw__comment="Overtaken.")[0] == 302
    assert "Withdrawn by ann: Overtaken." in words(page_of(bob, change).main)


def test_what_is_added_after_approval_is_approved_anew(ann: Client, bob: Client) -> None:
    change = merger()
    assert send(bob, change, "approve")[0] == 302
    page = page_of(ann, change)
    assert "has to be approved anew" in words(page.main)
    form = page.select_one('form[action$="/add/"] input[value="evidence"]').find_parent("form")
    sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    assert ann.post(form["action"], sent | {"evidence-relations": "They share a board."}).status_code == 302
    change.refresh_from_db()
    assert change.status == "proposed"
    assert steps(page_of(bob, change)) == ["Go out to consultation", "Approve", "Reject"]


def test_the_owner_names_who_works_on_a_draft_that_nobody_else_reads(
    client: Client, ann: Client, bob: Client, person: Callable, signed_in: Callable
) -> None:
    dan = signed_in(person("dan", Role.COMMISSIONER))
    change = merger(draft=True, title="A quiet draft")
    pages = ("", "shares.csv", "effect/")
    for reader in (client, bob, dan):
        assert "A quiet draft" not in reader.get("/changes/?portfolio=all").content.decode()
        for part in pages[: 2 if reader is client else 3]:
            assert reader.get(f"/changes/{change.pk}/{part}").status_code == 404
    for address in (f"/changes/{change.pk}/comment/", f"/changes/{change.pk}/step/propose/"):
        assert dan.post(address, {"comment": "Hm", "version": "1"}).status_code == 404
    assert "A quiet draft" in ann.get("/changes/").content.decode()
    form = page_of(ann, change).select_one('form[action$="/collaborators/"]')
    sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    answer = ann.post(form["action"], sent | {"collaborators": "dan\nnobody-here"})
    page = BeautifulSoup(answer.content, "html.parser")
    assert errors(page) == [("#collaborators", "Nobody here has the user name nobody-here.")]
    assert words(page.select_one("textarea[name=collaborators]")) == "dan nobody-here"
    assert ann.post(form["action"], sent | {"collaborators": "dan"}).status_code == 302
    assert ann.post(form["action"], sent | {"collaborators": ""}).status_code == 409  # an older version was seen
    shown = page_of(dan, change)
    assert "Also works on it dan" in words(shown.main)
    assert shown.select_one('form[action$="/collaborators/"]') is None
    assert send(dan, change, "propose")[0] == 302
    assert page_of(bob, change)


def test_those_without_the_role_are_refused(client: Client, ann: Client, signed_in: Callable, person: Callable) -> None:
    change = merger()
    assert client.post(f"/changes/{change.pk}/step/approve/", {"version": "1"}).status_code == 302
    assert send(ann, change, "approve")[0] == 403
    reader = signed_in(person("reader"))
    assert send(reader, change, "withdraw", withdraw__comment="Away.")[0] == 403
    assert reader.post(f"/changes/{change.pk}/comment/", {"comment": "Hm"}).status_code == 403
    assert reader.post(f"/changes/{change.pk}/add/", {"part": "evidence", "version": "1"}).status_code == 403
    change.refresh_from_db()
    assert (change.status, change.comments.count()) == ("proposed", 0)


def test_steps_are_taken_by_post_alone(bob: Client) -> None:
    change = merger()
    assert bob.get(f"/changes/{change.pk}/step/approve/").status_code == 405
    assert bob.post(f"/changes/{change.pk}/step/abolish/").status_code == 404
    assert bob.post("/changes/999999/step/approve/", {"version": "1"}).status_code == 404
    assert bob.get("/changes/2/effect/").status_code == 404


def test_confirming_is_only_for_what_may_be_carried_out(bob: Client) -> None:
    change = merger()
    assert bob.get(f"/changes/{change.pk}/effect/").status_code == 302


def test_a_forged_form_is_refused(person: Callable[..., User]) -> None:
    change, strict = merger(), Client(enforce_csrf_checks=True)
    strict.force_login(person("bob", Role.APPROVER), backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(f"/changes/{change.pk}/step/approve/", {"version": "1"}).status_code == 403


def test_comments_are_added_and_shown_with_who_and_when(ann: Client, bob: Client) -> None:
    change = merger()
    assert bob.post(f"/changes/{change.pk}/comment/", {"comment": "What of the <b>river</b>?"}).status_code == 302
    page = page_of(ann, change)
    assert "bob : What of the <b>river</b>?" in words(page.select_one(".pc-comment").parent)
    answer = bob.post(f"/changes/{change.pk}/comment/", {"comment": " "})
    assert answer.status_code == 422
    assert errors(BeautifulSoup(answer.content, "html.parser")) == [("#comment", "Enter a comment")]


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"consultation-opens": "soon"}, "#consultation-opens"),
        ({"consultation-opens": "2014-09-01", "consultation-closes": "2014-08-01"}, "#consultation-closes"),
        ({"consultation-responses_for": "-3"}, "#consultation-responses_for"),
        ({"consultation-responses_against": "lots"}, "#consultation-responses_against"),
    ],
)
def test_news_of_the_consultation_that_cannot_be_read_is_told_at_its_field(
    ann: Client, sent: dict[str, str], where: str
) -> None:
    change = merger()
    answer = ann.post(f"/changes/{change.pk}/add/", {"part": "consultation", "version": "1"} | sent)
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert errors(page)[0][0] == where
    name, text = list(sent.items())[-1]
    assert page.select_one(f'[name="{name}"]')["value"] == text


def test_a_proposal_under_later_history_is_said_to_be_hypothetical(ann: Client) -> None:
    change = merger(
        effective_on="2011-04-01",
        originals=["5QQ", "5QP"],
        resulting=[{"code": "5ZQ", "name": "Peninsula", "form": "pct-4"}],
        draft=True,
    )
    assert "This is what would have been" in words(page_of(ann, change).main)


def test_a_proposal_that_can_no_longer_be_made_says_why_and_rivals_are_named(ann: Client, bob: Client) -> None:
    rival = merger(originals=["00F", "00J"], resulting=[{"code": "13X", "name": "X", "form": CCG}], title="A rival")
    change = merger()
    assert page_of(ann, change).find("a", string="A rival")
    for step in (Step.APPROVE, Step.EFFECT):
        decide(change_id=change.pk, step=step, by=Actor("bob", commissions=True, approves=True))
    page = page_of(bob, rival)
    assert "carried out meanwhile" in words(page.main)
    assert "It cannot be made as things stand." in words(page.select_one(".pc-verdict--blocked"))
    flagged = BeautifulSoup(bob.get("/decisions/", {"pile": "flagged"}).content, "html.parser")
    assert "A rival" in words(flagged.select_one("tbody"))
    assert "Look at this again." in words(flagged.select_one("tbody"))


def test_what_a_portfolio_does_not_record_is_not_told_as_nought(client: Client) -> None:
    rows = {
        words(row.th): [words(cell) for cell in row.select("td")]
        for row in page_of(client, 5).select(".pc-totals tbody tr")
    }
    assert rows["Councils they lie in"] == ["152", "Not recorded"]
    for label in ("Contracts", "Budgets, pounds a year", "Staff, whole-time equivalent"):
        assert rows[label] == ["Not recorded", "Not recorded"]


def test_recorded_history_shows_its_before_and_after(client: Client) -> None:
    page = page_of(client, 5)
    rows = {words(row.th): words(row.select("td")[-1]) for row in page.select(".pc-totals tbody tr")}
    assert rows["Organisations"] in {"211", "152", "151"}
    assert page.select(".pc-effects__body")
    assert steps(page) == []


# --- the piles ------------------------------------------------------------------------------------------------------


def piles(page: BeautifulSoup) -> dict[str, int]:
    return {
        words(link).rpartition(" ")[0]: int(words(link.select_one(".pc-piles__count")))
        for link in page.select(".pc-piles__link")
    }


def titles(page: BeautifulSoup) -> list[str]:
    return [words(head.a) for head in page.select("main tbody th")]


def inbox(client: Client, **query: str) -> BeautifulSoup:
    answer = client.get("/decisions/", query)
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_the_piles_of_an_approver(bob: Client) -> None:
    merger(title="Of ann")
    merger(Actor("bob", commissions=True, approves=True), title="Of bob")
    merger(title="A draft", draft=True)
    page = inbox(bob)
    assert piles(page) == {
        "Waiting for my decision": 1,
        "My proposals": 1,
        "To look at again": 0,
        "All that are open": 2,
    }
    assert titles(page) == ["Of ann"]
    assert "approve, reject" in words(page.select_one("tbody"))
    assert titles(inbox(bob, pile="own")) == ["Of bob"]
    assert sorted(titles(inbox(bob, pile="open"))) == ["Of ann", "Of bob"]


def test_the_piles_of_a_commissioner_begin_with_their_own(ann: Client) -> None:
    merger(title="Of ann")
    page = inbox(ann)
    assert "Waiting for my decision" not in piles(page)
    assert titles(page) == ["Of ann"]


def test_piles_are_narrowed_by_kind_status_and_words(bob: Client) -> None:
    merger(title="Both banks")
    merger(Actor("bob", commissions=True, approves=True), title="A draft", draft=True)
    assert titles(inbox(bob, pile="open", status="draft")) == ["A draft"]
    assert titles(inbox(bob, pile="open", q="banks")) == ["Both banks"]
    assert titles(inbox(bob, pile="open", kind="split")) == []
    assert "fits what you asked for" in words(inbox(bob, pile="open", kind="split").main)


def test_the_piles_are_for_those_who_have_signed_in(client: Client) -> None:
    assert client.get("/decisions/")["Location"].startswith("/sign-in/")


def test_home_says_what_waits_for_an_approver(client: Client, ann: Client, bob: Client) -> None:
    merger()
    assert "1 proposal waits for your decision" in words(BeautifulSoup(bob.get("/").content, "html.parser").main)
    for other in (client, ann):
        assert "your decision" not in words(BeautifulSoup(other.get("/").content, "html.parser").main)


def test_the_navigation_offers_what_the_role_can_use(client: Client, ann: Client, bob: Client) -> None:
    def entries(who: Client) -> set[str]:
        page = BeautifulSoup(who.get("/glossary/").content, "html.parser")
        return {words(link) for link in page.select(".pc-header__nav a")}

    assert not {"Decisions", "Audit trail"} & entries(client)
    assert {"Decisions", "Audit trail"} & entries(ann) == {"Decisions"}
    assert {"Decisions", "Audit trail"} <= entries(bob)
