"""Who works on a change beside its owner."""

from __future__ import annotations

from collections.abc import Sequence

from organisations.domain.integrity import Problem
from organisations.models import Change
from organisations.policies import ChangePermission
from organisations.services.keeping import locked
from organisations.services.refusals import Refusal, one_write, require
from pcorg.core.audit.kinds import PROPOSED
from pcorg.core.audit.trail import record
from pcorg.core.people import put_collaborators, unfit_collaborators, users_named
from pcorg.core.policies import Actor


def name_collaborators(*, change_id: int, names: Sequence[str], by: Actor, expected: int | None = None) -> Change:
    """Put other people in the place of those who work on a change, by their user names. What somebody wrote stays
    theirs when they are not named any more.

    Raises Change.DoesNotExist; Refusal: `stale`, `forbidden` for anyone but the owner, `not-allowed-in-status`,
    `invalid` with every name that is nobody's, stands twice or is the owner's.
    """
    with one_write():
        change = locked(change_id, by, expected)
        require(by, ChangePermission.NAME_COLLABORATORS, change)
        users = users_named(names)
        problems = [
            Problem("invalid", words, f"/collaborators/{place}")
            for place, words in unfit_collaborators(change, names, users)
        ]
        if problems:
            raise Refusal("invalid", "These people cannot work on the change.", problems)
        before, after = put_collaborators(change, names, users)
        change.version += 1
        change.save(update_fields=["version"])
        record(
            actor=by,
            action="name-collaborators",
            subject=f"change {change.pk}",
            particulars={"before": before, "after": after},
            altered=PROPOSED,
        )
    return change
