"""What a check finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from organisations.domain.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """A check's outcome, in a sentence a commissioner understands, with the source of the rule."""

    code: str
    outcome: Outcome
    message: str
    source: str


def passing(code: str, message: str, source: str) -> Finding:
    """The check is met."""
    return Finding(code, Outcome.PASS, message, source)


def advising(code: str, message: str, source: str) -> Finding:
    """Something to weigh."""
    return Finding(code, Outcome.ADVISE, message, source)


def blocking(code: str, message: str, source: str) -> Finding:
    """The rules do not allow it."""
    return Finding(code, Outcome.BLOCK, message, source)


SEVERITY = (Outcome.PASS, Outcome.ADVISE, Outcome.BLOCK)


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each check, in the order in which they were found first: what several apps found of one check
    together, with the worst of their outcomes and every sentence."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    return tuple(_together(found) for found in by_code.values())


def _together(found: list[Finding]) -> Finding:
    worst = max(found, key=lambda finding: SEVERITY.index(finding.outcome))
    messages = dict.fromkeys(finding.message for finding in found)
    sources = dict.fromkeys(finding.source for finding in found)
    return Finding(worst.code, worst.outcome, " ".join(messages), "; ".join(sources))


SHOWN = 6
"""Names a sentence gives before it says how many more there are."""


def listed(names: Iterable[str], between: str = ", ") -> str:
    """Names in a sentence: the first few, and how many more there are."""
    names = list(names)
    more = len(names) - SHOWN
    return between.join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
