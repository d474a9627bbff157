"""Whose a thing is, who works on it with them, and who wrote its content: kept by the user's id, with the name as it
was written then. There are no foreign keys, so that the rows outlive the account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Exists, OuterRef, Q

from pcorg.core.policies import ALLOWED, Actor, Condition, Verdict


class NamedPerson(models.Model):
    """A person: the id is empty for a command, and where only a name was written down that no user has."""

    user_id = models.PositiveBigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=150)

    class Meta:
        abstract = True


class Collaborator(NamedPerson):
    """Somebody whom the owner of a thing named to work on it. A model of an app adds the thing, `related_name`
    `collaborators`."""

    class Meta:
        abstract = True


class Author(NamedPerson):
    """Somebody who wrote a part of what is decided: which part, and when. A model of an app adds the thing,
    `related_name` `authors`. Rows are never altered."""

    what = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Owned(models.Model):
    """A thing that belongs to a person. The name is empty where it belongs to nobody, as recorded history does."""

    owner_id = models.PositiveBigIntegerField(null=True, blank=True, db_index=True)
    owner_name = models.CharField(max_length=150, blank=True, db_index=True)

    class Meta:
        abstract = True


def owns(by: Actor, thing: Any) -> bool:
    """Whether a thing belongs to somebody."""
    return by.is_same(thing.owner_id, thing.owner_name)


def works_on(by: Actor, thing: Any) -> bool:
    """Whether somebody is the owner of a thing or was named to work on it."""
    return owns(by, thing) or any(by.is_same(each.user_id, each.name) for each in thing.collaborators.all())


def requires_its_people(words: str) -> Condition:
    """The condition that somebody owns a thing or was named to work on it; `words` say so to others."""
    return lambda by, thing: ALLOWED if works_on(by, thing) else Verdict("forbidden", words)


def requires_its_owner(words: str) -> Condition:
    """The condition that a thing belongs to somebody; `words` say so to others."""
    return lambda by, thing: ALLOWED if owns(by, thing) else Verdict("forbidden", words)


def wrote(by: Actor, thing: Any) -> bool:
    """Whether somebody wrote any part of what is decided of a thing."""
    return any(by.may_be(each.user_id, each.name) for each in thing.authors.all())


def theirs(by: Actor, collaborators: models.QuerySet, thing: str) -> Q:
    """The condition that a row belongs to somebody or names them: `collaborators` are the rows that name people, and
    `thing` is their field that leads to it."""
    if not by.known:
        return Q(pk__in=[])
    named = Q(user_id=by.id) if by.id is not None else Q(user_id=None, name=by.name)
    own = Q(owner_id=by.id) if by.id is not None else Q(owner_id=None, owner_name=by.name)
    return own | Q(Exists(collaborators.filter(named, **{thing: OuterRef("pk")})))


def written_by(by: Actor, authors: models.QuerySet, thing: str) -> Q:
    """The condition that somebody wrote a part of a row, as `wrote` says it."""
    if not by.known:
        return Q(pk__in=[])
    by_name = Q(name=by.name) if by.id is None else Q(user_id=by.id) | Q(user_id=None, name=by.name)
    return Q(Exists(authors.filter(by_name, **{thing: OuterRef("pk")})))


def name_shown_to(by: Actor, name: str, role: str) -> str:
    """The name of a person as somebody reads it: people are named to those who are signed in, and strangers read the
    role. A name that is empty, or that of a command, stays."""
    return name if by.known or not name or name.startswith("command:") else role


def users_named(names: Iterable[str]) -> dict[str, int]:
    """The ids of the users who have these names and may sign in; names that nobody has are left out."""
    users = get_user_model()._default_manager.filter(username__in=set(names), is_active=True)
    return dict(users.values_list("username", "pk"))


def names_now(rows: Iterable[Any]) -> list[str]:
    """The names of people as they are called now, in the order of their rows; as they were written down where the user
    is gone or was none."""
    listed = list(rows)
    ids = {row.user_id for row in listed if row.user_id is not None}
    called = dict(get_user_model()._default_manager.filter(pk__in=ids).values_list("pk", "username")) if ids else {}
    return [called.get(row.user_id, row.name) for row in listed]


def unfit_collaborators(thing: Any, names: Sequence[str], users: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    """What is wrong with the people whom the owner of a thing would name: by place, in words."""
    for place, name in enumerate(names):
        if name not in users:
            yield place, f"Nobody here has the user name {name}."
        elif name in names[:place]:
            yield place, f"{name} is named already."
        elif users[name] == thing.owner_id:
            yield place, f"{name} is the owner already."


def put_collaborators(thing: Any, names: Sequence[str], users: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Put these people in the place of those who work on a thing; nothing may be wrong with them. Gives the names
    before and after, in order."""
    before = sorted(each.name for each in thing.collaborators.all())
    thing.collaborators.all().delete()
    for name in names:
        thing.collaborators.create(user_id=users[name], name=name)
    return before, sorted(names)
