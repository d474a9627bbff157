"""Query parameters: declared once, read strictly, described in the API's description.

What is not declared is refused; a declared one that is blank counts as not given. All faults of a request are found
together, those of its filters among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import django_filters
from django.http import QueryDict

from pcorg.core.api.problems import Fault, ProblemCode, raise_for
from pcorg.core.portfolios import portfolios
from pcorg.core.values import day_of, storable
from pcorg.core.values import whole_number as whole_number_of
from pcorg.core.vocabulary import Term


class Unread(ValueError):
    """A value that a parameter refuses with a code of its own."""

    def __init__(self, detail: str, code: ProblemCode) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True)
class Parameter:
    """One query parameter: its name, how its text is read, its place in the description.

    `read` raises ValueError, with a sentence for the reader, on a text it refuses.
    """

    name: str
    description: str
    read: Callable[[str], Any]
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    default: Any = None
    required: bool = False


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number between two bounds, both included."""
    return partial(whole_number_of, low=low, high=high)


def _portfolio(text: str) -> str:
    if text != "all" and text not in portfolios():
        known = ", ".join([*portfolios(), "all"])
        raise Unread(f"There is no portfolio {text}. Known: {known}.", ProblemCode.UNKNOWN_PORTFOLIO)
    return text


def listed_words(words: Iterable[str], *, before: str = "", most: int | None = None) -> str:
    """The pattern of a list of so many words at most, separated by commas; `before` is the pattern of what may stand
    before each."""
    word = f"{before}({'|'.join(words)})"
    more = "*" if most is None else f"{{0,{most - 1}}}"
    return f"^{word}(,{word}){more}$"


def selection(choices: Sequence[str]) -> Parameter:
    """The parameter `fields` of an answer with these fields."""

    def read(text: str) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(text.split(",")))
        strange = [name for name in chosen if name not in choices]
        if strange:
            raise ValueError(f"Not a field here: {', '.join(strange)}. Known: {', '.join(choices)}.")
        return chosen

    schema = {"type": "string", "pattern": listed_words(choices)}
    description = (
        "Only these fields of each record, separated by commas; the answer then lacks the others, those that are "
        "described as required too."
    )
    return Parameter("fields", description, read, schema)


def _one_of(known: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"Choose one of: {', '.join(known)}.")
        return text

    return read


def formats(choices: Sequence[str]) -> Parameter:
    """The parameter `format` of an address that answers in these forms."""
    schema = {"type": "string", "enum": list(choices)}
    return Parameter("format", "The form of the answer; wins over the Accept header.", _one_of(choices), schema)


def day_parameter(name: str, description: str, *, required: bool = False) -> Parameter:
    """A parameter that takes a day."""
    return Parameter(name, description, day_of, {"type": "string", "format": "date"}, required=required)


def choice(name: str, description: str, default: Term) -> Parameter:
    """A parameter that takes a word of the vocabulary that its default is from."""
    terms = type(default)
    words = [term.value for term in terms]
    read = _one_of(words)
    schema = {"type": "string", "enum": words, "default": default.value}
    return Parameter(name, description, lambda text: terms(read(text)), schema, default)


def yes_or_no(name: str, description: str) -> Parameter:
    """A parameter that is `true` or `false`, and false where it is not given."""

    def read(text: str) -> bool:
        if text not in {"true", "false"}:
            raise ValueError("Give true or false.")
        return text == "true"

    return Parameter(name, description, read, {"type": "boolean", "default": False}, default=False)


AS_OF = day_parameter(
    "as_of", "The date of which the answer speaks, nested values too (2009-04-01). Without it the last known."
)
PORTFOLIO = Parameter(
    "portfolio",
    "Which portfolio: its slug, or `all`. Without it all real ones; illustrative ones too where a filter names one of "
    "their codes.",
    _portfolio,
)
COMMON = (AS_OF, PORTFOLIO)
PAGE_SIZE = Parameter(
    "page_size",
    "Records a page, 1 to 1,000.",
    whole_number(1, 1000),
    {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
    default=100,
)
COUNT = Parameter(
    "count",
    "`exact` adds the number of records of the whole list.",
    lambda text: text == "exact" or _refuse("The only value is: exact."),
    {"type": "string", "enum": ["exact"]},
    default=False,
)


def _refuse(detail: str) -> Any:
    raise ValueError(detail)


def read_query(
    query: QueryDict, parameters: Iterable[Parameter], filters: django_filters.FilterSet | None = None
) -> dict[str, Any]:
    """The values of the parameters, defaults for those not given. Raises Problem with every fault found."""
    declared = {one.name: one for one in parameters}
    several = _repeatable(filters)
    known = {*declared, *(filters.filters if filters is not None else ())}
    faults: list[Fault] = []
    values: dict[str, Any] = {}
    for name, given in query.lists():
        if name not in known:
            detail = f"This address takes no parameter {name[:60]}. It takes: {', '.join(sorted(known)) or 'none'}."
            faults.append(Fault.of_parameter(name[:60], detail, ProblemCode.UNKNOWN_PARAMETER))
        elif len(given) > 1 and name not in several:
            faults.append(Fault.of_parameter(name, "Give this parameter once."))
        elif not all(storable(text) for text in given):
            faults.append(Fault.of_parameter(name, "Take out the null character."))
        elif name in declared and given[0].strip():
            try:
                values[name] = declared[name].read(given[0])
            except ValueError as fault:
                code = fault.code if isinstance(fault, Unread) else ProblemCode.INVALID
                faults.append(Fault.of_parameter(name, str(fault), code))
    for name, one in declared.items():
        if not query.get(name, "").strip():
            if one.required:
                faults.append(Fault.of_parameter(name, "This parameter is needed."))
            values[name] = one.default
    faults += _faults_of_filters(filters, {fault.parameter for fault in faults})
    raise_for(faults)
    return values


def _repeatable(filters: django_filters.FilterSet | None) -> set[str]:
    if filters is None:
        return set()
    return {name for name, one in filters.filters.items() if isinstance(one, django_filters.MultipleChoiceFilter)}


def _faults_of_filters(filters: django_filters.FilterSet | None, reported: set[str]) -> list[Fault]:
    if filters is None or filters.is_valid():
        return []
    codes = {code.value for code in ProblemCode}
    return [
        Fault.of_parameter(
            "" if name == "__all__" else name,
            " ".join(error.messages),
            ProblemCode(error.code) if error.code in codes else ProblemCode.INVALID,
        )
        for name, errors in filters.form.errors.as_data().items()
        for error in errors
        if name not in reported
    ]
