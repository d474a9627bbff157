"""Loading the reference records: sources, forms, checks, the declared graph, the glossary, and those of apps above.

The files under `fixtures/reference/` are the product's own declaration. Loading brings what is new and sets what
differs; an administrator's own records are left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from organisations.domain.vocabulary import Nature, Route
from organisations.models import Form, GlossaryTerm, PolicyCheck, Source, TransitionRule
from organisations.models.sourced import Cited
from organisations.portfolios.reading import DocumentFault, DocumentRefused, Place, Text, read
from pcorg.core.audit.guards import differing
from pcorg.core.audit.subjects import reference_kinds
from pcorg.core.audit.trail import record

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class ReferenceTable(Generic[Row]):
    """How the entries of a list become records: the fields that identify one, those that take their default where an
    entry leaves them out, and those that must name a record that exists."""

    model: type[Row]
    key: tuple[str, ...] = ("slug",)
    optional: tuple[str, ...] = ()
    existing: tuple[str, ...] = ()


Loader = Callable[["Loading"], None]
"""Loads one file."""


def lists(**tables: ReferenceTable[Any]) -> Loader:
    """The loader of a file that holds nothing but lists of records, by their names and in this order."""

    def load(loading: Loading) -> None:
        for name, table in tables.items():
            for position, (entry, place) in enumerate(loading.entries(name)):
                values = loading.cited(entry, place) if issubclass(table.model, Cited) else entry
                loading.put(table, values, place, position)

    return load


@dataclass
class ReferenceReport:
    """How many records were created, changed, removed and left as they were, and how many the files have of a kind."""

    created: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)

    @property
    def nothing_new(self) -> bool:
        """Whether everything was there already."""
        return not (self.created or self.changed or self.removed)


def load_reference(*, folder: Path, by: str) -> ReferenceReport:
    """Load every reference file of a folder in one transaction. Raises Refused with every fault of a file."""
    report = ReferenceReport()
    with transaction.atomic():
        for name, load in _loaders.items():
            text = read(folder / f"{name}.yaml")
            Loading(text, report).run(load)
        if not report.nothing_new:
            record(
                actor=by,
                action="load-reference",
                subject="reference records",
                particulars={"created": report.created, "changed": report.changed, "removed": report.removed},
                wrote=differing(reference_kinds()),
            )
    return report


class Loading:
    """One file being loaded: collects faults, compares with what is held, counts."""

    def __init__(self, text: Text, report: ReferenceReport) -> None:
        self.text = text
        self.report = report
        self.faults: list[DocumentFault] = []
        self._stated: set[tuple[type[models.Model], tuple[Any, ...]]] = set()
        self._links: list[tuple[Any, type[models.Model], Any, Place]] = []

    def run(self, load: Loader) -> None:
        """Load the file, then the links between its records. Raises Refused with every fault found in it."""
        load(self)
        for manager, model, keys, place in self._links:
            linked = self.known(model, keys, place)
            if set(manager.values_list("pk", flat=True)) != set(linked):
                manager.set(linked)
        if self.faults:
            raise DocumentRefused(self.text.name, self.faults)

    def entries(self, key: str) -> Iterator[tuple[dict[str, Any], Place]]:
        """The records under the file's list, each with its place."""
        data = self.text.data
        if not isinstance(data, dict) or not isinstance(data.get(key), list):
            self.faults.append(self.text.fault(f"The file must hold a list called {key}.", ()))
            return
        yield from self._records(data[key], (key,))

    def parts(self, entry: dict[str, Any], key: str, place: Place) -> list[tuple[dict[str, Any], Place]]:
        """The records a record is made of, taken out of it, each with its place; none where it has no such list."""
        stated = entry.pop(key, [])
        if isinstance(stated, list):
            return list(self._records(stated, (*place, key)))
        self.faults.append(self.text.fault("This must be a list.", (*place, key)))
        return []

    def _records(self, listed: list[Any], around: Place) -> Iterator[tuple[dict[str, Any], Place]]:
        for number, entry in enumerate(listed):
            place: Place = (*around, number)
            if isinstance(entry, dict):
                yield dict(entry), place
            else:
                self.faults.append(self.text.fault("Every record has fields with values.", place))

    def put(self, table: ReferenceTable[Row], values: dict[str, Any], place: Place, position: int = 0) -> Row | None:
        """Create the record, set what differs, or leave it; `position` is its place among its kind. Notes a fault, and
        gives None, where it is not valid."""
        model = table.model
        fields: dict[str, Any] = {field.name: field for field in model._meta.concrete_fields}
        links = [(field, values.pop(field.name, [])) for field in model._meta.many_to_many]
        values = {name: fields[name].get_default() for name in table.optional} | values
        if "position" in fields:
            values["position"] = position
        found = [
            self.known(fields[name].related_model, [str(values.get(name, ""))], (*place, name))
            for name in table.existing
        ]
        if not all(found):
            return None
        values = {fields[name].attname if name in fields else name: value for name, value in values.items()}
        keys = {fields[name].attname: values.pop(fields[name].attname, "") for name in table.key}
        stated = (model, tuple(map(str, keys.values())))
        if stated in self._stated:
            self.faults.append(self.text.fault(f"{' '.join(stated[1])} is given twice.", place))
            return None
        self._stated.add(stated)
        columns = {field.attname for field in fields.values()}
        for name in values.keys() - columns:
            self.faults.append(self.text.fault("There is no such field here.", (*place, name)))
        record = self._write(model, keys, {name: value for name, value in values.items() if name in columns}, place)
        if record is not None:
            for field, linked in links:
                self._links.append((getattr(record, field.name), field.related_model, linked, (*place, field.name)))
        return record

    def _write(self, model: type[Row], keys: dict[str, Any], values: dict[str, Any], place: Place) -> Row | None:
        held = model._default_manager.filter(**keys).first()
        record = held or model(**keys)
        before = {name: getattr(record, name) for name in values}
        for name, value in values.items():
            setattr(record, name, value)
        try:
            record.full_clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.faults += [self.text.fault(message, (*place, name)) for message in messages]
            return None
        self.report.by_kind[str(model._meta.verbose_name_plural)] += 1
        if held is None:
            record.save(force_insert=True)
            self.report.created += 1
        elif any(before[name] != getattr(record, name) for name in values):
            record.save()
            self.report.changed += 1
        else:
            self.report.unchanged += 1
        return record

    def keep(self, existing: models.QuerySet[Any], stated: list[Any]) -> None:
        """Remove those of the held parts of a record that the file no longer states: parts follow their record."""
        gone, _ = existing.exclude(pk__in=[part.pk for part in stated if part is not None]).delete()
        self.report.removed += gone

    def known(self, model: type[models.Model], slugs: Any, place: Place) -> list[str]:
        """Those of the slugs that exist; a fault for each that does not."""
        slugs_requested = list(slugs or [])
        existing = set(model._default_manager.filter(pk__in=slugs_requested).values_list("pk", flat=True))
        for slug in slugs_requested:
            if slug not in existing:
                self.faults.append(self.text.fault(f"There is no {model._meta.verbose_name} called {slug}.", place))
        return [slug for slug in slugs_requested if slug in existing]

    def cited(self, entry: dict[str, Any], place: Place) -> dict[str, Any]:
        """The entry with its citation taken apart; its source must exist."""
        slug, _, locator = str(entry.pop("source", "")).partition(" ")
        if not self.known(Source, [slug], (*place, "source")):
            return entry
        return {"note": "", **entry, "source_id": slug, "locator": locator}


