"""The base of every resource: a viewset says what it lists and how a record looks; the conventions live
here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers, viewsets
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from pcorg.core.accounts.roles import actor_of
from pcorg.core.api import paging, streaming
from pcorg.core.api.conditional import Validators, validators_of
from pcorg.core.api.content import CSVRenderer, JSONRenderer, NDJSONRenderer
from pcorg.core.api.parameters import COMMON, COUNT, PAGE_SIZE, PORTFOLIO, Parameter, formats, read_query, selection
from pcorg.core.api.problems import ApiProblem, Fault, NotModified, ProblemCode
from pcorg.core.api.read_models import serializer_of
from pcorg.core.api.rows import AddressField, Rows
from pcorg.core.audit.kinds import ALL, Kinds
from pcorg.core.audit.memory import one_version
from pcorg.core.filters import ListFilters
from pcorg.core.names import recorded_code
from pcorg.core.policies import Actor
from pcorg.core.portfolios import Coverage, coverage

Records = list[dict[str, Any]]


class BaseViewSet(viewsets.ViewSet):
    """The conventions of one address: strict parameters, conditional reads, a choice of fields.

    `answers` names the read model of each action, `takes` the body of those that read one, `asks` the
    parameters beside the common ones, `created_by` the actions that answer 201, `found_by` those of them that answer
    200 where everything is there already, `waits_by` the document of those that answer 202 where somebody else has to
    look first. `of_no_day` are the actions that are not about one day and refuse `as_of`.
    Its answers change when data of the kinds that it `rests_on` do, and else never.
    """

    answers: ClassVar[Mapping[str, type]] = {}
    takes: ClassVar[Mapping[str, type]] = {}
    extra_parameters: ClassVar[Mapping[str, Sequence[Parameter]]] = {}
    examples: ClassVar[Mapping[str, Sequence[OpenApiExample]]] = {}
    open_actions: ClassVar[frozenset[str]] = frozenset()
    created_by: ClassVar[frozenset[str]] = frozenset()
    found_by: ClassVar[frozenset[str]] = frozenset()
    waits_by: ClassVar[Mapping[str, type]] = {}
    of_no_day: ClassVar[frozenset[str]] = frozenset()
    rests_on: ClassVar[Kinds] = ALL

    validators: Validators | None = None

    @cached_property
    def actor(self) -> Actor:
        """Who is asking."""
        return actor_of(self.request.user)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in SAFE_METHODS:
            return super().dispatch(request, *args, **kwargs)
        with one_version():
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action is None or self.action == "metadata":
            return
        if request.method in SAFE_METHODS:
            form = getattr(request.accepted_renderer, "format", "")
            self.validators = self.validators_of(request, form)
            self.validators.check(request, existing=False)
        self.filterset = self.filters_of(request)
        self.query = read_query(request.query_params, self.parameters_of(self.action), self.filterset)
        if self.filterset is not None and self.query.get("portfolio", "") is None:
            self.query["portfolio"] = "all" if self.filterset.names_illustrative() else None

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.validators is None or response.status_code not in {200, 304}:
            return response
        if response.status_code == 200:
            try:
                self.validators.check(request, existing=True)
            except NotModified:
                original, response = response, HttpResponseNotModified()
                response._resource_closers += original._resource_closers  # to close it here would end the request
        self.validators.mark(response)
        return response

    def parameters_of(self, action: str) -> Sequence[Parameter]:
        """The query parameters an action takes."""
        if action in self.takes:
            return (*self.extra_parameters.get(action, ()), formats(self.forms_of(action)))
        chosen = (selection(list(self.document_of(action)().fields)),)
        common = (PORTFOLIO,) if action in self.of_no_day else COMMON
        return (*common, *self.extra_parameters.get(action, ()), *chosen, formats(self.forms_of(action)))

    def document_of(self, action: str) -> type[serializers.Serializer]:
        """What an action answers with; a list with pages of it."""
        return serializer_of(self.answers[action])

    def validators_of(self, request: Request, form: str) -> Validators:
        """What tells one state of the answer from another."""
        return validators_of(request, form=form, rests_on=self.rests_on)

    def forms_of(self, action: str) -> Sequence[str]:
        """The forms of answer an action has."""
        return [str(renderer.format) for renderer in self.renderer_classes]

    def filters_of(self, request: Request) -> ListFilters | None:
        """The filters of a list, given what is asked; None where there are none."""
        return None

    def answer(self, document: Mapping[str, Any]) -> Response:
        """A document, with the fields asked for."""
        fields = self.query.get("fields")
        return Response(document if fields is None else {name: document[name] for name in fields})


class ListViewSet(BaseViewSet):
    """A resource that is a list: pages by key, whole streams, filters, orderings.

    `item` is the read model of a record of the list; `rows` gives the query; `filters` is shared with the pages.
    Records hang together by `key`. `dated` records are those of portfolios: the list says for which period these speak.
    Reference records are the same whatever day is asked about, and their lists say so by a coverage of null.
    """

    renderer_classes: tuple[type[BaseRenderer], ...] = (JSONRenderer, CSVRenderer, NDJSONRenderer)
    item: ClassVar[type]
    filters: ClassVar[type[ListFilters] | None] = None
    key: ClassVar[paging.Order]
    orderings: ClassVar[Sequence[paging.Order]] = ()
    default_ordering: ClassVar[str] = ""
    dated: ClassVar[bool] = True

    def rows(self) -> QuerySet:
        """The records before filters."""
        raise NotImplementedError

    def attach(self, records: Records, keys: Sequence[Any], names: Sequence[str]) -> None:
        """Add to records what comes by one query more for all of them; `names` are the fields wanted."""

    def list(self, request: Request) -> HttpResponseBase:
        """The records of the list."""
        shape = Rows(serializer_of(self.item)(context=self.context()), self.query["fields"])
        if request.accepted_renderer.format == "json":
            return self._page(shape)
        return self._stream(shape, request.accepted_renderer.format)

    def parameters_of(self, action: str) -> Sequence[Parameter]:
        if action != "list":
            return super().parameters_of(action)
        ordering = paging.ordering_of(self.orderings, self.default_ordering or self.key.name, self.key)
        own = (selection(list(self.document_of(action)().fields)), ordering, PAGE_SIZE, paging.CURSOR, COUNT)
        return (*COMMON, *self.extra_parameters.get("list", ()), *own, formats(["json", "csv", "ndjson"]))

    def document_of(self, action: str) -> type[serializers.Serializer]:
        return serializer_of(self.item) if action == "list" else super().document_of(action)

    def forms_of(self, action: str) -> Sequence[str]:
        return super().forms_of(action) if action == "list" else ["json"]

    def get_renderers(self) -> Any:
        return [cls() for cls in self.renderer_classes if cls.format in self.forms_of(self.action or "list")]

    def filters_of(self, request: Request) -> ListFilters | None:
        if self.filters is None or self.action != "list":
            return None
        return self.filters(request.query_params)

    def context(self) -> dict[str, Any]:
        """What fields need to know of the request."""
        return {"request": self.request, "as_of": self.query["as_of"]}

    def _filtered(self) -> QuerySet:
        if self.filterset is None:
            return self.rows()
        self.filterset.queryset = self.rows()
        self.filterset.of_day, self.filterset.of_portfolio = self.query["as_of"], self.query["portfolio"]
        return self.filterset.qs

    def _page(self, shape: Rows) -> Response:
        rows, keys = self._filtered(), self.query["ordering"]
        aliases = [key.alias for key in keys]
        try:
            page = paging.page_of(
                rows,
                keys,
                self.query["page_size"],
                self.query["cursor"],
                lambda query: query.values_list(*shape.paths, *aliases),
            )
        except ValueError as fault:
            raise ApiProblem(400, faults=[Fault.of_parameter("cursor", str(fault))]) from fault
        records = [shape(row) for row in page.rows]
        self._attach(shape, records, page.rows, keys)
        document: dict[str, Any] = {
            "next": self._address(page.following),
            "previous": self._address(page.preceding),
            "coverage": self._coverage(),
            "results": records,
        }
        return Response({"count": rows.count(), **document} if self.query["count"] else document)

    def _stream(self, shape: Rows, form: str) -> HttpResponseBase:
        kinds = {"csv": "text/csv; charset=utf-8; header=present", "ndjson": "application/x-ndjson"}
        name = f'attachment; filename="{self.request.path.strip("/").rsplit("/", 1)[-1]}.{form}"'
        headers = {"Content-Disposition": name, "Content-Type": kinds[form]}
        if self.request.method == "HEAD":
            return StreamingHttpResponse((), headers=headers)
        keys = self.query["ordering"]
        rows = paging.ordered(self._filtered(), keys).values_list(*shape.paths, *(key.alias for key in keys))
        chunks = streaming.records(rows, shape, lambda documents, found: self._attach(shape, documents, found, keys))
        columns = shape.columns
        if self.dated and self.query["as_of"] is not None and self.query["fields"] is None:
            covered: Mapping[str, Any] = self._coverage() or {}
            chunks = streaming.with_each(chunks, coverage=covered)
            columns = [*columns, *(("coverage", part) for part in covered)]
        sent = streaming.table(chunks, columns) if form == "csv" else streaming.ndjson(chunks)
        return StreamingHttpResponse(sent, headers=headers)

    def _coverage(self) -> Coverage | None:
        """For which period the portfolios chosen speak, and whether the day asked about lies within."""
        return coverage(self.query["as_of"], portfolio=self.query["portfolio"]) if self.dated else None

    def _attach(self, shape: Rows, records: Records, rows: Sequence[tuple], keys: Sequence[paging.Key]) -> None:
        if shape.supplied and records:
            place = [key.order for key in keys].index(self.key) - len(keys)
            self.attach(records, [row[place] for row in rows], list(shape.supplied))
            shape.represent(records)

    def _address(self, cursor: paging.Cursor | None) -> str | None:
        if cursor is None:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = cursor.text()
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")


class RecordViewSet(ListViewSet):
    """A list whose records have addresses of their own. `whole` is the read model of one record in full."""

    whole: ClassVar[type]
    lookup_url_kwarg: ClassVar[str] = "pk"
    lookup_value_converter = "str"
    noun: ClassVar[str] = "record"

    def one(self, key: str) -> Mapping[str, Any]:
        """The record with a key. Raises LookupError with a problem code where there is none."""
        shape = Rows(serializer_of(self.whole)(context=self.context()))
        found = self._row(key, shape)
        if found is None and self.lookup_url_kwarg == "code":
            key = recorded_code(self.all_rows().order_by(), key) or key
            found = self._row(key, shape)
        if found is None:
            raise ApiProblem(404, f"There is no {self.noun} {key}.", code=ProblemCode.NOT_FOUND)
        record = shape(found)
        if shape.supplied:
            self.attach([record], [key], list(shape.supplied))
            shape.represent([record])
        return record

    def _row(self, key: str, shape: Rows) -> tuple | None:
        return self.all_rows().filter(pk=key).values_list(*shape.paths).first() if "\x00" not in key else None

    def all_rows(self) -> QuerySet:
        """The records an address can name: those of the list unless said otherwise."""
        return self.rows()

    def with_address(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """A document in full with the address of its record, where the read model says that it has one."""
        address = serializer_of(self.whole)(context={"request": self.request}).fields.get("url")
        if not isinstance(address, AddressField):
            return document
        return {**document, "url": address.to_representation(document[str(address.source)])}

    def represented(self, record: Any, **context: Any) -> Mapping[str, Any]:
        """A record of the database as the read model in full has it; `context` is what its fields need to know."""
        whole = serializer_of(self.whole)(context={**self.context(), **context})
        return dict(whole.to_representation(record))

    def retrieve(self, request: Request, **named: str) -> HttpResponse:
        """One record in full."""
        (key,) = named.values()
        document = self.one(key)
        return self.answer(document if "url" in document else self.with_address(document))

    def document_of(self, action: str) -> type[serializers.Serializer]:
        return serializer_of(self.whole) if action == "retrieve" else super().document_of(action)
