"""Answers to recommendations and the form of a group of services: what is taken, what is refused, what is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from commissioning.domain.vocabulary import AnswerState
from commissioning.models import PortfolioGroup, RecommendationAnswer
from commissioning.services.portfolio import answer_recommendation, choose_form
from pcorg.core.audit.models import AuditEntry
from pcorg.core.policies import Actor
from pcorg.core.refusals import Refusal
from tests.factories import commissioning as factory

pytestmark = pytest.mark.django_db
ANN = Actor("ann", commissions=True)
JUNE = date(2009, 6, 1)


def answer(trust: str, to: str, **given: Any) -> RecommendationAnswer:
    facts = {"state": AnswerState.UNDER_WAY, "evidence": "", "answered_on": JUNE, "by": ANN} | given
    return answer_recommendation(organisation=trust, recommendation=to, **facts)


def refused(call: Callable[..., Any], *args: Any, **given: Any) -> tuple[str, set[tuple[str, str]]]:
    with pytest.raises(Refusal) as refusal:
        call(*args, **given)
    return refusal.value.code, {(problem.pointer, problem.code) for problem in refusal.value.problems}


def test_an_answer_is_recorded_and_stands_on_the_trail() -> None:
    made, to = factory.trust_with_everything(), factory.recommendation()
    answered = answer(made.trust.pk, to.pk, state=AnswerState.MET, evidence=" Board paper 12. ")
    assert (answered.by, answered.basis, answered.evidence) == ("ann", "decision", "Board paper 12.")
    entry = AuditEntry.objects.get(action="answer-recommendation")
    assert (entry.actor, entry.subject) == ("ann", f"organisation {made.trust.pk}")
    assert entry.particulars["state"] == "met"


def test_an_answer_is_never_altered() -> None:
    made, to = factory.trust_with_everything(), factory.recommendation()
    answer(made.trust.pk, to.pk)
    assert refused(answer, made.trust.pk, to.pk, state=AnswerState.NOT_STARTED)[0] == "conflict"
    answer(made.trust.pk, to.pk, answered_on=JUNE + timedelta(1), state=AnswerState.NOT_STARTED)
    assert RecommendationAnswer.objects.filter(organisation=made.trust).count() == 2


def test_everything_wrong_with_an_answer_is_told_at_once() -> None:
    tomorrow = timezone.localdate() + timedelta(1)
    code, problems = refused(answer, "X-NO", "r-no", state=AnswerState.MET, answered_on=tomorrow)
    assert code == "invalid"
    assert problems == {
        ("/organisation", "unknown-organisation"),
        ("/recommendation", "invalid"),
        ("/evidence", "invalid"),
        ("/answered_on", "invalid"),
    }
    assert not RecommendationAnswer.objects.filter(by="ann").exists()


def test_a_trust_answers_while_it_is_in_force() -> None:
    made, to = factory.trust_with_everything(), factory.recommendation()
    before = made.trust.opened - timedelta(1)
    assert refused(answer, made.trust.pk, to.pk, answered_on=before)[1] == {("/answered_on", "not-in-force")}


def test_only_commissioners_decide() -> None:
    made, to = factory.trust_with_everything(), factory.recommendation()
    assert refused(answer, made.trust.pk, to.pk, by=Actor("eve"))[0] == "forbidden"
    choice = {"chosen_form": None, "chosen_on": None, "by": Actor("eve")}
    assert refused(choose_form, group=made.group.pk, **choice)[0] == "forbidden"


def test_a_form_is_chosen_and_taken_back() -> None:
    group = factory.trust_with_everything().group
    chosen = {"chosen_form": "community-interest-company", "chosen_on": date(2009, 9, 30), "by": ANN}
    choose_form(group=group.pk, **chosen)
    held = PortfolioGroup.objects.get(pk=group.pk)
    assert (held.chosen_form_id, held.chosen_on) == ("community-interest-company", date(2009, 9, 30))
    assert held.coherence == group.coherence
    entries = AuditEntry.objects.filter(action="choose-form-of-group").count()
    choose_form(group=group.pk, **chosen)
    assert AuditEntry.objects.filter(action="choose-form-of-group").count() == entries
    choose_form(group=group.pk, chosen_form=None, chosen_on=None, coherence="One team", by=ANN)
    held.refresh_from_db()
    assert (held.chosen_form_id, held.chosen_on, held.coherence) == (None, None, "One team")


@pytest.mark.parametrize(
    ("form", "on", "pointers"),
    [
        ("no-such-form", date(2009, 9, 30), {"/chosen_form"}),
        ("acute-trust", date(2009, 9, 30), {"/chosen_form"}),
        ("community-interest-company", None, {"/chosen_on"}),
        (None, date(2009, 9, 30), {"/chosen_on"}),
        ("acute-trust", date(1999, 1, 1), {"/chosen_form", "/chosen_on"}),
    ],
)
def test_what_is_no_choice_is_refused(form: str | None, on: date | None, pointers: set[str]) -> None:
    group = factory.trust_with_everything().group
    code, problems = refused(choose_form, group=group.pk, chosen_form=form, chosen_on=on, by=ANN)
    assert code == "invalid"
    assert {pointer for pointer, _ in problems} == pointers