RULES = ReferenceTable(TransitionRule, key=("from_form", "to_form", "route"))


def _rules(loading: Loading) -> None:
    stated: set[str] = set()
    for entry, place in loading.entries("rules"):
        if entry.get("from") == entry.get("to") and entry.get("route") == Route.MERGER:
            stated.add(str(entry.get("from")))
        _rule(loading, entry, place)
    general = loading.text.data.get("same_form_mergers")
    if general:
        free = Form.objects.filter(nature=Nature.BODY, pilot=False).exclude(pk__in=stated)
        for slug in free.values_list("slug", flat=True):
            step = {"from": slug, "to": slug, "route": Route.MERGER.value}
            _rule(loading, {**general, **step}, ("same_form_mergers",))


def _rule(loading: Loading, entry: dict[str, Any], place: Place) -> None:
    values = loading.cited(entry, place)
    ends = [values.pop("from", ""), values.pop("to", "")]
    if len(loading.known(Form, dict.fromkeys(ends), place)) == len(set(ends)):
        loading.put(RULES, {**values, "from_form": ends[0], "to_form": ends[1]}, place)


UNKNOWN = tuple(field.name for field in Form._meta.concrete_fields if field.null and not field.is_relation)
"""Facts of a form that are unknown where its entry does not state them."""

_loaders: dict[str, Loader] = {
    "sources": lists(sources=ReferenceTable(Source)),
    "checks": lists(checks=ReferenceTable(PolicyCheck, key=("code",))),
    "forms": lists(forms=ReferenceTable(Form, optional=UNKNOWN)),
    "transition-rules": _rules,
    "glossary": lists(terms=ReferenceTable(GlossaryTerm, key=("term",))),
}
"""Files in the order in which they build on each other; those of apps above come after."""


def register(name: str, load: Loader) -> None:
    """Add a file of an app above, to be loaded after those that are there. Raises ValueError when the name is taken."""
    if name in _loaders:
        raise ValueError(f"the reference file {name} has a loader already")
    _loaders[name] = load
