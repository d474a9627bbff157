"""Loading a portfolio document: read, validate, replay, then write everything in one transaction or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from organisations.contributors import Stale, contributors
from organisations.domain.changes import ChangeRequest
from organisations.domain.integrity import problems_of
from organisations.domain.replay import Contributed, Recorded, Replay, StatedFact, replay
from organisations.models import Change, ChangeParty, Form, Organisation, PolicyCheck, Portfolio, PortfolioLoad, Source
from organisations.models.reference import rules_only
from organisations.portfolios.formats import document_from, read_document
from organisations.portfolios.lives import StatedLife, lives_of, named_outside, unknown_bodies
from organisations.portfolios.reading import DocumentFault, DocumentRefused, Found, Place, Text
from organisations.portfolios.records import PORTFOLIO, records_of
from organisations.portfolios.sections import chapters, sections
from organisations.portfolios.segments import by_segment
from organisations.portfolios.stated import Stated, stated_by
from organisations.portfolios.translation import history_of
from organisations.portfolios.validation import cross_faults
from organisations.services.comparing import DocumentComparison, compare, keep, keep_contents, known_records
from organisations.services.load_reports import Guard, LoadReport, Progress, unguarded, without_progress
from organisations.services.previews import codes_of
from organisations.services.recorded_changes import record_change
from organisations.services.replayable import Parts, parts_of
from organisations.services.review import altered, reviewed, state_of
from organisations.services.snapshots import lock_with_neighbours, snapshot_of
from organisations.services.writer import write
from organisations.specs.document import Header
from pcorg.core.audit.subjects import Subject
from pcorg.core.audit.trail import TrailEntry, record_all
from pcorg.core.batches import batches
from pcorg.core.refusals import Problem
from pcorg.core.values import steps_of


def load_portfolio(*, path: Path, by: str, dry_run: bool = False, progress: Progress = without_progress) -> LoadReport:
    """Load a portfolio document from a file, or with `dry_run` say what loading it would do.

    Loading again what is loaded changes nothing. Raises Refused with every fault found; then, as after any
    interruption, nothing has been written.
    """
    progress("Reading", 1)
    return load_stated(stated=stated_by(read_document(path)), by=by, dry_run=dry_run, progress=progress)


def load_content(
    *,
    content: bytes,
    name: str,
    by: str,
    dry_run: bool = False,
    guard: Guard = unguarded,
    progress: Progress = without_progress,
) -> LoadReport:
    """Load a portfolio document from the content of a file that was sent; as load_portfolio does. What comes over the
    network comes through `waiting_loads`, which has a guard."""
    progress("Reading", 1)
    text = document_from(content, name=name)
    few_enough(text)
    return load_stated(stated=stated_by(text), by=by, dry_run=dry_run, guard=guard, progress=progress)


MOST_RECORDS = 50_000
"""Records of a file that comes over the network: what takes more memory than one request may, a command loads."""


def few_enough(text: Text) -> None:
    """Refuse a document of more records than come over the network at once. Raises Refused."""
    if not isinstance(text.data, dict):
        return
    lists = (text.data.get(section.name) for section in sections())
    count = sum(len(records) for records in lists if isinstance(records, list))
    if count > MOST_RECORDS:
        words = (
            f"The file has {count:,} records; at most {MOST_RECORDS:,} are loaded over the network. Load it in parts, "
            "or ask whoever runs this site to load it by command."
        )
        raise DocumentRefused(text.name, [DocumentFault(words, code="too-large")])


def load_stated(
    *,
    stated: Stated,
    by: str,
    dry_run: bool = False,
    guard: Guard = unguarded,
    progress: Progress = without_progress,
) -> LoadReport:
    """Load what a document states, whatever it was read from: a text, a workbook, a register. Raises Refused as
    load_portfolio does, and what the guard raises."""
    with transaction.atomic():
        loading = _Loading(stated, by, progress)
        if loading.compared.brings_nothing and not loading.faults:
            report = replace(loading.review(set()), dry_run=dry_run)
            guard(report)
            if not dry_run:
                keep_contents(loading.header.slug, loading.compared.unkept)
            return report
        if not loading.faults.too_many:
            loading.take_in(last_is_tried=dry_run)
        if loading.faults:
            raise DocumentRefused(stated.text.name, loading.faults)
        report = replace(loading.report, dry_run=dry_run)
        guard(report)
        if dry_run:
            transaction.set_rollback(True)
        else:
            loading.finish(report)
    return report


class _Loading:
    """One document being loaded, in a transaction: what is new of it, its faults, and what has been written so far.

    `report` is there once a document without faults was taken in."""

    report: LoadReport

    def __init__(self, stated: Stated, by: str, progress: Progress) -> None:
        self.stated = stated
        self.by = by
        self.progress = progress
        self.header: Header = stated.document.portfolio
        self.stood = self._stood()
        known = known_records(self.header.slug)
        self.lives = lives_of(stated, dict(_held(named_outside(stated))))
        self.history = history_of(stated, self.lives)
        self.compared: DocumentComparison = compare(stated.text, self.header.slug, records_of(stated), known)
        found = chain(
            _reference_faults(stated),
            self.history.faults,
            unknown_bodies(stated, self.lives),
            (fault for chapter in chapters() for fault in chapter.faults(stated, self.lives)),
            self.compared.faults,
        )
        self.faults = Found(chain(stated.faults, stated.independent(found)))
        self.reported = {fault.pointer for fault in self.faults}
        self.entries: list[TrailEntry] = []
        self.wrote: set[Subject] = set()

    def _stood(self) -> bool:
        """Whether the portfolio is there already. Where it is not its row is written first of all, so that of two loads
        at once the second waits for the end of the first and finds everything there."""
        header = self.header
        if self.stated.faults or header.covers.to < header.covers.from_:
            return Portfolio.objects.filter(pk=header.slug).exists()
        return not Portfolio.objects.get_or_create(slug=header.slug, defaults=self._facts)[1]

    def review(self, spoken_of: set[str]) -> LoadReport:
        """What the document brings to the data, and which of some bodies it alters, before any of it is written."""
        review, alters = reviewed(self.compared), altered(spoken_of)
        portfolios = {body.portfolio for body in alters} | ({self.header.slug} if self.stood else set())
        return LoadReport(
            portfolio=self.header.slug,
            title=self.header.title,
            illustrative=self.header.illustrative,
            sections=self.compared.counts(),
            bodies=sum(1 for _ in self.stated.bodies()),
            changes=len(self.stated.document.changes),
            dry_run=False,
            review=review,
            alters=alters,
            upon=tuple(sorted(portfolios)),
            state=state_of(self.stated.text.sha256, review, alters, portfolios),
        )

    def take_in(self, *, last_is_tried: bool) -> None:
        """Replay segment by segment and write each, for a correction that strikes out or re-bases builds upon what is
        written; with `last_is_tried` the last one is only replayed. After a fault all that can still be written is, so
        that the faults of later segments are found too."""
        parts = parts_of(self.stated, self.history, self.compared.fresh.keys(), self.lives, self.faults)
        for request in parts.misshapen:
            self._report(f"change:{request.reference}", problems_of(request, rules_only(), request.named))
        if not self.faults:
            self.report = self.review(self._mentioned(parts))
        facts = by_segment(self.history.segments, parts.facts, self._provenance_after, self.lives)
        self.progress("Replaying", len(parts.requests))
        lock_with_neighbours(self._named_by(parts))
        brought = [
            number
            for number, segment in enumerate(self.history.segments)
            if number == 0 or facts[number] or any(each.reference in parts.requests for each in segment.requests)
        ]
        apart_from, passed_over = parts.apart_from, set[str]()
        for number in brought:
            segment, named = self.history.segments[number], self._named_by(parts)
            requests = [each for each in segment.requests if each.reference in parts.requests]
            replayed = replay(
                parts.bodies if number == 0 else (),
                parts.relationships if number == 0 else (),
                segment.in_order(
                    [_resolved(each) for each in requests if not (each.undoes and each.corrects in passed_over)],
                    facts[number],
                ),
                snapshot_of(named) if named else rules_only(),
                portfolio=self.header.slug,
                contributed=Contributed(
                    [contributor.operations for contributor in contributors()],
                    [contributor.findings for contributor in contributors()],
                ),
                apart_from=apart_from,
                progress=lambda: self.progress("Replaying", 0),
            )
            for about, problems in replayed.problems.items():
                self._report(about, problems)
            if self.faults and number != brought[-1]:
                done = {step.request.reference for step in replayed.steps if isinstance(step, Recorded)}
                passed_over |= {each.reference for each in requests} - done
                apart_from = replace(apart_from, tainted=replayed.tainted, unsure=replayed.unsure)
                if not self._written_for_a_try(replayed):
                    return
            elif not self.faults and not (last_is_tried and number == brought[-1]):
                self._write(replayed)
                self._describe({fact.about for fact in facts[number]})

    def _report(self, about: str, problems: Iterable[Problem]) -> None:
        """Add what a replay finds wrong, where no fault is told of the place yet."""
        for problem in problems:
            if problem.code == "unknown-organisation" and self.stated.unread:
                continue
            place = _within(self.history.place_of(about), problem.pointer)
            fault = self.stated.text.fault(problem.message, place, problem.code)
            if fault.pointer not in self.reported and not self.stated.is_wrong(fault.pointer):
                self.faults.append(fault)

    def _written_for_a_try(self, replayed: Replay) -> bool:
        """Write what is sound of a document with faults, which is refused in the end; whether it could be written."""
        try:
            with transaction.atomic():
                self._write(replayed)
        except (DatabaseError, Stale, ValueError):  # what has a fault can be more than a table takes
            return False
        return True

    def _provenance_after(self, fact: StatedFact) -> str | None:
        """The change after which a fact came to be known, where the document says."""
        part: Any = self.compared.fresh[fact.about].part
        after: str | None = part.known_after
        return after

    def _mentioned(self, parts: Parts) -> set[str]:
        """Return the codes of every organisation that new and changed records mention."""
        codes = self._related_by(parts) | {code for fact in parts.facts for code in fact.rests_on}
        described = (record for record, _ in self.compared.changed.values())
        return codes | {code for record in described for code, _ in record.section.bodies(record.part)}

    def _named_by(self, parts: Parts) -> list[str]:
        """The bodies that the database holds of those that what is new speaks of; with facts of apps above, which may
        ask about any, all bodies of the portfolio."""
        codes = self._related_by(parts) | {body.code for body in parts.bodies}
        if parts.facts:
            codes |= self.lives.keys()
            codes |= set(Organisation.objects.filter(portfolio=self.header.slug).values_list("pk", flat=True))
        return sorted(code for code, _ in _held(codes))

    def _related_by(self, parts: Parts) -> set[str]:
        """The codes that new relationships and changes name."""
        requests = [_resolved(each) for each in self.history.requests if each.reference in parts.requests]
        relationships = [
            *parts.relationships,
            *(relationship for body in parts.bodies for relationship in body.relationships),
        ]
        return {code for relationship in relationships for code in (relationship.subject, relationship.object)} | set(
            codes_of(*requests)
        )

    def _write(self, replayed: Replay) -> None:
        self._portfolio()
        self.progress("Writing", len(replayed.steps))
        for step in replayed.steps:
            if isinstance(step, Recorded):
                change, wrote = record_change(step, by=self.by)
                self.wrote |= wrote
                details = {"reference": change.reference, "title": change.title}
                self.entries.append(TrailEntry("record-change", f"change {change.pk}", details))
            else:
                self.wrote |= write(step, change=None)
            self.progress("Writing", 0)

    def _describe(self, keys: Iterable[str]) -> None:
        """Write what the records say beyond their dated facts."""
        named = set(keys)
        stated = self.compared.fresh | {key: record for key, (record, _) in self.compared.changed.items()}
        for chapter in chapters():
            sections = {section.name for section in chapter.sections}
            records = {
                key: record.part for key, record in stated.items() if key in named and record.section.name in sections
            }
            if records:
                self.wrote.update(chapter.describe(records, portfolio=self.header.slug))

    @cached_property
    def _facts(self) -> dict[str, Any]:
        covers = self.header.covers
        stated = self.header.model_dump(exclude={"slug", "covers"})
        return {**stated, "covers_from": covers.from_, "covers_to": covers.to}

    def _portfolio(self) -> Portfolio:
        slug = self.header.slug
        if PORTFOLIO in self.compared.changed:
            return Portfolio.objects.update_or_create(slug=slug, defaults=self._facts)[0]
        return Portfolio.objects.get_or_create(slug=slug, defaults=self._facts)[0]

    def finish(self, report: LoadReport) -> None:
        """Write what describes, the records themselves, the load and the audit trail."""
        portfolio, text = self._portfolio(), self.stated.text
        self._describe(self.compared.changed)
        counts = {"created": report.created, "changed": report.changed, "unchanged": report.unchanged}
        load = PortfolioLoad.objects.create(
            portfolio=portfolio, file_name=text.name, sha256=text.sha256, loaded_by=self.by, **counts
        )
        keep(portfolio, load, self.compared)
        for key, (_, fields) in self.compared.changed.items():
            details = {"record": key, "fields": fields}
            self.entries.append(TrailEntry("describe-anew", f"portfolio {portfolio.slug}", details))
        brought = {"file": text.name, "sha256": text.sha256, **counts}
        self.entries.append(TrailEntry("load-portfolio", f"portfolio {portfolio.slug}", brought, self.wrote))
        record_all(actor=self.by, entries=self.entries)


def _reference_faults(stated: Stated) -> Iterator[DocumentFault]:
    return cross_faults(
        stated,
        forms=set(Form.objects.values_list("slug", flat=True)),
        sources=set(Source.objects.values_list("slug", flat=True)),
        checks=set(PolicyCheck.objects.values_list("code", flat=True)),
    )


def _held(codes: Iterable[str]) -> Iterator[tuple[str, StatedLife]]:
    """Those of the bodies that the database holds, with their lives."""
    for batch in batches(sorted(codes)):
        rows = Organisation.with_struck_out.filter(pk__in=batch)
        for code, opened, closed, illustrative in rows.values_list("pk", "opened", "closed", "portfolio__illustrative"):
            yield code, StatedLife(opened, closed, illustrative=illustrative, held=True)


def _resolved(request: ChangeRequest) -> ChangeRequest:
    """A change that strikes out an earlier one, with the number of that one and the bodies that took part in it."""
    if not request.undoes:
        return request
    struck = Change.objects.filter(portfolio=request.portfolio, reference=request.corrects).first()
    if struck is None:
        return request
    parties = ChangeParty.objects.filter(change=struck).order_by("role", "position")
    codes = tuple(dict.fromkeys(parties.values_list("organisation_id", flat=True)))
    return replace(request, corrects=str(struck.pk), originals=request.originals or codes)


def _within(place: Place, pointer: str) -> Place:
    return (*place, *steps_of(pointer))
