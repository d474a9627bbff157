"""Plans of provider arms, and what would come of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, NotRequired, TypedDict

from commissioning.domain.arm_planning import Going
from commissioning.domain.vocabulary import Separation
from organisations.domain.vocabulary import ChangeStatus
from organisations.read_models.changes import PreviewFinding
from pcorg.core.read_models import (
    SUPPLIED,
    Address,
    Source,
)

FOR_ANONYMOUS = "People are named to those who are signed in; others read a role"


class PlanItem(TypedDict):
    """A plan in a list."""

    id: int
    organisation: Annotated[str, Source("organisation_id")]
    portfolio: Annotated[str, Source("organisation.portfolio_id")]
    illustrative: Annotated[bool, Source("organisation.portfolio.illustrative")]
    title: str
    start: Annotated[date, "The day from which the time to develop counts"]
    separation: Annotated[str, Separation]
    owner: Annotated[str, FOR_ANONYMOUS, SUPPLIED]
    kept_by: Annotated[str, FOR_ANONYMOUS, SUPPLIED]
    kept_at: datetime
    proposed_by: Annotated[str, f"Empty until it is proposed. {FOR_ANONYMOUS}", SUPPLIED]
    proposed_at: datetime | None
    version: Annotated[int, "Counts the times it was kept or proposed; its ETag"]
    url: NotRequired[Annotated[str, Address("api:arm-plan-detail", "id")]]


class PlanGroup(TypedDict):
    """A group of services and what it is to become."""

    title: str
    services: list[str]
    coherence: str
    form: Annotated[str | None, "Null: it stays with the trust"]
    on: date | None
    code: str | None
    name: str | None
    run_by: str | None
    group: Annotated[str | None, "The recorded portfolio group it goes back to"]
    change: Annotated[int | None, "The proposal that carries it out"]
    status: Annotated[str | None, ChangeStatus]


class PlanLoad(TypedDict):
    """What is carried: services, staff as whole-time equivalent, cost in pounds a year, contracts. Services that do not
    record theirs are counted; where none does the figure is null."""

    services: list[str]
    wte: str | None
    wte_unknown: int
    money: str | None
    money_unknown: int
    posts: Annotated[str, "Posts listed, as whole-time equivalent"]
    contracts: list[str]
    contracted: Annotated[str, "What the contracts are worth, in pounds a year"]


class PlanEnd(TypedDict):
    """What each body carries once every step that can still be made is carried out."""

    on: date
    bodies: Annotated[dict[str, PlanLoad], "By the code of the body"]


class PlanDetail(TypedDict):
    """A plan with its groups. `end` is null where it cannot be worked out any more."""

    id: int
    organisation: str
    title: str
    rationale: str
    start: date
    separation: Annotated[str, Separation]
    groups: list[PlanGroup]
    owner: Annotated[str, f"Whose it is: who kept it first. {FOR_ANONYMOUS}"]
    collaborators: Annotated[list[str], f"Whom the owner named to work on it. {FOR_ANONYMOUS}"]
    kept_by: Annotated[str, FOR_ANONYMOUS]
    kept_at: datetime
    proposed_by: Annotated[str, FOR_ANONYMOUS]
    proposed_at: datetime | None
    version: int
    end: PlanEnd | None
    url: NotRequired[Annotated[str, Address("api:arm-plan-detail", "id")]]


class PlanFault(TypedDict):
    """Something wrong with a plan or wanting in it."""

    pointer: str
    code: str
    detail: str


class PlanStep(TypedDict):
    """One step of the path, checked upon those before it."""

    group: Annotated[int, "Place of the group in the plan, from 0"]
    going: Annotated[str, Going]
    on: date
    code: str
    name: str
    form: str
    possible: bool
    checks: list[PreviewFinding]
    faults: list[PlanFault]


class PlanPreview(TypedDict):
    """A plan worked out. Nothing is kept by looking."""

    keepable: Annotated[bool, "Nothing in it contradicts itself or the record"]
    proposable: Annotated[bool, "It wants nothing, and every step can be made; checks may block"]
    faults: Annotated[list[PlanFault], "What keeps it from being kept"]
    wanting: Annotated[list[PlanFault], "What it needs before it can be proposed"]
    checks: Annotated[list[PreviewFinding], "What the plan as a whole gives to think about"]
    steps: list[PlanStep]
    before: Annotated[PlanLoad, "The arm on the day from which the plan counts"]
    groups: list[PlanLoad]
    ungrouped: PlanLoad
    end: PlanEnd


class Nothing(TypedDict):
    """An empty body."""
