"""What the audit trail can speak of here, and the tables that hold the rows of each."""

from __future__ import annotations

from organisations.models.bodies import BoardSeat, FormPeriod, NamePeriod, Organisation, Population
from organisations.models.changes import (
    Change,
    ChangeAuthor,
    ChangeCollaborator,
    ChangeComment,
    ChangeDecision,
    ChangeEffects,
    ChangeFinding,
    ChangeMove,
    ChangeParty,
    Consultation,
    LineageEdge,
    LineageLink,
)
from organisations.models.portfolios import LoadedRecord, Portfolio, PortfolioLoad, WaitingLoad
from organisations.models.reference import Form, GlossaryTerm, PolicyCheck, Source, TransitionRule
from organisations.models.relationships import Relationship
from pcorg.core.audit.reading import hide
from pcorg.core.audit.subjects import Subject, cover, cover_reference

ORGANISATION, CHANGE, PORTFOLIO = "organisation", "change", "portfolio"
REFERENCE = (Source, PolicyCheck, Form, TransitionRule, GlossaryTerm)


def organisation(code: str) -> Subject:
    """A body with its periods, and the relationships that it has to others."""
    return Subject(ORGANISATION, code)


def change(number: int) -> Subject:
    """A change with everybody's part in it and the lineage that it drew."""
    return Subject(CHANGE, str(number))


def portfolio(slug: str) -> Subject:
    """A portfolio with its loads, what they stated, and who asked for loads and decided upon them."""
    return Subject(PORTFOLIO, slug)


def cover_subjects() -> None:
    """Tell the audit trail which rows are of which subject, and whom it tells nothing of some."""
    cover(ORGANISATION, Organisation)
    for dated in (FormPeriod, NamePeriod, Population, BoardSeat):
        cover(ORGANISATION, dated, "organisation")
    cover(ORGANISATION, Relationship, "subject")
    cover(CHANGE, Change)
    decided = (ChangeParty, ChangeDecision, ChangeComment, Consultation, ChangeFinding)
    people = (ChangeAuthor, ChangeCollaborator)
    for part in (*decided, *people, LineageEdge, LineageLink, ChangeMove, ChangeEffects):
        cover(CHANGE, part, "change")
    cover(PORTFOLIO, Portfolio)
    cover(PORTFOLIO, PortfolioLoad, "portfolio")
    cover(PORTFOLIO, LoadedRecord, "portfolio")
    # What a file would do is worked out anew whenever it is looked at, and held against what was seen.
    cover(PORTFOLIO, WaitingLoad, "portfolio", omitted=("review", "state"))
    cover_reference(*REFERENCE)
    hide(CHANGE, lambda by: Change.objects.exclude(pk__in=Change.objects.visible_to(by).order_by().values("pk")))
