"""A trust's portfolio: its services by group, money, provider arm, and how it answers the report's recommendations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from commissioning.domain.vocabulary import AnswerState
from commissioning.models import Recommendation, ServiceGroup
from commissioning.policies import TrustPermission
from commissioning.selectors import of_body
from commissioning.selectors.money import by_sector
from commissioning.services.portfolio import answer_recommendation
from commissioning.specs.arm_plan import StatedAnswer
from commissioning.web.presenters import portfolio as present
from commissioning.web.presenters.checklist import checklists, standing
from organisations.models import Organisation
from organisations.selectors.organisations import found
from organisations.selectors.periods import names_of
from organisations.specs.change import proposed
from pcorg.core.accounts.roles import actor_of, actor_who_may
from pcorg.core.audit.memory import one_version, recall
from pcorg.core.forms.stated import DayField, ProseField, RadiosField, SelectField, StatedForm
from pcorg.core.pages.refusals import status_of
from pcorg.core.pages.scope import Scope, scope_showing
from pcorg.core.policies import can
from pcorg.core.refusals import Invalid, Refusal
from pcorg.core.values import day_typed

UNREADABLE = {
    "/recommendation": "Choose a recommendation",
    "/state": "Say how far it has come",
    "/answered_on": "Enter the day of the answer as a date",
}
"""The message at a field that is not filled in, or not so that it can be read."""

SHORT = 90
"""Letters of a recommendation in the list to choose from."""


class AnswerForm(StatedForm):
    """How a trust answers a recommendation."""

    recommendation = SelectField("Recommendation", empty="Choose one")
    state = RadiosField(
        "How far has the trust come?", AnswerState.choices(), hints={AnswerState.MET: "Say by what evidence"}
    )
    evidence = ProseField(
        "Evidence", hint="Such as a board paper with its date. Needed where the recommendation is met."
    )
    answered_on = DayField("Day of the answer")


@require_safe
@one_version()
def portfolio(request: HttpRequest, code: str) -> HttpResponse:
    """The portfolio of a body on the day."""
    trust = found(code)
    scope = scope_showing(request, trust.portfolio_id)
    form = AnswerForm(initial={"answered_on": scope.on, **request.GET.dict()})
    return _page(request, trust, scope, form, 200)


@never_cache
@login_required
@require_POST
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Answers a recommendation for the trust."""
    by = actor_who_may(request.user, TrustPermission.ANSWER)
    trust = found(code)
    scope = scope_showing(request, trust.portfolio_id)
    form = AnswerForm(request.POST)
    sent = form.sent
    try:
        stated = proposed(StatedAnswer, sent | {"organisation": code, "answered_on": _iso(sent["answered_on"])})
        answer_recommendation(**stated.model_dump(), by=by)
    except Invalid as fault:
        form.add_problems((each.pointer, UNREADABLE.get(each.pointer, each.message)) for each in fault.problems)
        return _page(request, trust, scope, form, 422)
    except Refusal as fault:
        problems = [(each.pointer, each.message) for each in fault.problems]
        form.add_problems(problems or [("/recommendation", fault.message)])
        return _page(request, trust, scope, form, status_of(fault))
    messages.success(request, f"Your answer is recorded: {stated.state.label.lower()}.")
    return redirect(scope.link("portfolio", code) + f"#{stated.recommendation}")


def _iso(text: str) -> str:
    """A day as it stands in a document, where it can be read as one."""
    typed = day_typed(text)
    return typed.isoformat() if typed else text


def _page(request: HttpRequest, trust: Organisation, scope: Scope, form: AnswerForm, status: int) -> HttpResponse:
    code, on = trust.pk, scope.on
    services, contracts = of_body.services(code, on), of_body.contracts_with_services(code, on)
    let = [row for row in contracts if row.commissioner_id == code]
    budgets, pools = of_body.budgets(code, on), of_body.pools(code, on)
    arms, groups = of_body.arms(code, on), of_body.groups(code, on)
    asked = of_body.recommendations(code, on)
    form.offer("recommendation", [(each.pk, f"{each.pk}: {_short(each)}") for each, _ in asked])
    catalogue = recall("catalogue", _catalogue)
    parties = {party for row in services for party in (row.provider_id, row.population_of_id)}
    parties |= {row.organisation_id for arm in arms for row in arm.history}
    names = names_of({code, *parties}, on=on)
    commissions = can(actor_of(request.user), TrustPermission.ANSWER).allowed
    in_force = trust.opened <= on and (trust.closed is None or on < trust.closed)
    answers = commissions and in_force
    totals = by_sector(let)
    by_service = present.contracts_by_service(contracts)
    context: dict[str, Any] = {
        "scope": scope,
        "trust": trust,
        "name": names.get(code, code),
        "in_force": in_force,
        "tiles": present.tiles(services, let, budgets, catalogue) if services or contracts or budgets.held else [],
        "groups": present.service_groups(services, code, by_service, catalogue, names, scope) if services else [],
        "streams": present.streams(budgets, scope) if budgets.held else None,
        "sectors": present.sectors(totals, scope) if totals else None,
        "sectors_chart": present.sectors_chart(totals) if len(totals) > 1 else None,
        "pooled": present.pooled(pools),
        "arms": [present.arm(arm, names, scope) for arm in arms],
        "coherent": present.coherent(groups, scope),
        "ungrouped": present.ungrouped(groups, services, code) if groups else [],
        "standing": standing(asked),
        "checklists": checklists(
            asked, _answer_links(asked, trust, scope) if answers else {}, about=scope.link("about-the-data")
        ),
        "form": form,
        "may_answer": answers,
        "errors": form.summary,
        "data": _data(code, scope),
    }
    return render(request, "commissioning/portfolio.jinja", context, status=status)


def _catalogue() -> list[ServiceGroup]:
    return list(ServiceGroup.objects.prefetch_related("services"))


def _answer_links(
    recommendations: list[tuple[Recommendation, Any]], trust: Organisation, scope: Scope
) -> dict[str, str]:
    return {
        each.pk: scope.link("portfolio", trust.pk, recommendation=each.pk) + "#answer-section"
        for each, _ in recommendations
    }


def _short(each: Recommendation) -> str:
    return each.text if len(each.text) <= SHORT else f"{each.text[:SHORT].rsplit(' ', 1)[0]} …"


def _data(code: str, scope: Scope) -> list[tuple[str, str, str]]:
    """What each part of the page is as data: words, the file, the address for programs."""
    parts = [
        ("services", "provisions/", {"organisation": code}),
        ("contracts", "contracts/", {"organisation": code}),
        ("budgets", "budgets/", {"organisation": code}),
        ("pooled budgets", "pooled-budgets/", {"partner": code}),
        ("provider arm", "provider-arms/", {"organisation": code}),
        ("groups of services", "portfolio-groups/", {"organisation": code}),
        ("answers", "recommendation-answers/", {"organisation": code, "standing": "true"}),
    ]
    return [
        (words, scope.api(path, **parameters, format="csv"), scope.api(path, **parameters))
        for words, path, parameters in parts
    ]
