"""What the description cannot say, told from what it can: whether a request that it allows was rightly refused.

The answer 400 to a request that fits the description is right only where it names something that no schema can know:
whether a record is there, what another field of the same body says, whether a cursor is ours.
"""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.generation import GenerationMode
from schemathesis.openapi.checks import JsonSchemaError

CLOSED = ("enum", "format", "pattern", "const")
"""Schemas of parameters that say exactly which texts they take."""


@schemathesis.check
def answers_as_described(context: Any, response: Any, case: Any) -> None:
    """Fails where an answer is not as described. One narrowed by `fields` lacks what was not asked for, in full answers
    and in each record of a list, and nothing else."""
    if case.method.upper() != case.operation.method.upper():
        return  # another method was tried on purpose, whose answers are not those of this one
    try:
        case.operation.validate_response(response, case=case)
    except (Failure, BaseExceptionGroup) as found:
        each = found.exceptions if isinstance(found, BaseExceptionGroup) else [found]
        if not (case.query or {}).get("fields") or not all(map(_is_left_out, each)):
            raise


def _is_left_out(failure: BaseException) -> bool:
    narrowed = isinstance(failure, JsonSchemaError) and list(failure.schema_path)[-1:] == ["required"]
    return narrowed and len(failure.instance_path) in {0, 2}


@schemathesis.check
def refuses_what_no_schema_knows(context: Any, response: Any, case: Any) -> None:
    """Fails where a parameter is refused whose schema says that it is well formed."""
    if response.status_code != 400 or case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    described = {one.name: one.definition.get("schema", {}) for one in case.operation.query}
    for fault in response.json().get("errors", ()):
        name = fault.get("parameter")
        if name == "fields" and (case.query or {}).get("format") == "csv":
            continue  # some tables have all their columns
        schema = described.get(name, {}) if name else {}
        schema = schema.get("items", schema)
        if schema.get("type") in {"boolean", "integer"} or any(word in schema for word in CLOSED):
            raise Failure(operation=case.operation.label, title="Refused though well formed", message=str(fault))
