"""Loading a portfolio: a file is checked first, and its faults or what it would change are shown; then it is loaded."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisations.jobs import CHECK, LARGE, LOAD
from organisations.models import PortfolioLoad, WaitingLoad
from organisations.portfolios.formats import KINDS, Format, too_large
from organisations.portfolios.reading import LARGEST, DocumentFault, DocumentRefused
from organisations.selectors import loads
from organisations.services.load_portfolio import load_content
from organisations.services.load_reports import Progress
from organisations.services.waiting_loads import submit
from organisations.web.presenters import load as present
from organisations.web.views.progress import answered
from pcorg.core.accounts.roles import Role, actor_of, roles_of
from pcorg.core.api.streaming import table
from pcorg.core.forms.address import Address
from pcorg.core.forms.base import summary_of
from pcorg.core.jobs.actions import TooMany, enqueue
from pcorg.core.pages.pagination import pages
from pcorg.core.pages.scope import API_ROOT, scope_of
from pcorg.core.refusals import Refusal
from pcorg.core.uploads import files
from pcorg.core.uploads.models import KeptUpload

LOADS_A_PAGE = 25
FAULTS_A_PAGE = 100
RECORDS_NAMED = 20
"""Records of a kind that the page names; the file of all is linked beneath."""
ROLE_NEEDED = "Only data administrators load portfolios."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest) -> HttpResponseBase:
    """Where a file is sent; templates, what is loaded, and past loads, for everybody to see."""
    if request.method != "POST":
        return _front(request, error="")
    _require_administrator(request)
    sent = request.FILES.get("file")
    error = _unfit(sent)
    if error or not isinstance(sent, UploadedFile):
        return _front(request, error=error)
    name, content, by = str(sent.name), sent.read(), actor_of(request.user)

    if request.POST.get("later") == "yes" or len(content) > LARGE:
        job = _as_job(CHECK, "Check", name, content, request.user)
        return answered(request, lambda progress: job)

    def check(progress: Progress) -> str:
        outcome = _tried(content, name, by.name, progress)
        kept = files.keep(owner=request.user.pk or 0, name=name, content=content, outcome=outcome)
        return reverse("load-file", args=[kept.pk])

    return answered(request, check)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """A file that was checked: what is wrong with it, or what loading it changes and the button that loads it, or asks
    for somebody to confirm it."""
    kept = _kept(request, key)
    if request.method != "POST":
        return _checked(request, kept)
    content, by = bytes(kept.content), actor_of(request.user)
    if len(content) > LARGE:
        job = _as_job(LOAD, "Load", kept.name, content, request.user, kept)
        return answered(request, lambda progress: job)

    def carry_out(progress: Progress) -> str:
        try:
            report = submit(content=content, name=kept.name, by=by, progress=progress)
        except DocumentRefused as refused:  # the data have changed since the file was checked
            files.found(kept, present.of_refusal(refused))
            return reverse("load-file", args=[kept.pk])
        except Refusal as refusal:
            document_refusal = DocumentRefused(kept.name, [DocumentFault(refusal.message, code=refusal.code)])
            files.found(kept, present.of_refusal(document_refusal))
            return reverse("load-file", args=[kept.pk])
        if isinstance(report, WaitingLoad):
            files.forget(kept)
            return reverse("waiting-load", args=[report.pk])
        if report.nothing_new:
            files.found(kept, present.of_report(report))
            return reverse("load-file", args=[kept.pk])
        files.forget(kept)
        digest = hashlib.sha256(content).hexdigest()
        made = PortfolioLoad.objects.filter(portfolio=report.portfolio, sha256=digest, loaded_by=by.name).first()
        return f"{reverse('load')}?loaded={made.pk if made else ''}"

    return answered(request, carry_out)


@never_cache
@require_POST
def discard(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Lets a checked file go."""
    files.forget(_kept(request, key))
    return redirect("load")


@never_cache
@require_GET
def faults(request: HttpRequest, key: uuid.UUID) -> StreamingHttpResponse:
    """The faults of a checked file as a table for a spreadsheet."""
    kept = _kept(request, key)
    if "faults" not in kept.outcome:
        raise Http404("This file has no faults.")
    columns = ["number", "part", "place", "field", "value", "message", "pointer"]
    rows = table([kept.outcome["faults"]], [(column,) for column in columns])
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8; header=present")
    answer["Content-Disposition"] = 'attachment; filename="faults.csv"'
    return answer


@never_cache
@require_GET
def review(request: HttpRequest, key: uuid.UUID) -> StreamingHttpResponse:
    """Serve the whole review of a checked file as a spreadsheet table."""
    kept = _kept(request, key)
    if "review" not in kept.outcome:
        raise Http404("This file has faults: nothing of it would be loaded.")
    rows = table([list(present.review_rows(kept.outcome))], [(column,) for column in present.REVIEW_COLUMNS])
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8; header=present")
    answer["Content-Disposition"] = 'attachment; filename="review.csv"'
    return answer


