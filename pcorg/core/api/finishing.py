"""The last touches to the API's description: what readers and client generators need and no view has to state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pcorg.core.api.samples import sample

JSON = "application/json"
SAMPLE = "Sample"


def finished(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The description with an example for each operation that states none, and with what a blank parameter means (a
    hook of drf-spectacular)."""
    components = result.get("components", {}).get("schemas", {})
    for operations in result["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query" and not parameter.get("required"):
                    parameter["allowEmptyValue"] = True  # a blank one is as good as none
            for content in _without_example(operation):
                content["examples"] = {SAMPLE: {"value": _example(content["schema"], components)}}
    return result


def _without_example(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The answers of success that lack an example: in JSON, or else as a file."""
    for status, answer in operation["responses"].items():
        kinds = answer.get("content", {})
        content = kinds.get(JSON) or next(iter(kinds.values()), None)
        if status.startswith("2") and content is not None and "examples" not in content:
            yield content


def _example(schema: dict[str, Any], components: dict[str, Any]) -> Any:
    return "(the file)" if schema.get("format") == "binary" else sample(schema, components)


def plain(schema: Any) -> Any:
    """A schema made by pydantic as client generators take it: without the titles that repeat names, and without the
    defaults that are empty or objects, which they cannot state."""
    if isinstance(schema, list):
        return [plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: part for name, part in schema.items() if not _needless(name, part)}
    return {
        name: {key: plain(value) for key, value in part.items()} if name == "properties" else plain(part)
        for name, part in kept.items()
    }


def _needless(name: str, part: Any) -> bool:
    if name == "title":
        return isinstance(part, str)
    return name == "default" and (part in ("", None) or isinstance(part, list | dict))
