"""From text to what it validly states: every fault of form in plain words with its line, and the records as far as they
can be read.

A record with a fault of form is mended (`mending`), so that the rest of it can still be looked at. Where what is wrong
is something that others build upon, the record is *doubtful*: only what names something that does not exist is told of
it besides. What such a record brings is *tainted*: no fault is told that would only follow from the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from organisations.portfolios.faults_of_files import MOST_COUNTED, MOST_REPORTED
from organisations.portfolios.mending import header_of, model_at, names_of, repaired
from organisations.portfolios.reading import DocumentFault, DocumentRefused, Found, Place, Refers, Text, pointer
from organisations.portfolios.sections import DESCRIBING, DocumentSection, document_model, sections
from organisations.portfolios.suggestions import suggestion
from organisations.specs.document import SCHEMA, Document, Header, StatedBody
from organisations.specs.wording import in_words, is_other_branch, place_of


@dataclass
class Stated:
    """A document's records, each with its place, the faults of form, and what follows from them.

    `wrong` are the places that a fault is told of: nothing more is said of them. `doubtful` are the records with
    something wrong that others build upon, `tainted` the codes that nothing can be said of, and `unsure` those of
    bodies whose form or members are not known. `unread` are the lists of which nobody can tell what they do not hold.
    """

    text: Text
    document: Document
    numbers: dict[str, list[int]]
    faults: list[DocumentFault] = field(default_factory=list)
    tainted: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)
    doubtful: set[tuple[str, ...]] = field(default_factory=set)
    unread: frozenset[str] = frozenset()

    def each(self, section: str) -> Iterator[tuple[Any, Place]]:
        """The records of a list, each with its place in the text."""
        for record, number in zip(getattr(self.document, section), self.numbers[section], strict=True):
            yield record, (section, number)

    def bodies(self) -> Iterator[tuple[StatedBody, Place]]:
        """Every body that is stated, among the opening facts or by a change, with its place."""
        yield from self.each("bodies")
        for change, place in self.each("changes"):
            for position, entry in enumerate(change.resulting):
                if isinstance(entry, StatedBody):
                    yield entry, (*place, "resulting", position)

    def is_doubtful(self, place: Place) -> bool:
        """Whether the record at a place has something wrong that others build upon."""
        return tuple(str(step) for step in place[:2]) in self.doubtful

    def independent(self, faults: Iterable[DocumentFault]) -> Iterator[DocumentFault]:
        """Those of some faults that do not follow from the faults of form."""
        for fault in faults:
            if fault.refers is Refers.RECORD and self.unread:
                continue
            stands_alone = fault.refers is not Refers.NOWHERE or fault.harmless or _describes(fault)
            if fault.record in self.doubtful and not stands_alone:
                continue
            if not self.is_wrong(fault.pointer):
                yield fault

    def is_wrong(self, place: str) -> bool:
        """Whether a fault is told of a place (a pointer) already, or of what is around it."""
        return any(each in self.wrong for each in _around(place))

    def wrong_fields(self, record: Place) -> set[str]:
        """The fields of a record that a fault is told of."""
        within = f"{pointer(record[:2])}/"
        return {each.removeprefix(within).split("/")[0] for each in self.wrong if each.startswith(within)}

    def taint(self, section: DocumentSection, record: Any) -> None:
        """What a record brings can no longer be relied upon; nor can form and members of those that a change alters."""
        if not isinstance(record, dict):
            return
        if section.name != "changes":
            self.tainted.update(_texts(record.get("code")))
            return
        made = [each.get("code") for each in _records(record.get("resulting")) if set(each) != {"code"}]
        self.tainted.update(_texts([*made, record.get("reference")]))
        if record.get("to_form") or record.get("set") or record.get("moves"):
            self.unsure.update(_texts(record.get("originals")))


def _describes(fault: DocumentFault) -> bool:
    """Whether a fault is in a field that only describes its record, whatever the rest says."""
    return not DESCRIBING.isdisjoint(fault.pointer.split("/"))


def _around(place: str) -> Iterator[str]:
    """A pointer, and those of what is around it, from the inside."""
    while place:
        yield place
        place = place.rpartition("/")[0]


def _records(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)


def _all_texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            yield from _all_texts(entry)
    elif isinstance(value, str):
        yield value


def stated_by(text: Text) -> Stated:
    """What the text states, as far as it can be read. Raises Refused at once where it is no document at all."""
    data = text.data
    if not isinstance(data, dict):
        fault = text.fault("A portfolio document has fields: schema, portfolio and lists.", ())
        raise DocumentRefused(text.name, [*text.faults, fault])
    lists = {section.name: _list(data.get(section.name)) for section in sections()}
    _judged_by_size(text, data, lists)
    errors = Errors()
    around = {name: [] if isinstance(value, list) and name in lists else value for name, value in data.items()}
    validated = {section.name: errors.of_list(section, lists[section.name]) for section in sections()}
    errors.of(document_model(), around, ())
    if errors.count > MOST_REPORTED:
        raise errors.refusal(text)
    if not errors.reported and not text.faults and not text.reported:
        document = document_model().model_validate({**around, **validated})
        return Stated(text, document, {name: list(range(len(found))) for name, found in lists.items()})
    return _Mending(text, data, lists, validated, errors.reported).stated()


MOST_FIELDS = 1_000
"""Fields of a document or of one record."""

MOST_WITHIN = 5_000
"""Entries of a list within a record."""


def _judged_by_size(text: Text, data: dict[str, Any], lists: dict[str, list[Any]]) -> None:
    """Refuse what no honest document holds, before anything is made of it: a record that is longer than a document.
    Raises Refused."""
    found = Found()
    if len(data) > MOST_FIELDS:
        found.append(text.fault(f"A document has at most {MOST_FIELDS:,} fields.", ()))
    for name, value in data.items():
        if name not in lists or not isinstance(value, list):
            found.extend(_too_long(text, value, (name,)))
    for name, records in lists.items():
        for number, record in enumerate(records):
            if type(record) is dict:
                found.extend(_too_long(text, record, (name, number)))
    if found:
        raise DocumentRefused(text.name, Found([*text.faults, *found]))


def _too_long(text: Text, value: Any, place: Place) -> Iterator[DocumentFault]:
    if isinstance(value, dict):
        if len(value) > MOST_FIELDS:
            yield text.fault(f"A record has at most {MOST_FIELDS:,} fields.", place)
            return
        for name, inner in value.items():
            if type(inner) is dict or type(inner) is list:
                yield from _too_long(text, inner, (*place, name))
    elif isinstance(value, list):
        if len(value) > MOST_WITHIN:
            yield text.fault(f"A list within a record has at most {MOST_WITHIN:,} entries.", place)
            return
        for number, inner in enumerate(value):
            if type(inner) is dict or type(inner) is list:
                yield from _too_long(text, inner, (*place, number))


class Errors:
    """What is wrong with the form of a document: the first errors as pydantic tells them, and the count of all."""

    def __init__(self) -> None:
        self.reported: list[Any] = []
        self.count = 0
        self.cut = False

    def of(self, model: type[BaseModel], data: Any, place: Place) -> Any:
        """The validated model; None where something is wrong."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            if self.count > MOST_REPORTED:
                self.count += error.error_count()
                return None
            found = [each for each in error.errors(include_url=False) if not is_other_branch(each)]
            self.reported += [
                {**each, "loc": (*place, *each["loc"])} for each in found[: MOST_COUNTED - len(self.reported)]
            ]
            self.count += len(found)
        return None

    def of_list(self, section: DocumentSection, records: list[Any]) -> list[Any]:
        """The validated records of a list. Of what is no record at all the rest is counted at once."""
        validated: list[Any] = []
        for number, record in enumerate(records):
            if self.count > MOST_REPORTED and type(record) is not dict:
                self.count += 1
                continue
            if self.count > MOST_COUNTED:
                self.cut = True
                continue
            validated.append(self.of(section.record, record, (section.name, number)))
        return validated

    def refusal(self, text: Text) -> DocumentRefused:
        """The refusal of a document with more errors than are told."""
        found = Found(text.faults)
        for each in self.reported:
            place = place_of(each["loc"])
            if place not in text.reported:
                found.append(text.fault(in_words(each), place))
        found.rest += self.count - len(self.reported)
        found.cut = self.cut
        return DocumentRefused(text.name, found)


