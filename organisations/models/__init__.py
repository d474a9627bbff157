"""Rows of organisations: reference records, bodies with their dated facts, and the changes that made them."""

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

__all__ = [
    "BoardSeat",
    "Change",
    "ChangeAuthor",
    "ChangeCollaborator",
    "ChangeComment",
    "ChangeDecision",
    "ChangeEffects",
    "ChangeFinding",
    "ChangeMove",
    "ChangeParty",
    "Consultation",
    "Form",
    "FormPeriod",
    "GlossaryTerm",
    "LineageEdge",
    "LineageLink",
    "LoadedRecord",
    "NamePeriod",
    "Organisation",
    "PolicyCheck",
    "Population",
    "Portfolio",
    "PortfolioLoad",
    "Relationship",
    "Source",
    "TransitionRule",
    "WaitingLoad",
]
