"""The answer in words: what comes first, how surely, what would change it, what is missing.

Findings are structured, each with its figures; the sentences are made from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from evaluation.method.sensitivity import LeastChange
from evaluation.method.smaa import Simulation
from pcorg.core.vocabulary import Term

NOTABLE = 0.01
"""How much more than usual a criterion must weigh to be named."""


@dataclass(frozen=True, slots=True)
class Convention:
    """First-rank acceptability and confidence (0 to 1) from which an answer is called robust, and first-rank
    acceptability from which it is called leaning. Where the lines are drawn is ours."""

    robust: float = 0.8
    leaning: float = 0.5


class Confidence(Term):
    """How surely an option comes first."""

    ROBUST = "robust", "Robust"
    LEANING = "leaning", "Leaning"
    OPEN = "no-robust-preference", "No robust preference"


@dataclass(frozen=True, slots=True)
class ResultFinding:
    """One thing the results say: its code, the sentence, and the figures it rests on."""

    code: str
    sentence: str
    figures: Mapping[str, object] = field(default_factory=dict)


OURS = Convention()


def verdict(simulation: Simulation, convention: Convention = OURS) -> tuple[Confidence, int]:
    """How surely which option comes first. Where others are always level with it, or it stands alone, nothing is
    preferred."""
    first = simulation.rank_acceptability[:, 0]
    leader = int(np.argmax(first))
    if len(first) == 1 or simulation.level_with(leader):
        return Confidence.OPEN, leader
    confidence = simulation.confidence(leader) or 0.0
    if first[leader] >= convention.robust and confidence >= convention.robust:
        return Confidence.ROBUST, leader
    return (Confidence.LEANING if first[leader] >= convention.leaning else Confidence.OPEN), leader


def statement(
    simulation: Simulation,
    *,
    options: Sequence[str],
    criteria: Sequence[str],
    view: str,
    dominated: Mapping[int, Sequence[int]],
    never_first: Sequence[int],
    usual: NDArray[np.float64],
    missing: Sequence[tuple[int, int]] = (),
    gaps: Mapping[str, Sequence[tuple[int, int]]] | None = None,
    silent: Sequence[str] = (),
    change: LeastChange | None = None,
    convention: Convention = OURS,
) -> list[ResultFinding]:
    """The findings in the order in which a reader wants them.

    `options` and `criteria` are names; `view` says what was taken to matter ("no view of what matters most"); `usual`
    are the weights in the middle of what that admits; `missing` are cells nobody judged, `gaps` those that members of
    a panel left out, `silent` those invited who have judged nothing; `change` is the least that would change who has
    the highest value. Shares are shares of weightings, never a probability that an option is best.
    """
    found = [_first(simulation, options, view, convention)]
    if len(options) > 1:
        found += [_dominance(options, dominated), *_first_under(simulation, options, criteria, usual, convention)]
    if change is not None:
        found.append(_would_change(change, options, criteria))
    if never_first:
        names = listed([options[each] for each in never_first])
        found.append(
            ResultFinding(
                "never-first",
                f"{names} cannot come first under any weights that are admitted, however the judgements fall.",
                {"options": list(never_first)},
            )
        )
    if missing:
        cells = listed([f"{options[option]} on {criteria[criterion].lower()}" for option, criterion in missing])
        found.append(
            ResultFinding(
                "missing",
                f"Nothing is known of {cells}: the whole scale was allowed for.",
                {"cells": [list(cell) for cell in missing]},
            )
        )
    for name, left_out in (gaps or {}).items():
        what = f"{len(left_out)} judgements" if len(left_out) > 2 else _cells(left_out, options, criteria)
        sentence = f"{name} has not given {what}: the whole scale was allowed for there."
        found.append(ResultFinding("gap", sentence, {"assessor": name, "cells": [list(cell) for cell in left_out]}))
    if silent:
        verbs = ("was", "has") if len(silent) == 1 else ("were", "have")
        sentence = (
            f"{listed(silent)} {verbs[0]} invited and {verbs[1]} not judged anything yet: left out of these results."
        )
        found.append(ResultFinding("silent", sentence, {"assessors": list(silent)}))
    return found


def _cells(cells: Sequence[tuple[int, int]], options: Sequence[str], criteria: Sequence[str]) -> str:
    named = listed([f"{options[option]} on {criteria[criterion].lower()}" for option, criterion in cells])
    return f"a judgement of {named}"


def _first(simulation: Simulation, options: Sequence[str], view: str, convention: Convention) -> ResultFinding:
    sure, leader = verdict(simulation, convention)
    share = float(simulation.rank_acceptability[leader, 0])
    figures: dict[str, object] = {"verdict": sure.value, "option": leader, "share": share}
    figures["confidence"] = simulation.confidence(leader)
    if len(options) == 1:
        return ResultFinding("first", f"{options[0]} is the only option: there is nothing to compare it with.", figures)
    sentence = f"With {view}, {options[leader]} comes first in {percent(share)} of weightings"
    if sure is Confidence.ROBUST:
        return ResultFinding("first", f"{sentence}. That is robust.", figures)
    if sure is Confidence.LEANING:
        return ResultFinding("first", f"{sentence}. The answer leans that way and is not robust.", figures)
    together = [leader, *simulation.level_with(leader)]
    if len(together) > 1:
        sentence = (
            f"With {view}, {listed([options[each] for each in together])} come first together in {percent(share)} of "
            "weightings: nothing tells them apart"
        )
        figures["level"] = together
    shares = simulation.rank_acceptability[:, 0]
    order = [int(each) for each in np.argsort(-shares, kind="stable") if each not in together and shares[each] > 0][:2]
    others = listed([f"{options[each]} in {percent(float(shares[each]))}" for each in order])
    return ResultFinding(
        "first", f"{sentence}{f', {others}' if others else ''}. There is no robust preference.", figures
    )


def _dominance(options: Sequence[str], dominated: Mapping[int, Sequence[int]]) -> ResultFinding:
    if not dominated:
        sentence = "None dominates: no option is sure to be as good as another on every criterion and better on one."
        return ResultFinding("no-dominance", sentence)
    sentence = "; ".join(
        f"{options[other]} is nowhere better than {listed([options[each] for each in by])}"
        for other, by in dominated.items()
    )
    return ResultFinding(
        "dominance", f"{sentence}.", {"dominated": {str(other): list(by) for other, by in dominated.items()}}
    )


def _ever_first(simulation: Simulation) -> list[int]:
    shares = simulation.rank_acceptability[:, 0]
    return [int(each) for each in np.argsort(-shares, kind="stable") if shares[each] > 0]


def _first_under(
    simulation: Simulation,
    options: Sequence[str],
    criteria: Sequence[str],
    usual: NDArray[np.float64],
    convention: Convention,
) -> list[ResultFinding]:
    """Under which weights each option comes first, most often first: which criteria weigh more then than usual. Nothing
    of one that does whatever they are, nor where they are given, for then they are the same whoever comes first."""
    found = []
    for option in _ever_first(simulation):
        central = simulation.central_weights(option)
        assert central is not None
        always = simulation.first[option] == simulation.draws
        if always or np.abs(central - usual).max() < 1e-9:
            continue
        more = [
            int(each) for each in np.argsort(usual - central, kind="stable") if central[each] - usual[each] > NOTABLE
        ]
        share = float(simulation.rank_acceptability[option, 0])
        figures = {"option": option, "share": share, "weights": [float(each) for each in central]}
        verb = "typically comes first" if share >= convention.leaning else "comes first"
        if more:
            named = listed([f"{criteria[each].lower()} ({percent(float(central[each]))})" for each in more])
            sentence = f"{options[option]} {verb} where more weight lies on {named}."
        else:
            sentence = f"{options[option]} {verb} where no criterion weighs much more or less than usual."
        if simulation.low_precision(option):
            sentence += " That rests on few draws."
        found.append(ResultFinding("first-under", sentence, figures))
    return found


def _would_change(change: LeastChange, options: Sequence[str], criteria: Sequence[str]) -> ResultFinding:
    leader, weight, judgement = options[change.leader], change.weight, change.judgement
    ways: list[tuple[str, str]] = []
    if weight is not None:
        now, then = (f"{each * 100:.1f} per cent" for each in (weight.now, weight.then))
        ways.append(
            (options[weight.first], f"at a weight of {then} on {criteria[weight.criterion].lower()} (now {now})")
        )
    if judgement is not None:
        way = f"{steps(judgement.change)} {'higher' if judgement.change > 0 else 'lower'}"
        on = criteria[judgement.criterion].lower()
        ways.append((options[judgement.first], f"if {options[judgement.option]} were judged {way} on {on}"))
    sentences = [f"{leader} has the highest value in the middle of what is open."]
    if len({other for other, _ in ways}) == 1:
        sentences.append(f"{ways[0][0]} would draw level {', or '.join(way for _, way in ways)}.")
    else:
        sentences += [f"{other} would draw level {way}." for other, way in ways]
    if not ways:
        sentences.append("No one weight and no one judgement would put another in its place.")
    figures = {"option": change.leader} | {
        name: None if least is None else asdict(least) for name, least in (("weight", weight), ("judgement", judgement))
    }
    return ResultFinding("would-change", " ".join(sentences), figures)


def steps(change: float) -> str:
    """A change of a judgement in levels, as people say it."""
    size = round(abs(change), 1)
    if size == 0:
        return "under 0.1 of a level"
    return f"{size:g} of a level" if size < 1 else "1 level" if size == 1 else f"{size:g} levels"


def percent(share: float) -> str:
    """A share in whole per cent, with the ends told apart from nearly."""
    if 0 < share < 0.005:
        return "under 1 per cent"
    if 0.995 <= share < 1:
        return "over 99 per cent"
    return f"{share * 100:.0f} per cent"


def listed(names: Sequence[str]) -> str:
    """Names as people list them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