def _tried(content: bytes, name: str, by: str, progress: Progress) -> present.Outcome:
    try:
        report = load_content(content=content, name=name, by=by, dry_run=True, progress=progress)
    except DocumentRefused as refused:
        return present.of_refusal(refused)
    return present.of_report(report)


def _unfit(sent: object) -> str:
    if not isinstance(sent, UploadedFile):
        return "Choose a file to check"
    if not sent.size:
        return "The file is empty: choose another one"
    return too_large(sent.size).message if sent.size > LARGEST else ""


def _as_job(kind: str, verb: str, name: str, content: bytes, by: Any, kept: KeptUpload | None = None) -> str:
    """The page of the job that does the work; of another page where the person has too many already."""
    inputs = {} if kept is None else {"upload": str(kept.pk)}
    try:
        job = enqueue(kind=kind, title=f"{verb} {name}", inputs=inputs, by=by, file=(name, content))
    except TooMany:
        return reverse("jobs")
    return reverse("job", args=[job.pk])


def _require_administrator(request: HttpRequest) -> None:
    if Role.DATA_ADMINISTRATOR not in roles_of(request.user):
        raise PermissionDenied(ROLE_NEEDED)


def _kept(request: HttpRequest, key: uuid.UUID) -> KeptUpload:
    """Return an uploaded file of this person. Raises Http404 for those of others."""
    _require_administrator(request)
    kept = files.find(key, owner=request.user.pk or 0)
    if kept is None:
        hours = round(files.LIFE.total_seconds() / 3600)
        raise Http404(f"The file is not kept any more: it was loaded or discarded, or {hours} hours have passed.")
    return kept


def _front(request: HttpRequest, *, error: str) -> HttpResponse:
    scope = scope_of(request)
    sheet = Paginator(loads.past_loads(), LOADS_A_PAGE).get_page(Address.of(request).page)
    context: dict[str, Any] = {
        "scope": scope,
        "may": Role.DATA_ADMINISTRATOR in roles_of(request.user),
        "error": error,
        "errors": summary_of([("file", error)] if error else []),
        "kinds": KINDS,
        "large": LARGE // (1024 * 1024),
        "largest": LARGEST // (1024 * 1024),
        "loaded": _just_loaded(request),
        "portfolios": loads.summaries(),
        "own_waiting": loads.own_waiting(request.user.pk or 0),
        "loads": list(sheet.object_list),
        "loads_total": sheet.paginator.count,
        "load_pages": pages(sheet, lambda place: f"{reverse('load')}?page={place}#past"),
        "formats": [(each.value, each.label) for each in Format],
        "template": f"{API_ROOT}portfolios/template/",
        "api": f"{API_ROOT}portfolios/",
    }
    return render(request, "organisations/load.jinja", context, status=422 if error else 200)


def _just_loaded(request: HttpRequest) -> PortfolioLoad | None:
    """The load that was just carried out, where the page is shown after one, to the person who did it."""
    number = Address.of(request).number("loaded")
    if number is None:
        return None
    return loads.past_loads().filter(pk=number, loaded_by=request.user.get_username()).first()


def _checked(request: HttpRequest, kept: KeptUpload) -> HttpResponse:
    context: dict[str, Any] = {"scope": scope_of(request), "kept": kept}
    if "report" in kept.outcome:
        context |= {
            "report": kept.outcome["report"],
            "sections": present.sections_of(kept.outcome),
            "review": present.review_of(kept.outcome, most=RECORDS_NAMED),
            "alters": present.altered_by(kept.outcome, most=RECORDS_NAMED),
            "most": RECORDS_NAMED,
            "csv": reverse("load-review", args=[kept.pk]),
        }
        return render(request, "organisations/load-report.jinja", context)
    rows = present.faults_of(kept.outcome)
    address = Address.of(request)
    query = {"part": address.text("part"), "order": address.choice("order", present.ORDERS, "place")}
    arranged = present.arranged(rows, part=query["part"], order=query["order"])

    def link(**parameters: object) -> str:
        return scope_of(request).link("load-file", kept.pk, **(query | parameters)) + "#faults"

    sheet = Paginator(arranged, FAULTS_A_PAGE).get_page(address.page)
    context |= {
        "count": kept.outcome["count"],
        "more": kept.outcome["count"] - len(rows),
        "at_least": not kept.outcome.get("counted", True),
        "shown": len(arranged),
        "parts": present.parts_of(rows),
        "rows": list(sheet.object_list),
        "rows_total": len(rows),
        "asked": query,
        "orders": present.ORDERS,
        "link": link,
        "fault_pages": pages(sheet, lambda place: link(page=place)),
        "csv": reverse("load-faults", args=[kept.pk]),
    }
    return render(request, "organisations/load-faults.jinja", context)
