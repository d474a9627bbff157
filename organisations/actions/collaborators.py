"""Who works on a change beside its owner."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User

from organisations.actions.keeping import locked
from organisations.actions.refusals import Refusal, one_write, require
from organisations.domain.integrity import Problem
from organisations.models import Change, ChangeCollaborator
from organisations.policies import ChangeDeed
from pcorg.audit.trail import record
from pcorg.policies import Actor


def name_collaborators(*, change_id: int, names: Sequence[str], by: Actor, expected: int | None = None) -> Change:
    """Put other people in the place of those who work on a change, by their user names. What somebody wrote stays
    theirs when they are not named any more.

    Raises Change.DoesNotExist; Refusal: `stale`, `forbidden` for anyone but the owner, `not-allowed-in-status`,
    `invalid` with every name that is nobody's, stands twice or is the owner's.
    """
    with one_write():
        change = locked(change_id, by, expected)
        require(by, ChangeDeed.NAME_COLLABORATORS, change)
        people = User.objects.filter(username__in=names, is_active=True).in_bulk(field_name="username")
        problems = [
            Problem("invalid", words, f"/collaborators/{place}")
            for place, name in enumerate(names)
            if (words := _wrong(name, names[:place], people, change))
        ]
        if problems:
            raise Refusal("invalid", "These people cannot work on the change.", problems)
        before = sorted(each.name for each in change.collaborators.all())
        change.collaborators.all().delete()
        ChangeCollaborator.objects.bulk_create(
            ChangeCollaborator(change=change, user_id=people[name].pk, name=name) for name in names
        )
        change.version += 1
        change.save(update_fields=["version"])
        record(
            actor=by.name,
            action="name-collaborators",
            subject=f"change {change.pk}",
            particulars={"before": before, "after": sorted(names)},
        )
    return change


def _wrong(name: str, before: Sequence[str], people: dict[str, User], change: Change) -> str:
    if name not in people:
        return f"Nobody here has the user name {name}."
    if name in before:
        return f"{name} is named already."
    return f"{name} owns the change." if people[name].pk == change.owner_id else ""
