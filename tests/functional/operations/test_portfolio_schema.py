"""The published JSON Schema of a portfolio document: current, true of every shipped document, of use against faults.

A schema cannot tell all that the loader tells (whether a code is known, whether shares add up); what it refuses, the
loader refuses too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator, FormatChecker
from pydantic import ValidationError

from organisations.portfolios.reading import read
from organisations.portfolios.sections import document_model, sections

ROOT = Path(settings.BASE_DIR)
COMMITTED = ROOT / "docs" / "portfolio.schema.json"
SHIPPED = sorted((ROOT / "fixtures" / "portfolios").glob("*.yaml"))
TRUSTS = ROOT / "fixtures" / "portfolios" / "illustrative-trusts.yaml"


def _faults(document: Any) -> list[str]:
    schema = json.loads(COMMITTED.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)]


def _as_json(path: Path) -> Any:
    """A document as a program would send it: dates as text, decimals as numbers."""
    plain = json.dumps(read(path).data, default=lambda value: str(value) if isinstance(value, date) else float(value))
    return json.loads(plain)


def test_the_committed_schema_is_what_the_code_says(tmp_path: Path) -> None:
    written = tmp_path / "portfolio.schema.json"

    call_command("portfolio_schema", output=written)

    assert written.read_text(encoding="utf-8") == COMMITTED.read_text(encoding="utf-8"), "run make openapi"


def test_it_says_what_is_wrong_where_it_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("portfolio_schema", output=tmp_path / "no such folder" / "portfolio.schema.json")


def test_it_prints_without_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("portfolio_schema")

    assert json.loads(capsys.readouterr().out) == json.loads(COMMITTED.read_text(encoding="utf-8"))


def test_it_describes_every_section_of_every_app() -> None:
    described = json.loads(COMMITTED.read_text(encoding="utf-8"))["properties"]

    assert set(described) == {"schema", "portfolio", *(section.name for section in sections())}
    assert "pooled_budgets" in described


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_portfolio_is_valid(path: Path) -> None:
    assert _faults(_as_json(path)) == []


FAULTY: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "no header": ("$", lambda said: said.pop("portfolio")),
    "another schema": ("$.schema", lambda said: said.update(schema="pcorg-portfolio/2")),
    "a section that is none": ("$", lambda said: said.update(organisations=[])),
    "a field that is none": ("$.bodies[0]", lambda said: said["bodies"][0].update(colour="red")),
    "a code with a space": ("$.bodies[0].code", lambda said: said["bodies"][0].update(code="X KPCT1")),
    "a day that is none": ("$.bodies[0].opened", lambda said: said["bodies"][0].update(opened="1 April 1974")),
    "a kind that is none": ("$.changes[0].kind", lambda said: said["changes"][0].update(kind="takeover")),
    "a contract without a provider": ("$.contracts[0]", lambda said: said["contracts"][0].pop("provider")),
    "a budget below nothing": ("$.budgets[0].amount", lambda said: said["budgets"][0].update(amount=-1)),
    "a pool into which nobody pays": (
        "$.pooled_budgets[0].contributions",
        lambda said: said["pooled_budgets"][0].update(contributions=[]),
    ),
    "an arm without a state": ("$.provider_arms[0]", lambda said: said["provider_arms"][0].pop("separations")),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_document_is_refused_by_schema_and_loader_alike(name: str) -> None:
    place, spoil = FAULTY[name]
    document = _as_json(TRUSTS)

    spoil(document)

    assert [fault for fault in _faults(document) if fault.startswith(f"{place}: ")]
    with pytest.raises(ValidationError):
        document_model().model_validate(document)
