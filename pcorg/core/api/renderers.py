"""Forms of answer. Lists come as pages of JSON, or whole as CSV or newline-delimited JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer


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
