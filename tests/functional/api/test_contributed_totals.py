"""Totals that apps above add to a preview, and that a change must arrive at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from organisations import contributors
from organisations.domain.snapshot import Snapshot
from organisations.domain.totals import Total
from organisations.models import Change, Organisation
from tests.functional.api.conftest import refused
from tests.functional.api.office import NEWCASTLE, Office

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]


class Contracts(contributors.Contributor):
    """Stands in for an app above: every body holds two contracts worth 1,500 pounds and a half."""

    name = "contracts"

    def part(self, codes: Sequence[str]) -> dict[str, int]:
        return {"contracts": 6}

    def operations(self, request: Any, snapshot: Any) -> tuple[()]:
        return ()

    def findings(self, plan: Any) -> tuple[()]:
        return ()

    def totals(self, codes: Sequence[str], state: Snapshot, on: date) -> dict[str, Total]:
        return {"contracts": Total(state.parts[self.name]["contracts"]), "budget": Total(Decimal("1500.5"))}

    def write(self, operations: Any, *, change: Change | None) -> tuple[()]:
        return ()


class Lost(Contracts):
    """Contracts of which one is gone whenever somebody looks again."""

    def __init__(self) -> None:
        self.held = 6

    def part(self, codes: Sequence[str]) -> dict[str, int]:
        self.held -= 1
        return {"contracts": self.held}


@pytest.fixture
def contributed() -> Iterator[Callable[[Contracts], None]]:
    yield contributors.register
    contributors.withdraw(Contracts.name)


def test_an_app_above_contributes_totals(office: Office, contributed: Callable[[Contracts], None]) -> None:
    contributed(Contracts())
    seen = office.done("mergers/preview/", NEWCASTLE)
    assert [seen[side]["contracts"] for side in ("before", "after")] == [6, 6]
    assert [seen[side]["budget"] for side in ("before", "after")] == ["1500.50", "1500.50"]
    assert office.carried_through("mergers/", NEWCASTLE)["status"] == "effected"


def test_what_does_not_arrive_at_its_totals_is_not_carried_out(
    office: Office, contributed: Callable[[Contracts], None]
) -> None:
    made = office.proposed("mergers/", NEWCASTLE)
    office.done(f"mergers/{made['id']}/approve/", by=office.approver)
    contributed(Lost())
    refused(office.post(f"mergers/{made['id']}/effect/", by=office.approver), 409, "conflict")
    assert not Organisation.objects.filter(pk="13T").exists()
    assert Change.objects.get(pk=made["id"]).status == "approved"
