"""The integration profile of an organisation: where it stands on three axes over time, and the form to say so."""

from __future__ import annotations

from typing import Any

from django import forms
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
from evaluation.web.views.submissions import refuse
from organisations.selectors import organisations
from organisations.selectors.periods import names_of
from organisations.specs.change import proposed
from pcorg.core.accounts.roles import actor_of
from pcorg.core.audit.memory import one_version
from pcorg.core.forms.stated import DayField, ProseField, RadiosField, SelectField, StatedForm, TickField
from pcorg.core.pages.scope import Scope, scope_showing
from pcorg.core.refusals import Invalid


class LevelForm(StatedForm):
    """How integrated a body is on one axis, on a day."""

    axis = SelectField("Axis", IntegrationAxis.choices(), empty="Choose an axis")
    on = DayField("As at")
    level = RadiosField("Level", [(str(level), f"{level}: {words}") for level, words in PROFILE_LEVELS.items()])
    evidence = ProseField("What shows it")
    consensus = TickField("This is what the panel agreed on, not my own view")

    def field_of(self, *steps: str | int) -> tuple[forms.Form, str]:
        """What is wrong with the body is wrong with it on that day."""
        return super().field_of(*("on" if step == "organisation" else step for step in steps))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, code: str) -> HttpResponse:
    """A body's profile as at the day shown. Commissioners record a level here; saying it again that day replaces it."""
    body = organisations.found(code)
    scope = scope_showing(request, body.portfolio_id)
    form = LevelForm.of(request, initial={"on": scope.on})
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        by = actor_of(request.user)
        if not by.commissions:
            raise PermissionDenied("Only commissioners and approvers record how integrated a body is.")
        try:
            point = record_profile(stated=proposed(StatedProfilePoint, {"organisation": code, **form.stated}), by=by)
        except Invalid as fault:
            refuse(form, fault)
        else:
            messages.success(request, "The level is recorded.")
            return redirect(scope.link("integration-profile", code, as_of=max(point.on, scope.on).isoformat()))
    with one_version():
        return _page(request, code, scope, form)


def _page(request: HttpRequest, code: str, scope: Scope, form: LevelForm) -> HttpResponse:
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
        "form": form,
        "errors": form.summary,
        "action": scope.link("integration-profile", code),
        "api": scope.api("integration-profiles/", organisation=code, portfolio="all"),
        "csv": scope.api("integration-profiles/", organisation=code, portfolio="all", format="csv"),
    }
    return render(request, "evaluation/profile.jinja", context, status=422 if form.summary else 200)
