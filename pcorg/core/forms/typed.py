"""What a person has typed into a form with lists of rows, by the names of its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import QueryDict

from pcorg.core.forms.rows import row_count, without_row


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
        return row_count(self._values, prefix)

    def filled(self, prefix: str) -> bool:
        """Whether anything is typed into a row, or anywhere in a list."""
        return any(text.strip() for name, text in self._values.items() if name == prefix or _below(name, prefix))

    def put(self, values: Mapping[str, str]) -> Typed:
        """The same with other values in some fields."""
        return Typed(self._values | dict(values))

    def without_row(self, prefix: str, number: int) -> Typed:
        """The same without a row; those after it move up."""
        return Typed(without_row(self._values, prefix, number))


def _below(name: str, prefix: str) -> bool:
    return name.startswith(f"{prefix}-")
