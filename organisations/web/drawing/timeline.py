"""The life of one body on an axis of time: its forms, its names, whom it answered to, and its changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from organisations.web.drawing.svg import Element, classes, day_in_words, element, number, width, wrap

WIDTH = 1060.0
LEFT = 112.0
RIGHT = 24.0
TEXT = 13.0
BAR = 28.0
ROW = 36.0
MARK = 11.0
MARK_ROW = 28.0
TICK_ROOM = 64.0
STEPS_OF_YEARS = (1, 2, 5, 10, 20, 50, 100)


class Strand(Enum):
    """What a row of bars is about; its value is the class of its bars."""

    FORM = "pc-timeline__bar--form"
    NAME = "pc-timeline__bar--name"
    RELATIONSHIP = "pc-timeline__bar--relationship"


@dataclass(frozen=True, slots=True)
class Bar:
    """A fact from a day up to, and not including, another; no end while it still holds."""

    start: date
    end: date | None
    text: str


@dataclass(frozen=True, slots=True)
class StrandBars:
    """Bars of one strand under one label."""

    label: str
    strand: Strand
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A change on a day, by the number it has in the table beside the drawing."""

    on: date
    number: int


@dataclass(frozen=True, slots=True)
class _Axis:
    """Days to pixels."""

    start: date
    end: date

    def x(self, day: date) -> float:
        part = (day - self.start).days / (self.end - self.start).days
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def shows(self, day: date) -> bool:
        return self.start <= day <= self.end


def draw_timeline(
    rows: Sequence[StrandBars],
    marks: Iterable[Mark],
    *,
    until: date,
    as_at: date,
    key: str,
    title: str,
    description: str,
) -> str:
    """The drawing as SVG. Bars without an end run on past `until`; `as_at` is the day of the page."""
    rows = [row for row in rows if row.bars]
    axis = _axis(rows, until)
    markers, head = _marks([mark for mark in marks if axis.shows(mark.on)], axis)
    y = head
    parts: list[Element] = []
    for row in rows:
        drawn, y = _row(row, axis, y)
        parts += drawn
    bottom = y + 6
    ticks, axis_line = (
        list(_ticks(axis, head, bottom)),
        _line("pc-timeline__axis", LEFT, WIDTH - RIGHT, bottom),
    )
    now = list(_as_at(as_at, axis, head, bottom)) if axis.shows(as_at) else []
    height = bottom + (44 if now else 26)
    guides = [
        element(
            "path",
            class_="pc-timeline__guide",
            d=f"M{number(axis.x(mark.on))} {number(top)}V{number(bottom)}",
        )
        for mark, top in markers
    ]
    return str(
        element(
            "svg",
            element("title", title, id=f"{key}-title"),
            element("desc", description, id=f"{key}-desc"),
            *ticks,
            *guides,
            *parts,
            axis_line,
            *now,
            *_numbered(markers, axis),
            class_="pc-timeline__drawing",
            role="img",
            aria_labelledby=f"{key}-title",
            aria_describedby=f"{key}-desc",
            width=WIDTH,
            height=height,
            viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        )
    )


