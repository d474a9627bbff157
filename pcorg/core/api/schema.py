"""The API's description (OpenAPI 3.1), made from what the views declare."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Annotated, Any

import django_filters
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    inline_serializer,
)
from rest_framework import serializers

from pcorg.core.api import problems
from pcorg.core.api.finishing import plain
from pcorg.core.api.read_models import field_of, serializer_of
from pcorg.core.api.views import BaseViewSet, ListViewSet
from pcorg.core.api.writing import ETAGS, KEY, Writing
from pcorg.core.portfolios import Coverage

JSON, YAML, CSV, NDJSON = "application/json", "application/yaml", "text/csv", "application/x-ndjson"
REFUSALS = {
    400: "Malformed or invalid: every fault at once.",
    401: "The token is wrong or has expired.",
    403: "Not permitted.",
    404: "Nothing there, or not in force on the date.",
    409: "Not possible in this state, blocked by a check, or at odds with what is recorded.",
    405: "The address does not take this method.",
    406: "The answer cannot be had in the form that Accept asks for.",
    412: "The data have changed since the state named in If-Match.",
    422: "It would take more work than may be asked for at once; the detail says what to ask for instead.",
    428: "The write wants the version you have seen, as If-Match.",
    429: "Too many requests; Retry-After says how long to wait.",
    500: "Something went wrong on our side.",
    503: "Not just now: the database is away or only readable, or too much is being worked out. Retry-After says when.",
}
REFUSALS_OF_BODIES = {413: "The body is too large.", 415: "The body is in none of the forms read here."}
KEYS: dict[str, tuple[dict[str, Any], str]] = {
    "code": ({"type": "string", "maxLength": 60}, "The code of the record, in either case."),
    "slug": ({"type": "string", "maxLength": 60}, "The slug of the record."),
    "id": ({"type": "integer", "minimum": 1}, "The number of the record."),
}
"""What the parts of an address are, by name."""


LISTED = {
    "audit": "entries of the audit trail",
    "evidence": "statements of evidence",
    "glossary": "terms of the glossary",
    "pms-pilots": "PMS pilots",
    "staffing": "staff",
    "waiting_loads": "files that want confirming",
}
"""What some addresses list, where their names do not say it."""


class ContractSchema(AutoSchema):
    """One operation, described from its view's declarations."""

    view: Any

    @property
    def action(self) -> str:
        """The view's action."""
        return getattr(self.view, "action", "") or ""

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0] or "api"]

    def get_operation_id(self) -> str:
        stem = getattr(self.view, "called", "") or self.get_tags()[0].replace("-", "_")
        return f"{stem}_{self.action}"

    def get_description(self) -> str:  # type: ignore[override]
        description = " ".join((type(self.view).__doc__ or "").split())
        own = " ".join((getattr(self.view, self.action).__doc__ or "").split())
        return f"{description} {own}" if self.action in {"list", "retrieve"} else own

    def get_summary(self) -> str:
        tag = getattr(self.view, "called", "") or self.get_tags()[0]
        words = LISTED.get(tag, tag.replace("-", " "))
        if self.action == "list" and isinstance(self.view, ListViewSet):
            return f"List {words}"
        if self.action == "retrieve":
            return f"Get one {getattr(self.view, 'noun', '') or words} in full"
        return self.get_description().partition(". ")[0].partition("; ")[0].removesuffix(".")

    def get_auth(self) -> list[dict[str, Any]]:
        reads = self.method == "GET" and getattr(self.view, "reads", None) is None
        open_to_all = reads or self.action in getattr(self.view, "open_actions", ())
        return [*super().get_auth(), *([{}] if open_to_all else [])]

    def get_filter_backends(self) -> list[Any]:
        return []

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # pages are described as the documents they are

    def get_override_parameters(self) -> list[Any]:
        if not isinstance(self.view, BaseViewSet):
            return []
        return [*self._keys(), *self._declared(), *self._filters(), *self._conditions()]

    def _keys(self) -> list[OpenApiParameter]:
        named = [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        return [
            OpenApiParameter(name, KEYS[name][0], OpenApiParameter.PATH, required=True, description=KEYS[name][1])
            for name in named
        ]

    def _declared(self) -> list[OpenApiParameter]:
        return [
            OpenApiParameter(
                one.name,
                dict(one.schema),
                description=one.description,
                required=one.required,
            )
            for one in self.view.parameters_of(self.action)
        ]

    def _filters(self) -> list[OpenApiParameter]:
        chosen = getattr(self.view, "filters", None)
        if chosen is None or self.action != "list":
            return []
        return [filter_parameter(name, one) for name, one in chosen.base_filters.items()]

    def _conditions(self) -> list[OpenApiParameter]:
        if self.method == "GET":
            description = "The ETag of an answer you hold: where it still stands the answer is 304, without a body."
            return [OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description=description)]
        found = []
        if self._takes_a_version:
            description = "The ETag of the record as you know it: where it has changed since, the answer is 412."
            needed = self._needs_version
            tags = {"type": "string", "pattern": ETAGS}
            found.append(
                OpenApiParameter("If-Match", tags, OpenApiParameter.HEADER, required=needed, description=description)
            )
        if self._writes:
            description = (
                "A key of your choice: sent again with the same request within a day, the answer is the same one."
            )
            schema = {"type": "string", "minLength": 1, "maxLength": 255}
            found.append(OpenApiParameter(KEY, schema, OpenApiParameter.HEADER, description=description))
        return found

    @property
    def _writes(self) -> bool:
        return isinstance(self.view, Writing) and self.action in self.view.permissions

    @property
    def _takes_a_version(self) -> bool:
        return self._needs_version or (self._writes and self.action in self.view.may_name_a_version)

    @property
    def _needs_version(self) -> bool:
        return self._writes and self.action in self.view.needs_version

    def get_request_serializer(self) -> Any:
        takes = self.view.takes.get(self.action) if isinstance(self.view, BaseViewSet) else None
        return serializer_of(takes) if isinstance(takes, type) else takes

    def get_response_serializers(self) -> Any:
        answers: dict[Any, Any] = dict(self._successes())
        refusals = dict(REFUSALS)
        if self.method != "GET":
            refusals |= REFUSALS_OF_BODIES
        if self.method != "GET" and not self._takes_a_version:
            del refusals[412]
        if not self._needs_version:
            del refusals[428]
        if not isinstance(self.view, Writing) or (self.method == "GET" and self.action in {"list", "retrieve"}):
            del refusals[409]
        for status, serializer in sorted(refusals.items()):
            answers[(str(status), problems.MEDIA_TYPE)] = OpenApiResponse(
                serializer_of(problems.ProblemDocument), description=serializer
            )
        return answers

    def _successes(self) -> dict[Any, Any]:
        if not isinstance(self.view, BaseViewSet):
            return {("200", JSON): OpenApiTypes.OBJECT}
        kept: dict[Any, Any] = {}
        if self.method == "GET":
            kept["304"] = OpenApiResponse(description="The answer you hold still stands.")
        if isinstance(self.view, ListViewSet) and self.action == "list":
            return {
                ("200", JSON): OpenApiResponse(
                    page_of(self.view.document_of("list")), description="A page of the list."
                ),
                ("200", CSV): OpenApiTypes.STR,
                ("200", NDJSON): OpenApiTypes.STR,
                **kept,
            }
        answers: dict[Any, Any] = {("200", media): OpenApiTypes.BINARY for media in self._files()}
        if "json" in self.view.forms_of(self.action):
            document: Any = self.view.document_of(self.action)
            if issubclass(document, serializers.Serializer) and not document().fields:
                document = OpenApiTypes.OBJECT
            answers[("200", JSON)] = OpenApiResponse(document, description="The answer.")
            if ("200", YAML) in answers:
                answers[("200", YAML)] = document  # the same document, for whoever reads YAML
            if self.action in self.view.created_by:
                answers[("201", JSON)] = OpenApiResponse(document, description="Made.")
                if self.action not in self.view.found_by:
                    del answers[("200", JSON)]
        if accepted := list(self._accepted()):
            documents = [document for document, _ in accepted]
            name = f"{''.join(component_of(document) for document in documents)}Accepted"
            one_of = PolymorphicProxySerializer(name, documents, resource_type_field_name=None)
            description = " Or: ".join(words for _, words in accepted)
            answers[("202", JSON)] = OpenApiResponse(
                one_of if len(documents) > 1 else documents[0], description=description
            )
        return {**answers, **kept}

    def _accepted(self) -> Iterator[tuple[Any, str]]:
        """What the action answers where the work is not done at once: the document, and when."""
        if any(one.name == "later" for one in self.view.parameters_of(self.action)):
            from pcorg.core.jobs.reading import JobDetail  # noqa: PLC0415 - it is a view, which this module describes

            yield serializer_of(JobDetail), "To be done as a job."
        if self.action in self.view.waits_by:
            yield serializer_of(self.view.waits_by[self.action]), "Waits for somebody else to confirm it."

    def _files(self) -> list[str]:
        """The media types of files that the action gives out."""
        forms = set(self.view.forms_of(self.action)) - {"json"}
        return [renderer.media_type for renderer in self.view.renderer_classes if renderer.format in forms]

    def get_examples(self) -> list[OpenApiExample]:
        return list(getattr(self.view, "examples", {}).get(self.action, ()))


