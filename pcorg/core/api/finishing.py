"""The last touches to the API's description: what readers and client generators need and no view has to state.

An operation that states no example gets a sample of what its schema describes. Values come from the schema (its
constants, choices and bounds) and, for fields that mean the same everywhere, from one table, so that samples read like
records of the shipped portfolios.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

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


Schema = Mapping[str, Any]

USUAL: Mapping[str, Any] = {
    "action": "approve-change",
    "actor": "ann",
    "as_of": "2009-04-01",
    "by": "ann",
    "code": "5M1",
    "commissioner": "X-KPCT1",
    "comment": "Agreed.",
    "contract": "X-KC110",
    "count": 1,
    "corrects": None,
    "edges": [],
    "evidence": "Board paper 12",
    "flag": "",
    "form": "pct-4",
    "from": "pct-3",
    "group": "rehabilitation",
    "id": 77,
    "illustrative": False,
    "kind": "merger",
    "label": "Primary care trust, level 4",
    "kept_by": "ann",
    "legal_instrument": "",
    "level": 4,
    "locator": "lines 317-326",
    "message": "Every population lies in the expected range.",
    "name": "South Birmingham Primary Care Trust",
    "next": None,
    "note": "",
    "on": "2009-04-01",
    "option": "community-interest-company",
    "criterion": "value-for-money",
    "organisation": "5M1",
    "original": "5P3",
    "overridden_by": "",
    "override_reason": "",
    "plural": "Primary care trusts, level 4",
    "predecessor": "5P3",
    "portfolio": "england-2006-2015",
    "previous": None,
    "price_year": "2008/09",
    "proposed_by": "ann",
    "owner": "ann",
    "collaborators": ["carol"],
    "provider": "X-KNT1",
    "rationale": "One body for the county.",
    "reference": "2010-hertfordshire",
    "resulting": "5QV",
    "service": "physiotherapy",
    "share": "1",
    "slug": "pct-4",
    "source": "goodwin-2001 lines 317-326",
    "status": "effected",
    "subject": "5M1",
    "successor": "5QV",
    "superseded": [],
    "title": "The two Hertfordshire trusts become one",
    "to": "pct-4",
    "undone_by": None,
    "what": "X-KP01",
    "url": "http://localhost:8000/api/v1/organisations/5M1/",
}
"""Values of fields by name; used where the schema allows them."""

DATES = {"date": "2009-04-01", "date-time": "2009-04-01T09:30:00Z", "uri": "http://localhost:8000/api/v1/"}
PATTERNED = ("0.50", "5M1", "pct-4", "goodwin-2001")
"""Texts of which one fits each pattern: a decimal, a code, a slug, a citation."""
DEEP = 12


def sample(schema: Schema, components: Mapping[str, Schema], name: str = "", depth: int = 0) -> Any:
    """A value that fits a schema. `name` is that of the field it stands in. What may be left out of an object is left
    out below a depth of 12, for schemas may contain themselves."""
    schema = _resolved(schema, components)
    if "const" in schema:
        return schema["const"]
    usual = USUAL.get(name)
    if name in USUAL and _allows(schema, usual):
        return usual
    if "enum" in schema:
        return next((one for one in schema["enum"] if one not in {None, ""}), schema["enum"][0])
    match _kind(schema):
        case "object":
            return _object(schema, components, depth)
        case "array":
            few = depth >= DEEP or schema.get("maxItems") == 0
            return [] if few else [sample(schema.get("items", {}), components, _singular(name), depth + 1)]
        case "integer":
            return _within(schema, 1)
        case "number":
            return _within(schema, 0.5)
        case "boolean":
            return True
        case "string":
            return _text(schema, name)
        case _:
            return None


def _resolved(schema: Schema, components: Mapping[str, Schema]) -> Schema:
    """The schema that a reference names, with what stands beside it; of alternatives the first that is not null."""
    if "$ref" in schema:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return _resolved({**components[schema["$ref"].rsplit("/", 1)[1]], **beside}, components)
    for key in ("allOf", "anyOf", "oneOf"):
        if key in schema:
            rest = {name: value for name, value in schema.items() if name != key}
            chosen: Schema = next(
                (one for one in schema[key] if one.get("type") != "null" and one.get("enum") != [None]), {}
            )
            return _resolved({**rest, **chosen}, components)
    return schema


def _kind(schema: Schema) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return next((one for one in kind if one != "null"), "null")
    return kind or ("object" if "properties" in schema else "string")


def _object(schema: Schema, components: Mapping[str, Schema], depth: int) -> dict[str, Any]:
    required = schema.get("required", ())
    properties = {name: part for name, part in schema.get("properties", {}).items() if depth < DEEP or name in required}
    return {name: sample(part, components, name, depth + 1) for name, part in properties.items()}


def _within(schema: Schema, usual: float) -> float:
    low, high = schema.get("minimum", usual), schema.get("maximum", usual)
    return type(usual)(min(max(usual, low), high))


def _text(schema: Schema, name: str) -> str:
    if schema.get("format") in DATES:
        return DATES[schema["format"]]
    words = name.replace("_", " ").capitalize() or "Text"
    if "pattern" in schema:
        return next((text for text in PATTERNED if re.search(schema["pattern"], text)), words)
    return words[: schema.get("maxLength", len(words))]


def _singular(name: str) -> str:
    return {"forms": "form", "codes": "code", "originals": "code", "resulting": "code"}.get(name, name.rstrip("s"))


def _allows(schema: Schema, value: Any) -> bool:
    """Whether a usual value may stand in a field: of its type, and among its choices."""
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if value is None:
        return "null" in kinds
    kind = next((name for name, python in TYPES.items() if type(value) is python), "")
    fits = kind in kinds and value in schema.get("enum", [value])
    if isinstance(value, str):
        formats = {None, "uri"} if "://" in value else {"date"} if _is_day(value) else {None}
        return fits and schema.get("format") in formats and re.search(schema.get("pattern", ""), value) is not None
    return fits and not (isinstance(value, int) and _within(schema, value) != value)


def _is_day(value: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


TYPES: Mapping[str, type] = {"string": str, "integer": int, "boolean": bool, "array": list}
