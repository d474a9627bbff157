"""Results and sensitivity as documents: what the API gives and the pages show, digit for digit the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from evaluation.method import cost
from evaluation.method.appraisal import Appraisal, LeftOut, Mitigated, Results, ranked, results, sensitivity
from evaluation.method.smaa import DRAWS, ENGINE
from evaluation.method.statement import Convention
from evaluation.models import Assessment
from evaluation.read_models.assessments import OptionResult, ResultsDocument, SensitivityDocument
from evaluation.selectors.appraisals import appraisal_of, keyed
from evaluation.specs.stated import StatedWeights
from pcorg.core import caching
from pcorg.core.http import budgets
from pcorg.core.http.budgets import Work
from pcorg.core.policies import ANONYMOUS, Actor

DIGITS = 6
"""Decimals of every figure of a document."""

CODING = (
    "Levels are worth 0, 25, 50, 75 and 100. That, and how statements are coded into levels, is our convention: the "
    "sources give no numbers. Shares are shares of weightings and judgements, not the chance that an option is best."
)
"""What is said beside every figure."""


def results_of(
    assessment: Assessment,
    *,
    draws: int = DRAWS,
    seed: int | None = None,
    chosen: Sequence[int] = (),
    weights: StatedWeights | None = None,
    by: Actor = ANONYMOUS,
) -> ResultsDocument:
    """The results of an assessment. Without a seed the one it keeps; without mitigations chosen, none. `by` reads
    them: strangers are not told the names of the panel. Kept by all they rest on. Raises budgets.NotBegun where they
    are not kept and cost too much, or too much is being worked out."""
    used = assessment.seed if seed is None else seed
    appraisal = appraisal_of(assessment, weights=weights, chosen=chosen, by=by)
    convention = Convention(settings.ROBUST_FROM, settings.LEANING_FROM)
    return caching.of(
        ("results", appraisal, convention, tuple(chosen), draws, used),
        lambda: document_of(results(appraisal, seed=used, draws=draws, convention=convention), chosen),
        work=Work.DRAWS,
        cost=cost.of_results(appraisal, draws=draws),
        instead="Ask for fewer draws.",
    )


def sensitivity_of(
    assessment: Assessment,
    *,
    draws: int = DRAWS,
    seed: int | None = None,
    chosen: Sequence[int] = (),
    weights: StatedWeights | None = None,
    by: Actor = ANONYMOUS,
) -> SensitivityDocument:
    """What would change the answer of an assessment. Without mitigations chosen, with none in effect. Kept, and
    refused, as results are."""
    used = assessment.seed if seed is None else seed
    appraisal = appraisal_of(assessment, weights=weights, by=by)
    plans = [(plan.position, plan.text) for plan in assessment.mitigations.all()]
    most = budgets.limit(Work.DRAWS)
    fit = 0 if most is None else cost.draws_within(most, appraisal, chosen=len(chosen))
    return caching.of(
        ("sensitivity", appraisal, plans, tuple(chosen), draws, used),
        lambda: _sensitivity(assessment, appraisal, draws, used, chosen),
        work=Work.DRAWS,
        cost=cost.of_sensitivity(appraisal, draws=draws, chosen=len(chosen)),
        instead=f"Ask for at most {fit:,} draws (draws={fit})." if fit else "",
    )


def document_of(found: Results, chosen: Sequence[int] = ()) -> ResultsDocument:
    """Results as a document."""
    appraisal, drawn = found.appraisal, found.simulation
    options, criteria = appraisal.options, appraisal.criteria
    rank = ranked(found.values)
    low, high = drawn.quantile(0.05), drawn.quantile(0.95)
    sentences: list[OptionResult] = [
        {
            "option": key,
            "label": label,
            "value": figure(found.values[place]),
            "low": figure(found.reach[place][0]),
            "high": figure(found.reach[place][1]),
            "rank": rank[place],
            "expected_value": figure(drawn.expected_value[place]),
            "from_5_to_95_per_cent": [figure(low[place]), figure(high[place])],
            "contributions": keyed(criteria, figures(found.contributions[place])),
            "rank_acceptability": figures(drawn.rank_acceptability[place]),
            "standard_error": figures(drawn.standard_error[place]),
            "holistic_acceptability": figure(drawn.holistic[place]),
            "expected_rank": figure(drawn.expected_rank[place]),
            "entropy": figure(drawn.entropy[place]),
            "central_weights": _central(found, place),
            "low_precision": drawn.low_precision(place),
            "confidence": None if (sure := drawn.confidence(place)) is None else figure(sure),
            "nearest_weights": keyed(criteria, figures(found.nearest[place])) if place in found.nearest else None,
        }
        for place, (key, label) in enumerate(options)
    ]
    return {
        "options": sentences,
        "criteria": [{"criterion": key, "label": label} for key, label in criteria],
        "weights": keyed(criteria, figures(appraisal.weights)),
        "pairwise": {key: keyed(options, figures(drawn.pairwise[place])) for place, (key, _) in enumerate(options)},
        "dominated": [
            {"option": options[place][0], "by": [options[each][0] for each in by]}
            for place, by in found.dominated.items()
        ],
        "never_first": [options[place][0] for place in found.never_first],
        "agreement": _agreement(found),
        "missing": [{"option": options[one][0], "criterion": criteria[two][0]} for one, two in found.missing],
        "gaps": {
            name: [{"option": options[one][0], "criterion": criteria[two][0]} for one, two in cells]
            for name, cells in appraisal.gaps().items()
        },
        "silent": list(appraisal.silent()),
        "mitigations": list(chosen),
        "draws": drawn.draws,
        "seed": drawn.seed,
        "engine": ENGINE,
        "input": appraisal.fingerprint(),
        "statement": " ".join(each.sentence for each in found.statement),
        "findings": [
            {"code": each.code, "sentence": each.sentence, "figures": _named(each.figures, appraisal)}
            for each in found.statement
        ],
        "convention": {"robust_from": settings.ROBUST_FROM, "leaning_from": settings.LEANING_FROM, "note": CODING},
    }


def _central(found: Results, place: int) -> dict[str, float] | None:
    central = found.simulation.central_weights(place)
    return None if central is None else keyed(found.appraisal.criteria, figures(central))


def _agreement(found: Results) -> dict[str, Any]:
    agreement, options, criteria = found.agreement, found.appraisal.options, found.appraisal.criteria
    w = agreement.concordance
    return {
        "assessors": [member.name for member in found.appraisal.panel],
        "alpha": keyed(criteria, [None if each is None else figure(each) for each in agreement.alphas]),
        "concordance": None
        if w is None
        else {
            "w": figure(w.w),
            "chi_square": figure(w.chi_square),
            "degrees": w.degrees,
            "options": [options[place][0] for place in agreement.ranked],
        },
        "split": [{"option": options[one][0], "criterion": criteria[two][0]} for one, two in agreement.split],
    }


def _named(document: Mapping[str, Any], appraisal: Appraisal) -> dict[str, Any]:
    """The figures of a finding, with options and criteria by their keys."""
    return {name: _figure_named(name, value, appraisal) for name, value in document.items()}


def _figure_named(name: str, value: Any, appraisal: Appraisal) -> Any:
    options, criteria = appraisal.options, appraisal.criteria
    match name, value:
        case "option" | "first", int():
            return options[value][0]
        case "criterion", int():
            return criteria[value][0]
        case "options" | "level", list():
            return [options[each][0] for each in value]
        case "weights", list():
            return keyed(criteria, figures(value))
        case "cells", list():
            return [[options[one][0], criteria[two][0]] for one, two in value]
        case "dominated", dict():
            return {options[int(one)][0]: [options[each][0] for each in by] for one, by in value.items()}
        case _, dict():
            return _named(value, appraisal)
        case _, float():
            return figure(value)
    return value


def _sensitivity(
    assessment: Assessment, appraisal: Appraisal, draws: int, seed: int, chosen: Sequence[int]
) -> SensitivityDocument:
    plans = list(assessment.mitigations.all())
    in_effect = [place for place, plan in enumerate(plans) if plan.position in chosen]
    found = sensitivity(appraisal, seed=seed, draws=draws, chosen=in_effect)
    options, criteria = appraisal.options, appraisal.criteria
    return {
        "sweeps": [
            {
                "criterion": criteria[each.criterion][0],
                "weight_now": figure(appraisal.weights[each.criterion]),
                "weights": figures(each.weights),
                "values": keyed(options, [figures(row) for row in each.values]),
            }
            for each in found.sweeps
        ],
        "switching": [
            {
                "first": options[one][0],
                "other": options[other][0],
                "criterion": criteria[criterion][0],
                "weight": figure(weight),
            }
            for (one, other, criterion), weight in found.switches.items()
        ],
        "judgements": [
            {
                "option": options[each.option][0],
                "criterion": criteria[each.criterion][0],
                "change": figure(each.change),
                "first": options[each.first][0],
            }
            for each in found.judgements[:20]
        ],
        "without_criterion": [
            {"criterion": criteria[each.what][0], "first": options[each.first][0], "value": figure(each.share)}
            for each in found.without_criterion
        ],
        "without_assessor": [_without(each, appraisal) for each in found.without_member],
        "in_effect": [plans[place].position for place in in_effect],
        "unmitigated": _with_mitigations(found.unmitigated, appraisal),
        "mitigations": [
            {
                "mitigations": [plans[place].position for place in each.places],
                "text": "; ".join(plans[place].text for place in each.places),
                **_with_mitigations(each, appraisal),
                "moves_all_alike": each.alike,
            }
            for each in found.mitigated
        ],
        "ordinal": {
            "first_rank": keyed(options, figures(found.ordinal_shares)),
            "equal_steps": keyed(options, figures(found.equal_step_shares)),
            "agree": found.modes_agree,
        },
        "draws": draws,
        "seed": seed,
        "engine": ENGINE,
    }


def _with_mitigations(each: Mitigated, appraisal: Appraisal) -> dict[str, Any]:
    return {
        "values": keyed(appraisal.options, figures(each.values)),
        "ranks": keyed(appraisal.options, each.ranks),
        "first_rank": keyed(appraisal.options, figures(each.shares)),
        "first": appraisal.options[each.first][0],
    }


def _without(each: LeftOut, appraisal: Appraisal) -> dict[str, Any]:
    return {
        "assessor": appraisal.panel[each.what].name,
        "first": appraisal.options[each.first][0],
        "share": figure(each.share),
    }


def figure(value: Any) -> float:
    """A figure as documents give it."""
    return round(float(value), DIGITS)


def figures(values: Any) -> list[float]:
    """Figures as documents give them."""
    return [figure(value) for value in values]
