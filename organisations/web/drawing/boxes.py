"""Boxes with words, and arrows between them: what the drawings of lineage and of declared steps share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from organisations.web.drawing.layout import Box, Layout, LinkPath, Placed, Point
from organisations.web.drawing.svg import Element, classes, element, number, width, wrap

NAME_SIZE = 15.0
NAME_LINE = 19.0
DETAIL_SIZE = 13.0
DETAIL_LINE = 17.0
LABEL_SIZE = 13.0
LABEL_LINE = 16.0
PADDING = 10.0
ARROW = 10.0
MARGIN = 4.0


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in a box: a heading in bold and lines of detail, already broken to fit."""

    heading: tuple[str, ...]
    detail: tuple[str, ...]

    @classmethod
    def fitted(cls, heading: str, detail: Iterable[str], box_width: float) -> Words:
        """Break the heading into at most five lines and each detail into at most two."""
        room = box_width - 2 * PADDING
        return cls(
            wrap(heading, NAME_SIZE, room, lines=5, bold=True),
            tuple(line for text in detail if text for line in wrap(text, DETAIL_SIZE, room, lines=2)),
        )

    @property
    def height(self) -> float:
        """The height of a box that holds them."""
        return 2 * PADDING + NAME_LINE * len(self.heading) + DETAIL_LINE * len(self.detail) - 3

    def box(self, key: str, box_width: float) -> Box:
        """The box to lay out."""
        return Box(key, box_width, self.height)


def framed(
    place: Placed,
    words: Words,
    *,
    href: str,
    spoken: str,
    kind: str,
    current: bool = False,
    extra: Sequence[Element] = (),
) -> Element:
    """A box with its words, all of it a link. `spoken` is its name in full; `kind` its further classes."""
    lines: list[Element] = []
    y = place.y + PADDING - 4
    for text in words.heading:
        y += NAME_LINE
        lines.append(element("text", text, class_="pc-graph__label", x=place.x + PADDING, y=y - 2))
    for text in words.detail:
        y += DETAIL_LINE
        lines.append(element("text", text, class_="pc-graph__detail", x=place.x + PADDING, y=y - 2))
    frame = element(
        "rect",
        class_=classes("pc-graph__node", kind),
        x=place.x,
        y=place.y,
        width=place.width,
        height=place.height,
        rx=4.0,
    )
    return element(
        "a",
        frame,
        *extra,
        *lines,
        class_="pc-graph__link",
        href=href,
        aria_label=spoken,
        aria_current="true" if current else None,
    )


def arrowhead(key: str) -> Element:
    """The head that the arrows of a drawing share; `key` keeps its id apart from other drawings'."""
    head = element("path", class_="pc-graph__arrow", d=f"M0 0L{number(ARROW)} 6L0 12z")
    marker = element(
        "marker",
        head,
        id=f"{key}-arrow",
        markerUnits="userSpaceOnUse",
        markerWidth=12.0,
        markerHeight=12.0,
        refX=0.0,
        refY=6.0,
        orient="auto",
    )
    return element("defs", marker)


def arrow(run: LinkPath, *, key: str, kind: str, spoken: str) -> Element:
    """The line of a link with its head; `spoken` says it in words where a pointer rests on it."""
    return element(
        "path",
        element("title", spoken),
        class_=classes("pc-graph__edge", kind),
        d=way(run),
        marker_end=f"url(#{key}-arrow)",
    )


def way(run: LinkPath) -> str:
    """The path of a run: level through columns, curved between them, short of its end by the arrowhead."""
    *points, last = run.points
    points.append(Point(last.x + (ARROW if run.backward else -ARROW), last.y))
    parts = [f"M{number(points[0].x)} {number(points[0].y)}"]
    for start, end in pairwise(points):
        if start.y == end.y:
            parts.append(f"H{number(end.x)}")
        else:
            middle = number((start.x + end.x) / 2)
            parts.append(f"C{middle} {number(start.y)} {middle} {number(end.y)} {number(end.x)} {number(end.y)}")
    return "".join(parts)


@dataclass(slots=True)
class Labels:
    """Labels of arrows, each beside its line where it covers no other."""

    taken: list[tuple[float, float, float, float]]

    @classmethod
    def none(cls) -> Labels:
        """No label placed yet."""
        return cls([])

    def placed(self, run: LinkPath, lines: Sequence[str]) -> Element:
        """The label of a run, on its last curve, at the first free place from the middle outwards."""
        start, end = run.points[-2], run.points[-1]
        wide = max(width(line, LABEL_SIZE, bold=True) for line in lines) + 6
        tall = LABEL_LINE * len(lines)
        boxes = [self._around(start, end, at, wide, tall) for at in PLACES]
        box = min(boxes, key=self._covered)
        self.taken.append(box)
        x, y = (box[0] + box[2]) / 2, box[1]
        texts = [element("tspan", line, x=x, y=y + LABEL_LINE * place - 4) for place, line in enumerate(lines, start=1)]
        plate = element("rect", class_="pc-graph__plate", x=box[0], y=box[1], width=wide, height=tall, rx=3.0)
        return element("g", plate, element("text", *texts, class_="pc-graph__share", text_anchor="middle"))

    def _around(
        self, start: Point, end: Point, at: float, wide: float, tall: float
    ) -> tuple[float, float, float, float]:
        """The room of a label centred on the curve at a part of its way, off the boxes and the arrowhead."""
        x = start.x + (end.x - start.x) * (1.5 * at * (1 - at) + at**3)
        y = start.y + (end.y - start.y) * (3 * at**2 - 2 * at**3)
        low, high = min(start.x, end.x) + wide / 2 + 2, max(start.x, end.x) - wide / 2 - ARROW
        x = min(max(x, low), high) if low < high else (start.x + end.x) / 2
        return x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2

    def _covered(self, box: tuple[float, float, float, float]) -> float:
        left, top, right, bottom = box
        return sum(
            max(0.0, min(right, other[2]) - max(left, other[0])) * max(0.0, min(bottom, other[3]) - max(top, other[1]))
            for other in self.taken
        )


PLACES = (0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.2, 0.8, 0.12, 0.88)


def drawing(layout: Layout, *parts: Element, key: str, title: str, description: str, headroom: float = 0.0) -> str:
    """The whole drawing as text. Its links are its content, so it is a group and not an image."""
    wide, tall = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN + headroom
    inside = element("g", *parts, transform=f"translate({number(MARGIN)} {number(MARGIN + headroom)})")
    return str(
        element(
            "svg",
            element("title", title, id=f"{key}-title"),
            element("desc", description, id=f"{key}-desc"),
            arrowhead(key),
            inside,
            class_="pc-graph__drawing",
            role="group",
            aria_labelledby=f"{key}-title",
            aria_describedby=f"{key}-desc",
            width=wide,
            height=tall,
            viewBox=f"0 0 {number(wide)} {number(tall)}",
        )
    )
