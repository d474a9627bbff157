"""What OPTIONS answers."""

from __future__ import annotations

from typing import Any

from rest_framework.metadata import BaseMetadata
from rest_framework.request import Request


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
