"""The parameters in the address of a page, each read by its type."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict

from pcorg.core.values import LARGEST, Unreadable, whole_number


class Address:
    """What the address of a page asks for. A blank parameter counts as not given, because a browser sends every field
    of a form. One that cannot be read raises BadRequest, with a sentence for the reader that names it."""

    def __init__(self, query: QueryDict) -> None:
        self._query = without_blanks(query)

    @classmethod
    def of(cls, request: HttpRequest) -> Address:
        """Read the query string of a request."""
        return cls(request.GET)

    def __contains__(self, name: str) -> bool:
        return name in self._query

    def text(self, name: str, *, longest: int = 200) -> str:
        """A text without space around it; empty where none is given."""
        return self._checked(name, self._query.get(name, ""), longest)

    def texts(self, name: str, *, longest: int = 200) -> list[str]:
        """The different texts of a parameter that may be given several times."""
        return list(dict.fromkeys(self._checked(name, text, longest) for text in self._query.getlist(name)))

    def number(self, name: str, *, high: int = LARGEST) -> int | None:
        """A whole number from 0 to a bound; None where none is given."""
        text = self.text(name)
        try:
            return whole_number(text, high=high) if text else None
        except Unreadable:
            raise BadRequest(f"{name} must be a whole number, such as 2. The address says “{text}”.") from None

    def choice(self, name: str, choices: Iterable[str], default: str = "", *, of: str = "") -> str:
        """One of the words that are known; the default where none is given. `of` says in words what it is a choice of,
        where the name of the parameter does not."""
        text = self.text(name)
        if text and text not in set(choices):
            raise BadRequest(f"There is no {of or name.replace('_', ' ')} called “{text}”.")
        return text or default

    def ordering(self, choices: Iterable[str], default: str) -> str:
        """The column to sort by, with `-` in front for descending; the default where none is given."""
        text = self.text("ordering")
        if text and text.removeprefix("-") not in set(choices):
            raise BadRequest(f"This list cannot be sorted by “{text}”.")
        return text or default

    @property
    def page(self) -> int:
        """The number of the page of a list; the first where none is given."""
        return self.number("page") or 1

    def _checked(self, name: str, text: str, longest: int) -> str:
        if len(text) > longest:
            raise BadRequest(f"{name} is too long. Use {longest:,} characters or fewer.")
        return text


def without_blanks(query: QueryDict) -> QueryDict:
    """The parameters that hold something, without space around them."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        filled = [value for text in values if (value := text.strip())]
        if filled:
            kept.setlist(name, filled)
    return kept
