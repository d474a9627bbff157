"""What is followed over time as pages show it: profiles by axis, the life of a chosen model, its measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evaluation.method.profile import RecordedLevel, RecordedView, standing
from evaluation.method.vocabulary import PROFILE_LEVELS, Stage
from evaluation.read_models.following import (
    ChoiceDocument,
    MeasureDocument,
    ProfileDocument,
    ProfileViewDocument,
    ReadingDocument,
)

HIGHEST = max(PROFILE_LEVELS)
NOT_KNOWN = "not known"


@dataclass(frozen=True)
class ProfileAxis:
    """Where a body stands on an axis: its level as a figure and in words, the views behind it, and the evidence."""

    label: str
    level: str
    words: str
    on: date | None
    consensus: bool
    views: tuple[tuple[str, int, date], ...]
    evidence: tuple[str, ...]


def views_of(points: Sequence[ProfileViewDocument]) -> list[RecordedView]:
    """The points of an axis of a profile document as views."""
    return [RecordedView(each["on"], each["level"], each["assessor"], each["consensus"]) for each in points]


def axes(profile: ProfileDocument, on: date) -> list[ProfileAxis]:
    """Every axis of a profile on a day, with each person's latest view and the evidence of what stands."""
    return [_axis(each["label"], each["points"], on) for each in profile["axes"]]


def _axis(label: str, points: Sequence[ProfileViewDocument], on: date) -> ProfileAxis:
    found = standing(views_of(points), on)
    if found is None:
        return ProfileAxis(label, "", "", None, False, (), ())
    latest = {each["assessor"]: each for each in points if not each["consensus"]}
    behind = [each for each in points if each["consensus"] and each["on"] == found.on] or latest.values()
    return ProfileAxis(
        label,
        f"{found.level:g}" if found.level == int(found.level) else f"{found.level:.1f}",
        level_in_words(found),
        found.on,
        found.consensus,
        tuple((name, each["level"], each["on"]) for name, each in latest.items()),
        tuple(dict.fromkeys(each["evidence"] for each in behind if each["evidence"])),
    )


def level_in_words(found: RecordedLevel) -> str:
    """A standing by the anchors of the scale; between two where it is a mean."""
    low = int(found.level)
    if found.level == low:
        return PROFILE_LEVELS[low]
    return f"Between “{PROFILE_LEVELS[low].lower()}” and “{PROFILE_LEVELS[low + 1].lower()}”"


def profile_charts(profile: ProfileDocument, on: date) -> dict[str, Any]:
    """The axes as a radar, first and on the day, where all are known; and each over time, where there are several
    days."""
    views = {each["label"]: views_of(each["points"]) for each in profile["axes"]}
    days = sorted({view.on for points in views.values() for view in points if view.on <= on})
    charts: dict[str, Any] = {}
    now = {label: standing(points, on) for label, points in views.items()}
    if days and all(now.values()):
        series = [{"name": "On the date shown", "values": [found.level for found in now.values() if found]}]
        first = {label: standing(points, min(view.on for view in points)) for label, points in views.items()}
        if [found.level for found in first.values() if found] != series[0]["values"]:
            series.append({"name": "When first recorded", "values": [each.level for each in first.values() if each]})
        charts["radar"] = {
            "title": "How integrated, 0 to 5, on each axis",
            "indicators": list(views),
            "most": HIGHEST,
            "series": series,
        }
    if len(days) > 1:
        days += [on] if days[-1] < on else []  # what stands, stands until the day shown
        charts["line"] = {
            "title": "How integrated over time, 0 to 5; a level stands until the next is recorded",
            "times": [day.isoformat() for day in days],
            "series": [
                {"name": label, "values": [found.level if (found := standing(points, day)) else None for day in days]}
                for label, points in views.items()
                if points
            ],
            "valueTitle": "Level",
            "most": HIGHEST,
            "steps": True,
        }
    return charts


@dataclass(frozen=True)
class LifeStep:
    """A step in the life of a chosen model: whether it is done, is where things stand now, and what is said of it."""

    label: str
    state: str
    words: str


