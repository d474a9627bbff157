"""An invented county for benchmarks: many trusts, and what each of them holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from commissioning.domain.vocabulary import Sector, SetBy, Stream
from commissioning.models import (
    Budget,
    BudgetHolding,
    Contract,
    ContractHolding,
    Provision,
    ProvisionHolding,
    Staffing,
    StaffingHolding,
)
from tests.factories import commissioning as make
from tests.factories.rows import BASIS, portfolio

SLUG = "x-county"
BEGUN = date(2008, 4, 1)
YEAR = "2008/09"


def county(trusts: int, holdings: int) -> list[str]:
    """The codes of so many trusts of 100,000 people.

    Each has so many things: contracts with the one hospital of the county, budgets, services that it provides itself
    and the staff for them, a quarter of each. In one contract and in one pooled budget all of them have a part.
    """
    of = portfolio(slug=SLUG)
    hospital = make.body("X-H", "acute-trust", of=of)
    council = make.body("X-LA", "local-authority", of=of)
    bodies = [make.body(f"X-{number:04}", "pct-4", of=of, people=100_000) for number in range(trusts)]
    holders = [(trust, f"{trust.code}-{number}") for trust in bodies for number in range(holdings // 4)]
    common: dict[str, Any] = {"title": "A thing", "portfolio": of, **BASIS}
    block, service, posts = make.contract_type(), make.service(), make.staff_group()
    price, pounds = {"price_year": YEAR}, Decimal("1000.01")
    buying = {"type": block, "sector": Sector.ACUTE, **price}
    keep([Contract(code=f"{code}-C", **buying, **common) for _, code in holders])
    keep([Contract(code="X-ALL", **buying, **common)])
    stream = {"stream": Stream.PRESCRIBING, "set_by": SetBy.CAPITATION, **price}
    keep([Budget(code=f"{code}-M", **stream, **common) for _, code in holders])
    keep([Provision(code=f"{code}-S", service=service, **price, **common) for _, code in holders])
    keep([Staffing(code=f"{code}-W", service=service, staff_group=posts, **common) for _, code in holders])
    bought = {"provider": hospital, "annual_value": pounds, "start": BEGUN}
    keep([ContractHolding(item_id=f"{code}-C", commissioner=trust, **bought) for trust, code in holders])
    keep([ContractHolding(item_id="X-ALL", commissioner=trust, **bought) for trust in bodies])
    keep([BudgetHolding(item_id=f"{code}-M", organisation=one, amount=pounds, start=BEGUN) for one, code in holders])
    provided = {"annual_value": pounds, "wte": Decimal("2.50"), "start": BEGUN}
    keep([ProvisionHolding(item_id=f"{code}-S", provider=one, population_of=one, **provided) for one, code in holders])
    keep(
        [
            StaffingHolding(item_id=f"{code}-W", organisation=one, wte=Decimal("2.50"), start=BEGUN)
            for one, code in holders
        ]
    )
    make.pooled_budget(council, *bodies, code="X-POOL", start=BEGUN)
    return [trust.code for trust in bodies]


def keep(rows: list[models.Model]) -> None:
    """Save rows of one model together."""
    type(rows[0])._default_manager.bulk_create(rows, batch_size=400)
