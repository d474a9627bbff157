"""SVG elements. Whatever text or attribute value goes in is escaped when it comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

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
