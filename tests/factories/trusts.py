"""Invented trusts whose resources can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from commissioning.domain.vocabulary import Sector
from commissioning.models import Service
from organisations.models import Organisation, Portfolio
from tests.factories import commissioning as make
from tests.factories.rows import portfolio

YEAR, LATER = "2008/09", "2009/10"


@dataclass(frozen=True)
class Trusts:
    """Five trusts of one portfolio and the hospital they buy from."""

    portfolio: Portfolio
    a: Organisation
    others: tuple[Organisation, ...]
    hospital: Organisation
    nursing: Service
    therapy: Service


def trusts() -> Trusts:
    """`X-A` and four others, by the form pct-4 but for the last, which commissions only (pct-3). Each provides nursing
    and buys from the hospital; `X-A` provides therapy too. The cost of X-D's nursing is not known; X-C's prices are
    those of the year after."""
    of = portfolio()
    hospital = make.body("X-H", "acute-trust", of=of)
    groups = [make.service_group(slug=slug, label=label) for slug, label in GROUPS]
    nursing = make.service(slug="test-nursing", label="Test nursing", group=groups[0])
    therapy = make.service(slug="test-therapy", label="Test therapy", group=groups[1])
    made = []
    for code, form, people, value in (
        ("X-A", "pct-4", 200_000, "4000000.00"),
        ("X-B", "pct-4", 210_000, "2100000.00"),
        ("X-C", "pct-4", 100_000, "3000000.00"),
        ("X-D", "pct-4", 300_000, None),
        ("X-E", "pct-3", 200_000, "6000000.00"),
    ):
        trust = make.body(code, form, of=of, people=people)
        year = LATER if code == "X-C" else YEAR
        make.provision(
            trust,
            nursing,
            code=f"{code}-S1",
            price_year=year,
            wte=Decimal(100),
            annual_value=None if value is None else Decimal(value),
            contacts=150_000,
            round_the_clock=code != "X-B",
        )
        make.contract(
            trust, hospital, code=f"{code}-C1", price_year=year, sector=Sector.ACUTE, annual_value=Decimal(20_000_000)
        )
        made.append(trust)
    make.provision(made[0], therapy, code="X-A-S2", wte=Decimal(50), annual_value=Decimal(1_000_000))
    return Trusts(of, made[0], tuple(made[1:]), hospital, nursing, therapy)


GROUPS = (("test-adults", "Care of adults"), ("test-rehabilitation", "Getting people well"))
