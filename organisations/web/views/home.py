"""The home page: the system on a date, and the years replayed."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.domain.vocabulary import ChangeStatus
from organisations.read_models.configuration import Configuration
from organisations.selectors import changes, configuration, loads, proposals
from organisations.selectors.configuration import SeriesStep
from organisations.selectors.system import system
from organisations.web.presenters import home as present
from organisations.web.presenters.changes import rows
from organisations.web.presenters.replay import replay
from pcorg.core.accounts.roles import actor_of
from pcorg.core.audit.memory import one_version
from pcorg.core.pages.scope import Scope, scope_of

UNDER_WAY = (ChangeStatus.PROPOSED, ChangeStatus.CONSULTING, ChangeStatus.APPROVED)
A_YEAR = timedelta(days=365)
MOST_LISTED = 5


@require_safe
@one_version()
def home(request: HttpRequest) -> HttpResponse:
    """Counts by form, the spread of populations, changes about the date, and the steps through time."""
    scope = scope_of(request)
    figures = configuration.configuration(scope.on, portfolio=scope.portfolio)
    people = [
        headcount.count
        for member in system(scope.portfolio).serving(scope.on)
        if (headcount := member.people_on(scope.on))
    ]
    bands = present.spread(people)
    listed = changes.listing(portfolio=scope.portfolio, by=actor_of(request.user))
    effected = listed.standing()
    past = list(
        effected.filter(effective_on__lte=scope.on, effective_on__gt=scope.on - A_YEAR).order_by(
            "-effective_on", "-sequence"
        )[:MOST_LISTED]
    )
    coming = list(effected.filter(effective_on__gt=scope.on, effective_on__lte=scope.on + A_YEAR)[:MOST_LISTED])
    open_ones = list(listed.filter(status__in=UNDER_WAY)[:MOST_LISTED])
    parties = changes.parties_of(change.pk for change in (*past, *coming, *open_ones))
    context = {
        "scope": scope,
        "sentence": present.sentence(figures),
        "tiles": present.tiles(figures, scope),
        "people": present.population_tiles(figures, scope),
        "caveat": present.population_caveat(figures),
        "bands": bands,
        "bands_chart": present.spread_chart(bands),
        "series": present.series(yearly(scope), scope) if scope.covered_from else None,
        "replay": replay(scope, list(effected.values_list("effective_on", flat=True))),
        "past": rows(past, parties, scope),
        "coming": rows(coming, parties, scope),
        "under_way": rows(open_ones, parties, scope),
        **_decisions(request),
        "api": scope.api("configuration/"),
        "csv": scope.link("series-csv", as_of=None),
        "api_series": scope.api("configuration/series/", **_whole_period(scope), step="year", as_of=None),
    }
    return render(request, "organisations/home.jinja", context)


def _decisions(request: HttpRequest) -> dict[str, int | bool]:
    """What waits for the reader, where the reader decides upon changes."""
    by = actor_of(request.user)
    files = loads.waiting_for(request.user.pk).count() if by.approves else 0
    return {"decides": by.approves, "waiting": proposals.waiting_for(by), "waiting_files": files}


def yearly(scope: Scope) -> list[Configuration]:
    """The configurations of the first day covered and of every 1 April after it."""
    first, last = scope.covered_from, scope.covered_to
    assert first is not None and last is not None  # noqa: PT018 - coverage has both ends or none
    april = date(first.year, 4, 1) if first <= date(first.year, 4, 1) else date(first.year + 1, 4, 1)
    points = configuration.series(april, last, SeriesStep.YEAR, portfolio=scope.portfolio)
    if first < april:
        points.insert(0, configuration.configuration(first, portfolio=scope.portfolio))
    return points


def _whole_period(scope: Scope) -> dict[str, str | None]:
    return {
        "from": scope.covered_from.isoformat() if scope.covered_from else None,
        "to": scope.covered_to.isoformat() if scope.covered_to else None,
    }
