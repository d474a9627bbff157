"""Kinds of data for cache invalidation. A write names those it altered, a read those it depends on: a comment on a
change then leaves alone what is known of the forms. Who says nothing means all."""

from __future__ import annotations

from enum import StrEnum


class DataKind(StrEnum):
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


Kinds = frozenset[DataKind]
ALL: Kinds = frozenset(DataKind)
DECLARED: Kinds = frozenset({DataKind.REFERENCE})
"""What is declared of forms and rules, the same for every body."""
RECORDED: Kinds = frozenset({DataKind.REFERENCE, DataKind.BODIES})
"""Bodies with their forms, names, lineage and holdings."""
PROPOSED: Kinds = frozenset({DataKind.CHANGES})
"""What every step with a proposal writes but the last."""
EFFECTED: Kinds = frozenset({DataKind.CHANGES, DataKind.BODIES, DataKind.ASSESSMENTS})
"""What a change writes that is carried out."""
ASSESSED: Kinds = frozenset({DataKind.ASSESSMENTS})
"""What people write who appraise and follow."""
PEOPLE: Kinds = frozenset({DataKind.PEOPLE})
"""What is written of accounts: nothing that anybody reads rests on it."""
