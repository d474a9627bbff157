"""The schema of what people decide about a trust's portfolio: answers to recommendations, the form of a group."""

from __future__ import annotations

from commissioning.domain.vocabulary import AnswerState
from organisations.specs.document import Code, Day, DocumentModel, Prose, Slug


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
