"""Changes in lists and in full, and what a change would do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, NotRequired, TypedDict

from organisations.domain.vocabulary import Basis, ChangeKind, ChangeStatus, Outcome, Route, ShareBasis
from pcorg.core.read_models import (
    SUPPLIED,
    Address,
    Converted,
    FromTo,
    Share,
    Source,
    component,
    without_nothing,
)

FOR_ANONYMOUS = "People are named to those who are signed in; others read a role, such as `a commissioner`"
UNREADABLE = "`unreadable` where what the change asks for cannot be read any more; else null"


class ChangeItem(TypedDict):
    """A change in a list."""

    id: int
    portfolio: Annotated[str, Source("portfolio_id")]
    illustrative: Annotated[bool, Source("portfolio.illustrative")]
    kind: Annotated[str, ChangeKind]
    route: Annotated[str | None, Route, Converted(without_nothing)]
    status: Annotated[str, ChangeStatus]
    recorded: Annotated[bool, "History from a register or document, not a proposal made here"]
    basis: Annotated[str, "How it is known: `decision` where made here", Basis]
    title: str
    effective_on: date
    undone_by: Annotated[int | None, "The correction that struck it out: it no longer counts", Source("undone_by_id")]
    originals: Annotated[list[str], "Codes of the bodies that went in", SUPPLIED]
    resulting: Annotated[list[str], "Codes of the bodies that came out", SUPPLIED]
    problem: Annotated[str | None, UNREADABLE, SUPPLIED]
    url: NotRequired[Annotated[str, Address("api:change-detail", "id")]]


class ChangeEdge(TypedDict):
    """The share of an original's population that a resulting body took."""

    original: str
    resulting: str
    share: Share
    basis: Annotated[str, ShareBasis]
    of: Annotated[
        list[str], "Codes of the bodies whose people it took back: people who had come from them to the original"
    ]
    of_share: Annotated[Share, "The part of their people there that it took; 1 where `of` is empty"]
    others_share: Annotated[Share, "The part of everybody else there that it took with them"]
    note: str


class ChangeLink(TypedDict):
    """The share of the people whom an earlier body had at its end that a body coming out of the change has. It outranks
    what multiplying through the bodies between would give."""

    original: str
    resulting: str
    share: Share
    basis: Annotated[str, ShareBasis]
    note: str


@component("ChangeMove")
class MoveOfChange(FromTo):
    """Something named that passed from one body to another."""

    what: str


class SupersededEdge(ChangeEdge):
    """A share that no longer counts, and the correction that took its place."""

    superseded_by: int


@component("ChangeFinding")
class FindingOfChange(TypedDict):
    """What a check found."""

    code: Annotated[str, Source("policy_check_id")]
    outcome: Annotated[str, Outcome]
    message: str
    source: str
    overridden_by: Annotated[str, f"The approver who went on in spite of it; empty where nobody did. {FOR_ANONYMOUS}"]
    override_reason: str


class ChangeConsultation(TypedDict):
    """The public consultation on a proposed change. Both days are included."""

    opens: date | None
    closes: date | None
    responses_for: int | None
    responses_against: int | None
    summary: str


@component("ChangeComment")
class CommentOnChange(TypedDict):
    """Something said of a change."""

    by: Annotated[str, FOR_ANONYMOUS]
    at: datetime
    text: str


class ChangeComments(TypedDict):
    """What was said of a change, in order."""

    results: list[CommentOnChange]


class ChangeStep(TypedDict):
    """A decision in a change's life."""

    status: Annotated[str, ChangeStatus]
    by: Annotated[str, FOR_ANONYMOUS]
    at: datetime
    comment: str


class ChangeParties(TypedDict):
    """The codes of the bodies that went into a change and came out of it."""

    originals: list[str]
    resulting: list[str]
    problem: str | None


class ChangeParticulars(ChangeParties):
    """What a change did, or is asked to do."""

    edges: list[ChangeEdge]
    links: list[ChangeLink]
    superseded: list[SupersededEdge]
    moves: list[MoveOfChange]
    names: dict[str, str]


class ChangeDetail(TypedDict):
    """One change with all it did."""

    id: int
    reference: Annotated[str, "Its name within the portfolio, where it was loaded from one"]
    portfolio: str
    illustrative: bool
    kind: Annotated[str, ChangeKind]
    route: Annotated[str | None, Route, Converted(without_nothing)]
    status: Annotated[str, ChangeStatus]
    recorded: bool
    title: str
    effective_on: date
    edges: list[ChangeEdge]
    links: Annotated[list[ChangeLink], "Stated shares of bodies that had closed before"]
    originals: list[str]
    resulting: list[str]
    names: Annotated[dict[str, str], "Names on the effective date, by code"]
    moves: list[MoveOfChange]
    rationale: str
    legal_instrument: str
    evidence: Annotated[dict[str, str], "Evidence in words, by check code"]
    findings: list[FindingOfChange]
    corrects: Annotated[int | None, "The earlier change that this one corrects"]
    undone_by: Annotated[int | None, "The correction that struck this change out"]
    superseded: Annotated[list[SupersededEdge], "Shares that a later correction has taken the place of"]
    basis: Annotated[str, Basis]
    source: str
    note: str
    proposed_by: Annotated[str, f"Empty for recorded history. {FOR_ANONYMOUS}"]
    owner: Annotated[str, f"Whose it is: who proposed or drafted it. {FOR_ANONYMOUS}"]
    collaborators: Annotated[list[str], f"Whom the owner named to work on it. {FOR_ANONYMOUS}"]
    flag: Annotated[str, "Why an open proposal needs looking at again; empty where it does not"]
    version: Annotated[int, "Counts the writes that touched the change; part of its ETag"]
    consultation: ChangeConsultation | None
    comments: list[CommentOnChange]
    allowed_actions: Annotated[list[str], "What you may do with it next"]
    history: list[ChangeStep]
    problem: Annotated[str | None, UNREADABLE]
    url: NotRequired[Annotated[str, Address("api:change-detail", "id")]]


class PreviewFinding(TypedDict):
    """What a check finds of a change that is looked at in advance."""

    code: str
    outcome: Annotated[str, Outcome]
    message: str
    source: str


class PreviewEffect(TypedDict):
    """One operation of a change: what it does to which body, and the facts it alters."""

    operation: str
    subject: str
    before: dict[str, Any]
    after: dict[str, Any]


class PreviewTotals(TypedDict):
    """What the bodies of a change hold together: the originals before it, or what results on its day. A total of which
    nothing is recorded is null, never 0."""

    bodies: int
    population: Annotated[int | None, "Sum of the known counts"]
    population_unknown: Annotated[int, "Bodies whose population is not known, or only in part"]
    councils: Annotated[int | None, "Councils they lie in"]
    members: Annotated[int | None, "Bodies that belong to them"]
    contracts: int | None
    budget: Annotated[str | None, "Pounds, as a decimal in a string"]
    unknown: Annotated[list[str], "Names of the totals of which nothing is recorded"]
    partly_known: Annotated[list[str], "Names of the totals to which something not recorded would be added"]


class ChangePreview(TypedDict):
    """What a change would do, and what the checks say of it. Nothing is changed by looking."""

    permitted: Annotated[bool, "No check blocks"]
    hypothetical: Annotated[bool, "Later changes stand on the bodies: what is shown is what would have been"]
    checks: list[PreviewFinding]
    effects: list[PreviewEffect]
    before: PreviewTotals
    after: PreviewTotals
