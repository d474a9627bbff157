"""The report's recommendations as a checklist that a trust answers, with the evidence for each answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commissioning.domain.vocabulary import Addressee, AnswerState
from commissioning.models import Recommendation, RecommendationAnswer
from organisations.web.presenters.references import Citation, cited
from pcorg.core.pages.jinja2 import count, day

COLOURS = {
    AnswerState.MET: "green",
    AnswerState.UNDER_WAY: "blue",
    AnswerState.NOT_STARTED: "yellow",
    AnswerState.NOT_APPLICABLE: "grey",
}
Answered = Sequence[tuple[Recommendation, RecommendationAnswer | None]]
"""Recommendations, each with the answer that stands."""


@dataclass(frozen=True)
class ChecklistItem:
    """A recommendation with the answer that stands; `href` leads to the form that answers it."""

    slug: str
    theme: str
    text: str
    state: str
    colour: str
    evidence: str
    answered: str
    href: str
    citation: Citation | None


@dataclass(frozen=True)
class Checklist:
    """The recommendations that speak to one addressee."""

    label: str
    asked: list[ChecklistItem]
    met: int


def checklists(rows: Answered, answer_at: Mapping[str, str], *, about: str) -> list[Checklist]:
    """The recommendations by addressee. `answer_at` leads to the form that answers each; empty where nobody may.
    `about` is the address of the page on sources."""
    shown = []
    for addressee in Addressee:
        own = [(each, given) for each, given in rows if each.addressee == addressee]
        if own:
            items = [_asked(each, given, answer_at.get(each.pk, ""), about) for each, given in own]
            answered = sum(given is not None and given.state == AnswerState.MET for _, given in own)
            shown.append(Checklist(addressee.label, items, answered))
    return shown


def standing(rows: Answered) -> str:
    """How far a trust has come with the recommendations, in a sentence."""
    parts = []
    for state in AnswerState:
        number = sum(given is not None and given.state == state for _, given in rows)
        if number:
            parts.append(f"{number} {state.label[:1].lower()}{state.label[1:]}")
    unanswered = sum(given is None for _, given in rows)
    if unanswered:
        parts.append(f"{unanswered} not answered")
    return f"Of {count(len(rows), 'recommendation', 'recommendations')}: {', '.join(parts)}." if rows else ""


def _asked(each: Recommendation, given: RecommendationAnswer | None, href: str, about: str) -> ChecklistItem:
    state = AnswerState(given.state) if given else None
    return ChecklistItem(
        slug=each.pk,
        theme=each.theme,
        text=each.text,
        state=state.label if state else "Not answered",
        colour=COLOURS[state] if state else "white",
        evidence=given.evidence if given else "",
        answered=_answered(given) if given else "",
        href=href,
        citation=cited(each, about=about),
    )


def _answered(given: RecommendationAnswer) -> str:
    return f"{day(given.answered_on)} by {given.by}" if given.by else day(given.answered_on)
