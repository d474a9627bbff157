"""What the jobs of portfolios do: check a file, and load it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.urls import reverse

from organisations.jobs import CHECK, LOAD
from organisations.models import WaitingLoad
from organisations.portfolios.reading import DocumentRefused
from organisations.services.load_portfolio import load_content
from organisations.services.load_reports import LoadReport
from organisations.services.waiting_loads import submit
from organisations.web.presenters import load as present
from pcorg.core.accounts.roles import Role, actor_of, roles_of
from pcorg.core.jobs.answering import as_refused
from pcorg.core.jobs.kinds import JobKind, JobOutcome, Person, register
from pcorg.core.jobs.running import JobRun
from pcorg.core.uploads import files


def _may(person: Person) -> bool:
    return Role.DATA_ADMINISTRATOR in roles_of(person)


def _checked(run: JobRun) -> present.Outcome:
    """What checking the file finds. Writes nothing."""
    file = run.file
    try:
        report = load_content(
            content=bytes(file.content), name=file.name, by=run.by.get_username(), dry_run=True, progress=run
        )
    except DocumentRefused as refused:
        return present.of_refusal(refused)
    return present.of_report(report)


def _keep(run: JobRun, outcome: present.Outcome) -> JobOutcome:
    """Keep the checked file for its owner, who decides on its page."""
    file = run.file
    kept = files.keep(owner=run.by.pk, name=file.name, content=bytes(file.content), outcome=outcome)
    faults = "faults" in outcome
    summary = f"{file.name} has {outcome['count']:,} faults." if faults else f"{file.name} has no faults."
    return JobOutcome(summary, page=reverse("load-file", args=[kept.pk]))


def _load(run: JobRun, prepared: None) -> JobOutcome:
    """Load the file: everything in it or nothing, and the note that it is done; what alters recorded history waits
    for an approver."""
    file = run.file
    with as_refused():
        report = submit(content=bytes(file.content), name=file.name, by=actor_of(run.by), progress=run)
    if "upload" in run.inputs and (kept := files.find(run.inputs["upload"], owner=run.by.pk)) is not None:
        files.forget(kept)
    if isinstance(report, WaitingLoad):
        summary = f"{report.title} alters what is recorded: an approver must confirm it first."
        return JobOutcome(summary, page=reverse("waiting-load", args=[report.pk]))
    return JobOutcome(_summary(report), page=f"{reverse('load')}#past", document=_document(report))


def _summary(report: LoadReport) -> str:
    if report.nothing_new:
        return f"{report.title}: nothing new."
    return f"{report.title} is loaded: {report.created:,} new records, {report.changed:,} updated."


def _document(report: LoadReport) -> dict[str, Any]:
    document = asdict(report)
    document.pop("review")
    return {**document, "created": report.created, "changed": report.changed, "unchanged": report.unchanged}


def register_kinds() -> None:
    """Make the kinds known."""
    register(
        JobKind(CHECK, "Check a portfolio", may=_may, prepare=_checked, finish=_keep),
        JobKind(LOAD, "Load a portfolio", may=_may, finish=_load),
    )
