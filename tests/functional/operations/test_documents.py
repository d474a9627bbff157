"""What the documents for operators and reviewers claim is there."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import get_commands

from commissioning.models import HOLDINGS

ROOT = Path(settings.BASE_DIR)
OURS = {"organisations", "commissioning", "evaluation"}


def test_every_test_that_the_threat_model_names_exists() -> None:
    named, file = 0, ""
    for path, name in re.findall(r"`(tests/[^`:]+|…)::(test_\w+)`", (ROOT / "docs/threat-model.md").read_text()):
        file = file if path == "…" else path
        named += 1
        assert f"def {name}(" in (ROOT / file).read_text(), f"{file}::{name}"

    assert named > 20


def test_the_operations_page_explains_every_variable_of_the_settings() -> None:
    code = (ROOT / "pcorg/settings.py").read_text()
    read = set(re.findall(r'(?:environ\.get|_listed)\("(\w+)"', code)) | {"DATABASE_URL"}
    page = (ROOT / "docs/operations.md").read_text()

    assert {name for name in read if f"| `{name}` |" not in page} == set()


def test_every_command_that_the_operations_page_names_exists() -> None:
    page = (ROOT / "docs/operations.md").read_text()

    assert set(re.findall(r"manage\.py (\w+)", page)) <= set(get_commands())


def test_the_diagram_of_the_model_draws_tables_that_exist_and_are_tied_so() -> None:
    page = (ROOT / "docs/model.md").read_text()
    ours = {model.__name__: model for model in apps.get_models() if model.__module__.split(".")[0] in OURS}
    drawn = re.findall(r"^    (\w+) \S+ (\w+) :", page, flags=re.MULTILINE)
    assert len(drawn) > 10

    for one, other in drawn:
        related = {field.related_model for field in ours[one]._meta.get_fields() if field.is_relation}
        assert ours[other] in related, f"{one} and {other}"


def test_the_model_page_names_the_holdings_of_every_kind_of_thing() -> None:
    page = (ROOT / "docs/model.md").read_text()

    assert [holding.__name__ for holding in HOLDINGS if holding.__name__ not in page] == []
