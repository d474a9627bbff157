"""An appraisal as a whole: options, criteria, what a panel judged and what is said of the weights; and its results.

Where the panel has recorded a consensus on a cell, it stands for every member there. A cell a member has not judged is
the whole scale: missing stays missing, and is told.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evaluation.method.agreement import Concordance, alpha, concordance, is_split
from evaluation.method.facts import CanBeFirst, can_be_first, dominated, reach
from evaluation.method.mitigation import CriterionTransform, moves_all_alike, together
from evaluation.method.scale import HIGHEST, LOWEST, STEP, Interval
from evaluation.method.sensitivity import JudgementSwitch, Middles, Sweep
from evaluation.method.smaa import APART, DRAWS, ENGINE, JudgedRanges, Simulation, simulate
from evaluation.method.statement import OURS, Convention, ResultFinding, statement
from evaluation.method.weights import Array, Preference

Cell = tuple[int, int]
"""An option and a criterion, by their places."""

Levels = NDArray[np.float64]

UNKNOWN = Interval.unknown()


@dataclass(frozen=True)
class PanelMember:
    """Somebody on the panel: what they judged, cell by cell, and how they weigh where that is their own."""

    name: str
    cells: Mapping[Cell, Interval]
    preference: Preference | None = None


@dataclass(frozen=True)
class Appraisal:
    """Options judged on criteria. `preference` holds for every member without one of their own; `view` says it in
    words. `options` and `criteria` are pairs of key and name; `invited` are those asked who have judged nothing."""

    options: tuple[tuple[str, str], ...]
    criteria: tuple[tuple[str, str], ...]
    panel: tuple[PanelMember, ...]
    preference: Preference
    view: str
    consensus: Mapping[Cell, Interval] = field(default_factory=dict)
    mitigations: tuple[CriterionTransform, ...] = ()
    invited: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """How many options and criteria."""
        return len(self.options), len(self.criteria)

    @property
    def members(self) -> tuple[PanelMember, ...]:
        """The panel; where nobody is on it, one who has judged nothing."""
        return self.panel or (PanelMember("nobody", {}),)

    def levels(self, member: PanelMember) -> tuple[Levels, Levels]:
        """The lowest and highest levels that a member's judgements leave open."""
        low, high = np.full(self.shape, float(LOWEST)), np.full(self.shape, float(HIGHEST))
        for cell, interval in {**member.cells, **self.consensus}.items():
            low[cell], high[cell] = interval.low, interval.high
        return low, high

    def missing(self) -> list[Cell]:
        """Cells that nobody has judged."""
        judged = set(self.consensus).union(*(member.cells for member in self.members))
        options, criteria = self.shape
        return [(one, two) for one in range(options) for two in range(criteria) if (one, two) not in judged]

    def gaps(self) -> dict[str, list[Cell]]:
        """Cells that members of the panel left out and no consensus stands for, by name; of cells others judged."""
        nobody = set(self.missing())
        options, criteria = self.shape
        cells = [(one, two) for one in range(options) for two in range(criteria)]
        found = {
            member.name: [
                cell for cell in cells if cell not in member.cells and cell not in self.consensus and cell not in nobody
            ]
            for member in self.panel
        }
        return {name: left for name, left in found.items() if left}

    def silent(self) -> tuple[str, ...]:
        """Those invited who have judged nothing, where the consensus does not stand for all they would say."""
        options, criteria = self.shape
        return self.invited if len(self.consensus) < options * criteria else ()

    def weighs(self, member: PanelMember) -> Preference:
        """What is said of the weights when a member is drawn."""
        return member.preference or self.preference

    def mitigated(self, chosen: Sequence[int]) -> Appraisal:
        """The same with only the mitigations chosen, by their places."""
        return replace(self, mitigations=tuple(self.mitigations[place] for place in chosen))

    @cached_property
    def tables(self) -> list[tuple[Levels, Levels]]:
        """Every member's levels once the mitigations are taken into account."""
        return [together(list(self.mitigations), *self.levels(member)) for member in self.members]

    def views(self, *, ordinal: bool = False) -> list[JudgedRanges]:
        """What is drawn from: values from 0 to 100, or levels where their steps are drawn too."""
        lowest, step = (0, 1.0) if ordinal else (LOWEST, STEP)
        return [
            JudgedRanges((low - lowest) * step, (high - lowest) * step, self.weighs(member))
            for member, (low, high) in zip(self.members, self.tables, strict=True)
        ]

    @cached_property
    def open_values(self) -> list[tuple[Array, Array]]:
        """For every member, the lowest and highest value of every cell that their judgements leave open."""
        return [((low - LOWEST) * STEP, (high - LOWEST) * STEP) for low, high in self.tables]

    @cached_property
    def envelope(self) -> tuple[Array, Array]:
        """The lowest and highest value of every cell that any member leaves open."""
        low: Array = np.min([low for low, _ in self.open_values], axis=0)
        high: Array = np.max([high for _, high in self.open_values], axis=0)
        return low, high

    @cached_property
    def middles(self) -> Middles:
        """Every member's middles of what is open, and weights in the middle of what is admitted."""
        return Middles(
            [(low + high) / 2 for low, high in self.open_values],
            [self.weighs(member).centre() for member in self.members],
        )

    @property
    def middle(self) -> Array:
        """The mean over the panel of the middles of what is open: values, options by criteria."""
        return self.middles.values

    @property
    def weights(self) -> Array:
        """The mean over the panel of the weights in the middle of what each admits."""
        return self.middles.weights

    def dominated(self) -> dict[int, list[int]]:
        """Options that are dominated in the judgements of every member, each with those that dominate it there."""
        found = [dominated(low, high) for low, high in self.open_values]
        common = {
            option: [one for one in by if all(one in other.get(option, ()) for other in found)]
            for option, by in found[0].items()
        }
        return {option: by for option, by in common.items() if by}

    def reach(self, option: int) -> tuple[float, float]:
        """The lowest and highest value of an option by any member's judgements and weights."""
        found = [
            reach(low[option], high[option], self.weighs(member))
            for member, (low, high) in zip(self.members, self.open_values, strict=True)
        ]
        return min(low for low, _ in found), max(high for _, high in found)

    def can_be_first(self, option: int) -> CanBeFirst:
        """Whether an option can come first by any member's judgements and weights, and the weights for it that are
        nearest to the usual ones."""
        found = [
            can_be_first(low, high, option, preference=self.weighs(member), near=self.weights)
            for member, (low, high) in zip(self.members, self.open_values, strict=True)
        ]
        return min(found, key=lambda each: np.inf if each.distance is None else each.distance)

    def fingerprint(self) -> str:
        """A hash of everything the figures rest on, beside draws and seed."""
        content = {
            "engine": ENGINE,
            "options": self.options,
            "criteria": self.criteria,
            "tables": [[low.tolist(), high.tolist()] for low, high in self.tables],
            "weights": [repr(self.weighs(member)) for member in self.members],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Agreement:
    """How far the panel agrees: alpha of each criterion on the middles, Kendall's W of the members' rankings of the
    options `ranked`, and the cells on which it is split."""

    alphas: tuple[float | None, ...]
    concordance: Concordance | None
    split: tuple[Cell, ...]
    ranked: tuple[int, ...]


@dataclass(frozen=True)
class Results:
    """Everything an appraisal comes to."""

    appraisal: Appraisal
    simulation: Simulation
    values: Array
    reach: tuple[tuple[float, float], ...]
    contributions: Array
    dominated: Mapping[int, list[int]]
    never_first: tuple[int, ...]
    nearest: Mapping[int, tuple[float, ...]]
    agreement: Agreement
    missing: tuple[Cell, ...]
    statement: tuple[ResultFinding, ...]


def results(appraisal: Appraisal, *, seed: int, draws: int = DRAWS, convention: Convention = OURS) -> Results:
    """Work out an appraisal. Raises Unweighable or ValueError for what cannot be weighed or drawn."""
    simulation = simulate(appraisal.views(), draws=draws, seed=seed)
    places = range(len(appraisal.options))
    below, missing = appraisal.dominated(), appraisal.missing()
    nearest = {option: found.weights for option in places if (found := appraisal.can_be_first(option)).weights}
    never = [option for option in places if option not in nearest]
    sentences = statement(
        simulation,
        options=[name for _, name in appraisal.options],
        criteria=[name for _, name in appraisal.criteria],
        view=appraisal.view,
        dominated=below,
        never_first=never,
        usual=appraisal.weights,
        missing=missing,
        gaps=appraisal.gaps(),
        silent=appraisal.silent(),
        change=appraisal.middles.least_change(),
        convention=convention,
    )
    return Results(
        appraisal=appraisal,
        simulation=simulation,
        values=appraisal.middles.totals,
        reach=tuple(appraisal.reach(option) for option in places),
        contributions=appraisal.middles.contributions,
        dominated=below,
        never_first=tuple(never),
        nearest=nearest,
        agreement=agreement(appraisal),
        missing=tuple(missing),
        statement=tuple(sentences),
    )


def agreement(appraisal: Appraisal) -> Agreement:
    """How far the members agree, on what each judged alone: the consensus is left aside. Where a member leaves the
    whole scale open nothing is known of what they think: that is missing, not the middle. Rankings are of the options
    that all have judged in full."""
    options, criteria = appraisal.shape
    panel = appraisal.panel

    def middle(member: PanelMember, cell: Cell) -> float | None:
        interval = member.cells.get(cell, UNKNOWN)
        return None if interval == UNKNOWN else (interval.low + interval.high) / 2

    alphas = tuple(
        alpha([[middle(member, (option, criterion)) for option in range(options)] for member in panel])
        if len(panel) > 1
        else None
        for criterion in range(criteria)
    )
    split = tuple(
        (option, criterion)
        for option in range(options)
        for criterion in range(criteria)
        if is_split([each for member in panel if (each := middle(member, (option, criterion))) is not None])
    )
    tables = [
        [[middle(member, (row, column)) for column in range(criteria)] for row in range(options)] for member in panel
    ]
    full = [option for option in range(options) if all(None not in table[option] for table in tables)]
    scores = [
        list(np.array([table[option] for option in full], dtype=np.float64) @ appraisal.weighs(member).centre())
        for member, table in zip(panel, tables, strict=True)
        if full
    ]
    return Agreement(alphas, concordance(scores) if len(scores) > 1 else None, split, tuple(full))


def ranked(values: Array) -> tuple[int, ...]:
    """The rank of each value: 1 + how many are higher."""
    return tuple(1 + int((values - each > APART).sum()) for each in values)


@dataclass(frozen=True)
class LeftOut:
    """Who comes first, and in which share of weightings, when something is left out."""

    what: int
    first: int
    share: float


@dataclass(frozen=True)
class Mitigated:
    """What there is with some mitigations, by their places: value, rank by value and first-rank acceptability of every
    option, and who comes first.

    `alike` tells that all options move by the same, so that no ranking can change.
    """

    places: tuple[int, ...]
    values: tuple[float, ...]
    ranks: tuple[int, ...]
    shares: tuple[float, ...]
    first: int
    alike: bool


@dataclass(frozen=True)
class Sensitivity:
    """What would change the answer."""

    sweeps: tuple[Sweep, ...]
    switches: Mapping[tuple[int, int, int], float]
    judgements: tuple[JudgementSwitch, ...]
    without_criterion: tuple[LeftOut, ...]
    without_member: tuple[LeftOut, ...]
    unmitigated: Mitigated
    mitigated: tuple[Mitigated, ...]
    ordinal_shares: tuple[float, ...]
    equal_step_shares: tuple[float, ...]

    @property
    def modes_agree(self) -> bool:
        """Whether the same option comes first most often when only the order of the levels is taken as known."""
        return int(np.argmax(self.ordinal_shares)) == int(np.argmax(self.equal_step_shares))


def sensitivity(appraisal: Appraisal, *, seed: int, draws: int = DRAWS, chosen: Sequence[int] = ()) -> Sensitivity:
    """Work out what would change the answer with the mitigations chosen in effect, by their places. Each of them all,
    and all together, is also looked at against none."""
    mitigated = appraisal.mitigated(chosen)
    middles = mitigated.middles
    in_effect = _mitigated(appraisal, tuple(chosen), seed, draws)
    ordinal = simulate(mitigated.views(ordinal=True), draws=draws, seed=seed, anchors=HIGHEST)
    places = range(len(appraisal.mitigations))
    combinations = [(place,) for place in places] + ([tuple(places)] if len(places) > 1 else [])
    return Sensitivity(
        sweeps=tuple(middles.sweeps(steps=21)),
        switches={(middles.leader, each.first, each.criterion): each.then for each in middles.switches()},
        judgements=tuple(middles.judgement_switches()),
        without_criterion=tuple(_without_criteria(middles)),
        without_member=tuple(_without_members(mitigated, seed, draws)),
        unmitigated=_mitigated(appraisal, (), seed, draws) if chosen else in_effect,
        mitigated=tuple(_mitigated(appraisal, each, seed, draws) for each in combinations),
        ordinal_shares=tuple(float(each) for each in ordinal.rank_acceptability[:, 0]),
        equal_step_shares=in_effect.shares,
    )


def _without_criteria(middles: Middles) -> list[LeftOut]:
    """Each criterion left out in turn, the others keeping their ratios; at the weights in the middle."""
    found = [(criterion, middles.without(criterion)) for criterion in range(len(middles.weights))]
    return [
        LeftOut(criterion, int(np.argmax(totals)), float(totals.max()))
        for criterion, totals in found
        if totals is not None
    ]


def _without_members(appraisal: Appraisal, seed: int, draws: int) -> list[LeftOut]:
    """Each member of the panel left out in turn."""
    if len(appraisal.panel) < 2:
        return []
    found = []
    for place in range(len(appraisal.panel)):
        rest = tuple(member for number, member in enumerate(appraisal.panel) if number != place)
        shares = simulate(replace(appraisal, panel=rest).views(), draws=draws, seed=seed).rank_acceptability[:, 0]
        found.append(LeftOut(place, int(np.argmax(shares)), float(shares.max())))
    return found


def _mitigated(appraisal: Appraisal, chosen: tuple[int, ...], seed: int, draws: int) -> Mitigated:
    with_it = appraisal.mitigated(chosen)
    values = with_it.middles.totals
    shares = simulate(with_it.views(), draws=draws, seed=seed).rank_acceptability[:, 0]
    alike = all(moves_all_alike(list(with_it.mitigations), *appraisal.levels(member)) for member in appraisal.members)
    return Mitigated(
        chosen,
        tuple(float(each) for each in values),
        ranked(values),
        tuple(float(each) for each in shares),
        int(np.argmax(shares)),
        alike,
    )
