"""What a person may choose from when proposing a change: bodies in force on a day, and their members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from organisations.domain.vocabulary import RelationshipKind
from organisations.models import Relationship
from organisations.selectors.periods import names_of, value_on
from organisations.selectors.system import system
from pcorg.core.names import fold

MOST_FOUND = 12


@dataclass(frozen=True, slots=True)
class BodyCandidate:
    """A body in force on the day, with its name and form of that day."""

    code: str
    name: str
    form: str
    form_label: str


def in_force(on: date, *, portfolio: str | None) -> dict[str, BodyCandidate]:
    """The bodies of the chosen portfolios in force on a day, by code; from memory."""
    known = system(portfolio)
    return {
        member.code: BodyCandidate(
            member.code, value_on(member.names, on) or member.code, form, known.forms[form].label
        )
        for member, form in known.on(on)
    }


def fitting(text: str, bodies: Iterable[BodyCandidate]) -> list[BodyCandidate]:
    """The bodies a person may mean: the one with that code, else those whose name holds every word or whose code
    begins so, in order of name."""
    folded = fold(text.strip())
    listed = list(bodies)
    exact = [body for body in listed if fold(body.code) == folded]
    if exact or not folded:
        return exact
    words = folded.split()
    found = [
        body for body in listed if all(word in fold(body.name) for word in words) or fold(body.code).startswith(folded)
    ]
    named = [body for body in found if fold(body.name) == folded]
    return named if len(named) == 1 else sorted(found, key=lambda body: (fold(body.name), body.code))


def members_of(codes: Iterable[str], *, on: date) -> dict[str, list[tuple[str, str]]]:
    """By body, the code and name of each of its members on a day."""
    codes_requested = list(codes)
    relationships = list(
        Relationship.objects.as_of(on)
        .filter(kind=RelationshipKind.MEMBER_OF, object__in=codes_requested)
        .order_by("object", "subject")
        .values_list("object_id", "subject_id")
    )
    names = names_of({subject for _, subject in relationships}, on=on)
    found: dict[str, list[tuple[str, str]]] = {code: [] for code in codes_requested}
    for body, member in relationships:
        found[body].append((member, names.get(member, member)))
    return found
