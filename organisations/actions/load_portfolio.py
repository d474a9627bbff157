"""Loading a portfolio document: read, validate, replay, then write everything in one transaction or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from organisations.actions.recording import record_change
from organisations.actions.snapshots import BATCH, batches, rules_only, snapshot_of
from organisations.actions.writer import write
from organisations.contributors import contributors
from organisations.domain.replay import Replay, replay
from organisations.domain.snapshot import Snapshot
from organisations.ingest.document import Document, Part
from organisations.ingest.reading import Fault, Place, Refused, Text, read
from organisations.ingest.translation import History, history_of, tie_key
from organisations.ingest.validation import bodies_with_places, cross_faults, validated
from organisations.models import Form, LoadedRecord, Organisation, PolicyCheck, Portfolio, PortfolioLoad, Source
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
    text = read(path)
    document = validated(text)
    faults = _reference_faults(text, document)
    history = history_of(text, document)
    faults += history.faults
    if faults:
        raise Refused(text.name, faults)
    with transaction.atomic():
        known = _known_records(document)
        stated = dict(_records(document))
        _refuse_altered(text, document, stated, known, history)
        fresh = stated.keys() - known.keys()
        report = LoadReport(
            portfolio=document.portfolio.slug,
            title=document.portfolio.title,
            created=len(fresh),
            unchanged=len(stated) - len(fresh),
            bodies=sum(1 for _ in bodies_with_places(document)),
            changes=len(document.changes),
            dry_run=dry_run,
        )
        if not fresh:
            return report
        replayed = _replayed(text, document, history, fresh, progress)
        if not dry_run:
            _write(text, document, replayed, {key: stated[key] for key in fresh}, report, by, progress)
    return report


def _reference_faults(text: Text, document: Document) -> list[Fault]:
    return cross_faults(
        text,
        document,
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
    return dict(
        LoadedRecord.objects.filter(portfolio=document.portfolio.slug).values_list("key", "fingerprint")
    )


def _refuse_altered(
    text: Text, document: Document, stated: dict[str, str], known: dict[str, str], history: History
) -> None:
    """What is loaded already may not say something else now: history is corrected by a change."""
    altered = [key for key, fingerprint in stated.items() if key in known and known[key] != fingerprint]
    if altered:
        raise Refused(
            text.name,
            [
                text.fault(
                    "This is loaded already and says something else there. Put it right with a change of kind "
                    "correction instead of altering the record.",
                    history.place_of(key),
                    "conflict",
                )
                for key in altered
            ],
        )


def _replayed(text: Text, document: Document, history: History, fresh: set[str], progress: Progress) -> Replay:
    """Replay what is new upon what the database holds. Raises Refused where it cannot be."""
    slug = document.portfolio.slug
    codes = {body.code for body, _ in bodies_with_places(document)}
    codes |= {code for request in history.requests for code in request.touched}
    held = [code for batch in batches(sorted(codes)) for code in Organisation.objects.filter(pk__in=batch).values_list("pk", flat=True)]
    held += Organisation.objects.filter(portfolio=slug).values_list("pk", flat=True) if "portfolio" not in fresh else []
    start: Snapshot = snapshot_of(list(dict.fromkeys(held))) if held else rules_only()
    requests = [request for request in history.requests if f"change:{request.reference}" in fresh]
    progress("Replaying", len(requests))
    replayed = replay(
        [body for body in history.bodies if f"body:{body.code}" in fresh],
        [tie for key, tie in history.ties.items() if key in fresh],
        requests,
        start,
        portfolio=slug,
        contributions=[contributor.operations for contributor in contributors()],
        progress=lambda: progress("Replaying", 0),
    )
    if replayed.problems:
        raise Refused(
            text.name,
            [
                text.fault(problem.message, _within(history.place_of(about), problem.pointer), problem.code)
                for about, problems in replayed.problems.items()
                for problem in problems
            ],
        )
    return replayed


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
            {"file": text.name, "sha256": text.sha256, "created": report.created, "unchanged": report.unchanged},
        )
    )
    record_all(actor=by, entries=entries)
