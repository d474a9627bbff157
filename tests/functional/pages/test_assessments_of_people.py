"""Whose assessments are, on the pages: their own forms pressed, by owner, panel, approver and others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client

from evaluation.models import Assessment, Judgement
from pcorg.core.accounts.roles import Role
from tests.functional.pages.filling import Sheet, words

pytestmark = pytest.mark.django_db
OPTIONS = ["community-and-social-care", "virtual-integration"]
CELL = "virtual-integration.key-resources"
Clients = dict[str, Client]


@pytest.fixture
def people(person: Callable[..., User]) -> Clients:
    """Plain clients, which send what the forms hold and nothing else."""
    found = {}
    for name, role in (("ann", Role.APPROVER), ("cat", Role.COMMISSIONER), ("eve", Role.APPROVER)):
        found[name] = Client()
        found[name].force_login(person(name, role), backend="django.contrib.auth.backends.ModelBackend")
    return found


def sent(sheet: Sheet, **more: Any) -> Any:
    """The answer to the form as it stands, with other values in some of its fields."""
    names = {field["name"] for field in sheet.form.select("[name]")}
    assert set(more) <= names, set(more) - names
    ticked = [each["value"] for each in sheet.form.select("input[name=option][checked]")]
    listed = {"option": more.pop("option", ticked)} if "option" in names else {}
    return sheet.client.post(sheet.form["action"], sheet.values | listed | more)


def opened(people: Clients) -> int:
    """The number of an open assessment of ann's that cat judges."""
    made = sent(
        Sheet(people["ann"], "/assessments/new/", "main form[method=post]"), title="T", option=OPTIONS, panel="cat"
    )
    number = int(made["Location"].partition("/assessments/")[2].partition("/")[0])
    assert step(people["ann"], number, "open").status_code == 302
    return number


def step(client: Client, number: int, name: str, **more: str) -> Any:
    return sent(Sheet(client, f"/assessments/{number}/", f'form[action*="/step/{name}/"]'), **more)


def judging(client: Client, number: int) -> Sheet:
    return Sheet(client, f"/assessments/{number}/judge/", "main form[method=post]")


