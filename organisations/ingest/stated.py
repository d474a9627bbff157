"""From text to what it validly states: every fault of form in plain words with its line, and the records without.

A record with a fault of form is left out, so that the others can still be looked at; what speaks of a body that is
left out is *tainted*, and no further fault is told of it, for it would only follow from the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from organisations.ingest.document import Document, StatedBody
from organisations.ingest.reading import Fault, Place, Refused, Text, shown
from organisations.ingest.sections import document_model, sections

WORDS = {
    "missing": "This is missing and must be given.",
    "extra_forbidden": "There is no such field here; check the spelling or remove it.",
    "date_from_datetime_parsing": "Give a date such as 2010-04-01.",
    "date_parsing": "Give a date such as 2010-04-01.",
    "date_from_datetime_inexact": "Give a date without a time, such as 2010-04-01.",
    "date_type": "Give a date such as 2010-04-01.",
    "int_type": "Give a whole number.",
    "int_parsing": "Give a whole number.",
    "int_from_float": "Give a whole number.",
    "decimal_parsing": "Give a decimal number such as 0.25.",
    "decimal_type": "Give a decimal number such as 0.25.",
    "finite_number": "Give a decimal number such as 0.25.",
    "bool_type": "Give true or false.",
    "bool_parsing": "Give true or false.",
    "list_type": "Give a list.",
    "dict_type": "Give fields with their values.",
    "model_type": "Give fields with their values.",
    "string_too_short": "This is empty and must be filled in.",
    "string_type": "Give text; put it in quotes where it could be read as a number.",
}

NUMBERS = ("no", "one", "two", "three", "four", "five", "six")


@dataclass
class Stated:
    """A document's valid records, each with its place, the faults of form of the rest, and the codes tainted."""

    text: Text
    document: Document
    numbers: dict[str, list[int]]
    faults: list[Fault] = field(default_factory=list)
    tainted: set[str] = field(default_factory=set)

    def each(self, section: str) -> Iterator[tuple[Any, Place]]:
        """The valid records of a list, each with its place in the text."""
        for record, number in zip(getattr(self.document, section), self.numbers[section], strict=True):
            yield record, (section, number)

    def bodies(self) -> Iterator[tuple[StatedBody, Place]]:
        """Every body that is stated, among the opening facts or by a change, with its place."""
        yield from self.each("bodies")
        for change, place in self.each("changes"):
            for position, entry in enumerate(change.resulting):
                if isinstance(entry, StatedBody):
                    yield entry, (*place, "resulting", position)

    def taint(self, record: Any) -> None:
        """Whatever codes a record names can no longer be relied upon."""
        if isinstance(record, dict):
            for key, value in record.items():
                if key in _NAMES_BODIES:
                    self.tainted.update(_strings(value))
                else:
                    self.taint(value)
        elif isinstance(record, list):
            for entry in record:
                self.taint(entry)


_NAMES_BODIES = {"code", "originals"}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for entry in value:
            yield from _strings(entry)


def stated_by(text: Text) -> Stated:
    """What the text validly states. Raises Refused at once where its header or its outline cannot be read."""
    data = text.data
    if not isinstance(data, dict):
        raise Refused(text.name, [text.fault("A portfolio document has fields: schema, portfolio and lists.", ())])
    lists = {section.name: _list(data.get(section.name)) for section in sections()}
    numbers = {name: list(range(len(found))) for name, found in lists.items()}
    document, errors = _validated(data)
    if document is not None and not text.faults:
        return Stated(text, document, numbers)
    faults = [*text.faults]
    for each in errors:
        place = place_of(each["loc"])
        if place not in text.told:
            faults.append(text.fault(in_words(each), place))
    bad = {each["loc"][:2] for each in errors} | {place[:2] for place in text.told}
    for name in lists:
        numbers[name] = [number for number in numbers[name] if (name, number) not in bad]
    whole = {key: data[key] for key in ("schema", "portfolio") if key in data}
    whole |= {name: [lists[name][number] for number in numbers[name]] for name in lists}
    try:
        stated = Stated(text, document_model().model_validate(whole), numbers, faults)
    except ValidationError:
        raise Refused(text.name, faults) from None
    for name, found in lists.items():
        stated.taint([record for number, record in enumerate(found) if (name, number) in bad])
    return stated


def _validated(data: Any) -> tuple[Document | None, list[Any]]:
    try:
        return document_model().model_validate(data), []
    except ValidationError as error:
        return None, [each for each in error.errors() if not is_other_branch(each)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def place_of(location: tuple[int | str, ...]) -> Place:
    """A pydantic location as a place in the document: without the names of the alternatives it tried."""
    return tuple(step for step in location if step not in _BRANCHES)


_BRANCHES = {"StatedBody", "Continuing"}


def is_other_branch(error: Any) -> bool:
    """Whether the error only says that a new body is not a continuing one; the other alternative tells more."""
    return "Continuing" in error["loc"]


def in_words(error: Any) -> str:
    """What a pydantic error says, in plain words with what to do."""
    kind, context, given = error["type"], error.get("ctx", {}), error.get("input")
    if kind == "enum":
        return f"“{given}” is not one of {context['expected']}."
    if kind == "literal_error":
        return f"“{given}” is not {context['expected']}."
    if kind == "string_pattern_mismatch":
        return f"“{given}” is not well formed: letters, digits and hyphens only."
    if kind == "decimal_max_places":
        return f"Give at most {NUMBERS[context['decimal_places']]} decimal places."
    if kind in {"decimal_max_digits", "decimal_whole_digits"}:
        return f"{given} is too large a number."
    if kind == "too_long":
        return f"At most {context['max_length']:,} entries."
    if kind == "too_short":
        return f"Give at least {NUMBERS[context['min_length']]}."
    if kind == "string_too_long":
        return f"At most {context['max_length']} characters."
    if kind in {"greater_than_equal", "less_than_equal"}:
        bound = context.get("ge", context.get("le"))
        bound = bound.isoformat() if isinstance(bound, date) else bound
        return f"{given} is out of range: {'at least' if 'ge' in context else 'at most'} {bound}."
    said = WORDS.get(kind)
    if said:
        without = kind in {"missing", "extra_forbidden"} or not shown(given)
        return said if without else f"{said} “{shown(given)}” is not."
    told = str(error["msg"]).removeprefix("Value error, ")
    return f"{told[0].upper()}{told[1:]}."
