"""The schema of what people say of a proposed change: decisions, news of the consultation, comments, additions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from organisations.specs.document import Day, DocumentModel, Prose, Slug, Storable

Responses = Annotated[int, Field(ge=0, le=2_000_000_000)]
MANY = Field(max_length=50)
Words = Annotated[str, StringConstraints(min_length=1, max_length=5000, strip_whitespace=True), Storable]


class StatedConsultation(DocumentModel):
    """What is known of the public consultation; what is left out stays as it was. Both days are included."""

    opens: Day | None = None
    closes: Day | None = None
    responses_for: Responses | None = None
    responses_against: Responses | None = None
    summary: Prose | None = None


class StatedDecision(DocumentModel):
    """A step with a change: a comment (to withdraw takes one, with the reason), an approver's reasons for going on in
    spite of advisories (by check code), and news of the consultation, which only those who work on the change give."""

    comment: Prose = ""
    overrides: dict[Slug, Words] = {}
    consultation: StatedConsultation | None = None


class StatedAddition(DocumentModel):
    """What is added to an open change: evidence by check code, the rationale anew, news of the consultation."""

    evidence: dict[str, Prose] | None = None
    rationale: Prose | None = None
    consultation: StatedConsultation | None = None


class StatedCollaborators(DocumentModel):
    """Who works on a change beside its owner, by user name; nobody where the list is empty."""

    collaborators: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=150), Storable]], MANY]


class ConfirmedState(DocumentModel):
    """Which review of a waiting load is confirmed; left out where `If-Match` says so."""

    state: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class StatedRefusal(ConfirmedState):
    """Why a waiting load is refused, and which review of it."""

    reason: Words


class StatedComment(DocumentModel):
    """Something said of a change."""

    text: Words
