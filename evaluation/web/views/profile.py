"""The integration profile of an organisation: where it stands on three axes over time, and the form to say so."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evaluation.method.vocabulary import PROFILE_LEVELS, IntegrationAxis
from evaluation.selectors.following import profile_document
from evaluation.services.following import record_profile
from evaluation.specs.following import StatedProfilePoint
from evaluation.web.presenters import following as present
from organisations.selectors import organisations
from organisations.selectors.spells import names_of
from organisations.specs.change import proposed
from pcorg.core.accounts.roles import actor_of
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.fields import Control, Field, choices, summary
from pcorg.core.forms.typed import Typed
from pcorg.core.pages.scope import Scope, scope_showing
from pcorg.core.refusals import Invalid

Faults = list[tuple[str, str]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, code: str) -> HttpResponse:
    """A body's profile as at the day shown. Commissioners record a level here; saying it again that day replaces it."""
    body = organisations.found(code)
    scope = scope_showing(request, body.portfolio_id)
    faults: Faults = []
    typed = Typed({"on": scope.on.isoformat()})
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        by = actor_of(request.user)
        if not by.commissions:
            raise PermissionDenied("Only commissioners and approvers record how integrated a body is.")
        typed = Typed.of(request.POST)
        said = {name: typed[name] for name in ("axis", "on", "level", "evidence") if typed[name]}
        stated = {"organisation": code, "consensus": typed["consensus"] == "yes", **said}
        try:
            point = record_profile(stated=proposed(StatedProfilePoint, stated), by=by)
        except Invalid as fault:
            faults = [(each.pointer.strip("/"), each.message) for each in fault.problems]
        else:
            messages.success(request, "The level is recorded.")
            return redirect(scope.link("integration-profile", code, as_of=max(point.on, scope.on).isoformat()))
    with one_version():
        return _page(request, code, scope, typed, faults)


def _page(request: HttpRequest, code: str, scope: Scope, typed: Typed, faults: Faults) -> HttpResponse:
    document = profile_document(code, scope.on, actor_of(request.user))
    points = sorted(
        ((axis["label"], point) for axis in document["axes"] for point in axis["points"]),
        key=lambda pair: pair[1]["on"],
        reverse=True,
    )
    context: dict[str, Any] = {
        "scope": scope,
        "code": code,
        "name": names_of([code], on=scope.on)[code],
        "organisation": scope.link("organisation", code),
        "axes": present.axes(document, scope.on),
        "charts": present.profile_charts(document, scope.on),
        "points": points,
        "levels": PROFILE_LEVELS,
        "may_record": actor_of(request.user).commissions,
        "fields": _fields(typed, dict(reversed(faults))),
        "errors": summary(faults),
        "action": scope.link("integration-profile", code),
        "api": scope.api("integration-profiles/", organisation=code, portfolio="all"),
        "csv": scope.api("integration-profiles/", organisation=code, portfolio="all", format="csv"),
    }
    return render(request, "evaluation/profile.jinja", context, status=422 if faults else 200)


def _fields(typed: Typed, told: dict[str, str]) -> list[Field]:
    levels = [(str(level), f"{level}: {words}") for level, words in PROFILE_LEVELS.items()]
    return [
        Field(
            "axis",
            "Axis",
            typed["axis"],
            Control.SELECT,
            choices=choices(IntegrationAxis.choices(), empty="Choose an axis"),
            error=told.get("axis", ""),
        ),
        Field("on", "As at", typed["on"], Control.DATE, error=told.get("on") or told.get("organisation", "")),
        Field("level", "Level", typed["level"], Control.RADIOS, choices=choices(levels), error=told.get("level", "")),
        Field(
            "evidence",
            "What shows it",
            typed["evidence"],
            Control.PROSE,
            error=told.get("evidence", ""),
            longest=5000,
        ),
        Field("consensus", "This is what the panel agreed on, not my own view", typed["consensus"], Control.TICK),
    ]
