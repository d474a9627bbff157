"""Controlled vocabularies: enumerations whose members are the API's values and carry their labels for people."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word of a controlled vocabulary: the value machines use and the label people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def stored(cls, value: str) -> Self:
        """The word that a stored row holds. One that is not in the vocabulary stands for itself, and its label says so:
        one bad row spoils neither a list nor a page."""
        try:
            return cls(value)
        except ValueError:
            unknown = str.__new__(cls, value)
            unknown._value_, unknown._name_ = value, "UNREADABLE"
            unknown.label = f"Cannot be read: {value}"
            return unknown

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of value and label, as form fields and database columns want them."""
        return [(term.value, term.label) for term in cls]
