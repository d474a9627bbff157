"""What people say of a change by the forms on its page: reasons, evidence, news of the consultation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from organisations.services.amendments import ConsultationNews
from organisations.web.presenters.proposing.rows import NotANumber, whole_typed
from pcorg.core.values import day_typed

LONGEST = 5000


class NotUnderstood(Exception):
    """A form that cannot be read: pairs of field and what is wrong."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def overrides_said(form: Mapping[str, str]) -> dict[str, str]:
    """An approver's reasons by check. Raises NotUnderstood."""
    return {code: words for code, words in _by_check(form, "override-").items() if words}


def evidence_said(form: Mapping[str, str]) -> dict[str, str]:
    """Evidence by check; an emptied field takes the evidence back. Raises NotUnderstood."""
    return _by_check(form, "evidence-")


def _by_check(form: Mapping[str, str], prefix: str) -> dict[str, str]:
    said = {name.removeprefix(prefix): form[name].strip() for name in form if name.startswith(prefix)}
    long = [
        (f"{prefix}{code}", f"Use at most {LONGEST:,} letters") for code, words in said.items() if len(words) > LONGEST
    ]
    if long:
        raise NotUnderstood(long)
    return said


def consultation_news(form: Mapping[str, str]) -> ConsultationNews:
    """News of the consultation; an empty field leaves what is known as it was. Raises NotUnderstood."""
    faults: list[tuple[str, str]] = []
    opens, closes = _day(form, "opens", faults), _day(form, "closes", faults)
    supporting, opposing = _count(form, "responses_for", faults), _count(form, "responses_against", faults)
    summary = form.get("consultation-summary", "").strip()
    if len(summary) > LONGEST:
        faults.append(("consultation-summary", f"Use at most {LONGEST:,} letters"))
    if opens and closes and closes < opens:
        faults.append(("consultation-closes", "The consultation cannot close before it opens"))
    if faults:
        raise NotUnderstood(faults)
    return ConsultationNews(opens, closes, supporting, opposing, summary or None)


def _day(form: Mapping[str, str], name: str, faults: list[tuple[str, str]]) -> date | None:
    text = form.get(f"consultation-{name}", "").strip()
    found = day_typed(text)
    if text and found is None:
        faults.append((f"consultation-{name}", "Enter a date, like 2010-04-01"))
    return found


def _count(form: Mapping[str, str], name: str, faults: list[tuple[str, str]]) -> int | None:
    text = form.get(f"consultation-{name}", "").strip()
    try:
        return whole_typed(text) if text else None
    except NotANumber:
        faults.append((f"consultation-{name}", "Enter a whole number, like 240"))
        return None
