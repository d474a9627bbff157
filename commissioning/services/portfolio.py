"""What people decide about a trust's portfolio: how it answers a recommendation, which form a group of services takes.

Neither moves anything from one body to another: that takes a change.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.utils import timezone

from commissioning.domain.vocabulary import AnswerState
from commissioning.models import GroupHolding, PortfolioGroup, Recommendation, RecommendationAnswer
from commissioning.policies import TrustPermission
from organisations.domain.vocabulary import Basis, Family
from organisations.models import Form, Organisation
from pcorg.core.audit.trail import record
from pcorg.core.policies import Actor
from pcorg.core.refusals import Problem, Refusal, require
from pcorg.core.writes import existing

ARM_FAMILIES = frozenset({Family.PROVIDER_ARM_NHS, Family.PROVIDER_ARM_INDEPENDENT})
"""The families of the eleven forms that a provider arm may take (The King's Fund 2009, Table C1)."""


def answer_recommendation(
    *, organisation: str, recommendation: str, state: AnswerState, evidence: str, answered_on: date, by: Actor
) -> RecommendationAnswer:
    """Record how a trust answers a recommendation on a day. An answer is never altered: the latest stands.

    Raises Refusal: `forbidden` for anyone but a commissioner, `invalid` with everything wrong at once, `conflict` where
    the trust answered it on that day already.
    """
    require(by, TrustPermission.ANSWER)
    with transaction.atomic():
        # The row of the trust is locked, so that of two answers for one day the second finds the first.
        body = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation).first()
        question = Recommendation.objects.filter(pk=recommendation).first()
        problems = list(_problems_of_answer(organisation, body, recommendation, question, state, evidence, answered_on))
        if problems:
            raise Refusal("invalid", "The answer cannot be recorded.", problems)
        earlier = RecommendationAnswer.objects.filter(
            organisation=organisation, recommendation=recommendation, answered_on=answered_on
        ).first()
        if earlier is not None:
            message = (
                f"{organisation} answered {recommendation} on {_day(answered_on)} already: "
                f"{AnswerState(earlier.state).label.lower()}. Give a later day; the latest answer stands."
            )
            raise Refusal("conflict", message, [Problem("conflict", message, "/answered_on")])
        made = RecommendationAnswer.objects.create(
            organisation_id=organisation,
            recommendation_id=recommendation,
            state=state,
            evidence=evidence.strip(),
            answered_on=answered_on,
            by=by.name,
            basis=Basis.DECISION,
        )
        record(
            actor=by,
            action="answer-recommendation",
            subject=f"organisation {organisation}",
            particulars={
                "recommendation": recommendation,
                "state": state.value,
                "answered_on": answered_on.isoformat(),
                "evidence": made.evidence,
            },
        )
    return made


def choose_form(
    *, group: str, chosen_form: str | None, chosen_on: date | None, coherence: str | None = None, by: Actor
) -> PortfolioGroup:
    """Choose the form that a group of services is to take, or take the choice back (both None); `coherence` says why
    its services belong together and stays as it was where it is None.

    Raises NotFound, and Refusal: `forbidden` for anyone but a commissioner, `invalid` with
    everything wrong at once.
    """
    require(by, TrustPermission.CHOOSE_FORM)
    with transaction.atomic():
        group_row = existing(PortfolioGroup.objects.select_for_update(no_key=True), group)
        form = Form.objects.filter(pk=chosen_form).first() if chosen_form else None
        problems = list(_problems_of_choice(group_row, chosen_form, form, chosen_on))
        if problems:
            raise Refusal("invalid", "The choice cannot be recorded.", problems)
        before = _choice_of(group_row)
        group_row.chosen_form, group_row.chosen_on = form, chosen_on
        if coherence is not None:
            group_row.coherence = coherence.strip()
        after = _choice_of(group_row)
        if after == before:
            return group_row
        group_row.save(update_fields=["chosen_form", "chosen_on", "coherence"])
        record(
            actor=by,
            action="choose-form-of-group",
            subject=f"portfolio group {group}",
            particulars={"before": before, "after": after},
        )
    return group_row


def _problems_of_answer(
    organisation: str,
    body: Organisation | None,
    recommendation: str,
    question: Recommendation | None,
    state: AnswerState,
    evidence: str,
    answered_on: date,
) -> Iterator[Problem]:
    if body is None:
        yield Problem("unknown-organisation", f"No organisation has the code {organisation}.", "/organisation")
    if question is None:
        yield Problem("invalid", f"There is no recommendation {recommendation}.", "/recommendation")
    if state is AnswerState.MET and not evidence.strip():
        yield Problem("invalid", "Say by what evidence it is met.", "/evidence")
    if answered_on > timezone.localdate():
        yield Problem("invalid", "The day of an answer cannot lie ahead.", "/answered_on")
    if body is not None and not _in_force(body, answered_on):
        message = f"{organisation} is not in force on {_day(answered_on)}."
        yield Problem("not-in-force", message, "/answered_on")


def _problems_of_choice(
    group_row: PortfolioGroup, slug: str | None, form: Form | None, chosen_on: date | None
) -> Iterator[Problem]:
    if slug and form is None:
        yield Problem("invalid", f"There is no form called {slug}.", "/chosen_form")
    if form is not None and form.family not in ARM_FAMILIES:
        message = (
            f"A provider arm cannot become a {form.label.lower()}; choose one of the eleven forms for provider arms."
        )
        yield Problem("invalid", message, "/chosen_form")
    if slug and chosen_on is None:
        yield Problem("invalid", "Say on which day the form was chosen.", "/chosen_on")
    if chosen_on is not None and not slug:
        yield Problem("invalid", "There is no day of a choice where no form is chosen.", "/chosen_on")
    if chosen_on is not None and not GroupHolding.objects.filter(item=group_row).as_of(chosen_on).exists():
        yield Problem("invalid", f"Nobody holds the group {group_row.pk} on {_day(chosen_on)}.", "/chosen_on")


def _choice_of(group: PortfolioGroup) -> dict[str, str | None]:
    return {
        "chosen_form": group.chosen_form_id,
        "chosen_on": group.chosen_on.isoformat() if group.chosen_on else None,
        "coherence": group.coherence,
    }


def _in_force(body: Organisation, on: date) -> bool:
    return body.opened <= on and (body.closed is None or on < body.closed)


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