def life(choice: ChoiceDocument | None, measures: Sequence[MeasureDocument]) -> list[LifeStep]:
    """From the choice by baseline and follow-up to outcome. Where things stand is the last step reached."""
    readings = [reading for measure in measures for reading in measure["readings"]]
    at = {stage: [each["on"] for each in readings if each["stage"] == stage] for stage in Stage}
    reached = [choice is not None, *(bool(at[stage]) for stage in Stage)]
    descriptions = [
        f"{choice['label']}, {_day(choice['on'])}" if choice else "No option is recorded as chosen",
        *(_readings(at[stage]) for stage in Stage),
    ]
    current = max((place for place, done in enumerate(reached) if done), default=-1)
    labels = ["Chosen", *(stage.label for stage in Stage)]
    return [
        LifeStep(label, "now" if place == current else "done" if reached[place] else "to come", words)
        for place, (label, words) in enumerate(zip(labels, descriptions, strict=True))
    ]


def _readings(days: Sequence[date]) -> str:
    if not days:
        return "No reading yet"
    last = _day(max(days))
    return f"1 reading, {last}" if len(days) == 1 else f"{len(days)} readings, the last {last}"


def _day(value: date) -> str:
    return f"{value:%-d %B %Y}"


@dataclass(frozen=True)
class FollowedModel:
    """A measure as its page shows it: tiles of figures, readings, a chart where there are two or more."""

    number: int
    title: str
    unit: str
    aim: str
    source: str
    tiles: tuple[dict[str, str], ...]
    readings: tuple[tuple[date, str, str, str, str], ...]
    chart: dict[str, Any] | None


def followed(measure: MeasureDocument) -> FollowedModel:
    """A measure document in words."""
    readings = measure["readings"]
    baseline = next((each for each in readings if each["stage"] == Stage.BASELINE), None)
    latest = readings[-1] if readings else None
    return FollowedModel(
        number=measure["id"],
        title=measure["title"],
        unit=measure["unit"][:1].upper() + measure["unit"][1:],
        aim="Higher is better" if measure["higher_is_better"] else "Lower is better",
        source=measure["source"],
        tiles=(
            _tile("Baseline", baseline, "No baseline yet"),
            _tile("Latest", latest, "No reading yet"),
            {"label": "Change since the baseline", **_change(measure)},
            {"label": "Target", **_target(measure)},
        ),
        readings=tuple(
            (each["on"], Stage(each["stage"]).label, each["value"], each["note"], each["by"]) for each in readings
        ),
        chart=_chart(measure) if len(readings) > 1 else None,
    )


def _tile(label: str, reading: ReadingDocument | None, otherwise: str) -> dict[str, str]:
    if reading is None:
        return {"label": label, "figure": NOT_KNOWN, "note": otherwise}
    return {"label": label, "figure": reading["value"], "note": _day(reading["on"])}


def _change(measure: MeasureDocument) -> dict[str, str]:
    if measure["change"] is None:
        return {"figure": NOT_KNOWN, "note": "It takes a baseline and a later reading"}
    sign = "" if measure["change"].startswith("-") or measure["change"] == "0" else "+"
    words = {True: "For the better", False: "For the worse", None: "No change"}[measure["better"]]
    return {"figure": (sign + measure["change"]).replace("-", "−"), "note": words}


def _target(measure: MeasureDocument) -> dict[str, str]:
    if measure["target"] is None:
        return {"figure": "none set", "note": ""}
    words = {True: "Reached by the latest reading", False: "Not reached yet", None: "No reading yet"}
    return {"figure": measure["target"], "note": words[measure["target_met"]]}


def _chart(measure: MeasureDocument) -> dict[str, Any]:
    readings = measure["readings"]
    series = [{"name": "Reading", "values": [float(each["value"]) for each in readings]}]
    if measure["target"] is not None:
        series.append({"name": "Target", "values": [float(measure["target"])] * len(readings)})
    return {
        "title": f"{measure['title']}, {measure['unit']}, over time",
        "times": [each["on"].isoformat() for each in readings],
        "series": series,
        "unit": measure["unit"],
        "valueTitle": measure["unit"][:1].upper() + measure["unit"][1:],
    }
