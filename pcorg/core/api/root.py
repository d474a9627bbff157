"""The front of the API: what there is, what problems mean, its description and interactive documentation."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, TypedDict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_resolver, resolve, reverse
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from pcorg.core.api.conditional import Validators
from pcorg.core.api.parameters import Parameter, formats
from pcorg.core.api.problems import STATUS_CODES, ApiProblem, ProblemCode
from pcorg.core.api.views import BaseViewSet


@functools.cache
def resources() -> dict[str, str]:
    """The lists of the API and its documents, by name, with the names of their routes: what is routed is listed, save
    what answers only where it is told what about."""
    _, api = get_resolver().namespace_dict["api"]
    found = {}
    for name in api.reverse_dict:
        if isinstance(name, str) and name.endswith("-list"):
            address = reverse(f"api:{name}")
            view = resolve(address).func.cls  # type: ignore[attr-defined]  # as_view() of a viewset keeps its class
            called = getattr(view, "called", "").replace("_", "-") or address.strip("/").rpartition("/")[2]
            if not any(one.required for one in view.extra_parameters.get("list", ())):
                found[called] = f"api:{name}"
    return dict(sorted(found.items())) | {"schema": "api:schema", "docs": "api:docs"}


class IndexSerializer(serializers.Serializer):
    """The addresses of the resources, by name."""

    def get_fields(self) -> dict[str, Any]:
        return {name: serializers.URLField() for name in resources()}


class RootViewSet(BaseViewSet):
    """What there is."""

    answers = {"list": IndexSerializer}

    def list(self, request: Request) -> Response:
        """The addresses of the resources."""
        found = {name: request.build_absolute_uri(reverse(view)) for name, view in resources().items()}
        return self.answer(found)

    def parameters_of(self, action: str) -> tuple[Parameter, ...]:
        return (formats(self.forms_of(action)),)


class ProblemKind(TypedDict):
    """What a problem code means."""

    code: Annotated[str, ProblemCode]
    title: str
    statuses: Annotated[list[int], "Statuses it usually comes with"]


class ProblemKinds(TypedDict):
    """Every problem code."""

    results: list[ProblemKind]


STATUSES_OF = {
    ProblemCode.UNKNOWN_PARAMETER: [400],
    ProblemCode.UNKNOWN_ORGANISATION: [400, 404],
    ProblemCode.UNKNOWN_PORTFOLIO: [400],
    ProblemCode.NOT_IN_FORCE: [400, 404, 409],
    ProblemCode.CODE_IN_USE: [400, 409],
    ProblemCode.OWN_PROPOSAL: [403],
}


def _kind(code: ProblemCode) -> ProblemKind:
    own = [status for status, usual in STATUS_CODES.items() if usual is code]
    return {"code": code.value, "title": code.label, "statuses": STATUSES_OF.get(code) or own or [409]}


class ProblemsViewSet(RootViewSet):
    """What the codes of problem documents mean."""

    answers = {"list": ProblemKinds, "retrieve": ProblemKind}
    noun = "problem code"
    lookup_value_converter = "str"

    def list(self, request: Request) -> Response:
        """Every problem code."""
        return self.answer({"results": [_kind(code) for code in ProblemCode]})

    def retrieve(self, request: Request, code: str) -> Response:
        """One problem code; problem documents name this address as their type."""
        if code not in {known.value for known in ProblemCode}:
            raise ApiProblem(404, f"There is no problem code {code[:60]}.")
        return self.answer(_kind(ProblemCode(code)))


@functools.cache
def described() -> tuple[dict[str, Any], str]:
    """The description of the whole API and a digest of it. Made once in a process: it does not depend on
    data."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return schema, hashlib.sha256(repr(schema).encode()).hexdigest()[:32]


@functools.cache
def written(renderer: type[BaseRenderer]) -> bytes:
    """The description as a renderer writes it; once in a process, for YAML takes most of a second."""
    content = renderer().render(described()[0])
    return content.encode() if isinstance(content, str) else content


class SchemaViewSet(RootViewSet):
    """The description of this API in OpenAPI 3.1, as YAML or JSON."""

    renderer_classes = (OpenApiYamlRenderer, OpenApiYamlRenderer2, OpenApiJsonRenderer, OpenApiJsonRenderer2)
    schema = None

    def list(self, request: Request) -> HttpResponse:  # type: ignore[override]
        """The description."""
        renderer = request.accepted_renderer
        form = f"{renderer.media_type}; charset={renderer.charset}" if renderer.charset else renderer.media_type
        return HttpResponse(written(type(renderer)), content_type=form)  # type: ignore[arg-type]  # a class is hashable

    def forms_of(self, action: str) -> Sequence[str]:
        return ["yaml", "json"]

    def validators_of(self, request: Request, form: str) -> Validators:
        return Validators(f'W/"{described()[1]}-{form}"', None)


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The interactive documentation. Its scripts and styles are files of our own, so the content policy
    stays strict."""
    return render(request, "api/docs.jinja", {"schema": reverse("api:schema")})
