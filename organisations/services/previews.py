"""Working out a proposed change without carrying it out: the path that effect takes too, up to the writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from organisations.contributors import contributors, measures
from organisations.domain.changes import ChangeRequest
from organisations.domain.checks import Finding, findings_of, merged
from organisations.domain.effects import Effect, effects_of
from organisations.domain.integrity import problems_of
from organisations.domain.operations import Impossible
from organisations.domain.planning import Plan, plan
from organisations.domain.snapshot import Snapshot
from organisations.domain.totals import Totals, before_and_after
from organisations.domain.vocabulary import ChangeKind, Outcome
from organisations.models import Change, ChangeParty, LineageEdge, Organisation, PolicyCheck, Portfolio, Source
from organisations.services.snapshots import snapshot_of, without
from organisations.specs.change import (
    ProposedChange,
    backwards,
    citations,
    repointed,
)
from organisations.specs.requests import to_request
from pcorg.core.batches import BATCH, batches
from pcorg.core.http.budgets import Work, spending
from pcorg.core.refusals import Invalid, Problem, Unacceptable


@dataclass(frozen=True)
class Preview:
    """What a change would do, and what the checks say of it.

    `hypothetical` tells that later changes stand on the bodies: what is shown is what would have been.
    """

    plan: Plan
    findings: tuple[Finding, ...]
    hypothetical: bool
    before: Totals
    after: Totals

    @property
    def permitted(self) -> bool:
        """Whether no check blocks."""
        return not self.blocks

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """Findings that stand in the way."""
        return tuple(finding for finding in self.findings if finding.outcome is Outcome.BLOCK)

    @property
    def advisories(self) -> tuple[Finding, ...]:
        """Findings to weigh."""
        return tuple(finding for finding in self.findings if finding.outcome is Outcome.ADVISE)

    def effects(self) -> list[Effect]:
        """What each operation would do, in order."""
        return effects_of(self.plan)


def preview(*, spec: ProposedChange, pointers: Mapping[str, str] | None = None) -> Preview:
    """Work out a proposal; writes nothing.

    `pointers` says how the client's input names what a change of any kind names (see `ingest.proposal`). Raises
    Invalid for evidence about unknown checks, Unacceptable with every integrity problem, budgets.NotBegun where it
    names more parts than whoever asks may look at, or too much is being worked out.
    """
    with spending(Work.PARTS, spec.parts, instead="Look at fewer bodies at once."):
        return work_out(requested(spec, pointers or {}), pointers=pointers or {})


def requested(spec: ProposedChange, pointers: Mapping[str, str]) -> ChangeRequest:
    """The proposal as the engine takes it. Raises Invalid for evidence on unknown checks or no known portfolio."""
    known = set(PolicyCheck.objects.values_list("code", flat=True))
    problems = [
        Problem("invalid", f"There is no check called {code}.", f"/evidence/{code}")
        for code in spec.evidence
        if code not in known
    ]
    problems += [*_unknown_records(spec), *backwards(spec)]
    portfolio = portfolio_of(spec)
    if portfolio is None:
        problems.append(Problem("invalid", "Say to which portfolio the new body belongs.", "/portfolio"))
    elif spec.portfolio and not Portfolio.objects.filter(pk=portfolio).exists():
        problems.append(Problem("invalid", f"There is no portfolio called {portfolio}.", "/portfolio"))
    if problems:
        raise Invalid([repointed(problem, pointers) for problem in problems])
    return request_from(spec, portfolio=portfolio or "")


def request_from(spec: ProposedChange, *, portfolio: str, reference: str = "") -> ChangeRequest:
    """The proposal in the domain's terms; one that undoes an earlier change is about that change's bodies."""
    request = to_request(spec, portfolio=portfolio, reference=reference)
    if request.undoes and not request.originals:
        parties = ChangeParty.objects.filter(change=spec.corrects).order_by("role", "position")
        codes = dict.fromkeys(parties.values_list("organisation_id", flat=True))
        request = replace(request, originals=tuple(codes))
    return request


def _unknown_records(spec: ProposedChange) -> list[Problem]:
    """Sources and a change to be corrected that are named and do not exist."""
    cited = list(citations(spec))
    known = set(Source.objects.filter(pk__in={slug for _, slug in cited}).values_list("pk", flat=True)) if cited else ()
    problems = [
        Problem("invalid", f"There is no source called {slug}.", place) for place, slug in cited if slug not in known
    ]
    if spec.corrects is not None and not Change.objects.filter(pk=spec.corrects).exists():
        problems.append(Problem("invalid", f"No change has the number {spec.corrects}.", "/corrects"))
    return problems


def portfolio_of(spec: ProposedChange) -> str | None:
    """The portfolio a proposal is about: the one it names, else that of the bodies it starts from, else the only real
    one there is. None where that leaves it open."""
    if spec.portfolio:
        return spec.portfolio
    if spec.corrects is not None:
        corrected = Change.objects.filter(pk=spec.corrects).values_list("portfolio", flat=True).first()
        return None if corrected is None else str(corrected)
    codes = [*spec.originals, *([spec.organisation] if spec.organisation else [])]
    found = Organisation.objects.filter(pk__in=codes[:BATCH]).values_list("portfolio", flat=True).first()
    if found is not None:
        return str(found)
    real = list(Portfolio.objects.filter(illustrative=False).values_list("pk", flat=True)[:2])
    return str(real[0]) if len(real) == 1 else None


def work_out(request: ChangeRequest, *, pointers: Mapping[str, str]) -> Preview:
    """Plan a request on what the database holds now, and check it. Raises Unacceptable."""
    return _on(snapshot_of(codes_of(request)), request, pointers)


def work_out_in_order(requests: Sequence[ChangeRequest]) -> list[Preview | Unacceptable]:
    """What each of several requests would do once those before it had been carried out. One that cannot be planned
    stands there as the refusal it is; those after it are worked out without it."""
    return work_out_from(snapshot_of(codes_of(*requests)), requests)


def work_out_from(snapshot: Snapshot, requests: Sequence[ChangeRequest]) -> list[Preview | Unacceptable]:
    """The same upon a snapshot that is of all the bodies the requests name (`codes_of`)."""
    found: list[Preview | Unacceptable] = []
    for number, request in enumerate(requests):
        try:
            outcome = _on(snapshot, request, {})
        except Unacceptable as refusal:
            found.append(refusal)
        else:
            found.append(outcome)
            snapshot = outcome.plan.after.remembering(request.remembered(number))
    return found


def _on(snapshot: Snapshot, request: ChangeRequest, pointers: Mapping[str, str]) -> Preview:
    hypothetical = _has_later_history(request, snapshot)
    if hypothetical:
        later = {past.change for past in snapshot.history if past.effective_on > request.effective_on}
        snapshot = without(snapshot, later).rewound(request.effective_on)
    problems = problems_of(request, snapshot)
    if not problems:
        try:
            planned = plan(request, snapshot, [contributor.operations for contributor in contributors()])
        except Impossible as fault:
            problems = [Problem(fault.code, fault.message, fault.pointer)]
    if problems:
        raise Unacceptable([repointed(problem, pointers) for problem in problems])
    before, after = before_and_after(planned, measures())
    findings = merged([*findings_of(planned), *_contributed(planned)])
    return Preview(planned, findings, hypothetical, before, after)


def codes_of(*requests: ChangeRequest) -> list[str]:
    """Every body that requests name and that is known, in order of code: those they touch, those their codes collide
    with, and those their relationships lead to."""
    named: set[str] = set()
    for request in requests:
        named |= {*request.named} | {move.what for move in request.moves} | _on_the_way(request)
    return sorted(
        code
        for batch in batches(sorted(named))
        for code in Organisation.with_struck_out.filter(pk__in=batch).values_list("pk", flat=True)
    )


def _on_the_way(request: ChangeRequest) -> set[str]:
    """The bodies that a change takes people back from, and all that their people may have come through since."""
    found: set[str] = set()
    reached = set(request.taken_back_from)
    while reached:
        found |= reached
        edges = LineageEdge.objects.filter(original__in=reached, change__effective_on__lte=request.effective_on)
        reached = set(edges.values_list("resulting_id", flat=True)) - found
    return found


def _has_later_history(request: ChangeRequest, snapshot: Snapshot) -> bool:
    if request.kind is ChangeKind.CORRECTION:
        return False  # a correction is put under later history and re-bases it
    touched = set(request.touched)
    return any(past.effective_on > request.effective_on and touched & past.codes for past in snapshot.history)


def _contributed(planned: Plan) -> list[Finding]:
    return [finding for contributor in contributors() for finding in contributor.findings(planned)]
