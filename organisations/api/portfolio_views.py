"""Portfolios: what is loaded, the whole document of each, checking a file and loading it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from organisations.api import portfolio_examples
from organisations.api.portfolio_files import (
    FORMS,
    MADE_WHOLE,
    JSONFile,
    XLSXFile,
    XLSXForm,
    YAMLFile,
    YAMLForm,
    ZIPFile,
    ZIPForm,
)
from organisations.api.waiting_load_views import LIMIT, waiting_load_document
from organisations.jobs import CHECK, LOAD
from organisations.models import Portfolio, WaitingLoad
from organisations.policies import PortfolioPermission
from organisations.portfolios.formats import Format, document_schema
from organisations.portfolios.reading import LARGEST
from organisations.portfolios.sections import document_model
from organisations.read_models.portfolios import (
    DocumentSchema,
    LoadDocument,
    PastLoads,
    PortfolioItem,
    WaitingLoadDetail,
    reviewed_sections,
)
from organisations.selectors import documents, portfolio_files
from organisations.selectors import loads as past
from organisations.services.load_portfolio import load_content
from organisations.services.load_reports import LoadReport
from organisations.services.waiting_loads import submit
from pcorg.core.api.content import SentFile
from pcorg.core.api.paging import Order
from pcorg.core.api.parameters import COMMON, Parameter, formats, selection
from pcorg.core.api.problems import ApiProblem, Fault, ProblemCode
from pcorg.core.api.read_models import serializer_of
from pcorg.core.api.throttles import WholeFiles
from pcorg.core.api.views import RecordViewSet
from pcorg.core.api.writing import Writing
from pcorg.core.http.budgets import Work, spending
from pcorg.core.jobs.answering import LATER, accepted, job_requested
from pcorg.core.values import whole_or_none

MULTIPART = "multipart/form-data"


class PortfoliosViewSet(Writing, RecordViewSet):
    """What is loaded: coverage, limits, attribution; and the whole document of each portfolio, which loads to the same
    state elsewhere."""

    dated = False
    renderer_classes = (*RecordViewSet.renderer_classes, YAMLForm, XLSXForm, ZIPForm)
    parser_classes = (JSONFile, YAMLFile, XLSXFile, ZIPFile, MultiPartParser)
    item = PortfolioItem
    lookup_url_kwarg = "slug"
    noun = "portfolio"
    key = Order("slug", "slug", text=True)
    orderings = (Order("title", "title", words=True), Order("covers_from", "covers_from"))
    answers = {
        "create": LoadDocument,
        "validate": LoadDocument,
        "loads": PastLoads,
        "json_schema": DocumentSchema,
    }
    permissions = {"create": PortfolioPermission.LOAD, "validate": PortfolioPermission.LOAD}
    created_by = frozenset({"create"})
    found_by = frozenset({"create"})
    waits_by = {"create": WaitingLoadDetail}
    examples = portfolio_examples.PORTFOLIOS

    def rows(self) -> QuerySet[Portfolio]:
        portfolio_requested = self.query["portfolio"]
        return (
            Portfolio.objects.order_by()
            if portfolio_requested in {None, "all"}
            else Portfolio.objects.filter(pk=portfolio_requested)
        )

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        sent = whole_or_none(request.META.get("CONTENT_LENGTH") or "")
        if sent is not None and sent > settings.PCORG_LARGEST_UPLOAD:
            raise ApiProblem(413, f"The file is larger than {LARGEST:,} bytes.")  # before anything of it is read
        super().initial(request, *args, **kwargs)

    def get_throttles(self) -> list[BaseThrottle]:
        """Workbooks are made whole and cost many times what other answers do."""
        whole = self.action == "retrieve" and self.request.accepted_renderer.format in MADE_WHOLE
        return [*super().get_throttles(), *([WholeFiles()] if whole and self.request.method != "HEAD" else [])]

    def retrieve(self, request: Request, **named: str) -> HttpResponseBase:  # type: ignore[override]
        """The whole document: header, bodies, relationships, changes and what every section adds. Loading it anywhere
        gives the same state. The address takes the portfolio's slug, or the code of one of its bodies."""
        portfolio = self._portfolio(named["slug"])
        try:
            document = documents.PortfolioDocument(portfolio.slug)
        except documents.NotKept as fault:
            raise ApiProblem(409, str(fault)) from fault
        form = Format(request.accepted_renderer.format)
        headers = {} if form is Format.JSON else _attachment(form, portfolio.slug)
        if request.method == "HEAD":
            return HttpResponse(content_type=form.media_type, headers=headers)
        with spending(Work.RECORDS, document.records, instead="Ask whoever runs this site for the file."):
            content = portfolio_files.written(document, form, self.query["fields"])
        answer = HttpResponse if isinstance(content, bytes) else FileResponse
        return answer(content, content_type=form.media_type, headers=headers)

    def create(self, request: Request) -> HttpResponse:
        """Load a document: everything in it or nothing. What is loaded already as it is stated is left alone; 200 says
        that there was nothing new. What alters something that is recorded already waits for an approver who is somebody
        else: 202 says where. The first faults are told at once, with their places in the file."""
        return self.carried_out(request, lambda: self._load(request))

    @action(detail=False, methods=["post"])
    def validate(self, request: Request) -> HttpResponse:
        """Check a document and say what loading it would bring. Changes nothing."""
        return self.carried_out(request, lambda: self._check(request))

    @action(detail=False, url_path="schema")
    def json_schema(self, request: Request) -> Response:
        """The JSON Schema of a portfolio document."""
        return Response(document_schema())

    @action(detail=False)
    def template(self, request: Request) -> HttpResponse:
        """An empty workbook to fill in: a sheet for each kind of record, with notes on every column and, as XLSX, lists
        to choose values from."""
        form = Format(request.accepted_renderer.format)
        content = portfolio_files.as_file(portfolio_files.EMPTY, form)
        return HttpResponse(content, content_type=form.media_type, headers=_attachment(form, "portfolio-template"))

    @action(detail=True)
    def loads(self, request: Request, slug: str) -> Response:
        """The loads of a portfolio, newest first: which file, by whom, when, and what each brought."""
        return Response({"results": past.loads_of(self._portfolio(slug))})

    def parameters_of(self, action: str) -> Sequence[Parameter]:
        if action == "retrieve":
            return (*COMMON, selection(list(document_model().model_fields)), formats(self.forms_of(action)))
        if action == "list":
            return super().parameters_of(action)
        if action in self.permissions:
            return (LIMIT, LATER, formats(self.forms_of(action)))
        return (formats(self.forms_of(action)),)

    def document_of(self, action: str) -> Any:
        return document_model() if action == "retrieve" else super().document_of(action)

    def forms_of(self, action: str) -> Sequence[str]:
        return FORMS.get(action, ("json",))

    def sent(self, request: Request) -> bytes:
        file = self._sent_file(request)
        return b"\n".join((file.name.encode(), file.content))

    @property
    def takes(self) -> Mapping[str, Any]:  # type: ignore[override]  # the document's schema is known once all apps are
        """The bodies read: a file as it is, or in a form."""
        return dict.fromkeys(self.permissions, _bodies())

    def _portfolio(self, named: str) -> Portfolio:
        found = documents.portfolio_of(named)
        if found is None:
            raise ApiProblem(404, f"There is no portfolio {named[:60]}.", code=ProblemCode.NOT_FOUND)
        return found

    def _sent_file(self, request: Request) -> SentFile:
        """The file that was sent, as the body itself or in the form's field `file`."""
        if isinstance(request.data, SentFile):
            return request.data
        sent = request.FILES.get("file")
        strange = [name for name in request.data if name != "file"]
        if not isinstance(sent, UploadedFile) or strange:
            message = f"There is no such field here: {strange[0][:60]}." if strange else "Send the file in this field."
            raise ApiProblem(
                400, faults=[Fault(ProblemCode.INVALID, message, f"/{strange[0][:60] if strange else 'file'}")]
            )
        if sent.size is not None and sent.size > LARGEST:
            raise ApiProblem(413, f"The file is larger than {LARGEST:,} bytes.")
        sent.seek(0)
        return SentFile(str(sent.name), sent.read())

    def _check(self, request: Request) -> Response:
        file = self._sent_file(request)
        if job_requested(request, self.query):
            sent = (file.name, file.content)
            return accepted(request, kind=CHECK, title=f"Check {file.name}", inputs={}, file=sent)
        report = load_content(content=file.content, name=file.name, by=request.user.get_username(), dry_run=True)
        return Response(self._document(report, file, request))

    def _load(self, request: Request) -> Response:
        file = self._sent_file(request)
        if job_requested(request, self.query):
            sent = (file.name, file.content)
            return accepted(request, kind=LOAD, title=f"Load {file.name}", inputs={}, file=sent)
        found = submit(content=file.content, name=file.name, by=self.actor)
        if isinstance(found, WaitingLoad):
            waiting = waiting_load_document(found, self.actor, self.query["limit"], request)
            return Response(waiting, status=202, headers={"Location": waiting["url"]})
        document = self._document(found, file, request)
        if found.nothing_new:
            return Response(document)
        return Response(document, status=201, headers={"Location": document["url"]})

    def _document(self, report: LoadReport, file: SentFile, request: Request) -> dict[str, Any]:
        serializer = serializer_of(LoadDocument)(context={"request": request})
        return dict(serializer.to_representation(_report_document(report, file, self.query["limit"])))


def _report_document(report: LoadReport, file: SentFile, most: int) -> dict[str, Any]:
    return {
        "portfolio": report.portfolio,
        "title": report.title,
        "dry_run": report.dry_run,
        "created": report.created,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "nothing_new": report.nothing_new,
        "sections": [asdict(section) for section in report.sections],
        "review": reviewed_sections([asdict(section) for section in report.review], most),
        "alters": [asdict(body) for body in report.alters],
        "wants_confirming": report.alters_history,
        "bodies": report.bodies,
        "changes": report.changes,
        "file": file.name,
        "sha256": hashlib.sha256(file.content).hexdigest(),
    }


def _bodies() -> dict[str, Any]:
    binary = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"file": binary}, "required": ["file"]}
    return {
        Format.JSON.media_type: document_model(),
        Format.YAML.media_type: OpenApiTypes.STR,
        Format.XLSX.media_type: OpenApiTypes.BINARY,
        Format.ZIP.media_type: OpenApiTypes.BINARY,
        MULTIPART: form,
    }


def _attachment(form: Format, name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.{form.value}"'}
