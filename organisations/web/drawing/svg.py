"""SVG elements. Whatever text or attribute value goes in is escaped when it comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from html import escape

# Advance widths in thousandths of the size.
_WIDTHS = {
    **dict.fromkeys("ijlI'|", 295),
    **dict.fromkeys(",. :;/!J", 337),
    **dict.fromkeys("ft()-[]", 392),
    "r": 411,
    **dict.fromkeys("csz", 550),
    **dict.fromkeys("kvxyFL", 592),
    **dict.fromkeys("ABEKPRSVXYZ", 695),
    **dict.fromkeys("CDGHNOQU&", 787),
    **dict.fromkeys("wM", 863),
    **dict.fromkeys("mW%…→", 1000),
}
_OTHER = 635
_WIDEST = 1000
_BOLD = 1.12


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The most room in pixels that a line of text takes at a size in pixels."""
    thousandths = sum(_WIDTHS.get(letter, _OTHER if ord(letter) < 0x2000 else _WIDEST) for letter in text)
    return thousandths * size / 1000 * (_BOLD if bold else 1)


def wrap(text: str, size: float, room: float, *, lines: int, bold: bool = False) -> tuple[str, ...]:
    """The text in at most `lines` lines of `room` pixels; what does not fit ends in an ellipsis.

    Breaks between words, and inside a word only where the word alone is wider than the room.
    """
    wrapped: list[str] = []
    current = ""
    for word in _pieces(text, size, room, bold):
        longer = f"{current} {word}" if current else word
        if current and width(longer, size, bold=bold) > room:
            wrapped.append(current)
            current = word
        else:
            current = longer
    wrapped.append(current)
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], _shortened(wrapped[lines - 1], size, room, bold)]
    return tuple(wrapped)


def _pieces(text: str, size: float, room: float, bold: bool) -> list[str]:
    """The words of a text, each cut up where it is wider than the room."""
    pieces = []
    for word in text.split():
        piece = ""
        for letter in word:
            if piece and width(piece + letter, size, bold=bold) > room:
                pieces.append(piece)
                piece = letter
            else:
                piece += letter
        pieces.append(piece)
    return pieces


def _shortened(line: str, size: float, room: float, bold: bool) -> str:
    while line and width(f"{line}…", size, bold=bold) > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


def day_in_words(day: date) -> str:
    """`1 April 2013`."""
    return f"{day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    """`1 Apr 2013`, for places where room is scarce."""
    return f"{day.day} {day:%b %Y}"


# Characters that no XML document may hold, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Element:
    """An element with its attributes and what it holds: elements, and text still unescaped."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element | str, ...] = ()

    def __str__(self) -> str:
        attributes = "".join(f' {name}="{_clean(value)}"' for name, value in self.attributes)
        if not self.children:
            return f"<{self.tag}{attributes}></{self.tag}>"
        inside = "".join(_clean(child) if isinstance(child, str) else str(child) for child in self.children)
        return f"<{self.tag}{attributes}>{inside}</{self.tag}>"


def element(tag: str, *children: Element | str, **attributes: str | float | None) -> Element:
    """An element. Attribute names are as Python allows (`class_`, `text_anchor`); None leaves one out."""
    named = ((_name(name), value) for name, value in attributes.items() if value is not None)
    return Element(tag, tuple((name, _value(value)) for name, value in named), children)


def classes(*names: str | None) -> str:
    """Several class names as one attribute; None and the empty name are left out."""
    return " ".join(name for name in names if name)


def number(value: float) -> str:
    """A length in pixels to a tenth, without an idle `.0`."""
    text = f"{value:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)


def _clean(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text), quote=True)