class _Mending:
    """A document with faults of form, being mended."""

    def __init__(
        self,
        text: Text,
        data: dict[str, Any],
        lists: dict[str, list[Any]],
        validated: dict[str, list[Any]],
        errors: list[Any],
    ) -> None:
        self.text = text
        self.validated = validated
        self.data = data
        self.lists = lists
        self.faults = [*text.faults]
        self.wrong: dict[Place, list[Place]] = {}
        self.extra: set[Place] = set()
        for each in errors:
            place = place_of(each["loc"])
            if each["type"] == "extra_forbidden":
                self.extra.add(place)
            if place not in text.reported:
                self.faults.append(text.fault(self._in_words(each, place), place))
                self._note(place)
        for place in text.reported:
            self._note(place)

    def _note(self, place: Place) -> None:
        self.wrong.setdefault(place[:2] if place[:1] and place[0] in self.lists else place[:1], []).append(place)

    def _in_words(self, error: Any, place: Place) -> str:
        if error["type"] != "extra_forbidden":
            return in_words(error)
        model = model_at(document_model(), place)
        hint = suggestion(str(place[-1]), names_of(model), "fields") if model is not None else ""
        return f"{in_words(error)} {hint}".rstrip()

    def stated(self) -> Stated:
        """The document as far as it can be read."""
        numbers: dict[str, list[int]] = {}
        kept: dict[str, list[Any]] = {}
        left: list[tuple[DocumentSection, Any]] = []
        doubtful: set[tuple[str, ...]] = set()
        for section in sections():
            name, found = section.name, self.lists[section.name]
            numbers[name], kept[name] = [], []
            for number, record in enumerate(found):
                wrong = self.wrong.get((name, number), [])
                if wrong and any(section.bears(place[2:]) for place in wrong if place not in self.extra):
                    doubtful.add((name, str(number)))
                    left.append((section, record))
                sound = self.validated[name][number]
                made = _readable(section, record, [place[2:] for place in wrong]) if wrong or sound is None else sound
                if made is not None:
                    numbers[name].append(number)
                    kept[name].append(made)
                elif (name, str(number)) not in doubtful:
                    doubtful.add((name, str(number)))
                    left.append((section, record))
        whole = {"schema": SCHEMA, "portfolio": self._header(), **kept}
        try:
            document = document_model().model_validate(whole)
        except ValidationError:  # what could not be mended; nothing more can be said
            raise DocumentRefused(self.text.name, self.faults) from None
        wrong_places = {pointer(place) for places in self.wrong.values() for place in places}
        stated = Stated(
            self.text, document, numbers, self.faults, wrong=wrong_places, doubtful=doubtful, unread=self.text.partial
        )
        for section, record in left:
            stated.taint(section, record)
        stated.tainted.update(*(_all_texts(value) for value in self._not_lists()))
        return stated

    def _header(self) -> dict[str, Any]:
        wrong = [place[1:] for place in self.wrong.get(("portfolio",), [])]
        given = self.data.get("portfolio")
        if not wrong:
            return dict(given) if isinstance(given, dict) else {}
        codes = [str(body.get("code")) for body in _records(self.lists["bodies"])]
        invented = sum(code.startswith("X-") for code in codes)
        otherwise = {
            "slug": UNNAMED,
            "title": UNNAMED,
            "illustrative": 2 * invented > len(codes),
            "covers": {"from": date(1900, 1, 1), "to": date(2200, 1, 1)},
        }
        return header_of(Header, given, wrong, otherwise)

    def _not_lists(self) -> Iterator[Any]:
        """What stands where no list of records can be read: it may hold any of the codes that others name."""
        places = (place[0] for place in self.wrong if len(place) == 1)
        return (self.data.get(str(name)) for name in places if name not in {"schema", "portfolio"})


UNNAMED = "unnamed"
"""The slug of a portfolio whose own cannot be read."""


def _readable(section: DocumentSection, record: Any, wrong: list[Place]) -> Any:
    """A record without what is wrong with it; None where nothing can be made of it."""
    try:
        return section.record.model_validate(repaired(section.record, record, wrong))
    except ValidationError:
        return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
