"""The system on a day, in words, figures and charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from organisations.domain.forms import COUNCIL
from organisations.domain.vocabulary import Family
from organisations.read_models.configuration import Configuration, FormCount
from pcorg.core.pages.scope import Scope

# Upper edges of the bands of the population spread, people. They are ours; 50,000 to 250,000 were the sizes of groups,
# 200,000 the average that was predicted for trusts.
BAND_EDGES = (50_000, 100_000, 150_000, 200_000, 250_000, 300_000, 500_000, 1_000_000)
MOST_FORMS_IN_TILES = 6
MOST_LINES = 8


@dataclass(frozen=True)
class Tile:
    """A figure with its label."""

    label: str
    figure: str
    note: str = ""
    href: str = ""


@dataclass(frozen=True)
class Band:
    """Bodies whose population lies in a range."""

    label: str
    bodies: int


@dataclass(frozen=True)
class SeriesChart:
    """A chart and its table: a row per day, a column per form. `chart` is what the script draws."""

    caption: str
    columns: list[str]
    rows: list[tuple[date, str, list[int]]]
    chart: dict[str, Any]


def sentence(system: Configuration) -> str:
    """What was there on the day."""
    parts = [_counted(form) for form in sorted(system["forms"], key=lambda form: -form["count"])]
    if not parts:
        return "No organisation is recorded as in force on this day."
    listed = parts[:5]
    rest = sum(form["count"] for form in sorted(system["forms"], key=lambda form: -form["count"])[5:])
    if rest:
        listed.append(f"{rest:,} of other forms")
    text = ", ".join(listed[:-1]) + " and " + listed[-1] if len(listed) > 1 else listed[0]
    councils = system["councils"]
    beside = f", beside {councils:,} {'council' if councils == 1 else 'councils'}" if councils else ""
    bodies = system["bodies"]
    return f"{bodies:,} {'body' if bodies == 1 else 'bodies'}: {text}{beside}."


def tiles(system: Configuration, scope: Scope) -> list[Tile]:
    """Counts by form, or by family where there are many forms."""
    if len(system["forms"]) <= MOST_FORMS_IN_TILES:
        found = [
            Tile(_name(form), f"{form['count']:,}", href=scope.link("organisations", form=form["form"]))
            for form in system["forms"]
        ]
    else:
        families: dict[str, int] = {}
        for form in system["forms"]:
            families[form["family"]] = families.get(form["family"], 0) + form["count"]
        found = [
            Tile(Family.stored(family).label, f"{total:,}", href=scope.link("organisations", family=family))
            for family, total in families.items()
        ]
    if system["councils"]:
        href = scope.link("organisations", form=COUNCIL)
        found.append(Tile("Councils", f"{system['councils']:,}", "partners, counted apart", href))
    return found


def population_tiles(system: Configuration, scope: Scope) -> list[Tile]:
    """The spread of the populations of groups, trusts and later bodies."""
    people = system["population"]
    if not people["known"]:
        return []
    fits = system["coterminous"]
    found = [
        Tile("Median population", f"{people['median']:,}", "half of the bodies serve fewer"),
        Tile("Mean population", f"{people['mean']:,}"),
        Tile("Smallest", f"{people['min']:,}", href=scope.link("organisations", ordering="population")),
        Tile("Largest", f"{people['max']:,}", href=scope.link("organisations", ordering="-population")),
    ]
    if fits["share"] is not None:
        share = f"{float(fits['share']) * 100:.0f}%"
        found.append(Tile("Match one council", share, f"of the {fits['known']:,} whose councils are known"))
    return found


def population_caveat(system: Configuration) -> str:
    """What to know before relying on the populations."""
    people = system["population"]
    unknown = people["bodies"] - people["known"]
    parts = [f"Known for {people['known']:,} of {people['bodies']:,} groups, trusts and later bodies."]
    if people["carried_back"]:
        parts.append(
            f"For {people['carried_back']:,} of them the earliest figure is of a later day and is carried back."
        )
    if people["computed"]:
        parts.append(f"{people['computed']:,} were computed from the counts of the organisations that changed.")
    if people["at_least"]:
        parts.append(f"{people['at_least']:,} are known only in part, so the true figures are higher.")
    if unknown:
        parts.append(f"{unknown:,} {'is' if unknown == 1 else 'are'} unknown and left out, not counted as nought.")
    return " ".join(parts)


def spread(counts: Sequence[int]) -> list[Band]:
    """Bodies by size of population; empty bands at either end are left out."""
    bands = []
    for low, high in zip((0, *BAND_EDGES), (*BAND_EDGES, None), strict=True):
        inside = sum(low <= count and (high is None or count < high) for count in counts)
        bands.append(Band(_band(low, high), inside))
    while bands and not bands[0].bodies:
        bands.pop(0)
    while bands and not bands[-1].bodies:
        bands.pop()
    return bands


def spread_chart(bands: Sequence[Band]) -> dict[str, Any]:
    """The spread as the script draws it."""
    return {
        "title": "Bodies by size of population",
        "categories": [band.label for band in bands],
        "series": [{"name": "Bodies", "values": [band.bodies for band in bands]}],
        "unit": "bodies",
        "horizontal": True,
        "valueTitle": "Bodies",
    }


def series(points: Sequence[Configuration], scope: Scope) -> SeriesChart:
    """Bodies by form over the period covered; by family where there are many forms."""
    forms = {form["form"]: form for point in points for form in point["forms"]}
    by_family = len(forms) > MOST_LINES
    columns: dict[str, str] = {}
    for form in forms.values():
        key = form["family"] if by_family else form["form"]
        columns[key] = Family.stored(key).label if by_family else _plural(form)
    rows = []
    for point in points:
        tally = dict.fromkeys(columns, 0)
        for form in point["forms"]:
            tally[form["family"] if by_family else form["form"]] += form["count"]
        rows.append((point["as_of"], scope.link("home", as_of=point["as_of"].isoformat()), list(tally.values())))
    within = points and points[0]["as_of"] <= scope.on <= points[-1]["as_of"]
    return SeriesChart(
        caption=f"Bodies by {'family of forms' if by_family else 'form'}, year by year",
        columns=list(columns.values()),
        rows=rows,
        chart={
            "title": f"Number of bodies by {'family of forms' if by_family else 'form'} over time",
            "times": [on.isoformat() for on, _, _ in rows],
            "series": [
                {"name": name, "values": [values[place] for _, _, values in rows]}
                for place, name in enumerate(columns.values())
            ],
            "unit": "bodies",
            "valueTitle": "Bodies",
            "steps": True,
            **({"asAt": scope.on.isoformat()} if within else {}),
        },
    )


def _counted(form: FormCount) -> str:
    return f"{form['count']:,} {_lower(form['label'] if form['count'] == 1 else form['plural'])}"


def _name(form: FormCount) -> str:
    return form["label"] if form["count"] == 1 else form["plural"]


def _plural(form: FormCount) -> str:
    return form["plural"]


def _lower(label: str) -> str:
    """A label inside a sentence: a small first letter unless the word is an acronym, the level in brackets."""
    name, _, level = label.partition(", ")
    small = name if name[1:2].isupper() else name[0].lower() + name[1:]
    return f"{small} ({level})" if level else small


def _band(low: int, high: int | None) -> str:
    if not low:
        return f"Under {high:,}"
    return f"{low:,} to {high - 1:,}" if high else f"{low:,} or more"
