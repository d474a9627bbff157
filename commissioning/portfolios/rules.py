"""Rules about who may hold what, held in the state of the day on which a record begins: forms change with time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from commissioning.portfolios.facts import Rule
from organisations.domain.forms import COUNCIL, HEALTH_AUTHORITY, PMS_PILOT, FormFacts
from organisations.domain.snapshot import Snapshot
from organisations.domain.vocabulary import Family
from pcorg.core.refusals import Problem


def form_of(state: Snapshot, code: str, on: date) -> FormFacts | None:
    """The form a body has on a day."""
    slug = state.bodies[code].form_on(on)
    return None if slug is None else state.forms[slug]


def _called(state: Snapshot, code: str) -> str:
    return f"{state.bodies[code].last_name()} ({code})"


def _formed(form: FormFacts | None) -> str:
    return f": its form is “{form.label}”" if form else ""


def holds_a_budget(code: str, on: date) -> Rule:
    """A budget is not held by a body whose form is known to hold none; its health authority may hold it instead."""

    def rule(state: Snapshot) -> Iterator[Problem]:
        form = form_of(state, code, on)
        if form is None or form.holds_budget is False:
            words = (
                f"{_called(state, code)} holds no budget of its own on that day{_formed(form)}. Name the body that "
                "holds it, for example its health authority."
            )
            yield Problem("invalid", words, "/organisation")

    return rule


def has_a_provider_arm(code: str, on: date) -> Rule:
    """A provider arm is part of a primary care trust (The King's Fund 2009, lines 1292 to 1312)."""

    def rule(state: Snapshot) -> Iterator[Problem]:
        form = form_of(state, code, on)
        if form is None or form.family is not Family.GROUPS_AND_TRUSTS or not form.free_standing:
            words = (
                f"{_called(state, code)} has no provider arm on that day{_formed(form)}. Name the primary care trust "
            )
            yield Problem("invalid", f"{words}that the arm is part of.", "/organisation")

    return rule


def pooled_with_a_council(partners: Sequence[str], on: date) -> Rule:
    """A pool joins money of the NHS with money of at least one council (Health Act 1999)."""

    def rule(state: Snapshot) -> Iterator[Problem]:
        forms = [form_of(state, code, on) for code in partners]
        if not any(form is not None and form.slug == COUNCIL for form in forms):
            yield Problem(
                "invalid", "No partner is a council: name the council that pools with them.", "/contributions"
            )
        if not any(form is not None and _of_the_nhs(form) for form in forms):
            words = "No partner is an NHS body: name the one that pools with the council."
            yield Problem("invalid", words, "/contributions")

    return rule


def _of_the_nhs(form: FormFacts) -> bool:
    return form.slug != COUNCIL and form.family is not Family.PROVIDER_ARM_INDEPENDENT


def with_a_health_authority(commissioner: str, provider: str, on: date) -> Rule:
    """A PMS contract is between a health authority, or who took over from one, and the pilot (Goodwin 2001, lines 174
    to 191)."""

    def rule(state: Snapshot) -> Iterator[Problem]:
        if not _ever_an_authority(state, commissioner):
            words = f"{_called(state, commissioner)} is no health authority and took over from none: a PMS contract is "
            yield Problem("invalid", f"{words}with one of these.", "/commissioner")
        yield from of_form(provider, on, PMS_PILOT, "/provider")(state)

    return rule


def of_form(code: str, on: date, slug: str, pointer: str) -> Rule:
    """A body has a form on a day."""

    def rule(state: Snapshot) -> Iterator[Problem]:
        form = form_of(state, code, on)
        if form is None or form.slug != slug:
            label = state.forms[slug].label
            words = f"{_called(state, code)} does not have the form “{label}” on that day{_formed(form)}."
            yield Problem("invalid", words, pointer)

    return rule


def _ever_an_authority(state: Snapshot, code: str) -> bool:
    """Whether a body, or one that it came from however far back, was a health authority."""
    seen: set[str] = set()
    waiting = [code]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        body = state.bodies.get(each)
        if body is not None and any(dated.form == HEALTH_AUTHORITY for dated in body.forms):
            return True
        waiting += [edge.original for edge in state.edges if edge.resulting == each]
    return False
