"""Results of an assessment as pages show them: ranking, charts, heat map, what would change the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.method.appraisal import Appraisal
from evaluation.read_models.assessments import ResultsDocument, SensitivityDocument
from evaluation.web.presenters.levels import Shade, shade, signed

MOST_SWITCHES = 10


@dataclass(frozen=True)
class RankingRow:
    """An option in the ranking, figures as text."""

    rank: int
    label: str
    value: str
    spread: str
    reach: str
    first: str
    error: str
    expected_rank: str
    confidence: str
    facts: tuple[str, ...]


def ranking(found: ResultsDocument) -> list[RankingRow]:
    """Options by value, best first."""
    dominated = {each["option"]: each["by"] for each in found["dominated"]}
    never, labels = set(found["never_first"]), names(found)
    rows = [
        RankingRow(
            rank=option["rank"],
            label=option["label"],
            value=f"{option['value']:.1f}",
            spread=" to ".join(f"{each:.1f}" for each in option["from_5_to_95_per_cent"]),
            reach=f"{option['low']:.0f} to {option['high']:.0f}",
            first=_share(option["rank_acceptability"][0]),
            error=f"± {_share(option['standard_error'][0])}",
            expected_rank=f"{option['expected_rank']:.2f}",
            confidence="never first" if option["confidence"] is None else f"{option['confidence']:.0%}",
            facts=tuple(_facts(option["option"], dominated, never, labels)),
        )
        for option in found["options"]
    ]
    return sorted(rows, key=lambda row: (row.rank, row.label))


def _share(value: float) -> str:
    """A share in per cent; a trace is told from nothing."""
    return "under 0.1%" if 0 < value < 0.0005 else f"{value:.1%}"


def most_often(found: ResultsDocument) -> str:
    """The option that comes first most often where another has the highest value; empty where it is the same."""
    by_share = max(found["options"], key=lambda option: option["rank_acceptability"][0])
    return "" if by_share["rank"] == 1 else str(by_share["label"])


def _facts(key: str, dominated: Mapping[str, Sequence[str]], never: set[str], labels: Mapping[str, str]) -> list[str]:
    facts = []
    if key in dominated:
        facts.append(f"Nowhere better than {', '.join(labels[each] for each in dominated[key])}")
    if key in never:
        facts.append("Cannot come first under any weights allowed")
    return facts


def names(found: ResultsDocument) -> dict[str, str]:
    """Labels of options by key."""
    return {option["option"]: option["label"] for option in found["options"]}


def acceptability_chart(found: ResultsDocument) -> dict[str, Any]:
    """How often each option has each rank, as bars."""
    count = len(found["options"])
    return {
        "title": "How often each option has each rank",
        "categories": [option["label"] for option in found["options"]],
        "series": [
            {
                "name": f"Rank {rank + 1}",
                "values": [round(option["rank_acceptability"][rank] * 100, 1) for option in found["options"]],
            }
            for rank in range(count)
        ],
        "unit": "per cent of weightings",
        "valueTitle": "Per cent of weightings",
        "most": 100,
        "horizontal": True,
        "stacked": True,
    }


def profile_chart(appraisal: Appraisal) -> dict[str, Any]:
    """The middles of the judgements, criterion by criterion."""
    middle = appraisal.middle
    return {
        "title": "Criterion profile: the middle of what is judged, 0 to 100",
        "indicators": [label for _, label in appraisal.criteria],
        "most": 100,
        "series": [
            {"name": label, "values": [round(float(value), 1) for value in middle[place]]}
            for place, (_, label) in enumerate(appraisal.options)
        ],
    }


def sweep_chart(swept: Mapping[str, Any], found: ResultsDocument) -> dict[str, Any]:
    """The value of each option as one criterion's weight goes from nothing to all."""
    labels = names(found)
    return {
        "title": f"Value of each option by the weight of {criterion_names(found)[swept['criterion']].lower()}",
        "categories": [f"{weight:.0%}" for weight in swept["weights"]],
        "series": [{"name": labels[key], "values": values} for key, values in swept["values"].items()],
        "categoryTitle": f"Weight; now {swept['weight_now']:.0%}",
        "valueTitle": "Value",
    }


def criterion_names(found: ResultsDocument) -> dict[str, str]:
    """Labels of criteria by slug."""
    return {each["criterion"]: each["label"] for each in found["criteria"]}


