"""Loading a portfolio document: read, validate, replay, then write everything in one transaction or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from organisations.actions.recording import record_change
from organisations.actions.snapshots import lock_with_neighbours, rules_only, snapshot_of
from organisations.actions.writer import write
from organisations.contributors import contributors
from organisations.domain.changes import ChangeRequest, NewBody
from organisations.domain.replay import Replay, replay
from organisations.domain.snapshot import Tie
from organisations.ingest.document import Document, Part
from organisations.ingest.reading import Fault, Place, Refused, Text, read
from organisations.ingest.stated import Stated, stated_by
from organisations.ingest.translation import History, history_of, tie_key
from organisations.ingest.validation import cross_faults
from organisations.models import (
    Form,
    LoadedRecord,
    Organisation,
    PolicyCheck,
    Portfolio,
    PortfolioLoad,
    Source,
)
from organisations.models.batches import BATCH, batches
from pcorg.audit.trail import Entry, record_all

Progress = Callable[[str, int], None]
"""Told of each stage as it goes on: its name and how many steps it has."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load brought, or would bring: records by natural key."""

    portfolio: str
    title: str
    created: int
    unchanged: int
    bodies: int
    changes: int
    dry_run: bool

    @property
    def nothing_new(self) -> bool:
        """Whether the document was loaded already."""
        return self.created == 0


def load_portfolio(
    *, path: Path, by: str, dry_run: bool = False, progress: Progress = lambda stage, steps: None
) -> LoadReport:
    """Load a portfolio document, or with `dry_run` say what loading it would do.

    Loading again what is loaded changes nothing. Raises Refused with every fault found; then, as after any
    interruption, nothing has been written.
    """
    progress("Reading", 1)
    stated = stated_by(read(path))
    history = history_of(stated)
    faults = [*stated.faults, *_reference_faults(stated), *history.faults]
    with transaction.atomic():
        document, text = stated.document, stated.text
        records = dict(_records(document))
        known = _known_records(document)
        faults += _altered(stated, records, known, history)
        fresh = records.keys() - known.keys()
        report = LoadReport(
            portfolio=document.portfolio.slug,
            title=document.portfolio.title,
            created=len(fresh),
            unchanged=len(records) - len(fresh),
            bodies=sum(1 for _ in stated.bodies()),
            changes=len(document.changes),
            dry_run=dry_run,
        )
        if not fresh and not faults:
            return report
        replayed = _replayed(stated, history, fresh, faults, progress)
        faults += _problems(stated, history, replayed)
        if faults:
            raise Refused(text.name, faults)
        if not dry_run:
            _write(text, document, replayed, {key: records[key] for key in fresh}, report, by, progress)
    return report


def _reference_faults(stated: Stated) -> list[Fault]:
    return cross_faults(
        stated,
        forms=set(Form.objects.values_list("slug", flat=True)),
        sources=set(Source.objects.values_list("slug", flat=True)),
        checks=set(PolicyCheck.objects.values_list("code", flat=True)),
    )


def _records(document: Document) -> Iterator[tuple[str, str]]:
    """Natural key and fingerprint of every record of the document."""
    yield "portfolio", _fingerprint(document.portfolio)
    for body in document.bodies:
        yield f"body:{body.code}", _fingerprint(body)
    for tie in document.relationships:
        yield tie_key(tie), _fingerprint(tie)
    for change in document.changes:
        yield f"change:{change.reference}", _fingerprint(change)


