"""Names of people, who are shown to people who have signed in and to nobody else.

Strangers read what somebody was to a matter, such as "a commissioner", and "assessor 1", "assessor 2" where several
must be told apart. Commands are no people and keep their names; so does a panel where it speaks together. What is
shipped with the product and names invented people is not passed through here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest

COMMISSIONER = "a commissioner"
APPROVER = "an approver"
TOGETHER = "Consensus of the panel"
"""Who judges where a panel judges together."""
NOBODY = frozenset({"", TOGETHER, "illustration"})
"""Names that are no person's: the last made what is shipped."""
WHO = frozenset({"by", "created_by", "proposed_by", "kept_by", "actor"})
"""Members of a document that name one person for what they did."""
MEMBERS = frozenset({"assessor", "assessors", "silent"})
"""Members of a document that name assessors: one, or a list."""
TEXTS = frozenset({"statement", "sentence"})
"""Members of a document whose text may name assessors."""


def are_shown_to(reader: User | AnonymousUser | None) -> bool:
    """Whether somebody sees the names of people."""
    return reader is not None and reader.is_authenticated


def shown(name: str, request: HttpRequest, *, otherwise: str = COMMISSIONER) -> str:
    """A name as the reader of a page sees it."""
    return name if are_shown_to(getattr(request, "user", None)) or not _is_person(name) else otherwise


def without_names(document: Any) -> Any:
    """A document, or a list of rows, as strangers read it: the same, with nobody's name."""
    places = {name: f"assessor {place}" for place, name in enumerate(sorted(set(_members(document))), 1)}
    longest = sorted(places, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in longest)) if places else None

    def told(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: said(key, each, value) for key, each in value.items()}
        return [told(each) for each in value] if isinstance(value, list | tuple) else value

    def said(key: str, value: Any, around: Mapping[str, Any]) -> Any:
        if key in WHO and isinstance(value, str):
            role = APPROVER if key == "by" and around.get("status") == "approved" else COMMISSIONER
            return role if _is_person(value) else value
        if (key in MEMBERS or _is_member(around, key)) and isinstance(value, str):
            return places.get(value, value)
        if key in MEMBERS and isinstance(value, list | tuple):
            return [places.get(each, each) if isinstance(each, str) else told(each) for each in value]
        if key in TEXTS and isinstance(value, str) and pattern is not None:
            replaced = pattern.sub(lambda found: places[found.group()], value)
            return replaced[:1].upper() + replaced[1:]
        return told(value)

    return told(document)


def _members(document: Any) -> Iterable[str]:
    """Every assessor that a document names."""
    if isinstance(document, Mapping):
        for key, value in document.items():
            if key in MEMBERS or _is_member(document, key):
                names = [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else []
                yield from (name for name in names if isinstance(name, str) and _is_person(name))
            yield from _members(value)
    elif isinstance(document, list | tuple):
        for each in document:
            yield from _members(each)


def _is_member(around: Mapping[str, Any], key: str) -> bool:
    """Whether this is the name of somebody in the list of a panel."""
    return key == "name" and "consensus" in around


def _is_person(name: str) -> bool:
    return name not in NOBODY and not name.startswith("command:")
