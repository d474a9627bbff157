"""What people say of a change by the forms on its page: reasons, evidence, news of the consultation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from organisations.services.amendments import ConsultationNews
from organisations.web.presenters.proposing.rows import NotANumber, whole_typed
from pcorg.core.refusals import Problem, Refusal
from pcorg.core.values import day_typed

LONGEST = 5000


TOO_LONG = f"Use at most {LONGEST:,} letters"


def unreadable(faults: Mapping[str, str]) -> Refusal:
    """The refusal of a form that cannot be read, for what is wrong by pointer."""
    problems = [Problem("invalid", words, pointer) for pointer, words in faults.items()]
    return Refusal("invalid", "The form cannot be read.", problems)


def overrides_said(form: Mapping[str, str]) -> dict[str, str]:
    """An approver's reasons by check. Raises Refusal."""
    return {code: words for code, words in _by_check(form, "override-", "/overrides").items() if words}


def evidence_said(form: Mapping[str, str]) -> dict[str, str]:
    """Evidence by check; an emptied field takes the evidence back. Raises Refusal."""
    return _by_check(form, "evidence-", "/evidence")


def _by_check(form: Mapping[str, str], prefix: str, pointer: str) -> dict[str, str]:
    said = {name.removeprefix(prefix): form[name].strip() for name in form if name.startswith(prefix)}
    long = {f"{pointer}/{code}": TOO_LONG for code, words in said.items() if len(words) > LONGEST}
    if long:
        raise unreadable(long)
    return said


def consultation_news(form: Mapping[str, str]) -> ConsultationNews:
    """News of the consultation; an empty field leaves what is known as it was. Raises Refusal."""
    faults: dict[str, str] = {}
    opens, closes = _day(form, "opens", faults), _day(form, "closes", faults)
    supporting, opposing = _count(form, "responses_for", faults), _count(form, "responses_against", faults)
    summary = form.get("consultation-summary", "").strip()
    if len(summary) > LONGEST:
        faults["/consultation/summary"] = TOO_LONG
    if opens and closes and closes < opens:
        faults["/consultation/closes"] = "The consultation cannot close before it opens"
    if faults:
        raise unreadable(faults)
    return ConsultationNews(opens, closes, supporting, opposing, summary or None)


def _day(form: Mapping[str, str], name: str, faults: dict[str, str]) -> date | None:
    text = form.get(f"consultation-{name}", "").strip()
    found = day_typed(text)
    if text and found is None:
        faults[f"/consultation/{name}"] = "Enter a date, like 2010-04-01"
    return found


def _count(form: Mapping[str, str], name: str, faults: dict[str, str]) -> int | None:
    text = form.get(f"consultation-{name}", "").strip()
    try:
        return whole_typed(text) if text else None
    except NotANumber:
        faults[f"/consultation/{name}"] = "Enter a whole number, like 240"
        return None
