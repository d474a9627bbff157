"""A trust's resources beside its peers'."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypedDict

from commissioning.domain.benchmark import Gap, Measure


class BenchmarkBody(TypedDict):
    """A body of a benchmark, as it was on the day."""

    code: str
    name: str
    form: str
    population: int | None
    population_on: date | None
    population_computed: Annotated[bool, "Whether a change computed it from older counts"]
    population_at_least: Annotated[bool, "Whether some of its people are not known"]


class BenchmarkFigure(TypedDict):
    """A peer's figure; null says in `gap` why."""

    code: str
    value: str | None
    gap: Annotated[str | None, Gap]


class BenchmarkComparison(TypedDict):
    """One measure and category. Figures are decimals in strings: pounds per head, staff for every 10,000 people,
    contacts for each whole-time equivalent, or a share from 0 to 1."""

    measure: Annotated[str, Measure]
    category: Annotated[str, "`all`, a service group or a sector"]
    label: str
    value: str | None
    gap: Annotated[str | None, "Why there is no value", Gap]
    records: Annotated[int, "Services or contracts it is made of"]
    unknown: Annotated[int, "Those of them that lack what the measure takes"]
    price_years: Annotated[list[str], "Financial years of the prices"]
    lower_quartile: str | None
    median: str | None
    upper_quartile: str | None
    difference: Annotated[str | None, "The trust's value less the median"]
    rank: Annotated[int | None, "1 is the highest of the trust and its compared peers"]
    compared: Annotated[list[str], "Peers with a value at the same prices"]
    not_known: Annotated[list[str], "Peers without a value"]
    other_prices: Annotated[list[str], "Peers with prices of other years"]
    peers: list[BenchmarkFigure]


class BenchmarkDocument(TypedDict):
    """A trust's resources beside its peers' on a day. The method is ours; the report gives none."""

    as_of: date
    trust: BenchmarkBody
    peers: list[BenchmarkBody]
    suggested: Annotated[bool, "Nobody named the peers"]
    quartiles: Annotated[str, "`inclusive`: the lowest and highest peer are the ends of the range"]
    least_for_quartiles: Annotated[int, "Peers with a value that quartiles take"]
    comparisons: list[BenchmarkComparison]