def _fingerprint(part: Part) -> str:
    content = json.dumps(part.model_dump(mode="json", by_alias=True), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def _known_records(document: Document) -> dict[str, str]:
    """Keys and fingerprints of what an earlier load of this portfolio brought. Locks the portfolio."""
    list(Portfolio.objects.select_for_update().filter(pk=document.portfolio.slug))
    return dict(LoadedRecord.objects.filter(portfolio=document.portfolio.slug).values_list("key", "fingerprint"))


def _altered(stated: Stated, records: dict[str, str], known: dict[str, str], history: History) -> list[Fault]:
    """What is loaded already may not say something else now: history is corrected by a change."""
    return [
        stated.text.fault(
            "This is loaded already and says something else there. Put it right with a change of kind correction "
            "instead of altering the record.",
            history.place_of(key),
            "conflict",
        )
        for key, fingerprint in records.items()
        if key in known and known[key] != fingerprint
    ]


def _replayed(stated: Stated, history: History, fresh: set[str], faults: list[Fault], progress: Progress) -> Replay:
    """Replay what is new upon what the database holds, leaving out what has a fault already or follows from one."""
    slug = stated.document.portfolio.slug
    codes = {body.code for body, _ in stated.bodies()}
    codes |= {code for request in history.requests for code in request.touched}
    held = Organisation.objects.filter(portfolio=slug).values_list("pk", flat=True) if "portfolio" not in fresh else ()
    taken = {
        code
        for batch in batches(sorted(codes))
        for code in Organisation.objects.filter(pk__in=batch).values_list("pk", flat=True)
    }
    known = sorted(taken.union(held))
    lock_with_neighbours(known)
    start = snapshot_of(known) if known else rules_only()
    sound = _Sound(stated.tainted, {fault.record for fault in faults}, history)
    bodies = [body for body in history.bodies if f"body:{body.code}" in fresh and sound.body(body)]
    ties = [tie for key, tie in history.ties.items() if key in fresh and sound.tie(key, tie)]
    requests = [
        request for request in history.requests if f"change:{request.reference}" in fresh and sound.change(request)
    ]
    progress("Replaying", len(requests))
    return replay(
        bodies,
        ties,
        requests,
        start,
        portfolio=slug,
        contributions=[contributor.operations for contributor in contributors()],
        contributed_checks=[contributor.findings for contributor in contributors()],
        progress=lambda: progress("Replaying", 0),
    )


class _Sound:
    """Tells which records can be replayed: those with no fault of their own that rest on no record with one.

    Ask it in the order of the document: what a faulty record names is tainted for those that follow.
    """

    def __init__(self, tainted: set[str], faulty: set[tuple[str, ...]], history: History) -> None:
        self.tainted = tainted
        self.faulty = faulty
        self.history = history

    def _at_fault(self, about: str) -> bool:
        return tuple(str(step) for step in self.history.place_of(about)[:2]) in self.faulty

    def body(self, body: NewBody) -> bool:
        if self._at_fault(f"body:{body.code}"):
            self.tainted.add(body.code)
        return body.code not in self.tainted

    def tie(self, key: str, tie: Tie) -> bool:
        return not self._at_fault(key) and not self.tainted & {tie.subject, tie.object}

    def change(self, request: ChangeRequest) -> bool:
        made = {body.code for body in request.new}
        if self._at_fault(f"change:{request.reference}") or self.tainted & {*request.touched, *made}:
            self.tainted |= {*request.originals, *made}
            return False
        return True


def _problems(stated: Stated, history: History, replayed: Replay) -> list[Fault]:
    return [
        stated.text.fault(problem.message, _within(history.place_of(about), problem.pointer), problem.code)
        for about, problems in replayed.problems.items()
        for problem in problems
    ]


def _within(place: Place, pointer: str) -> Place:
    steps = tuple(int(step) if step.isdigit() else step for step in pointer.split("/") if step)
    return (*place, *steps)


def _write(
    text: Text,
    document: Document,
    replayed: Replay,
    records: dict[str, str],
    report: LoadReport,
    by: str,
    progress: Progress,
) -> None:
    header = document.portfolio
    portfolio, _ = Portfolio.objects.get_or_create(
        slug=header.slug,
        defaults={
            "title": header.title,
            "illustrative": header.illustrative,
            "covers_from": header.covers.from_,
            "covers_to": header.covers.to,
            "summary": header.summary,
            "attribution": header.attribution,
            "limits": header.limits,
        },
    )
    progress("Writing", len(replayed.opening) + len(replayed.recorded))
    for opening in replayed.opening:
        write(opening, change=None)
        progress("Writing", 0)
    entries = []
    for recorded in replayed.recorded:
        change = record_change(recorded, by=by)
        entries.append(
            Entry("record-change", f"change {change.pk}", {"reference": change.reference, "title": change.title})
        )
        progress("Writing", 0)
    load = PortfolioLoad.objects.create(
        portfolio=portfolio,
        file_name=text.name,
        sha256=text.sha256,
        loaded_by=by,
        created=report.created,
        unchanged=report.unchanged,
    )
    LoadedRecord.objects.bulk_create(
        [LoadedRecord(portfolio=portfolio, key=key, fingerprint=print_, load=load) for key, print_ in records.items()],
        batch_size=BATCH,
    )
    entries.append(
        Entry(
            "load-portfolio",
            f"portfolio {header.slug}",
            {
                "file": text.name,
                "sha256": text.sha256,
                "created": report.created,
                "unchanged": report.unchanged,
            },
        )
    )
    record_all(actor=by, entries=entries)
