"""What fixtures/README.md shows is true: its pieces are one portfolio and one assessment that load as it says."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from commissioning.models import (
    ArmHolding,
    BudgetHolding,
    ContractHolding,
    GroupHolding,
    PremisesHolding,
    ProvisionHolding,
    StaffingHolding,
)
from evaluation.models import Assessment, Judgement
from evaluation.services.load_assessments import load_assessments
from organisations.portfolios.reading import parse
from organisations.portfolios.sections import contributed
from organisations.portfolios.stated import stated_by
from organisations.selectors.documents import PortfolioDocument, as_data, yaml_of
from organisations.services.load_portfolio import load_stated
from organisations.services.load_reports import LoadReport

pytestmark = pytest.mark.django_db

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
README = (FIXTURES / "README.md").read_text(encoding="utf-8")


def _pieces() -> list[dict[str, Any]]:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    texts = [parse(block.encode(), name="README.md") for block in blocks]
    assert [fault for text in texts for fault in text.faults] == []
    return [text.data for text in texts]


def _portfolio() -> dict[str, Any]:
    """The pieces of the portfolio put together: lists that stand in several are one list."""
    whole: dict[str, Any] = {}
    for piece in _pieces():
        for name, said in piece.items():
            if name != "assessments":
                whole[name] = [*whole.get(name, []), *said] if isinstance(said, list) else said
    return whole


def _load(document: dict[str, Any] | None = None) -> LoadReport:
    text = parse(yaml_of(document or _portfolio()).encode(), name="README.yaml")
    return load_stated(stated=stated_by(text), by="ann")


def test_every_section_of_the_document_has_its_heading_and_its_example() -> None:
    headings = re.findall(r"^### (\w+)$", README, flags=re.MULTILINE)

    assert set(headings) >= {section.name for section in contributed()}
    report = _load()
    assert {each.section: each.created for each in report.sections if not each.created} == {}
    assert {each.section for each in report.sections} >= {section.name for section in contributed()}


def test_the_pieces_load_to_what_the_text_says_and_come_back_the_same() -> None:
    _load()

    in_2003 = date(2003, 1, 1)
    held = [model.objects.as_of(in_2003) for model in (ProvisionHolding, StaffingHolding, PremisesHolding)]
    assert held[0].get(item="X-S1").provider_id == held[0].get(item="X-S1").population_of_id == "X-T"
    assert held[1].get(item="X-W1").organisation_id == "X-T"
    assert held[2].get(item="X-B1").organisation_id == "X-T"
    last = ContractHolding.objects.filter(item="X-C1").order_by("start").last()
    assert last is not None
    assert (last.commissioner_id, last.provider_id, last.end) == ("X-T", "X-CT", date(2002, 4, 1))
    budgets = BudgetHolding.objects.as_of(in_2003)
    assert {(each.organisation_id, each.amount) for each in budgets} == {
        ("X-T", Decimal("49200000.00")),
        ("X-T", Decimal("66850000.50")),
    }
    assert ArmHolding.objects.as_of(date(2009, 6, 1)).get(item="X-V1").separation == "internal"
    assert GroupHolding.objects.as_of(date(2009, 6, 1)).get(item="X-G1").organisation_id == "X-T"

    assert _load(as_data(PortfolioDocument("example-county"))).nothing_new


def test_the_assessment_loads(tmp_path: Path) -> None:
    _load()
    block = README[README.index("```yaml\nassessments:") :].removeprefix("```yaml\n").split("\n```")[0]
    file = tmp_path / "assessments.yaml"
    file.write_text(block, encoding="utf-8")

    assert load_assessments(path=file, by="ann").created == 1

    made = Assessment.objects.get(slug="example-county-nursing")
    assert (made.subject_id, made.illustrative, made.service_id) == ("X-T", True, "district-nurses")
    assert Judgement.objects.filter(assessor__assessment=made).count() == 3


def test_every_file_is_listed() -> None:
    told = set(re.findall(r"`((?:reference|portfolios)/[\w-]+\.yaml)`", README))
    there = {
        str(path.relative_to(FIXTURES)) for name in ("reference", "portfolios") for path in FIXTURES.glob(f"{name}/*")
    }

    assert there == told
