"""The configuration on a day, over time and between two days."""

from __future__ import annotations

from datetime import date
from typing import Annotated, TypedDict

from organisations.domain.vocabulary import Basis, ChangeKind, Family
from pcorg.core.portfolios import Coverage
from pcorg.core.read_models import (
    FromTo,
    Share,
    component,
)


class FormCount(TypedDict):
    """How many bodies had a form."""

    form: str
    label: str
    plural: str
    family: Annotated[str, Family]
    level: int | None
    count: int


class PopulationSpread(TypedDict):
    """People of primary care groups, trusts and later bodies: of how many such bodies it is known, and its
    spread."""

    bodies: Annotated[int, "Such bodies in all"]
    known: Annotated[int, "Those whose population is known"]
    carried_back: Annotated[int, "Those known only from a later count"]
    computed: Annotated[int, "Those whose count a change computed from older counts"]
    at_least: Annotated[int, "Those known only in part: the statistics take what is known"]
    total: int | None
    mean: int | None
    median: int | None
    min: int | None
    max: int | None


@component("Coterminosity")
class CoterminousShare(TypedDict):
    """The share of those bodies whose councils are known that lie alone in exactly one council."""

    share: Share | None
    known: int


class Configuration(TypedDict):
    """The system on a day. Councils are partners and counted apart."""

    as_of: date
    portfolio: Annotated[str | None, "Null: all real portfolios"]
    forms: list[FormCount]
    bodies: int
    councils: int
    population: PopulationSpread
    coterminous: CoterminousShare
    coverage: Coverage


class Series(TypedDict):
    """The system on days a step apart."""

    points: list[Configuration]


class NamedBody(TypedDict):
    """A body with its name and form of the day."""

    code: str
    name: str
    form: str


class Reformed(FromTo):
    """A body that had one form on the first day and has another on the second."""

    code: str
    name: str
    form: str


class Renamed(FromTo):
    """A body that had one name on the first day and has another on the second."""

    code: str


class ChangeBetween(TypedDict):
    """A change carried out between the two days."""

    id: int
    kind: Annotated[str, ChangeKind]
    title: str
    effective_on: date
    recorded: Annotated[bool, "History from a register or document, not a proposal made here"]
    basis: Annotated[str, Basis]
    portfolio: str


class Comparison(TypedDict):
    """Two days side by side, read from `a` to `b`."""

    a: Configuration
    b: Configuration
    opened: list[NamedBody]
    closed: list[NamedBody]
    changed_form: list[Reformed]
    renamed: list[Renamed]
    changes: list[ChangeBetween]
