"""Commissioning at a glance: what is held on the day, and where to read on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commissioning.models import BudgetHolding, ContractHolding, Contribution, ProvisionHolding
from commissioning.selectors import listing
from commissioning.selectors.money import whole
from commissioning.web.presenters import overview as present
from organisations.selectors.periods import names_of
from pcorg.core.audit.memory import one_version
from pcorg.core.pages.scope import scope_of

SHOWN = (ProvisionHolding, ContractHolding, BudgetHolding, Contribution)
"""What the page counts."""


@require_safe
@one_version()
def overview(request: HttpRequest) -> HttpResponse:
    """Services, contracts, budgets and pools of the day in figures, and the bodies that provide services."""
    scope = scope_of(request)
    totals = whole(scope.on, portfolio=scope.portfolio)
    shown = totals.trusts[: present.MOST_BODIES]
    names = names_of({code for code, _ in shown}, on=scope.on)
    tiles = present.tiles(totals, scope)
    context = {
        "scope": scope,
        "tiles": tiles,
        "table": present.providers(shown, len(totals.trusts), names, scope) if shown else None,
        "links": [] if tiles else scope.elsewhere("commissioning", listing.fullest_days(*SHOWN)),
        "csv": scope.api("provisions/", format="csv"),
        "api": scope.api("provisions/"),
    }
    return render(request, "commissioning/overview.jinja", context)
