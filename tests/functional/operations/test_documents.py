"""What the documents for operators and reviewers claim is there."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)


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
