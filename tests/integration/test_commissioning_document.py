"""What a portfolio document says of commissioning: taken in on its day, moved by later changes, described anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from commissioning.models import (
    ArmHolding,
    BudgetHolding,
    ContractHolding,
    Contribution,
    Milestone,
    PmsPilot,
    PortfolioGroup,
    Provision,
    RecommendationAnswer,
)
from organisations.models import PortfolioLoad
from organisations.services.load_portfolio import load_stated
from organisations.services.load_reports import LoadReport
from pcorg.core.audit.models import AuditEntry
from tests.documents import coast, stated

pytestmark = pytest.mark.django_db

COAST = "small-coast"


def load(document: dict[str, Any], *, dry_run: bool = False) -> LoadReport:
    return load_stated(stated=stated(document), by="ann", dry_run=dry_run)


def test_what_is_stated_begins_on_its_day_and_later_changes_move_it() -> None:
    report = load(coast())
    assert {each.section: each.created for each in report.sections}["contracts"] == 3
    held = ContractHolding.objects.filter(item="X-S-C1").order_by("start")
    assert [(each.commissioner_id, each.start, each.end, each.annual_value) for each in held] == [
        ("X-SA", date(2003, 4, 1), date(2006, 10, 1), Decimal("18250000.10")),
        ("X-SC", date(2006, 10, 1), date(2009, 4, 1), Decimal("18250000.10")),
    ]
    assert held[1].begun_by is not None
    own = ContractHolding.objects.get(item="X-S-C3", end=None)
    assert (own.commissioner_id, own.provider_id, own.agreement) == ("X-SC", "X-SC", True)
    assert BudgetHolding.objects.get(item__portfolio=COAST, end=None).organisation_id == "X-SC"
    host = Contribution.objects.get(item__portfolio=COAST, hosts=True)
    assert (host.partner_id, host.end) == ("X-SLA", None)


def test_what_rests_on_a_body_that_a_change_makes_begins_with_it() -> None:
    load(coast())
    late = Provision.objects.get(pk="X-S-S2").holdings.get()
    assert (late.provider_id, late.population_of_id, late.start) == ("X-SC", "X-SC", date(2006, 10, 1))
    assert Provision.objects.get(pk="X-S-S1").title == "District nurses"


def test_an_arm_is_separated_step_by_step_whoever_holds_it_by_then() -> None:
    load(coast())
    steps = ArmHolding.objects.filter(item__portfolio=COAST).order_by("start")
    assert list(steps.values_list("organisation", "separation", "start", "end")) == [
        ("X-SA", "none", date(2001, 4, 1), date(2006, 10, 1)),
        ("X-SC", "none", date(2006, 10, 1), date(2008, 4, 1)),
        ("X-SC", "internal", date(2008, 4, 1), None),
    ]
    group = PortfolioGroup.objects.get(portfolio=COAST)
    assert {each.pk for each in group.services.all()} == {"district-nurses", "community-matrons"}
    assert group.holdings.get(end=None).organisation_id == "X-SC"


def test_what_only_describes_is_written_too() -> None:
    load(coast())
    pilot = PmsPilot.objects.get(portfolio=COAST)
    assert (pilot.contract_id, pilot.nurses, pilot.term_ends) == ("X-S-C2", Decimal("4.50"), date(2001, 4, 1))
    assert [practice.pk for practice in pilot.practices.all()] == ["X-SP1"]
    assert Milestone.objects.get(arm__portfolio=COAST).reached == date(2008, 3, 18)
    assert RecommendationAnswer.objects.get(organisation__portfolio=COAST).by == "The board"
    assert [each.text for each in ContractHolding.objects.filter(item="X-S-C1")[0].item.measures.all()] == [
        "Seen in time"
    ]


def test_loading_it_again_changes_nothing() -> None:
    load(coast())
    entries = AuditEntry.objects.count()
    report = load(coast())
    assert report.nothing_new
    assert AuditEntry.objects.count() == entries
    assert PortfolioLoad.objects.filter(portfolio=COAST).count() == 1


def test_a_dry_run_writes_nothing() -> None:
    report = load(coast(), dry_run=True)
    assert report.created > 20
    assert not ContractHolding.objects.filter(item="X-S-C1").exists()
