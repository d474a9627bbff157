"""How a trust's resources compare with its peers' (The King's Fund 2009, lines 1775-1777).

Five measures, each for all services and by their groups, or by sector of care. A figure that cannot be had is None and
says why. Prices of different financial years are never added up or compared. Figures are rounded before they are
compared, so that what reads the same ranks the same.

The source asks for the comparison and gives no method: measures, rounding and the choice of quartiles are ours.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from commissioning.domain.vocabulary import Sector
from pcorg.core.vocabulary import Term

ALL = ""
"""The category that holds all the others."""

LEAST_FOR_QUARTILES = 3
"""Peers with a figure that quartiles take; of fewer only the median is given."""


class Measure(Term):
    """What is compared."""

    SPEND_BY_GROUP = "spend-by-service-group", "Spend on community services per head"
    SPEND_BY_SECTOR = "spend-by-sector", "Spend by sector per head"
    STAFF = "staff", "Staff for every 10,000 people"
    CONTACTS = "contacts", "Contacts for each whole-time equivalent"
    ROUND_THE_CLOCK = "round-the-clock", "Share of services round the clock"

    @property
    def priced(self) -> bool:
        """Whether it is money, at the prices of a financial year."""
        return self in {Measure.SPEND_BY_GROUP, Measure.SPEND_BY_SECTOR}

    @property
    def smallest(self) -> Decimal:
        """To what its figures are rounded: pence, hundredths of a post, tenths of a contact, tenths of a per cent."""
        return {Measure.CONTACTS: Decimal("0.1"), Measure.ROUND_THE_CLOCK: Decimal("0.001")}.get(self, Decimal("0.01"))


class Gap(Term):
    """Why there is no figure."""

    NOTHING_RECORDED = "nothing-recorded", "Nothing is recorded"
    NOT_KNOWN = "not-known", "Some of what it is made of is not known"
    NO_POPULATION = "no-population", "How many people it serves is not known"
    MIXED_PRICES = "mixed-prices", "Its prices are of different years"


@dataclass(frozen=True, slots=True)
class ServiceProvided:
    """A service provided for a trust's population on a day. Money in pounds a year, staff as whole-time equivalent,
    contacts a year; None is unknown."""

    service: str
    group: str
    provider: str
    wte: Decimal | None
    annual_value: Decimal | None
    contacts: int | None
    round_the_clock: bool
    price_year: str


@dataclass(frozen=True, slots=True)
class ContractLet:
    """A contract, or an agreement with its own provider arm, that a trust has let: pounds a year."""

    sector: Sector
    provider: str
    services: frozenset[str]
    annual_value: Decimal
    price_year: str


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known of a trust's resources on a day. `people` is None where its population is unknown."""

    code: str
    people: int | None
    services: tuple[ServiceProvided, ...] = ()
    contracts: tuple[ContractLet, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One trust's figure, or None and the reason. `of` counts the records it is made of, `unknown` those of them that
    lack what it takes; `price_years` are the financial years of its prices."""

    value: Decimal | None
    gap: Gap | None = None
    of: int = 0
    unknown: int = 0
    price_years: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PeerComparison:
    """A trust's figure for one measure and category beside its peers'.

    `compared` are the peers that have a figure at the same prices; `not_known` and `other_prices` those left out.
    Quartiles are inclusive: the lowest and the highest peer are the ends of the range. `rank` 1 is the highest among
    the trust and its compared peers, equals sharing the better rank; `difference` is the trust's figure less the
    median.
    """

    measure: Measure
    category: str
    own: Figure
    peers: tuple[tuple[str, Figure], ...]
    compared: tuple[str, ...]
    not_known: tuple[str, ...]
    other_prices: tuple[str, ...]
    median: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    rank: int | None = None
    difference: Decimal | None = None


def benchmark(trust: Trust, peers: Sequence[Trust], groups: Sequence[str]) -> list[PeerComparison]:
    """Every comparison of a trust with its peers, measure by measure; `groups` are the service groups in order.

    A category of which neither the trust nor any peer has a record is left out.
    """
    found = []
    for measure in Measure:
        inner = [sector.value for sector in Sector] if measure is Measure.SPEND_BY_SECTOR else list(groups)
        for category in (ALL, *inner):
            own = figure(trust, measure, category)
            others = tuple((peer.code, figure(peer, measure, category)) for peer in peers)
            if any(each.of for each in (own, *(other for _, other in others))):
                found.append(compared(measure, category, own, others))
    return found


def figure(trust: Trust, measure: Measure, category: str) -> Figure:
    """A trust's figure for one measure and category (`ALL`, a service group, a sector)."""
    if measure is Measure.SPEND_BY_SECTOR:
        spent = [(each.annual_value, each.price_year) for each in _spending(trust) if category in (ALL, each.sector)]
        return _per_head(trust, measure, spent)
    services = [each for each in trust.services if category in (ALL, each.group)]
    if measure is Measure.SPEND_BY_GROUP:
        return _per_head(trust, measure, [(each.annual_value, each.price_year) for each in services])
    if measure is Measure.STAFF:
        return _staff(trust, services)
    return _contacts(services) if measure is Measure.CONTACTS else _round_the_clock(services)


@dataclass(frozen=True, slots=True)
class _Spent:
    sector: Sector
    annual_value: Decimal | None
    price_year: str


def _spending(trust: Trust) -> list[_Spent]:
    """What a trust spends by sector: the contracts it has let, and the services it provides itself where no agreement
    with its provider arm covers them, which would otherwise count as nothing."""
    agreed = {service for each in trust.contracts if each.provider == trust.code for service in each.services}
    let = [_Spent(each.sector, each.annual_value, each.price_year) for each in trust.contracts]
    own = [
        _Spent(Sector.COMMUNITY, each.annual_value, each.price_year)
        for each in trust.services
        if each.provider == trust.code and each.service not in agreed
    ]
    return [*let, *own]


def _per_head(trust: Trust, measure: Measure, spent: Sequence[tuple[Decimal | None, str]]) -> Figure:
    years = tuple(sorted({year for _, year in spent}))
    recorded = [value for value, _ in spent if value is not None]
    unknown = len(spent) - len(recorded)
    gap = _gap_of_sum(trust, len(spent), unknown)
    if gap is None and len(years) > 1:
        gap = Gap.MIXED_PRICES
    if gap is not None or trust.people is None:
        return Figure(None, gap, len(spent), unknown, years)
    return Figure(_rounded(sum(recorded, Decimal(0)) / trust.people, measure), None, len(spent), 0, years)


def _staff(trust: Trust, services: Sequence[ServiceProvided]) -> Figure:
    recorded = [each.wte for each in services if each.wte is not None]
    unknown = len(services) - len(recorded)
    gap = _gap_of_sum(trust, len(services), unknown)
    if gap is not None or trust.people is None:
        return Figure(None, gap, len(services), unknown)
    return Figure(_rounded(sum(recorded, Decimal(0)) * 10_000 / trust.people, Measure.STAFF), None, len(services))


def _gap_of_sum(trust: Trust, records: int, unknown: int) -> Gap | None:
    """Why a sum per head cannot be had: a sum with an unknown part is unknown."""
    if not records:
        return Gap.NOTHING_RECORDED
    if unknown:
        return Gap.NOT_KNOWN
    return None if trust.people else Gap.NO_POPULATION


def _contacts(services: Sequence[ServiceProvided]) -> Figure:
    """Of the services that record both contacts and staff: the others say nothing about either way of working."""
    both = [(each.contacts, each.wte) for each in services if each.contacts is not None and each.wte]
    unknown = len(services) - len(both)
    staff = sum((wte for _, wte in both), Decimal(0))
    if not staff:
        return Figure(None, Gap.NOT_KNOWN if services else Gap.NOTHING_RECORDED, len(services), unknown)
    value = Decimal(sum(contacts for contacts, _ in both)) / staff
    return Figure(_rounded(value, Measure.CONTACTS), None, len(services), unknown)


def _round_the_clock(services: Sequence[ServiceProvided]) -> Figure:
    if not services:
        return Figure(None, Gap.NOTHING_RECORDED)
    value = Decimal(sum(each.round_the_clock for each in services)) / len(services)
    return Figure(_rounded(value, Measure.ROUND_THE_CLOCK), None, len(services))


def compared(measure: Measure, category: str, own: Figure, peers: Sequence[tuple[str, Figure]]) -> PeerComparison:
    """A figure beside those of peers that have one at the same prices."""
    recorded = [(code, each) for code, each in peers if each.value is not None]
    prices = _prices_to_compare(own, [each for _, each in recorded])
    alike = [(code, each) for code, each in recorded if not measure.priced or each.price_years == prices]
    values = [each.value for _, each in alike if each.value is not None]
    codes = tuple(code for code, _ in alike)
    median = _rounded(statistics.median(values), measure) if values else None
    lower, upper = _quartiles(values, measure)
    return PeerComparison(
        measure=measure,
        category=category,
        own=own,
        peers=tuple(peers),
        compared=codes,
        not_known=tuple(code for code, each in peers if each.value is None),
        other_prices=tuple(code for code, _ in recorded if code not in codes),
        median=median,
        lower=lower,
        upper=upper,
        rank=None if own.value is None or not values else 1 + sum(value > own.value for value in values),
        difference=None if own.value is None or median is None else own.value - median,
    )


def _prices_to_compare(own: Figure, known: Sequence[Figure]) -> tuple[str, ...] | None:
    """The year whose prices are compared: the trust's own or, where nothing of the trust's is priced, the one that all
    its peers share. None where there is no such year."""
    years = {own.price_years} if own.price_years else {each.price_years for each in known}
    return years.pop() if len(years) == 1 else None


def _quartiles(values: Sequence[Decimal], measure: Measure) -> tuple[Decimal | None, Decimal | None]:
    if len(values) < LEAST_FOR_QUARTILES:
        return None, None
    lower, _, upper = statistics.quantiles(values, n=4, method="inclusive")
    return _rounded(lower, measure), _rounded(upper, measure)


def _rounded(value: Decimal, measure: Measure) -> Decimal:
    return value.quantize(measure.smallest, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class PeerCandidate:
    """A trust that might be a peer: its form on the day and its people, where they are known."""

    code: str
    form: str
    people: int | None


def suggested_peers(trust: PeerCandidate, others: Iterable[PeerCandidate], most: int) -> list[str]:
    """Codes of the trusts most alike: of the same form, nearest in population first, in order of code where that is
    equal. Those whose population is unknown come last; all do where the trust's own is. The choice of rule is ours."""

    def distance(other: PeerCandidate) -> tuple[bool, int, str]:
        if trust.people is None or other.people is None:
            return True, 0, other.code
        return False, abs(other.people - trust.people), other.code

    alike = (other for other in others if other.form == trust.form and other.code != trust.code)
    return [other.code for other in sorted(alike, key=distance)[:most]]