def _axis(rows: Sequence[StrandBars], until: date) -> _Axis:
    """From the first fact to a little past the last, or past `until` where one still holds."""
    bars = [bar for row in rows for bar in row.bars]
    start = min((bar.start for bar in bars), default=until)
    end = max((bar.end or max(until, bar.start) for bar in bars), default=until)
    span = max((end - start).days, 365)
    return _Axis(start - timedelta(days=span // 50 + 1), end + timedelta(days=span // 25 + 1))


def _row(row: StrandBars, axis: _Axis, top: float) -> tuple[list[Element], float]:
    """The bars of a row, on one line where every text fits its bar, else one below another; and its end."""
    fits = all(_room(bar, axis) >= width(bar.text, TEXT) + 12 for bar in row.bars)
    drawn = [element("text", row.label, class_="pc-timeline__row", x=0.0, y=top + BAR / 2 + 5)]
    for place, bar in enumerate(row.bars):
        y = top if fits else top + place * ROW
        drawn += _bar(bar, row.strand, axis, y)
    lines = 1 if fits else len(row.bars)
    return drawn, top + lines * ROW


def _room(bar: Bar, axis: _Axis) -> float:
    return axis.x(bar.end or axis.end) - axis.x(bar.start)


def _bar(bar: Bar, strand: Strand, axis: _Axis, y: float) -> Iterable[Element]:
    left, room = axis.x(bar.start), max(_room(bar, axis), 3.0)
    period = f"from {day_in_words(bar.start)}" + (f" to {day_in_words(bar.end)}" if bar.end else ", still in force")
    yield element(
        "rect",
        element("title", f"{bar.text}, {period}"),
        class_=classes("pc-timeline__bar", strand.value, None if bar.end else "pc-timeline__bar--open"),
        x=left,
        y=y,
        width=room,
        height=BAR,
    )
    text_width, base = width(bar.text, TEXT), y + BAR / 2 + 4.5
    after, before = WIDTH - (left + room) - 8, left - LEFT - 8
    if room >= text_width + 12:
        yield element("text", bar.text, class_="pc-timeline__text", x=left + 6, y=base)
    elif after >= text_width or after >= max(room, before):
        (shown,) = wrap(bar.text, TEXT, after, lines=1)
        yield element("text", shown, class_="pc-timeline__text pc-timeline__text--beside", x=left + room + 6, y=base)
    elif before >= max(text_width, room):
        yield element(
            "text",
            bar.text,
            class_="pc-timeline__text pc-timeline__text--beside",
            x=left - 6,
            y=base,
            text_anchor="end",
        )
    else:
        (shown,) = wrap(bar.text, TEXT, max(room - 12, TEXT), lines=1)
        yield element("text", shown, class_="pc-timeline__text", x=left + 6, y=base)


def _marks(marks: Sequence[Mark], axis: _Axis) -> tuple[list[tuple[Mark, float]], float]:
    """Each mark with the height of its circle, so that circles near in time stand one below another."""
    ends: list[float] = []
    placed = []
    for mark in sorted(marks, key=lambda mark: (mark.on, mark.number)):
        x = axis.x(mark.on)
        level = next((place for place, end in enumerate(ends) if end + 4 <= x - MARK), len(ends))
        if level == len(ends):
            ends.append(0.0)
        ends[level] = x + MARK
        placed.append((mark, MARK + 2 + level * MARK_ROW))
    return placed, len(ends) * MARK_ROW + (8 if ends else 4)


def _numbered(markers: Iterable[tuple[Mark, float]], axis: _Axis) -> Iterable[Element]:
    for mark, y in markers:
        x = axis.x(mark.on)
        yield element("circle", element("title", day_in_words(mark.on)), class_="pc-timeline__mark", cx=x, cy=y, r=MARK)
        yield element("text", str(mark.number), class_="pc-timeline__number", x=x, y=y + 4.5, text_anchor="middle")


def _ticks(axis: _Axis, top: float, bottom: float) -> Iterable[Element]:
    """First days of years, as many as have room."""
    years = axis.end.year - axis.start.year + 1
    most = (WIDTH - LEFT - RIGHT) / TICK_ROOM
    step = next((step for step in STEPS_OF_YEARS if years / step <= most), STEPS_OF_YEARS[-1])
    for year in range(axis.start.year, axis.end.year + 1):
        day = date(year, 1, 1)
        if year % step == 0 and axis.shows(day):
            x = axis.x(day)
            yield element("path", class_="pc-timeline__grid", d=f"M{number(x)} {number(top)}V{number(bottom)}")
            yield element("text", str(year), class_="pc-timeline__tick", x=x, y=bottom + 18, text_anchor="middle")


def _line(kind: str, left: float, right: float, y: float) -> Element:
    return element("path", class_=kind, d=f"M{number(left)} {number(y)}H{number(right)}")


def _as_at(day: date, axis: _Axis, top: float, bottom: float) -> Iterable[Element]:
    """The day of the page: a line, and below the axis its date."""
    x, text = axis.x(day), f"As at {day_in_words(day)}"
    half = width(text, TEXT, bold=True) / 2
    middle = min(max(x, half + 2), WIDTH - half - 2)
    yield element("path", class_="pc-timeline__as-at", d=f"M{number(x)} {number(top - 4)}V{number(bottom + 22)}")
    yield element("text", text, class_="pc-timeline__as-at-label", x=middle, y=bottom + 37, text_anchor="middle")
