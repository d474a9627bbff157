"""Every text that anybody can state, in a document or a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from commissioning.specs import arm_plan
from commissioning.specs import portfolio as schema
from evaluation.specs import following, stated
from organisations.specs import change as proposal
from organisations.specs import decision, document
from organisations.specs.document import DocumentModel

STATED = (arm_plan, schema, following, stated, decision, document, proposal)


def parts(of: type[DocumentModel] = DocumentModel) -> Iterator[type[DocumentModel]]:
    """Every kind of part that is stated."""
    for kind in of.__subclasses__():
        yield kind
        yield from parts(kind)


def texts() -> Iterator[tuple[str, TypeAdapter[Any]]]:
    """Every field that takes a text."""
    modules = {module.__name__ for module in STATED}
    for part in {kind for kind in parts() if kind.__module__ in modules}:
        for name, field in part.model_fields.items():
            taken = TypeAdapter(Annotated[(field.annotation, *field.metadata, FieldInfo())])
            if accepts(taken, "a"):
                yield f"{part.__module__}.{part.__name__}.{name}", taken


def accepts(taken: TypeAdapter[Any], text: str) -> bool:
    try:
        taken.validate_python(text)
    except ValidationError:
        return False
    return True


TEXTS = dict(texts())


def test_texts_are_found() -> None:
    assert len(TEXTS) > 100


@pytest.mark.parametrize("named", sorted(TEXTS))
def test_no_text_holds_what_a_database_cannot_keep(named: str) -> None:
    assert not accepts(TEXTS[named], "a\x00b")
