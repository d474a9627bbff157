"""Fields of a form as the design system draws them (`components/field`). The name of a field is also its id, so that
an error summary can lead to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Control(Enum):
    """What a person fills in or chooses with."""

    LINE = "line"
    NUMBER = "number"
    DATE = "date"
    PROSE = "prose"
    SELECT = "select"
    RADIOS = "radios"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One of several values, with a word of explanation where it needs one."""

    value: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field with what is in it and what is wrong with it. `longest` is the number of letters it takes, `width` that
    it is drawn for; `suffix` names the unit."""

    name: str
    label: str
    value: str = ""
    control: Control = Control.LINE
    hint: str = ""
    choices: tuple[FieldChoice, ...] = ()
    error: str = ""
    suffix: str = ""
    width: str = ""
    longest: int = 200
    rows: int = 3

    @property
    def form(self) -> str:
        """Which drawing the template takes."""
        return self.control.value


def choices(pairs: Iterable[tuple[str, str]], *, empty: str = "") -> tuple[FieldChoice, ...]:
    """Choices from pairs of value and text; `empty` is what stands for no choice, where that is one."""
    listed = tuple(FieldChoice(value, text) for value, text in pairs)
    return (FieldChoice("", empty), *listed) if empty else listed


def summary(errors: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """An error summary from pairs of field and message; each message leads to its field."""
    return [{"text": message, "href": f"#{name}"} if name else {"text": message} for name, message in errors]
