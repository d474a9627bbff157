"""A file that alters what is recorded already: its review by name, and the decision upon it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from organisations.domain.vocabulary import LoadState
from organisations.models import WaitingLoad
from organisations.policies import PortfolioPermission
from organisations.portfolios.reading import DocumentRefused
from organisations.selectors import loads
from organisations.services import waiting_loads
from organisations.web.presenters import load as present
from pcorg.core.accounts.roles import actor_who_may
from pcorg.core.api.streaming import table
from pcorg.core.forms.stated import ProseField, StatedForm
from pcorg.core.pages.refusals import status_of
from pcorg.core.pages.scope import API_ROOT, scope_of
from pcorg.core.policies import Actor
from pcorg.core.refusals import Refusal

RECORDS_NAMED = 200
"""Records of a kind that the page names; the file of all is linked beneath."""

LONGEST = 5000


class DecisionForm(StatedForm):
    """The decision upon a file; a refusal takes a reason."""

    whole = "decision"
    reason = ProseField("Why it is refused")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, number: int) -> HttpResponseBase:
    """What the file would do, by name, with the forms that decide upon it for those who may."""
    by = _reader(request)
    waiting = _found(number)
    form, status = DecisionForm.of(request), 200
    if request.method == "POST":
        try:
            _taken(request, form, waiting, by)
        except DocumentRefused as refused:
            for fault in refused.faults[:10]:
                form.add_error(None, f"It cannot be loaded as things stand now. {fault.message}")
            waiting, status = _found(number), 409
        except Refusal as refusal:
            status = status_of(refusal)
            if status == 403:
                raise PermissionDenied(refusal.message) from refusal
            form.add_error("reason" if refusal.code == "invalid" else None, refusal.message)
            waiting = _found(number)
        else:
            return redirect("waiting-load", number)
    return _shown(request, waiting, by, form, status)


@never_cache
@require_GET
def review(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """Serve the whole review of the file as a spreadsheet table."""
    _reader(request)
    outcome = present.of_review(_found(number).review)
    rows = table([list(present.review_rows(outcome))], [(column,) for column in present.REVIEW_COLUMNS])
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8; header=present")
    answer["Content-Disposition"] = 'attachment; filename="review.csv"'
    return answer


def _taken(request: HttpRequest, form: DecisionForm, waiting: WaitingLoad, by: Actor) -> None:
    """Take the step that was asked for. Raises Refusal and DocumentRefused."""
    expected_state, reason = request.POST.get("seen", ""), form.sent["reason"]
    match request.POST.get("step"):
        case "confirm":
            waiting_loads.confirm(number=waiting.pk, by=by, expected_state=expected_state)
        case "refuse":
            if len(reason) > LONGEST:
                raise Refusal("invalid", f"Use at most {LONGEST:,} letters.")
            waiting_loads.refuse(number=waiting.pk, by=by, expected_state=expected_state, reason=reason)
        case "withdraw":
            waiting_loads.withdraw(number=waiting.pk, by=by)
        case _:
            raise Refusal("conflict", "Choose what to do with the file.")


def _reader(request: HttpRequest) -> Actor:
    return actor_who_may(request.user, PortfolioPermission.READ_WAITING)


def _found(number: int) -> WaitingLoad:
    waiting = loads.waiting_load(number)
    if waiting is None:
        raise Http404("There is no such file.")
    return waiting


def _shown(request: HttpRequest, waiting: WaitingLoad, by: Actor, form: DecisionForm, status: int) -> HttpResponse:
    outcome = present.of_review(waiting.review)
    context: dict[str, Any] = {
        "scope": scope_of(request),
        "waiting": waiting,
        "is_waiting": waiting.status == LoadState.WAITING,
        "label": LoadState.stored(waiting.status).label,
        "steps": list(loads.steps_with(waiting, by)),
        "own": waiting.asked_by_id == by.id,
        "report": outcome["report"],
        "sections": present.sections_of(outcome),
        "review": present.review_of(outcome, most=RECORDS_NAMED),
        "alters": present.altered_by(outcome, most=RECORDS_NAMED),
        "csv": reverse("waiting-load-review", args=[waiting.pk]),
        "api": f"{API_ROOT}portfolios/loads/{waiting.pk}/",
        "form": form,
        "errors": form.summary,
    }
    return render(request, "organisations/waiting-load.jinja", context, status=status)
