"""A benchmark in words: tables, charts, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from commissioning.domain.benchmark import ALL, LEAST_FOR_QUARTILES, Figure, Gap, Measure, PeerComparison
from commissioning.read_models.benchmark import BenchmarkBody
from commissioning.selectors.benchmark import Benchmark, label_of
from pcorg.core.pages.scope import Scope

WORDS = {
    Measure.SPEND_BY_GROUP: "Pounds a year spent on community services for each person of the trust, whoever provides "
    "them.",
    Measure.SPEND_BY_SECTOR: "Pounds a year for each person under contracts the trust has let. Community services that "
    "it provides itself count too where no agreement with its provider arm covers them.",
    Measure.STAFF: "Whole-time equivalent staff of community services for every 10,000 people, whoever employs them.",
    Measure.CONTACTS: "Contacts a year for each whole-time equivalent, of services that record both.",
    Measure.ROUND_THE_CLOCK: "Services provided day and night, every day of the week, as a share of all recorded.",
}
UNITS = {
    Measure.SPEND_BY_GROUP: "Pounds per head",
    Measure.SPEND_BY_SECTOR: "Pounds per head",
    Measure.STAFF: "Whole-time equivalent",
    Measure.CONTACTS: "Contacts",
    Measure.ROUND_THE_CLOCK: "Per cent",
}
SHORT = {
    Gap.NOTHING_RECORDED: "Nothing recorded",
    Gap.NOT_KNOWN: "Not known",
    Gap.NO_POPULATION: "People not known",
    Gap.MIXED_PRICES: "Prices of several years",
}


@dataclass(frozen=True)
class FigureCell:
    """A figure in a table: its words, and a word of caution where it needs one."""

    text: str
    known: bool
    note: str = ""


@dataclass(frozen=True)
class CategoryRow:
    """One category of a measure."""

    label: str
    whole: bool
    own: FigureCell
    lower: FigureCell
    median: FigureCell
    upper: FigureCell
    difference: FigureCell
    rank: str
    compared: int
    left_out: str
    peers: list[FigureCell]


@dataclass(frozen=True)
class MeasureTable:
    """One measure with its rows and its chart; `prices` says of which year its pounds are."""

    slug: str
    title: str
    words: str
    prices: str
    rows: list[CategoryRow]
    chart: dict[str, Any] | None


@dataclass(frozen=True)
class BenchmarkPeer:
    """A body with its people, as a benchmark names it."""

    code: str
    name: str
    href: str
    people: int | None
    counted: str


def named(body: BenchmarkBody, scope: Scope) -> BenchmarkPeer:
    """A body of the benchmark with the address of its page."""
    on = body["population_on"]
    counted = "" if on is None else f"{'carried back from' if on > scope.on else 'counted on'} {_day(on)}"
    if body["population_computed"]:
        counted = f"computed from counts of {_day(on)}{', carried back' if on > scope.on else ''}" if on else ""
    if body["population_at_least"]:
        counted += "; not all people are known"
    code = body["code"]
    return BenchmarkPeer(code, body["name"], scope.link("organisation", code), body["population"], counted)


def tables(found: Benchmark) -> list[MeasureTable]:
    """The measures that have a record, each as a table."""
    made = []
    for measure in Measure:
        comparisons = [each for each in found.comparisons if each.measure is measure]
        if comparisons:
            rows = [_row(each, found) for each in comparisons]
            made.append(
                MeasureTable(
                    measure.value, measure.label, WORDS[measure], _prices(comparisons), rows, _chart(measure, found)
                )
            )
    return made


def too_few(found: Benchmark) -> str:
    """What a reader must know where the peers are too few for quartiles; empty where they are enough."""
    number = len(found.peers)
    if number >= LEAST_FOR_QUARTILES:
        return ""
    have = {0: "There is no peer", 1: "There is 1 peer"}.get(number, f"There are {number} peers")
    return f"{have}: quartiles take at least {LEAST_FOR_QUARTILES}."


def in_words(value: Decimal, measure: Measure) -> str:
    """A figure with its unit: £12.34, 3.21, 41.5%."""
    if measure.priced:
        return f"−£{-value:,.2f}" if value < 0 else f"£{value:,.2f}"
    if measure is Measure.ROUND_THE_CLOCK:
        return f"{value * 100:,.1f}%".replace("-", "−")
    return f"{value:,}".replace("-", "−")


def _row(each: PeerComparison, found: Benchmark) -> CategoryRow:
    known = len(each.compared) + (each.own.value is not None)
    return CategoryRow(
        label=label_of(each, found.groups),
        whole=each.category == ALL,
        own=_figure(each.own, each.measure),
        lower=_quartile(each.lower, each),
        median=_value(each.median, each.measure),
        upper=_quartile(each.upper, each),
        difference=_value(each.difference, each.measure, signed=True),
        rank="" if each.rank is None else f"{each.rank} of {known}",
        compared=len(each.compared),
        left_out="; ".join(_left_out(each, {body["code"]: body["name"] for body in found.peers})),
        peers=[_figure(figure, each.measure) for _, figure in each.peers],
    )


def _figure(figure: Figure, measure: Measure) -> FigureCell:
    if figure.value is None:
        assert figure.gap is not None
        note = f"{figure.unknown} of {figure.of} services do not say" if figure.unknown else ""
        if figure.gap is Gap.MIXED_PRICES:
            note = " and ".join(figure.price_years)
        return FigureCell(SHORT[figure.gap], False, note)
    note = f"{figure.of - figure.unknown} of {figure.of} services" if figure.unknown else ""
    return FigureCell(in_words(figure.value, measure), True, note)


def _value(value: Decimal | None, measure: Measure, *, signed: bool = False) -> FigureCell:
    if value is None:
        return FigureCell("Not known", False)
    if signed and measure is Measure.ROUND_THE_CLOCK:
        return FigureCell(f"{'+' if value > 0 else ''}{in_words(value, measure).removesuffix('%')} points", True)
    return FigureCell(("+" if signed and value > 0 else "") + in_words(value, measure), True)


def _quartile(value: Decimal | None, each: PeerComparison) -> FigureCell:
    if value is None and 0 < len(each.compared) < LEAST_FOR_QUARTILES:
        return FigureCell("Too few peers", False)
    return _value(value, each.measure)


def _left_out(each: PeerComparison, names: Mapping[str, str]) -> Iterator[str]:
    if each.not_known:
        yield f"not known for {', '.join(names[code] for code in each.not_known)}"
    if each.other_prices:
        yield f"other prices for {', '.join(names[code] for code in each.other_prices)}"


def _prices(comparisons: list[PeerComparison]) -> str:
    if not comparisons[0].measure.priced:
        return ""
    years = sorted({year for each in comparisons for year in each.own.price_years})
    years = years or sorted({year for each in comparisons for _, other in each.peers for year in other.price_years})
    return f"Prices of {' and '.join(years)}" if years else ""


def _chart(measure: Measure, found: Benchmark) -> dict[str, Any] | None:
    """The trust beside the median of its peers, group by group; None where no group has a figure of either."""
    shown = [
        each
        for each in found.comparisons
        if each.measure is measure and each.category != ALL and not (each.own.value is None and each.median is None)
    ]
    if not shown:
        return None
    scale = 100 if measure is Measure.ROUND_THE_CLOCK else 1
    series = [{"name": found.trust["name"], "values": [_drawn(each.own.value, scale) for each in shown]}]
    if any(each.median is not None for each in shown):
        series.append({"name": "Median of the peers", "values": [_drawn(each.median, scale) for each in shown]})
    return {
        "title": f"{measure.label}: {found.trust['name']} and the median of its peers",
        "categories": [label_of(each, found.groups) for each in shown],
        "series": series,
        "unit": UNITS[measure].lower(),
        "valueTitle": UNITS[measure],
        "horizontal": True,
    }


def _drawn(value: Decimal | None, scale: int) -> float | None:
    return None if value is None else float(value * scale)


def _day(on: Any) -> str:
    return f"{on.day} {on:%B %Y}"


COLUMNS = (
    "measure",
    "category",
    "unit",
    "figure",
    "gap",
    "records",
    "records_not_known",
    "prices",
    "peers_compared",
    "peers_not_known",
    "peers_at_other_prices",
    "lower_quartile",
    "median",
    "upper_quartile",
    "difference",
    "rank",
)


def sheet(found: Benchmark) -> tuple[list[str], list[dict[str, Any]]]:
    """The benchmark as columns and rows: one row a measure and category, and a column more for each peer."""
    rows = [
        {
            "measure": each.measure.value,
            "category": each.category or "all",
            "unit": UNITS[each.measure] if each.measure is not Measure.ROUND_THE_CLOCK else "Share",
            "figure": each.own.value,
            "gap": each.own.gap,
            "records": each.own.of,
            "records_not_known": each.own.unknown,
            "prices": list(each.own.price_years),
            "peers_compared": list(each.compared),
            "peers_not_known": list(each.not_known),
            "peers_at_other_prices": list(each.other_prices),
            "lower_quartile": each.lower,
            "median": each.median,
            "upper_quartile": each.upper,
            "difference": each.difference,
            "rank": each.rank,
            **{f"peer_{code}": figure.value for code, figure in each.peers},
        }
        for each in found.comparisons
    ]
    return [*COLUMNS, *(f"peer_{body['code']}" for body in found.peers)], rows
