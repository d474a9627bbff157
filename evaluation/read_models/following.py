"""What is followed over time: dispersals, choices, profiles."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, NotRequired, TypedDict

from evaluation.method.vocabulary import IntegrationAxis, Stage
from pcorg.core.read_models import (
    SUPPLIED,
    Address,
    Source,
)


class DispersalItem(TypedDict):
    """A dispersal in a list."""

    id: int
    title: str
    organisation: Annotated[str, Source("organisation_id")]
    as_of: date
    owner: Annotated[str, "Whose it is; strangers read a role", SUPPLIED]
    created_by: Annotated[str, "Strangers read a role", SUPPLIED]
    url: NotRequired[Annotated[str, Address("api:dispersal-detail", "id")]]


class DispersalGroup(TypedDict):
    """One group of services in a dispersal."""

    assessment: int
    title: str
    service_group: str | None
    best: Annotated[str, "The option that comes first most often"]
    acceptability: Annotated[float, "Share of weightings in which it comes first"]
    chosen: str
    override: Annotated[bool, "Another than the best was chosen, for the reason given"]
    reason: str
    loss: Annotated[float | None, "Points that the chosen option is worth less than the best"]
    spend: Annotated[str | None, "Pounds a year; null where not known"]
    options: list[dict[str, Any]]


class OneForAllDocument(TypedDict):
    """What one option for every group would cost."""

    option: str
    label: str
    loss: Annotated[float, "Mean points lost against the best of each group"]
    by_group: list[float]


class DispersalFigures(TypedDict):
    """What a dispersal comes to, the same for every reader."""

    groups: list[DispersalGroup]
    one_for_all: list[OneForAllDocument]
    weighed_by_spend: bool


class DispersalDocument(TypedDict):
    """Which form for which group of services, and what one form for all would cost."""

    id: int
    title: str
    organisation: str
    as_of: date
    owner: Annotated[str, "Whose it is; strangers read a role"]
    collaborators: Annotated[list[str], "Whom the owner named to work on it; strangers read a role"]
    created_by: Annotated[str, "Strangers read a role"]
    created_at: datetime
    version: Annotated[int, "Grows with every write to it or to one of its assessments; its ETag"]
    groups: list[DispersalGroup]
    one_for_all: list[OneForAllDocument]
    weighed_by_spend: bool
    note: str
    draws: int
    url: NotRequired[Annotated[str, Address("api:dispersal-detail", "id")]]


class ProfilePointDocument(TypedDict):
    """How integrated a body is on an axis on a day, 0 to 5."""

    id: int
    organisation: Annotated[str, Source("organisation_id")]
    axis: Annotated[str, IntegrationAxis]
    on: date
    level: int
    assessor: Annotated[str, "Strangers read a role", SUPPLIED]
    consensus: bool
    evidence: str


class ProfileViewDocument(TypedDict):
    """How integrated a body is on an axis, as somebody sees it or as a panel agreed on."""

    on: date
    level: int
    assessor: str
    consensus: bool
    evidence: str


class ProfileAxisDocument(TypedDict):
    """An axis with the views of it, the earliest first."""

    axis: str
    label: str
    points: list[ProfileViewDocument]


class ProfileDocument(TypedDict):
    """The integration profile of a body, for its pages."""

    organisation: str
    axes: list[ProfileAxisDocument]


class ChoiceDocument(TypedDict):
    """The option chosen after an assessment was closed."""

    option: str
    label: str
    on: date
    reason: str
    by: str


class ReadingDocument(TypedDict):
    """What a measure came to on a day."""

    stage: Annotated[str, Stage]
    on: date
    value: str
    note: str
    by: str


class MeasureDocument(TypedDict):
    """A measure of a chosen model, with its readings and how far it has moved since its baseline."""

    id: int
    title: str
    unit: str
    higher_is_better: bool
    target: Annotated[str | None, "The value aimed at"]
    source: Annotated[str, "Where readings are taken from"]
    readings: list[ReadingDocument]
    change: Annotated[str | None, "Latest reading less the baseline"]
    better: Annotated[bool | None, "Whether that change is for the better"]
    target_met: Annotated[bool | None, "Whether the latest reading reaches the target"]


class Measures(TypedDict):
    """All measures of the model chosen in an assessment."""

    results: list[MeasureDocument]
