"""The list of organisations and its search, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from organisations.domain.vocabulary import Basis, Family
from organisations.web.presenters.populations import note_on
from pcorg.core.filters import ListFilters
from pcorg.core.pages.scope import Scope

Pairs = list[tuple[str, str]]

LABELS = {
    "q": "Name or code",
    "form": "Form",
    "family": "Family of forms",
    "level": "Level",
    "accountable_to": "Answers to",
    "located_in": "Lies in the area of",
    "population_min": "People, at least",
    "population_max": "People, at most",
    "coterminous": "Match with councils",
    "opened_after": "Opened on or after",
    "opened_before": "Opened on or before",
    "closed_after": "Closed on or after",
    "closed_before": "Closed on or before",
    "name": "Part of the name",
    "member_of": "Member of",
    "code": "Codes",
}
COTERMINOUS = [("true", "Matches exactly one council"), ("false", "Known not to match one council")]


@dataclass(frozen=True)
class SearchField:
    """A field of the search: a select where there are choices, else an input of the type."""

    name: str
    label: str
    value: str
    choices: Pairs | None = None
    type: str = "text"


@dataclass(frozen=True)
class Heading:
    """A column heading; `sort` is the value of aria-sort, `href` the list sorted by it the other way."""

    text: str
    numeric: bool = False
    href: str = ""
    sort: str = ""


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation in the list."""

    code: str
    name: str
    href: str
    illustrative: bool
    form: str
    form_href: str
    inferred: bool
    opened: str
    people: int | None
    people_note: str
    answers_to: str
    answers_to_href: str


def query_of(query: QueryDict, filters: Iterable[str]) -> dict[str, Any]:
    """The filters that are set, as the address has them; one value or a list."""
    found: dict[str, Any] = {}
    for name in filters:
        values = [value.strip() for value in query.getlist(name) if value.strip()]
        if values:
            found[name] = values[0] if len(values) == 1 else values
    return found


def fields(given: dict[str, Any], *, forms: Pairs, authorities: Pairs, councils: Pairs) -> list[SearchField]:
    """The fields of the search that always show."""
    return [
        SearchField("q", LABELS["q"], one(given, "q"), type="search"),
        SearchField("form", LABELS["form"], one(given, "form"), [("", "All forms"), *forms]),
        SearchField("family", LABELS["family"], one(given, "family"), [("", "All families"), *Family.choices()]),
        SearchField(
            "accountable_to", LABELS["accountable_to"], one(given, "accountable_to"), [("", "Any"), *authorities]
        ),
        SearchField("located_in", LABELS["located_in"], one(given, "located_in"), [("", "Any council"), *councils]),
    ]


def more_fields(given: dict[str, Any]) -> list[SearchField]:
    """The fields that show when asked for."""
    levels = [("", "All levels"), *((str(level), f"Level {level}") for level in range(1, 5))]
    return [
        SearchField("level", LABELS["level"], one(given, "level"), levels),
        SearchField("population_min", LABELS["population_min"], one(given, "population_min"), type="number"),
        SearchField("population_max", LABELS["population_max"], one(given, "population_max"), type="number"),
        SearchField("coterminous", LABELS["coterminous"], one(given, "coterminous"), [("", "Any"), *COTERMINOUS]),
        SearchField("opened_after", LABELS["opened_after"], one(given, "opened_after"), type="date"),
        SearchField("opened_before", LABELS["opened_before"], one(given, "opened_before"), type="date"),
        SearchField("closed_after", LABELS["closed_after"], one(given, "closed_after"), type="date"),
        SearchField("closed_before", LABELS["closed_before"], one(given, "closed_before"), type="date"),
    ]


def one(given: dict[str, Any], name: str) -> str:
    value = given.get(name, "")
    return value[0] if isinstance(value, list) else value


def chips(
    given: dict[str, Any],
    fields: Iterable[SearchField],
    address: Callable[..., str],
    labels: Mapping[str, str] = LABELS,
) -> list[tuple[str, str]]:
    """What the list is narrowed to, each with the address of the list without it."""
    words = {field.name: dict(field.choices or []) for field in fields}
    return [
        (f"{labels.get(name, name)}: {_label_of(value, words.get(name, {}))}", address(**{name: None}))
        for name, value in given.items()
    ]


def _label_of(value: str | list[str], words: dict[str, str]) -> str:
    values = value if isinstance(value, list) else [value]
    return " or ".join(words.get(one, one) for one in values)


def errors(search: ListFilters, labels: Mapping[str, str] = LABELS) -> list[dict[str, str]]:
    """What is wrong with the search, for the error summary."""
    return [
        {"text": f"{labels.get(name, name)}: {fault}", "href": f"#{name}"}
        for name, faults in search.errors.items()
        for fault in faults
    ]


def headings(ordering: str, address: Callable[..., str]) -> list[Heading]:
    """The columns; a heading that sorts leads to the list sorted by it."""
    current, descending = ordering.removeprefix("-"), ordering.startswith("-")

    def sortable(text: str, name: str, *, numeric: bool = False) -> Heading:
        here = name == current
        turned = f"-{name}" if (here and not descending) or (numeric and not here) else name
        sort = ("descending" if descending else "ascending") if here else ""
        return Heading(text, numeric, address(ordering=turned, page=None), sort)

    return [
        sortable("Name", "name"),
        sortable("Code", "code"),
        sortable("Form", "form"),
        sortable("People", "population", numeric=True),
        Heading("Answers to"),
        sortable("Opened", "opened"),
    ]


def row(body: Any, names: dict[str, str], scope: Scope) -> OrganisationRow:
    """A body of `queries.organisations.listing`, with what it adds, as a row."""
    above = body.accountable_to
    return OrganisationRow(
        code=body.code,
        name=body.name,
        href=scope.link("organisation", body.code),
        illustrative=body.code.startswith("X-"),
        form=body.form_label or "",
        form_href=scope.link("form", body.form) if body.form else "",
        inferred=body.form_basis == Basis.INFERRED,
        opened=_opened(body),
        people=body.people,
        people_note=note_on(body, scope.on) if body.people is not None else "",
        answers_to=names.get(above, above) if above else "",
        answers_to_href=scope.link("organisation", above) if above else "",
    )


def _opened(body: Any) -> str:
    text = f"{body.opened.day} {body.opened:%B} {body.opened.year}"
    return text if body.opened_basis == "recorded" else f"{text} or earlier"
