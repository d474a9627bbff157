"""What the documents for operators and reviewers claim is there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import get_commands

from commissioning.models import HOLDINGS
from pcorg.core.accounts.guesses import FIELD
from tests.functional.operations.test_checks import SECRETS

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
    code = "".join(path.read_text() for path in (ROOT / "pcorg/settings").glob("*.py"))
    read = set(re.findall(r'(?:environ\.get|listed|secret|one_of|share|whole|positive)\("(\w+)"', code))
    assert {"DATABASE_URL", "SECRET_KEY", "PCORG_ROBUST_FROM", "PCORG_JOBS_LEASE", "ALLOWED_HOSTS"} <= read
    assert {"PCORG_PROFILE", "PCORG_TASKS", "EMAIL_SECURITY"} <= read
    page = (ROOT / "docs/operations.md").read_text()

    assert {name for name in read if not re.search(rf"(?m)^\|[^|]*`{name}`", page)} == set()


def test_the_operations_page_says_of_every_secret_that_it_can_lie_in_a_file() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    told = re.search(r"`NAME_FILE`[^|]*?:((?:\s*`\w+`,?(?: and)?)+)", page)

    assert told is not None
    assert set(re.findall(r"`(\w+)`", told[1])) == set(SECRETS)


def test_the_operations_page_lists_the_words_that_count_for_nothing_in_passwords() -> None:
    page = " ".join((ROOT / "docs/operations.md").read_text().replace("\n> ", " ").split())

    assert ", ".join(sorted(FIELD)) in page


def rows_of_asvs() -> list[list[str]]:
    """The rows of the requirements: number, level, about, result, where or why."""
    lines = (ROOT / "docs/asvs.md").read_text().splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|", 4)]
        for line in lines
        if re.match(r"\| V\d+\.\d+\.\d+ \| \d \|", line)
    ]


def test_the_page_of_asvs_counts_its_own_rows() -> None:
    page = (ROOT / "docs/asvs.md").read_text()
    rows = rows_of_asvs()
    assert len(rows) == len({row[0] for row in rows}) == 253

    results = ("met", "met, no test", "not applicable", "gap")
    assert {row[3] for row in rows} <= set(results)
    for result in results:
        levels = Counter(row[1] for row in rows if row[3] == result)
        assert f"| {result} | {levels['1']} | {levels['2']} | {levels.total()} |" in page, (result, levels)


def test_every_gap_of_asvs_says_what_would_close_it_and_nothing_else_does() -> None:
    page = (ROOT / "docs/asvs.md").read_text()
    table = page.partition("## Gaps")[2].partition("## V1 ")[0]
    told = re.findall(r"V\d+\.\d+\.\d+", "".join(re.findall(r"(?m)^\| ([^|]+) \|", table)))
    gaps = {row[0]: row[1] for row in rows_of_asvs() if row[3] == "gap"}

    assert sorted(told) == sorted(gaps)
    assert {number for number in gaps if gaps[number] == "1"} == set(re.findall(r"\*\*(V[\d.]+)\*\*", table))


def test_what_the_page_of_asvs_names_exists_and_what_is_met_names_a_test() -> None:
    for number, _, _, result, why in rows_of_asvs():
        for path, name in re.findall(r"`(tests/[^`:]+)::(test_\w+)`", why):
            assert f"def {name}(" in (ROOT / path).read_text(), f"{number}: {path}::{name}"
        for path in re.findall(r"`((?:docs|pcorg|deploy|templates|tests)/[^`:* ]*)`", why):
            assert (ROOT / path).exists(), f"{number}: {path}"
        for page, heading in re.findall(r"`(docs/[\w.-]+)`, \*([^*]+)\*", why):
            assert re.search(rf"(?m)^#+ {re.escape(heading)}$", (ROOT / page).read_text()), f"{number}: {heading}"
        if result == "met":
            assert "::test_" in why or "*: `tests/" in why, number


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
