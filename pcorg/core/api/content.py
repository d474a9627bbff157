"""The forms in which the API reads and answers: parsers, renderers, and which of them a request gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any, ClassVar

import orjson
from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.metadata import BaseMetadata
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from pcorg.core.api.problems import ApiProblem


class JSONParser(BaseParser):
    """Reads JSON. Raises ParseError on what is none, a 413 problem on more than
    DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise ApiProblem(413, f"The body is larger than {limit:,} bytes.")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as fault:
            raise ParseError(f"The body is not JSON: {fault}.") from fault


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came as the body of a request, under the name that its kind would have."""

    name: str
    content: bytes


class FileParser(BaseParser):
    """Reads a file as it is, whatever is in it. Raises a 413 problem on more bytes than `largest`."""

    name: ClassVar[str]
    largest: ClassVar[int]

    def parse(  # type: ignore[override]  # what the view takes is a file, not fields
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> SentFile:
        content = stream.read(self.largest + 1)
        if len(content) > self.largest:
            raise ApiProblem(413, f"The file is larger than {self.largest:,} bytes.")
        return SentFile(self.name, content)


def as_json(data: Any) -> bytes:
    """Data as JSON: dates in ISO, decimals as strings."""
    return orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS)


class JSONRenderer(BaseRenderer):
    """JSON."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else as_json(data)


class StreamedRenderer(BaseRenderer):
    """A form in which the view itself streams the whole list; it is only negotiated for here."""

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        raise NotImplementedError("lists in this form are streamed")


class CSVRenderer(StreamedRenderer):
    """Comma-separated values, for spreadsheets."""

    media_type = "text/csv"
    format = "csv"


class NDJSONRenderer(StreamedRenderer):
    """One JSON object a line, for programs."""

    media_type = "application/x-ndjson"
    format = "ndjson"


class FormatFirst(DefaultContentNegotiation):
    """`?format=csv` gives CSV whatever the header says. A format that is not known falls back to the first
    form here: the view then refuses it together with whatever else is wrong with the request."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        format_requested = request.query_params.get("format", "").strip()
        if format_requested:
            choices = list(renderers)
            chosen = next((one for one in choices if one.format == format_requested), choices[0])
            return chosen, chosen.media_type
        return super().select_renderer(request, renderers, format_suffix)


class ContractMetadata(BaseMetadata):
    """What the address is, which methods, parameters and forms of answer it takes."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        action = getattr(view, "action_map", {}).get("get")
        parameters = view.parameters_of(action) if action and hasattr(view, "parameters_of") else ()
        return {
            "name": view.get_view_name(),
            "description": view.get_view_description(),
            "methods": view.allowed_methods,
            "parameters": [{"name": one.name, "description": one.description} for one in parameters],
            "renders": [renderer.media_type for renderer in view.renderer_classes],
            "parses": [parser.media_type for parser in view.parser_classes],
        }
