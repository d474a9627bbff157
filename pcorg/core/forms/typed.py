"""What a person has typed into a form with lists of rows, by the names of its fields.

A row is named by its list and its number from 0: `originals-0`, or `resulting-1-name` where a row has several fields.
Rows are added and taken away by plain submits, so everything works without scripts and nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import QueryDict

MOST_ROWS = 200
"""Rows of one list that are read; a form never asks for nearly as many."""


class Typed:
    """Values by field name. Never altered: adding or taking away a row gives a new one."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    @classmethod
    def of(cls, query: QueryDict) -> Typed:
        """What a form has sent: of a field sent twice, the last value."""
        return cls({name: str(query[name]).replace("\r\n", "\n").replace("\x00", "") for name in query})

    def __getitem__(self, name: str) -> str:
        """The text of a field without space around it; empty where there is none."""
        return self._values.get(name, "").strip()

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._values.items())

    def rows(self, prefix: str) -> int:
        """How many rows a list has: one more than the highest number named."""
        numbers = [int(head) for name in self._values if (head := _number(name, prefix))]
        return min(max(numbers, default=-1) + 1, MOST_ROWS)

    def filled(self, prefix: str) -> bool:
        """Whether anything is typed into a row, or anywhere in a list."""
        return any(text.strip() for name, text in self._values.items() if name == prefix or _below(name, prefix))

    def put(self, values: Mapping[str, str]) -> Typed:
        """The same with other values in some fields."""
        return Typed(self._values | dict(values))

    def without_row(self, prefix: str, number: int) -> Typed:
        """The same without a row; those after it move up."""
        kept = {}
        for name, text in self._values.items():
            head = _number(name, prefix)
            if not head or int(head) < number:
                kept[name] = text
            elif int(head) > number:
                rest = name[len(prefix) + 1 + len(head) :]
                kept[f"{prefix}-{int(head) - 1}{rest}"] = text
        return Typed(kept)


def _below(name: str, prefix: str) -> bool:
    return name.startswith(f"{prefix}-")


def _number(name: str, prefix: str) -> str:
    """The number of the row a field belongs to, as digits; empty where it belongs to no row of the list."""
    if not _below(name, prefix):
        return ""
    head = name[len(prefix) + 1 :].partition("-")[0]
    return head if head.isascii() and head.isdigit() and len(head) <= 4 else ""