class PydanticBody(OpenApiSerializerExtension):
    """A body described by the schema that reads it."""

    target_class = "pydantic.BaseModel"
    match_subclasses = True
    priority = 1

    def get_name(self, auto_schema: AutoSchema, direction: str) -> str:
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        schema = plain(self.target.model_json_schema(ref_template="#/components/schemas/{model}"))
        for name, part in schema.pop("$defs", {}).items():
            component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=part)
            if component in auto_schema.registry and auto_schema.registry[component].schema != part:
                raise ValueError(f"Two different schemas are called {name}.")
            auto_schema.registry.register_on_missing(component)
        return dict(schema)


def component_of(document: type[serializers.Serializer]) -> str:
    """The name under which a document is described."""
    return document.__name__.removesuffix("Serializer")


DATED = "Of the portfolios chosen. Null where records are not dated, so the same on every day"


@functools.cache
def page_of(item: type[serializers.Serializer]) -> serializers.Serializer:
    """A page of records."""
    return inline_serializer(
        f"{component_of(item).removesuffix('Item').removesuffix('Document')}Page",
        fields={
            "count": serializers.IntegerField(required=False, help_text="With `count=exact`: records in all"),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "coverage": field_of(Annotated[Coverage | None, DATED]),
            "results": item(many=True),
        },
    )


def filter_parameter(name: str, one: django_filters.Filter) -> OpenApiParameter:
    """A filter of a list as a parameter."""
    several = isinstance(one, django_filters.MultipleChoiceFilter)
    choices = [value for value, _label in one.extra.get("choices", ())]
    schema: dict[str, Any] = dict(getattr(one, "schema", {"type": "string", "minLength": 1}))
    if choices and not hasattr(one, "schema"):
        schema = {"type": "string", "enum": choices}
    if several:
        schema = {"type": "array", "items": schema}
    return OpenApiParameter(
        name,
        schema,
        description=one.extra.get("help_text", ""),
        explode=True if several else None,
        style="form" if several else None,
    )