def tornado_chart(rows: Sequence[tuple[str, str, str, float]]) -> dict[str, Any]:
    """The smallest changes of one judgement that put another option first, in levels."""
    return {
        "title": "Smallest change of one judgement that puts another option first",
        "categories": [f"{option}: {criterion}" for option, criterion, _, _ in rows],
        "series": [{"name": "Change in levels", "values": [round(change, 2) for *_, change in rows]}],
        "unit": "levels",
        "valueTitle": "Change in levels",
        "horizontal": True,
    }


def switches(sensitivity: SensitivityDocument, found: ResultsDocument) -> list[tuple[str, str, str, float]]:
    """Option, criterion, who would come first then, and the change in levels; smallest first."""
    labels, criteria = names(found), criterion_names(found)
    return [
        (labels[each["option"]], criteria[each["criterion"]], labels[each["first"]], each["change"])
        for each in sensitivity["judgements"][:MOST_SWITCHES]
    ]


def switching(sensitivity: SensitivityDocument, found: ResultsDocument) -> list[tuple[str, str, str, str]]:
    """Criterion, its weight now, the weight at which the first and another are level, and that other."""
    labels, criteria = names(found), criterion_names(found)
    return [
        (
            criteria[each["criterion"]],
            f"{found['weights'][each['criterion']]:.1%}",
            f"{each['weight']:.1%}",
            f"{labels[each['other']]} draws level with {labels[each['first']]}",
        )
        for each in sensitivity["switching"]
    ]


@dataclass(frozen=True)
class Heat:
    """A row of the heat map: an option and its judgements by criterion."""

    label: str
    cells: tuple[tuple[Shade, bool], ...]


def heat_map(appraisal: Appraisal, split: Sequence[Mapping[str, str]]) -> list[Heat]:
    """What the panel leaves open of every cell, from the lowest to the highest; and whether it is split on it."""
    low, high = (each / 25 + 1 for each in appraisal.envelope)
    apart = {(each["option"], each["criterion"]) for each in split}
    return [
        Heat(
            label,
            tuple(
                (shade(float(low[place, column]), float(high[place, column])), (key, slug) in apart)
                for column, (slug, _) in enumerate(appraisal.criteria)
            ),
        )
        for place, (key, label) in enumerate(appraisal.options)
    ]


@dataclass(frozen=True)
class Gain:
    """What an option gains: in value, in first ranks (points of per cent); and its rank by value where that moves."""

    label: str
    value: str
    first: str
    rank: str


@dataclass(frozen=True)
class MitigationEffect:
    """The effect of one mitigation, or of all together."""

    text: str
    together: bool
    gains: tuple[Gain, ...]
    first: str
    alike: bool


def effects(sensitivity: SensitivityDocument, found: ResultsDocument) -> list[MitigationEffect]:
    """Each mitigation alone, then all together, against none: gain in value, in first ranks and in rank, by option."""
    labels, without = names(found), sensitivity["unmitigated"]
    return [
        MitigationEffect(
            text="All together" if len(each["mitigations"]) > 1 else each["text"],
            together=len(each["mitigations"]) > 1,
            gains=tuple(
                Gain(
                    labels[key],
                    signed(value - without["values"][key], 1),
                    signed((each["first_rank"][key] - without["first_rank"][key]) * 100, 1),
                    _moved(without["ranks"][key], each["ranks"][key]),
                )
                for key, value in each["values"].items()
            ),
            first=labels[each["first"]],
            alike=each["moves_all_alike"],
        )
        for each in sensitivity["mitigations"]
    ]


def _moved(before: int, after: int) -> str:
    return "" if before == after else f"rank {before} to {after}"


def agreement(found: ResultsDocument) -> dict[str, Any] | None:
    """How far the panel agrees, in words; None with fewer than two members."""
    figures = found["agreement"]
    if len(figures["assessors"]) < 2:
        return None
    criteria, labels = criterion_names(found), names(found)
    w = figures["concordance"]
    return {
        "assessors": figures["assessors"],
        "alphas": [
            (criteria[slug], "cannot be told" if each is None else f"{each:.2f}", _agreed(each))
            for slug, each in figures["alpha"].items()
        ],
        "w": None if w is None else f"{w['w']:.2f}",
        "ranked": len(w["options"]) if w else 0,
        "split": [(labels[each["option"]], criteria[each["criterion"]]) for each in figures["split"]],
    }


def _agreed(alpha: float | None) -> str:
    """Krippendorff's own marks: 0.8 and 0.667."""
    if alpha is None:
        return ""
    if alpha >= 0.8:
        return "agree well"
    return "agree enough for tentative conclusions" if alpha >= 0.667 else "do not agree"
