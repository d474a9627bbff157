"""What would come of a change, in words: each check with its reason and source, totals before and after, and what
happens to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from organisations.contributors import totals_wording
from organisations.domain.checks import Finding
from organisations.domain.totals import UNKNOWN, Knowledge, Total, Totals
from organisations.domain.vocabulary import ChangeStatus, Outcome, SettledBy
from organisations.models import PolicyCheck, Source
from organisations.services.previews import Preview
from organisations.services.proposal_writes import SETTLED_LATER
from organisations.web.presenters.proposing.body_effects import BodyEffects, effects_by_body
from organisations.web.presenters.references import Citation, citation
from pcorg.core.pages.scope import Scope

COLOURS = {Outcome.PASS: "green", Outcome.ADVISE: "yellow", Outcome.BLOCK: "red"}


@dataclass(frozen=True)
class FindingRow:
    """What a check finds, as a row."""

    code: str
    title: str
    outcome: str
    colour: str
    message: str
    href: str
    citation: Citation | None
    source: str
    evidence: bool
    reason: str = ""


@dataclass(frozen=True)
class TotalRow:
    """A total before and after."""

    label: str
    before: str
    after: str
    kept: bool


@dataclass(frozen=True)
class Shown:
    """A preview as a page shows it. `verdict` sums it up; `state` is its colour: ready, open or blocked."""

    state: str
    verdict: str
    hypothetical: bool
    findings: list[FindingRow]
    eve: date
    day: date
    totals: list[TotalRow]
    effects: list[BodyEffects] = field(default_factory=list)


def shown(
    preview: Preview,
    *,
    checks: Mapping[str, PolicyCheck],
    sources: Mapping[str, Source],
    scope: Scope,
    status: ChangeStatus = ChangeStatus.DRAFT,
) -> Shown:
    """A preview in words. `status` is how far the change has come: the verdict speaks of the step that comes next."""
    request = preview.plan.request
    assert request is not None
    state, verdict = _verdict(preview, status)
    on = request.effective_on
    return Shown(
        state=state,
        verdict=verdict,
        hypothetical=preview.hypothetical,
        findings=finding_rows(preview.findings, checks=checks, sources=sources, scope=scope),
        eve=on - timedelta(days=1),
        day=on,
        totals=total_rows(preview.before, preview.after),
        effects=effects_by_body(preview.effects(), _namer(preview), _form_labels(preview)),
    )


NEXT = {ChangeStatus.PROPOSED: "approved", ChangeStatus.CONSULTING: "approved", ChangeStatus.APPROVED: "carried out"}


def _verdict(preview: Preview, status: ChangeStatus) -> tuple[str, str]:
    step = NEXT.get(status, "proposed")
    later = [finding for finding in preview.blocks if finding.code in SETTLED_LATER]
    now = len(preview.blocks) - len(later)
    if now:
        return "blocked", f"{_checks(now)} in the way. It cannot be {step} like this."
    advice = f" {_advice(len(preview.advisories))}" if preview.advisories else ""
    if later:
        may = "It can be proposed. " if step == "proposed" else ""
        return "open", f"{may}{_checks(len(later))} in the way until evidence is recorded.{advice}"
    return "ready", f"It can be {step}: no check stands in the way.{advice}"


def _checks(number: int) -> str:
    return "1 check stands" if number == 1 else f"{number} checks stand"


def _advice(number: int) -> str:
    return "1 check asks for thought." if number == 1 else f"{number} checks ask for thought."


def finding_rows(
    findings: Iterable[Finding], *, checks: Mapping[str, PolicyCheck], sources: Mapping[str, Source], scope: Scope
) -> list[FindingRow]:
    """Findings as rows: what blocks first, then what advises, then what passes."""
    order = {Outcome.BLOCK: 0, Outcome.ADVISE: 1, Outcome.PASS: 2}
    return [
        finding_row(finding, checks=checks, sources=sources, scope=scope)
        for finding in sorted(findings, key=lambda finding: order[finding.outcome])
    ]


def finding_row(
    finding: Finding, *, checks: Mapping[str, PolicyCheck], sources: Mapping[str, Source], scope: Scope
) -> FindingRow:
    """Build the row of a finding."""
    check = checks.get(finding.code)
    slug, _, locator = finding.source.partition(" ")
    cited = citation(sources[slug], locator, about=scope.link("about-the-data")) if slug in sources else None
    return FindingRow(
        code=finding.code,
        title=check.title if check else finding.code,
        outcome=finding.outcome.label,
        colour=COLOURS[finding.outcome],
        message=finding.message,
        href=f"{scope.link('forms')}#check-{finding.code}",
        citation=cited,
        source=finding.source,
        evidence=check is not None and check.settled_by != SettledBy.DATA,
    )


MEASURES: Sequence[tuple[str, Callable[[Totals], Total]]] = (
    ("Organisations", lambda totals: Total(totals.bodies)),
    ("People", lambda totals: totals.population),
    ("Organisations whose people are not known", lambda totals: Total(totals.population_unknown)),
    ("Councils they lie in", lambda totals: totals.councils),
    ("Members", lambda totals: totals.members),
)
ALWAYS = {"Organisations", "People"}
"""Totals that are shown even where they are 0."""


def total_rows(before: Totals, after: Totals) -> list[TotalRow]:
    """Totals side by side; what apps above add up comes last, with the label and format that each gives."""
    rows = [
        _total_row(label, of(before), of(after))
        for label, of in MEASURES
        if label in ALWAYS or of(before) != Total(0) or of(after) != Total(0)
    ]
    formats = totals_wording()
    for name in dict.fromkeys((*before.contributed, *after.contributed)):
        label, figure = formats.get(name, (name.replace("-", " ").capitalize(), "{:,}"))
        earlier, later = before.contributed.get(name, UNKNOWN), after.contributed.get(name, UNKNOWN)
        rows.append(_total_row(label, earlier, later, figure))
    return rows


def _total_row(label: str, before: Total, after: Total, figure: str = "{:,}") -> TotalRow:
    return TotalRow(label, in_words(before, figure), in_words(after, figure), before == after)


def in_words(total: Total, figure: str = "{:,}") -> str:
    """A total for readers: its figure in a format, whether there may be more, or that it is not recorded."""
    match total.knowledge:
        case Knowledge.UNKNOWN:
            return "Not recorded"
        case Knowledge.PARTLY_KNOWN:
            return f"At least {figure.format(total.amount)}"
        case Knowledge.KNOWN:
            return figure.format(total.amount)


def _namer(preview: Preview) -> Callable[[str], str]:
    """The name of any body the preview knows."""

    def name(code: str) -> str:
        body: Any = preview.plan.after.bodies.get(code) or preview.plan.before.bodies.get(code)
        return body.last_name() if body is not None else code

    return name


def _form_labels(preview: Preview) -> dict[str, str]:
    return {slug: facts.label for slug, facts in preview.plan.after.forms.items()}