def page(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def test_an_approver_who_wrote_it_is_told_why_and_another_decides(people: Clients) -> None:
    number = opened(people)
    assert sent(judging(people["cat"], number), **{f"{CELL}.low": "4"}).status_code == 302
    step(people["ann"], number, "close")
    mine = page(people["ann"].get(f"/assessments/{number}/"))
    assert words(mine.select_one("#why-not")) == "You made it, so that somebody else decides upon it."
    assert not mine.select('form[action*="/step/approve/"]')
    forced = people["ann"].post(
        f"/assessments/{number}/step/approve/", {"version": Assessment.objects.get(pk=number).version}
    )
    assert forced.status_code == 403
    assert "so that somebody else decides upon it." in words(page(forced).select_one(".nhsuk-error-summary"))
    assert step(people["eve"], number, "approve", **{"approve-comment": "Well argued."}).status_code == 302
    assert Assessment.objects.get(pk=number).status == "approved"


def test_who_is_not_on_the_panel_is_not_offered_the_form(people: Clients) -> None:
    number = opened(people)
    offered = {
        a["href"].partition("?")[0] for a in page(people["ann"].get(f"/assessments/{number}/")).select("main a[href]")
    }
    own = page(people["ann"].get(f"/assessments/{number}/")).select("main a.nhsuk-button")
    assert f"/assessments/{number}/edit/" in offered
    assert "Judge" not in {words(a) for a in own}
    assert people["ann"].get(f"/assessments/{number}/judge/").status_code == 403
    assert people["ann"].get(f"/assessments/{number}/judge/?consensus=yes").status_code == 200
    assert people["eve"].get(f"/assessments/{number}/judge/").status_code == 404
    shown = page(people["cat"].get(f"/assessments/{number}/"))
    assert {words(a) for a in shown.select("main a.nhsuk-button")} == {"Judge", "Record the consensus"}
    assert people["cat"].get(f"/assessments/{number}/edit/").status_code == 403
    assert people["cat"].get(f"/assessments/{number}/terms/").status_code == 403


@pytest.mark.parametrize(
    "path", ["", "judge/", "report/", "results.csv", "judgements.csv", "readings.csv", "following/", "edit/", "terms/"]
)
def test_what_is_open_is_found_by_its_people_alone(people: Clients, path: str) -> None:
    number = opened(people)
    sent(judging(people["cat"], number), **{f"{CELL}.low": "4"})
    assert people["eve"].get(f"/assessments/{number}/{path}").status_code == 404
    assert Client().get(f"/assessments/{number}/{path}").status_code in {302, 404}
    assert people["cat"].get(f"/assessments/{number}/{path}").status_code in {200, 403}


def test_lists_and_comparison_leave_out_what_one_does_not_read(people: Clients) -> None:
    number = opened(people)
    assert f"/assessments/{number}/" in people["cat"].get("/assessments/").content.decode()
    assert f"/assessments/{number}/" not in people["eve"].get("/assessments/").content.decode()
    assert "T" in words(page(people["cat"].get(f"/assessments/compare/?id={number}")).select_one("main"))
    assert people["eve"].post(f"/assessments/{number}/step/copy/").status_code == 404


def test_opening_again_asks_why(people: Clients) -> None:
    number = opened(people)
    sent(judging(people["cat"], number), **{f"{CELL}.low": "4"})
    step(people["ann"], number, "close")
    answer = step(people["ann"], number, "open")
    assert answer.status_code == 422
    told = page(answer)
    assert [a["href"] for a in told.select(".nhsuk-error-summary a")] == ["#open-comment"]
    assert "Say why it is opened again." in words(told.select_one("#open-comment-error"))
    assert step(people["ann"], number, "open", **{"open-comment": "The costs."}).status_code == 302


def test_an_option_that_was_judged_asks_what_becomes_of_it(people: Clients) -> None:
    number = opened(people)
    sent(judging(people["cat"], number), **{f"{CELL}.low": "4", f"{CELL}.rationale": "The hubs work."})
    edit = Sheet(people["ann"], f"/assessments/{number}/edit/", "main form[method=post]")
    asked = sent(edit, option=OPTIONS[:1], title="Renamed")
    assert asked.status_code == 422
    edit._take(asked)
    assert [href for href, _ in edit.errors] == ["#aside-virtual-integration"]
    assert "cat judged it. The judgements are kept" in words(edit.page.select_one("#asides"))
    assert edit.values["title"] == "Renamed"
    assert sent(edit, **{"aside-virtual-integration": "Nobody would run it."}).status_code == 302
    shown = page(people["ann"].get(f"/assessments/{number}/"))
    assert "Set aside after it was judged: Virtual integration. Nobody would run it." in words(shown.select_one("main"))
    assert "The hubs work." in words(shown.find(id="aside").find_next("table"))
    assert Judgement.objects.filter(assessor__assessment=number).count() == 1
    assert f"{CELL}.low" not in judging(people["cat"], number).values


def test_two_windows_do_not_overwrite_each_other_and_nothing_typed_is_lost(people: Clients) -> None:
    number = opened(people)
    first, second = judging(people["cat"], number), judging(people["cat"], number)
    assert sent(first, **{f"{CELL}.low": "4"}).status_code == 302
    answer = sent(second, **{f"{CELL}.low": "1", f"{CELL}.rationale": "Typed at length."})
    assert answer.status_code == 409
    second._take(answer)
    assert "Somebody else has changed this since you opened the page" in words(
        second.page.select_one(".nhsuk-error-summary")
    )
    assert second.values[f"{CELL}.rationale"] == "Typed at length."
    assert Judgement.objects.get(assessor__assessment=number).low == 4
    assert sent(second).status_code == 302
    assert Judgement.objects.get(assessor__assessment=number).low == 1

    for path, name in (("edit/", "title"), ("terms/", "mitigations-0-text")):
        one, other = (Sheet(people["ann"], f"/assessments/{number}/{path}", "main form[method=post]") for _ in "12")
        filled = {"mitigations-0-criterion": "key-resources", "mitigations-0-transform": "raise-by"}
        more = filled | {"mitigations-0-amount": "1"} if path == "terms/" else {}
        assert sent(one, **{name: "First"}, **more).status_code == 302
        answer = sent(other, **{name: "Second"}, **more)
        assert answer.status_code == 409
        other._take(answer)
        assert other.values[name] == "Second"
        assert sent(other).status_code == 302
    assert Assessment.objects.get(pk=number).title == "First" or Assessment.objects.get(pk=number).title == "Second"


def test_collaborators_and_comments_on_the_page(people: Clients) -> None:
    number = opened(people)
    naming = f'form[action*="/{number}/collaborators/"]'
    wrong = sent(Sheet(people["ann"], f"/assessments/{number}/", naming), collaborators="eve\nnobody")
    assert wrong.status_code == 422
    assert "Nobody here has the user name nobody." in words(page(wrong).select_one(".nhsuk-error-summary"))
    assert words(page(wrong).select_one("#collaborators")) == "eve nobody"
    assert sent(Sheet(people["ann"], f"/assessments/{number}/", naming), collaborators="eve").status_code == 302
    assert "eve" in words(page(people["cat"].get(f"/assessments/{number}/")).select_one("dl"))
    assert not page(people["eve"].get(f"/assessments/{number}/")).select(naming)
    commenting = f'form[action*="/{number}/comment/"]'
    assert sent(Sheet(people["cat"], f"/assessments/{number}/", commenting), comment="").status_code == 422
    assert (
        sent(Sheet(people["cat"], f"/assessments/{number}/", commenting), comment="Mind the costs.").status_code == 302
    )
    assert "cat : Mind the costs." in words(
        page(people["ann"].get(f"/assessments/{number}/")).find(id="comments").find_next("ol")
    )
