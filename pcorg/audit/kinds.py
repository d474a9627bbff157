"""Kinds of data. A write says which of them it altered, a read which of them it rests on: a comment on a change then
leaves alone what is known of the forms. Who says nothing means all."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A kind of data that is written and read together."""

    REFERENCE = "reference"
    """Forms, rules, checks, sources, terms; services, staff, contract types; criteria, options, evidence."""
    BODIES = "bodies"
    """Portfolios, organisations with all that is recorded of them, what they hold, and changes carried out."""
    CHANGES = "changes"
    """Changes that are proposed, their steps, comments and plans."""
    ASSESSMENTS = "assessments"
    """Assessments, judgements, measures, profiles, dispersals."""
    PEOPLE = "people"
    """Accounts, roles and tokens."""


Kinds = frozenset[Kind]
ALL: Kinds = frozenset(Kind)
DECLARED: Kinds = frozenset({Kind.REFERENCE})
"""What is declared of forms and rules, the same for every body."""
RECORDED: Kinds = frozenset({Kind.REFERENCE, Kind.BODIES})
"""Bodies with their forms, names, lineage and holdings."""
PROPOSED: Kinds = frozenset({Kind.CHANGES})
"""What every step with a proposal writes but the last."""
EFFECTED: Kinds = frozenset({Kind.CHANGES, Kind.BODIES, Kind.ASSESSMENTS})
"""What a change writes that is carried out."""
ASSESSED: Kinds = frozenset({Kind.ASSESSMENTS})
"""What people write who appraise and follow."""
PEOPLE: Kinds = frozenset({Kind.PEOPLE})
"""What is written of accounts: nothing that anybody reads rests on it."""
