"""Portfolio files that come over the network: a first load goes through, and one that alters what is recorded waits for
an approver who is somebody else.

Each step is one transaction with its entry on the audit trail. People are told apart by the number of their account.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.utils import timezone

from organisations.domain.vocabulary import LoadState
from organisations.models import PortfolioLoad, WaitingLoad
from organisations.policies import PortfolioPermission
from organisations.portfolios.reading import DocumentFault, DocumentRefused
from organisations.services.load_portfolio import load_content
from organisations.services.load_reports import LoadReport, Progress, without_progress
from pcorg.core.audit.trail import record
from pcorg.core.http.database_errors import is_clash
from pcorg.core.policies import Actor
from pcorg.core.refusals import Refusal, StaleVersion, require
from pcorg.core.uploads import files
from pcorg.core.writes import existing

MOST_WAITING = 5
"""Files of one person that wait at a time."""

AGAIN = "Somebody else is writing the same at this moment, so nothing of this was loaded. Try again."
STALE = (
    "The data have changed since this was looked at, and the file would now do something else. What it would do is "
    "worked out anew: look at it again."
)

log = structlog.get_logger("pcorg.loads")


class _NotAllowed(Exception):
    """A load that may not go on: it wants confirming, or would not do what was confirmed."""

    def __init__(self, report: LoadReport) -> None:
        super().__init__(report.portfolio)
        self.report = report


def submit(*, content: bytes, name: str, by: Actor, progress: Progress = without_progress) -> LoadReport | WaitingLoad:
    """Load a file where it alters nothing that is recorded already; else let it wait for an approver.

    Raises Refused with every fault found, or with a single conflict where somebody else writes the same meanwhile;
    Refusal (`forbidden`) for anyone but a data administrator, (`conflict`) where too many of the person's files wait.
    """
    require(by, PortfolioPermission.LOAD)
    with one_at_a_time(name):
        try:
            return load_content(content=content, name=name, by=by.name, guard=_first_of_all, progress=progress)
        except _NotAllowed as wants:
            return _ask(content, name, by, wants.report)


def confirm(*, number: int, by: Actor, expected_state: str, progress: Progress = without_progress) -> WaitingLoad:
    """Load a file that waits, exactly as it was looked at: `expected_state` is the state that was shown.

    Raises NotFound; Refusal with `forbidden`, `own-proposal` or `not-allowed-in-status`; StaleVersion where another
    state was seen or the file would do something else now, which is then kept to be looked at anew; DocumentRefused
    where it has faults now.
    """
    with one_at_a_time(""):
        differs: LoadReport | None = None
        with transaction.atomic():
            waiting = _decidable(number, by, expected_state)
            assert waiting.upload is not None
            content = bytes(waiting.upload.content)
            try:
                load_content(
                    content=content,
                    name=waiting.file_name,
                    by=waiting.asked_by.get_username(),
                    guard=_the_same_as(waiting.state),
                    progress=progress,
                )
            except _NotAllowed as found:
                differs = found.report
                _note(waiting, differs)
            else:
                loads = PortfolioLoad.objects.filter(portfolio=waiting.portfolio, sha256=waiting.sha256)
                waiting.load = loads.order_by("-pk").first()
                _decide(waiting, LoadState.CONFIRMED, by)
        if differs is not None:
            raise StaleVersion(STALE)
    return waiting


def refuse(*, number: int, by: Actor, expected_state: str, reason: str) -> WaitingLoad:
    """Refuse a file that waits, with a reason. Raises as confirm does, and Refusal (`invalid`) without a reason."""
    if not reason.strip():
        raise Refusal("invalid", "Say why the file is refused.")
    with one_at_a_time(""), transaction.atomic():
        return _decide(_decidable(number, by, expected_state), LoadState.REFUSED, by, reason.strip())


def withdraw(*, number: int, by: Actor) -> WaitingLoad:
    """Take a file of one's own back. Raises NotFound, and Refusal: `forbidden` for anyone else,
    `not-allowed-in-status` once it is decided."""
    with one_at_a_time(""), transaction.atomic():
        waiting = _locked(number)
        require(by, PortfolioPermission.WITHDRAW, waiting)
        return _decide(waiting, LoadState.WITHDRAWN, by)


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """What the databases say in different ways when two write the same at once, in one. Raises Refused."""
    try:
        yield
    except DatabaseError as error:
        if not is_clash(error):
            raise
        log.warning("load clashed", error=str(error))
        raise DocumentRefused(name, [DocumentFault(AGAIN, code="conflict")]) from error


def _first_of_all(report: LoadReport) -> None:
    if report.alters_history:
        raise _NotAllowed(report)


def _the_same_as(state: str) -> Any:
    def guard(report: LoadReport) -> None:
        if report.state != state:
            raise _NotAllowed(report)

    return guard


def _ask(content: bytes, name: str, by: Actor, report: LoadReport) -> WaitingLoad:
    with transaction.atomic():
        owner = by.id or 0  # who holds a role has an account
        digest = hashlib.sha256(content).hexdigest()
        own = WaitingLoad.objects.select_for_update(no_key=True).filter(asked_by=by.id, status=LoadState.WAITING)
        waiting = {each.sha256: each for each in own.order_by("pk")}
        if digest in waiting:
            return _note(waiting[digest], report)
        if len(waiting) >= MOST_WAITING:
            raise Refusal(
                "conflict", f"{len(waiting)} of your files wait already. Withdraw one, or wait for a decision."
            )
        made = WaitingLoad.objects.create(
            upload=files.hold(owner=owner, name=name, content=content),
            portfolio=report.portfolio,
            title=report.title,
            file_name=name[-255:],
            sha256=digest,
            asked_by_id=owner,
            review=asdict(report),
            state=report.state,
        )
        _record(made, "ask-to-load", by)
    return made


def _note(waiting: WaitingLoad, report: LoadReport) -> WaitingLoad:
    """Keep what the file would do now."""
    if waiting.state != report.state:
        waiting.review, waiting.state = asdict(report), report.state
        waiting.save(update_fields=["review", "state"])
    return waiting


def _locked(number: int) -> WaitingLoad:
    rows = WaitingLoad.objects.select_for_update(no_key=True, of=("self",)).select_related("asked_by")
    waiting = existing(rows, number)
    if waiting.status != LoadState.WAITING:
        message = f"This load does not wait any more: {LoadState(waiting.status).label.lower()}."
        raise Refusal("not-allowed-in-status", message)
    return waiting


def _decidable(number: int, by: Actor, expected_state: str) -> WaitingLoad:
    require(by, PortfolioPermission.CONFIRM)
    waiting = _locked(number)
    require(by, PortfolioPermission.CONFIRM, waiting)
    if waiting.state != expected_state:
        raise StaleVersion(STALE)
    return waiting


def _decide(waiting: WaitingLoad, status: LoadState, by: Actor, reason: str = "") -> WaitingLoad:
    upload = waiting.upload
    waiting.status, waiting.reason, waiting.upload = status.value, reason, None
    waiting.decided_by_id, waiting.decided_at = by.id, timezone.now()
    waiting.save()
    if upload is not None:
        files.forget(upload)
    _record(waiting, ACTIONS[status], by)
    return waiting


ACTIONS = {
    LoadState.CONFIRMED: "confirm-load",
    LoadState.REFUSED: "refuse-load",
    LoadState.WITHDRAWN: "withdraw-load",
}


def _record(waiting: WaitingLoad, action: str, by: Actor) -> None:
    details = {"waiting_load": waiting.pk, "file": waiting.file_name, "sha256": waiting.sha256, "state": waiting.state}
    if waiting.reason:
        details["reason"] = waiting.reason
    record(actor=by, action=action, subject=f"portfolio {waiting.portfolio}", particulars=details)
