"""From text to a valid document: every fault at once, in plain words, with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from organisations.ingest.document import Document, StatedBody, StatedChange
from organisations.ingest.reading import Fault, Place, Refused, Text

WORDS = {
    "missing": "This is missing and must be given.",
    "extra_forbidden": "There is no such field here; check the spelling or remove it.",
    "date_from_datetime_parsing": "Give a date such as 2010-04-01.",
    "date_parsing": "Give a date such as 2010-04-01.",
    "date_type": "Give a date such as 2010-04-01.",
    "int_type": "Give a whole number.",
    "int_parsing": "Give a whole number.",
    "int_from_float": "Give a whole number.",
    "decimal_parsing": "Give a decimal number such as 0.25.",
    "bool_type": "Give true or false.",
    "bool_parsing": "Give true or false.",
    "list_type": "Give a list.",
    "dict_type": "Give fields with their values.",
    "model_type": "Give fields with their values.",
    "string_type": "Give text; put it in quotes where it could be read as a number.",
    "decimal_max_places": "Give at most six decimal places.",
}


def validated(text: Text) -> Document:
    """The document that the text states. Raises Refused with every fault of form."""
    try:
        return Document.model_validate(text.data)
    except ValidationError as error:
        faults = [text.fault(_words(each), _place(each["loc"])) for each in error.errors() if not _other_branch(each)]
        raise Refused(text.name, faults) from None


def _place(location: tuple[int | str, ...]) -> Place:
    """A pydantic location as a place in the document: without the names of the alternatives it tried."""
    return tuple(step for step in location if step not in _BRANCHES)


_BRANCHES = {"StatedBody", "Continuing"}


def _other_branch(error: Any) -> bool:
    """Whether the error only says that a new body is not a continuing one; the other alternative tells more."""
    return "Continuing" in error["loc"]


def _words(error: Any) -> str:
    kind, context, given = error["type"], error.get("ctx", {}), error.get("input")
    if kind == "enum":
        return f"“{given}” is not one of {context['expected']}."
    if kind == "literal_error":
        return f"“{given}” is not {context['expected']}."
    if kind == "string_pattern_mismatch":
        return f"“{given}” is not well formed: letters, digits and hyphens only."
    if kind == "string_too_long":
        return f"At most {context['max_length']} characters."
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = context.get("ge", context.get("le"))
        return f"{given} is out of range: {'at least' if 'ge' in context else 'at most'} {bound}."
    said = WORDS.get(kind)
    if said:
        return said if given is None or kind in {"missing", "extra_forbidden"} else f"{said} “{_short(given)}” is not."
    return f"{error['msg'].removeprefix('Value error, ').capitalize()}."


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def cross_faults(
    text: Text, document: Document, *, forms: set[str], sources: set[str], checks: set[str]
) -> list[Fault]:
    """What can be told from the document and the reference records alone: unknown slugs, repeated keys, bad codes."""
    return [
        *_header(text, document),
        *_repeats(text, document),
        *_codes(text, document),
        *_references(text, document, forms, sources, checks),
        *_shapes(text, document),
    ]


def _header(text: Text, document: Document) -> Iterator[Fault]:
    covers = document.portfolio.covers
    if covers.to < covers.from_:
        yield text.fault("The period covered ends before it begins.", ("portfolio", "covers", "to"))


def bodies_with_places(document: Document) -> Iterator[tuple[StatedBody, Place]]:
    """Every body the document states, with its place."""
    for number, body in enumerate(document.bodies):
        yield body, ("bodies", number)
    for number, change in enumerate(document.changes):
        for position, entry in enumerate(change.resulting):
            if isinstance(entry, StatedBody):
                yield entry, ("changes", number, "resulting", position)


def _repeats(text: Text, document: Document) -> Iterator[Fault]:
    seen: dict[str, Place] = {}
    for body, place in bodies_with_places(document):
        if body.code in seen:
            yield text.fault(
                f"The code {body.code} already stands for the body on line {text.line_of(seen[body.code])}. "
                "A code is never used again for another body.",
                (*place, "code"),
                "code-in-use",
            )
        seen.setdefault(body.code, place)
        days = [count.on for count in body.populations]
        for position, day in enumerate(days):
            if day in days[:position]:
                yield text.fault(f"A second population for {day}.", (*place, "populations", position))
        kinds = [seat.constituency for seat in body.board]
        for position, kind in enumerate(kinds):
            if kind in kinds[:position]:
                yield text.fault(f"Seats for {kind.label} are given twice.", (*place, "board", position))
    references: set[str] = set()
    for number, change in enumerate(document.changes):
        if change.reference in references:
            yield text.fault(
                f"Another change is called {change.reference}; give each its own reference.",
                ("changes", number, "reference"),
            )
        references.add(change.reference)
    ties: set[tuple[object, ...]] = set()
    for number, tie in enumerate(document.relationships):
        key = (tie.kind, tie.subject, tie.object, tie.start)
        if key in ties:
            yield text.fault("This relationship is stated twice.", ("relationships", number))
        ties.add(key)
        if tie.kind.symmetric and tie.object < tie.subject:
            yield text.fault(
                f"“{tie.kind.label}” reads the same both ways: state it once, with {tie.object} as subject.",
                ("relationships", number, "subject"),
            )
        if tie.start and tie.end and tie.end <= tie.start:
            yield text.fault("The relationship ends before it begins.", ("relationships", number, "end"))


def _codes(text: Text, document: Document) -> Iterator[Fault]:
    illustrative = document.portfolio.illustrative
    for body, place in bodies_with_places(document):
        if body.code.startswith("X-") != illustrative:
            yield text.fault(
                "Codes of illustrative bodies begin with X-." if illustrative else "Codes with X- are for illustrations.",
                (*place, "code"),
            )
        if place[0] == "changes" and body.opened is not None:
            yield text.fault("A body made by a change opens on the day of the change; leave this out.", (*place, "opened"))


def _references(
    text: Text, document: Document, forms: set[str], sources: set[str], checks: set[str]
) -> Iterator[Fault]:
    for body, place in bodies_with_places(document):
        if body.form not in forms:
            yield text.fault(f"There is no form called {body.form}.", (*place, "form"))
    for number, change in enumerate(document.changes):
        for where, form in (
            (("to_form",), change.to_form),
            (("set", "to_form"), change.set.to_form if change.set else None),
        ):
            if form is not None and form not in forms:
                yield text.fault(f"There is no form called {form}.", ("changes", number, *where))
        for key in change.evidence:
            if key not in checks:
                yield text.fault(f"There is no check called {key}.", ("changes", number, "evidence", key))
        if change.corrects is not None and change.corrects not in {
            earlier.reference for earlier in document.changes[:number]
        }:
            yield text.fault(
                f"No earlier change is called {change.corrects}.", ("changes", number, "corrects")
            )
    for citation, place in _citations(text.data, ()):
        if citation.split(" ")[0] not in sources:
            yield text.fault(f"There is no source called {citation.split(' ')[0]}.", place)


def _citations(data: Any, place: Place) -> Iterator[tuple[str, Place]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "source" and isinstance(value, str):
                yield value, (*place, key)
            else:
                yield from _citations(value, (*place, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _citations(value, (*place, number))


def _shapes(text: Text, document: Document) -> Iterator[Fault]:
    """Records that must say how they are known, and fields that do not belong to a kind of change."""
    records = [(body, ("bodies", number)) for number, body in enumerate(document.bodies)]
    records += [(tie, ("relationships", number)) for number, tie in enumerate(document.relationships)]  # type: ignore[misc]
    records += [(change, ("changes", number)) for number, change in enumerate(document.changes)]  # type: ignore[misc]
    for record, place in records:
        for name in ("basis", "source"):
            if getattr(record, name) is None:
                yield text.fault("Every record says how it is known; this is missing.", (*place, name))
    for number, change in enumerate(document.changes):
        yield from _kind_shape(text, change, ("changes", number))


def _kind_shape(text: Text, change: StatedChange, place: Place) -> Iterator[Fault]:
    correction = change.kind.value == "correction"
    if correction and change.set is None:
        yield text.fault("Say under set what the record should have said.", (*place, "set"))
    if not correction and (change.set is not None or change.corrects is not None):
        yield text.fault("Only a correction sets or corrects.", (*place, "set" if change.set else "corrects"))
    if change.route is not None and change.kind.value != "transition":
        yield text.fault("Only a transition has a route.", (*place, "route"))
