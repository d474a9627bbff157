"""The portfolio of a trust: services by group, money, provider arm, and the recommendations it answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client

from commissioning.domain.vocabulary import AnswerState
from commissioning.models import (
    ContractHolding,
    Milestone,
    PortfolioGroup,
    Recommendation,
    RecommendationAnswer,
    Service,
    ServiceGroup,
)
from organisations.models import Form
from organisations.selectors.periods import names_of
from pcorg.core.audit.models import AuditEntry
from pcorg.core.pages.jinja2 import pounds
from tests.functional.pages.filling import words
from tests.functional.pages.test_commissioning import TRUST, TRUSTS, foot, listed, rows

pytestmark = pytest.mark.django_db
Read = Callable[..., BeautifulSoup]
PATH = f"/organisations/{TRUST}/portfolio/"
DAY = {"as_of": "2009-06-01"}


def test_every_service_recorded_stands_in_its_group(read: Read, client: Client) -> None:
    page = read(PATH, **DAY)
    api = listed(client, "provisions/", organisation=TRUST)
    for group in ServiceGroup.objects.all():
        recorded = [row for row in api if row["group"] == group.slug]
        shown = rows(page, f"group-{group.slug}")
        assert len(shown) == len(recorded)
        assert sorted(row[4] for row in shown) == sorted(
            pounds(Decimal(row["annual_value"])) if row["annual_value"] else "Not known" for row in recorded
        )
        total = sum(Decimal(row["annual_value"] or 0) for row in recorded)
        assert foot(page, f"group-{group.slug}")[4].startswith(pounds(total))


def test_services_that_are_not_recorded_are_named(read: Read, client: Client) -> None:
    recorded = {row["service"] for row in listed(client, "provisions/", organisation=TRUST)}
    missing = Service.objects.exclude(slug__in=recorded)
    assert missing
    told = words(read(PATH, **DAY).main)
    assert all(service.label in told for service in missing)
    figure = f"{len(recorded)} of {Service.objects.count()}"
    assert figure in told


def test_a_service_shows_who_provides_it_and_by_which_contracts(read: Read) -> None:
    page = read(PATH, **DAY)
    held = ContractHolding.objects.as_of(date(2009, 6, 1)).filter(commissioner=TRUST, item__services="physiotherapy")
    shown = [row for row in rows(page, "group-rehabilitation") if row[0].startswith("Physiotherapy")]
    assert len(shown) == len(held) == 2
    for holding in held:
        by = "Itself" if holding.provider_id == TRUST else names_of([holding.provider_id], on=None)[holding.provider_id]
        (row,) = [row for row in shown if row[2] == by]
        assert row[7] == holding.item.title


def test_money_by_stream_and_by_sector(read: Read, client: Client) -> None:
    page = read(PATH, **DAY)
    budgets = listed(client, "budgets/", organisation=TRUST)
    let = listed(client, "contracts/", commissioner=TRUST)
    assert foot(page, "streams")[2] == pounds(sum(Decimal(row["amount"]) for row in budgets))
    assert foot(page, "streams")[3] == pounds(sum(Decimal(row["devolved_amount"]) for row in budgets))
    assert foot(page, "sectors")[2] == pounds(sum(Decimal(row["annual_value"]) for row in let))
    assert {row[0] for row in rows(page, "sectors")} >= {"Acute hospital care", "Primary care"}
    assert page.select_one("#sectors-data")


def test_the_provider_arm_over_time_with_milestones(read: Read) -> None:
    page = read(PATH, **DAY)
    (code, *_) = [table["id"] for table in page.select("table[id$=-separation-table]")]
    shown = [[words(cell) for cell in row.select("th, td")] for row in page.select(f"#{code} tbody tr")]
    assert [row[0] for row in shown] == ["Not separated", "Internal, with a service-level agreement"]
    told = words(page.main)
    assert "Internal, with a service-level agreement since 1 April 2008" in told
    for milestone in Milestone.objects.filter(arm__holdings__organisation=TRUST):
        assert milestone.title in told
    before = words(read(PATH, as_of="2008-03-31").main)
    assert "Not separated since" in before


def test_a_milestone_stands_by_the_day(read: Read) -> None:
    milestone = Milestone.objects.filter(arm__holdings__organisation=TRUST, reached=None).earliest("due")
    on = milestone.due
    assert "Due on this day" in words(read(PATH, as_of=on.isoformat()).main)
    late = words(read(PATH, as_of=on.replace(year=on.year + 1).isoformat()).main)
    assert f"{milestone.title} Overdue by 365 days" in late


def test_groups_of_services_with_the_form_chosen_by_then(read: Read) -> None:
    group = PortfolioGroup.objects.filter(arm__holdings__organisation=TRUST).earliest("pk")
    form = Form.objects.get(slug="community-interest-company")
    PortfolioGroup.objects.filter(pk=group.pk).update(chosen_form=form, chosen_on=date(2009, 9, 30))
    before, after = words(read(PATH, **DAY).main), words(read(PATH, as_of="2009-10-01").main)
    told = f"Form chosen on 30 September 2009: {form.label}"
    assert group.coherence in before
    assert told not in before
    assert told in after


def test_recommendations_with_the_answers_that_stand(read: Read) -> None:
    page = read(PATH, **DAY)
    items = {item["id"]: words(item) for item in page.select(".pc-checklist__item")}
    assert set(items) == set(Recommendation.objects.values_list("slug", flat=True))
    for answer in RecommendationAnswer.objects.filter(organisation=TRUST, answered_on__lte="2009-06-01"):
        text = items[answer.recommendation_id]
        assert AnswerState(answer.state).label in text
        assert answer.evidence in text
    assert "lines" in items["r1"]
    unanswered = words(read(PATH, as_of="2008-06-01").main)
    assert f"{Recommendation.objects.count()} not answered" in unanswered


def test_nobody_else_is_offered_the_form(read: Read, client: Client, administrator: User) -> None:
    assert read(PATH, **DAY).find(id="answer-section") is None
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"{PATH}answer/", {}).status_code == 403
    typed = {"recommendation": "r5", "state": "under-way", "answered_on": "2009-06-02"}
    assert client.post(f"{PATH}answer/", typed).status_code == 403
    client.logout()
    assert client.post(f"{PATH}answer/", typed).status_code == 302
    assert not RecommendationAnswer.objects.filter(answered_on="2009-06-02").exists()


def answered(proposer: Client, **typed: str) -> Any:
    return proposer.post(f"{PATH}answer/?as_of=2009-06-01&portfolio=illustrative-trusts", typed, follow=True)


def test_a_commissioner_answers_on_the_page(proposer: Client, commissioner: User) -> None:
    page = BeautifulSoup(proposer.get(PATH, DAY | {"recommendation": "r5"}).content, "html.parser")
    form = page.select_one("form.pc-answer-form")
    assert form is not None
    assert form["action"].startswith(f"{PATH}answer/")  # type: ignore[union-attr]
    assert words(form.select_one("#recommendation option[selected]")).startswith("r5")
    assert form.select_one("#answered_on")["value"] == "2009-06-01"  # type: ignore[index]
    said = {"recommendation": "r5", "state": "met", "evidence": "Board paper 7", "answered_on": "2/6/2009"}
    page = BeautifulSoup(answered(proposer, **said).content, "html.parser")
    assert "Your answer is recorded: met." in words(page)
    made = RecommendationAnswer.objects.get(organisation=TRUST, recommendation="r5", answered_on="2009-06-02")
    assert (made.state, made.evidence, made.by) == ("met", "Board paper 7", commissioner.username)
    assert AuditEntry.objects.filter(action="answer-recommendation", actor=commissioner.username).exists()


def test_what_is_wrong_with_an_answer_leads_to_its_fields(proposer: Client) -> None:
    answer = answered(proposer, recommendation="", state="", answered_on="soon")
    assert answer.status_code == 422
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.title is not None
    assert words(page.title).startswith("Error: ")
    errors = {link["href"] for link in page.select(".nhsuk-error-summary a")}
    assert errors == {"#recommendation", "#state", "#answered_on"}
    assert all(page.find(id=href[1:]) for href in errors)
    answer = answered(proposer, recommendation="r5", state="met", evidence="", answered_on="2009-06-02")
    page = BeautifulSoup(answer.content, "html.parser")
    assert [link["href"] for link in page.select(".nhsuk-error-summary a")] == ["#evidence"]
    assert page.select_one('input[name="state"][value="met"][checked]')


def test_a_day_takes_one_answer(proposer: Client) -> None:
    said = {"recommendation": "r5", "state": "under-way", "evidence": "", "answered_on": "2009-06-02"}
    assert answered(proposer, **said).status_code == 200
    again = answered(proposer, **said)
    assert again.status_code == 409
    assert "already" in words(BeautifulSoup(again.content, "html.parser").select_one(".nhsuk-error-summary"))


def test_a_body_without_a_portfolio_says_so(read: Read) -> None:
    page = read("/organisations/5M1/portfolio/", as_of="2009-04-01")
    told = words(page.main)
    for sentence in ("No service, contract or budget", "No provider arm", "not grouped"):
        assert sentence in told
    closed = words(read("/organisations/5M1/portfolio/", as_of="2014-04-01").main)
    assert "not in force on 1 April 2014" in closed
    assert read("/organisations/NOBODY/portfolio/", status=404)


def test_everything_on_the_page_is_data_too(read: Read, client: Client) -> None:
    page = read(PATH, **DAY, portfolio=TRUSTS["portfolio"])
    places = page.select(".pc-sources-of-data li")
    assert len(places) == 7
    for place in places:
        table, address = (link["href"] for link in place.select("a"))
        assert client.get(table)["Content-Type"].startswith("text/csv")
        assert client.get(address).json()["results"]
