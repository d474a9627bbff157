"""What can be told wrong from a document and the reference records alone: unknown slugs, repeated keys, bad codes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from organisations.domain.integrity import code_of_its_own
from organisations.domain.vocabulary import Basis, ChangeKind
from organisations.portfolios.reading import DocumentFault, Place, Refers, Text
from organisations.portfolios.sections import contributed, sections
from organisations.portfolios.stated import Stated
from organisations.specs.document import StatedChange

Value = TypeVar("Value", bound=Hashable)


def cross_faults(stated: Stated, *, forms: set[str], sources: set[str], checks: set[str]) -> Iterator[DocumentFault]:
    """Every such fault. `forms`, `sources` and `checks` are the slugs and codes that exist."""
    yield from _header(stated)
    yield from _repeated_bodies(stated)
    yield from _repeated_changes(stated)
    yield from _repeated_relationships(stated)
    yield from _contributed(stated)
    yield from _codes(stated)
    yield from _references(stated, forms, checks)
    yield from _unknown_sources(stated, sources)
    yield from _claims(stated)
    yield from _shapes(stated)


def _header(stated: Stated) -> Iterator[DocumentFault]:
    covers = stated.document.portfolio.covers
    if covers.to < covers.from_:
        yield stated.text.fault("The period covered ends before it begins.", ("portfolio", "covers", "to"))
    if stated.document.portfolio.slug in TAKEN:
        words = "No portfolio can be called this: addresses of the API are. Choose another name."
        yield stated.text.fault(words, ("portfolio", "slug"))


TAKEN = frozenset({"all", "loads", "schema", "template", "validate"})
"""Words that stand in addresses where the name of a portfolio stands."""


def _repeated_bodies(stated: Stated) -> Iterator[DocumentFault]:
    text = stated.text
    seen: dict[str, Place] = {}
    codes = {body.code for body, _ in stated.bodies()}
    for body, place in stated.bodies():
        if body.code in seen:
            yield text.fault(
                f"The code {body.code} already stands for the organisation on {text.spot_of(seen[body.code])}. "
                f"{code_of_its_own(body.code, codes)}",
                (*place, "code"),
                "code-in-use",
            )
        seen.setdefault(body.code, place)
        for position, day in repeated(count.on for count in body.populations):
            yield text.fault(f"A second population for {day}.", (*place, "populations", position))
        for position, kind in repeated(seat.constituency for seat in body.board):
            yield text.fault(f"Seats for {kind.label} are given twice.", (*place, "board", position))


def repeated(values: Iterable[Value]) -> Iterator[tuple[int, Value]]:
    """Those of some values that were there before, each with its place among them."""
    seen: set[Value] = set()
    for number, value in enumerate(values):
        if value in seen:
            yield number, value
        seen.add(value)


def _repeated_changes(stated: Stated) -> Iterator[DocumentFault]:
    seen: set[str] = set()
    for change, place in stated.each("changes"):
        if change.reference in seen:
            yield stated.text.fault(
                f"Another change is called {change.reference}; give each its own reference.",
                (*place, "reference"),
            )
        seen.add(change.reference)
        if change.corrects is not None and change.corrects not in (seen - {change.reference}) | stated.tainted:
            words = f"No earlier change is called {change.corrects}.{stated.text.near(change.corrects, seen)}"
            yield stated.text.fault(words, (*place, "corrects"), refers=Refers.RECORD)


def _contributed(stated: Stated) -> Iterator[DocumentFault]:
    """Records of apps above that are stated twice, or known after a change that is not there."""
    references = {change.reference for change, _ in stated.each("changes")}
    for section in contributed():
        seen: set[str] = set()
        for record, place in stated.each(section.name):
            key = section.key_of(record)
            if key in seen and "code" not in section.key:
                yield stated.text.fault("This is stated twice.", place)
            seen.add(key)
            after = record.known_after
            if after is not None and after not in references and after not in stated.tainted:
                words = f"No change is called {after}.{stated.text.near(after, references)}"
                yield stated.text.fault(words, (*place, "known_after"), refers=Refers.RECORD)


def _repeated_relationships(stated: Stated) -> Iterator[DocumentFault]:
    seen: set[tuple[object, ...]] = set()
    for relationship, place in stated.each("relationships"):
        key = (relationship.kind, relationship.subject, relationship.object, relationship.start)
        if key in seen:
            yield stated.text.fault("This relationship is stated twice.", place)
        seen.add(key)
        if relationship.kind.symmetric and relationship.object < relationship.subject:
            yield stated.text.fault(
                f"“{relationship.kind.label}” reads the same both ways: state it once, "
                f"with {relationship.object} as subject.",
                (*place, "subject"),
            )


def _codes(stated: Stated) -> Iterator[DocumentFault]:
    illustrative = stated.document.portfolio.illustrative
    for body, place in stated.bodies():
        if body.code.startswith("X-") != illustrative:
            rule = "Codes of illustrative bodies begin with X-." if illustrative else "Codes with X- are illustrative."
            yield replace(stated.text.fault(rule, (*place, "code")), harmless=True)
        if place[0] == "changes" and body.opened is not None:
            words = "A body made by a change opens on the day of the change; leave this out."
            yield stated.text.fault(words, (*place, "opened"))
        if place[0] == "changes" and body.closed is not None:
            yield stated.text.fault("The end of a body made by a change is a change too.", (*place, "closed"))


def _references(stated: Stated, forms: set[str], checks: set[str]) -> Iterator[DocumentFault]:
    named: list[tuple[str | None, Place]] = [(body.form, (*place, "form")) for body, place in stated.bodies()]
    for change, place in stated.each("changes"):
        named.append((change.to_form, (*place, "to_form")))
        if change.set is not None:
            named.append((change.set.to_form, (*place, "set", "to_form")))
        for key in change.evidence:
            if key not in checks:
                yield stated.text.unknown("check", "checks", key, checks, (*place, "evidence", key))
    for form, place in named:
        if form is not None and form not in forms:
            yield stated.text.unknown("form", "forms", form, forms, place)


def _unknown_sources(stated: Stated, sources: set[str]) -> Iterator[DocumentFault]:
    for citation, place in _fields(stated.text.data, ("source",), ()):
        slug = citation.split(" ")[0]
        if slug not in sources:
            yield stated.text.unknown("source", "sources", slug, sources, place)


CLAIMED = (
    "Only a change that is proposed, approved and carried out here has this basis: propose it instead. Where another "
    f"copy of this product carried it out, the basis is {Basis.ELSEWHERE.value}."
)


def _claims(stated: Stated) -> Iterator[DocumentFault]:
    """Facts that say they were decided here, which no file can say."""
    for basis, place in _fields(stated.text.data, ("basis", "form_basis"), ()):
        if basis == Basis.DECISION.value:
            yield replace(stated.text.fault(CLAIMED, place), harmless=True)


def _fields(data: Any, names: tuple[str, ...], place: Place) -> Iterator[tuple[str, Place]]:
    """The texts in fields of some names, wherever they stand, each with its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key in names and isinstance(value, str):
                yield value, (*place, key)
            elif isinstance(value, dict | list):
                yield from _fields(value, names, (*place, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            if isinstance(value, dict | list):
                yield from _fields(value, names, (*place, number))


def _shapes(stated: Stated) -> Iterator[DocumentFault]:
    """Records that must say how they are known, and fields that do not belong to a kind of change."""
    for section in sections():
        for record, place in stated.each(section.name):
            decided = record.basis is Basis.ELSEWHERE  # what was decided there has no source besides
            for name in ("basis",) if decided else ("basis", "source"):
                if getattr(record, name) is None:
                    yield stated.text.fault("Every record says how it is known; this is missing.", (*place, name))
    for change, place in stated.each("changes"):
        yield from _kind_shape(stated.text, change, place)


def _kind_shape(text: Text, change: StatedChange, place: Place) -> Iterator[DocumentFault]:
    correction = change.kind is ChangeKind.CORRECTION
    if correction and not (change.set or change.corrects or change.resulting or change.relationships):
        words = "Say under set what the record should have said, under corrects which change to strike out, or under "
        yield text.fault(f"{words}resulting which body was forgotten.", (*place, "set"))
    if not correction and (change.set is not None or change.corrects is not None):
        yield text.fault("Only a correction sets or corrects.", (*place, "set" if change.set else "corrects"))
    if change.route is not None and change.kind is not ChangeKind.TRANSITION:
        yield text.fault("Only a transition has a route.", (*place, "route"))
