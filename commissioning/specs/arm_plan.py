"""The schema of a plan for a provider arm, as people and programs state it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from commissioning.domain.arm_planning import ArmPlan, PlannedGroup
from commissioning.domain.vocabulary import AnswerState, Separation
from organisations.specs.document import Code, Day, DocumentModel, Line, Prose, Slug

ThingCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,59}$")]
Title = Annotated[Line, StringConstraints(max_length=120)]
Start = Annotated[Day, Field(le=date(2150, 1, 1))]
"""The day from which the time to develop counts. The steps of a plan come after it, and they need days too."""


class StatedGroupPlan(DocumentModel):
    """Services that are to go the same way. Without a form they stay with the trust; `group` is the recorded portfolio
    group that it goes back to, `run_by` who runs an arrangement where the trust does not."""

    title: Line
    services: Annotated[list[Slug], Field(max_length=200)] = []
    coherence: Prose = ""
    form: Slug | None = None
    on: Day | None = None
    code: Code | None = None
    name: Line | None = None
    run_by: Code | None = None
    group: ThingCode | None = None


class StatedArmPlan(DocumentModel):
    """What a trust intends with its provider arm. `start` is the day from which the time to develop counts;
    `separation` how far what stays with the trust is separated in the end."""

    organisation: Code
    title: Title
    rationale: Prose = ""
    start: Start
    separation: Separation
    groups: Annotated[list[StatedGroupPlan], Field(max_length=40)]

    def as_plan(self, trust_name: str) -> ArmPlan:
        """The plan in the domain's terms."""
        return ArmPlan(
            trust=self.organisation,
            trust_name=trust_name,
            start=self.start,
            separation=self.separation,
            groups=tuple(
                PlannedGroup(
                    title=group.title,
                    services=tuple(group.services),
                    coherence=group.coherence,
                    form=group.form or "",
                    on=group.on,
                    code=group.code or "",
                    name=group.name or "",
                    run_by=group.run_by or "",
                    group=group.group or "",
                )
                for group in self.groups
            ),
        )


class StatedAnswer(DocumentModel):
    """How a trust answers a recommendation on a day. What is met needs evidence."""

    organisation: Code
    recommendation: Slug
    state: AnswerState
    evidence: Prose = ""
    answered_on: Day


class StatedChoice(DocumentModel):
    """The form chosen for a group of services and the day of the choice; both null where the choice is taken back.

    `coherence`, why the services belong together, stays as it was where it is left out.
    """

    chosen_form: Slug | None
    chosen_on: Day | None = None
    coherence: Prose | None = None
