"""The lineage of a body as a drawing: where it came from on the left, what became of it on the right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from math import ceil

from organisations.web.drawing.boxes import Labels, Words, arrow, drawing, framed
from organisations.web.drawing.layering import DrawnLink
from organisations.web.drawing.layout import Layout, LinkPath, Spacing, lay_out
from organisations.web.drawing.svg import Element, classes, day_in_words, element, short_day

BOX_WIDTH = 232.0
GAP = 128.0
HEADROOM = 26.0
# More bodies than this no longer make a drawing that can be read.
MOST_BODIES = 150


class BoxState(Enum):
    """How a body stands on the day of the page; its value is the class of its box."""

    IN_FORCE = "pc-graph__node--open"
    NOT_YET_OPEN = "pc-graph__node--future"
    CLOSED = "pc-graph__node--closed"


@dataclass(frozen=True, slots=True)
class DrawnBody:
    """A body in the drawing: its name, lines of detail (code, form, life), and the page it links to."""

    code: str
    name: str
    detail: tuple[str, ...]
    href: str
    standing: BoxState
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class SuccessionArrow:
    """A share (0 to 1) of one body that another took on a day; `label` is that share in words, as `37.4%`."""

    original: str
    resulting: str
    share: Decimal
    label: str
    effective_on: date


def draw_lineage(
    bodies: Sequence[DrawnBody],
    successions: Iterable[SuccessionArrow],
    *,
    focus: str,
    key: str,
    title: str,
    description: str,
) -> str:
    """The drawing as SVG. `focus` is the code of the body it is about; `key` makes its ids its own in a page.

    Raises ValueError where a succession names a body that is not among those given.
    """
    words = {body.code: Words.fitted(body.name, body.detail, BOX_WIDTH) for body in bodies}
    steps = sorted(
        (step for step in successions if step.original != step.resulting),
        key=lambda step: (step.effective_on, step.original, step.resulting),
    )
    layout = lay_out(
        [words[body.code].box(body.code, BOX_WIDTH) for body in bodies],
        [DrawnLink(step.original, step.resulting) for step in steps],
        Spacing(column=GAP),
    )
    names = {body.code: body.name for body in bodies}
    dates = _dates(layout, steps)
    labels = Labels.none()
    arrows = [
        arrow(run, key=key, kind=_weight(step.share), spoken=_spoken(step, names)) for run, step in _each(layout, steps)
    ]
    shares = [
        labels.placed(run, _label(step, dates.get(layout.boxes[step.resulting].layer)))
        for run, step in _each(layout, steps)
    ]
    boxes = [
        framed(
            layout.boxes[body.code],
            words[body.code],
            href=body.href,
            spoken=", ".join((body.name, *body.detail)),
            kind=_kind(body, focus),
            current=body.code == focus,
        )
        for body in _in_reading_order(bodies, layout)
    ]
    return drawing(
        layout,
        *_headings(layout, dates),
        element("g", *arrows),
        element("g", *shares, aria_hidden="true"),
        *boxes,
        key=key,
        title=title,
        description=description,
        headroom=HEADROOM if dates else 0.0,
    )


def nearest(root: str, pairs: Iterable[tuple[str, str]], *, most: int = MOST_BODIES) -> tuple[str, ...]:
    """The bodies fewest changes away from `root`, itself first, at most `most` of them."""
    beside: dict[str, list[str]] = defaultdict(list)
    for original, resulting in pairs:
        beside[original].append(resulting)
        beside[resulting].append(original)
    found = {root: None}
    frontier = [root]
    while frontier:
        reached = []
        for code in frontier:
            for other in beside[code]:
                if other not in found:
                    if len(found) == most:
                        return tuple(found)
                    found[other] = None
                    reached.append(other)
        frontier = reached
    return tuple(found)


def _each(layout: Layout, steps: Sequence[SuccessionArrow]) -> Iterable[tuple[LinkPath, SuccessionArrow]]:
    return ((run, steps[run.link]) for run in layout.runs)


def _dates(layout: Layout, steps: Sequence[SuccessionArrow]) -> Mapping[int, date]:
    """By layer, the one day on which every arrow into it took effect; no entry where there were several."""
    days: dict[int, set[date]] = defaultdict(set)
    for step in steps:
        days[layout.boxes[step.resulting].layer].add(step.effective_on)
    return {layer: next(iter(found)) for layer, found in days.items() if len(found) == 1 and layer > 0}


def _headings(layout: Layout, dates: Mapping[int, date]) -> Iterable[Element]:
    """The day of a change above the gap its arrows cross."""
    for layer, day in sorted(dates.items()):
        middle = layout.columns[layer].x - GAP / 2
        yield element("text", day_in_words(day), class_="pc-graph__date", x=middle, y=-10.0, text_anchor="middle")


def _label(step: SuccessionArrow, heading: date | None) -> Sequence[str]:
    return (step.label,) if step.effective_on == heading else (step.label, short_day(step.effective_on))


def _spoken(step: SuccessionArrow, names: Mapping[str, str]) -> str:
    day = day_in_words(step.effective_on)
    return f"{step.label} of {names[step.original]} to {names[step.resulting]}, {day}"


def _weight(share: Decimal) -> str:
    """The class for the width of a line: tenths of the original, rounded up; a small share still shows."""
    tenths = min(10, ceil(share * 10))
    return f"pc-graph__edge--tenths-{tenths}"


def _kind(body: DrawnBody, focus: str) -> str:
    return classes(
        body.standing.value,
        "pc-graph__node--illustrative" if body.illustrative else None,
        "pc-graph__node--focus" if body.code == focus else None,
    )


def _in_reading_order(bodies: Sequence[DrawnBody], layout: Layout) -> Sequence[DrawnBody]:
    """Left to right and downwards: the order in which the keyboard meets the links."""

    def place(body: DrawnBody) -> tuple[int, float]:
        box = layout.boxes[body.code]
        return box.layer, box.y

    return sorted(bodies, key=place)
