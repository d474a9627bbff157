"""Which form of answer: the parameter `format` wins over the `Accept` header."""

from __future__ import annotations

from collections.abc import Iterable

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class FormatFirst(DefaultContentNegotiation):
    """`?format=csv` gives CSV whatever the header says. A format that is not known falls back to the first
    form here: the view then refuses it together with whatever else is wrong with the request."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        asked = request.query_params.get("format", "").strip()
        if asked:
            known = list(renderers)
            chosen = next((one for one in known if one.format == asked), known[0])
            return chosen, chosen.media_type
        return super().select_renderer(request, renderers, format_suffix)
