"""What a form of the pages of evaluation says of the state it was filled in upon, and what its refusals answer."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from evaluation.services.refusals import Invalid, NotNow, StaleVersion
from organisations.specs.change import Malformed
from pcorg.core.values import whole_or_none

REFUSALS = (Invalid, Malformed, NotNow, StaleVersion)
"""What an action of evaluation refuses."""

STALE = (
    "Somebody else has changed this since you opened the page, so nothing was saved. What you typed is still here. See "
    "how it stands now, then save again."
)


def version_seen(request: HttpRequest) -> set[int]:
    """The version that the form was filled in upon; none where it does not say, which is as good as an old one."""
    seen = whole_or_none(request.POST.get("version", ""))
    return set() if seen is None else {seen}


def refused(fault: Exception) -> tuple[list[tuple[str, str]], int]:
    """The pointers and words of a refusal, and the status that a page answers with."""
    match fault:
        case StaleVersion():
            return [("", STALE)], 409
        case NotNow():
            return [("", fault.message)], 403 if fault.code in {"forbidden", "own-proposal"} else 409
        case Invalid() | Malformed():
            return [(each.pointer, each.message) for each in fault.problems], 422
    raise fault


def names_typed(text: str) -> Sequence[str]:
    """User names, one to a line."""
    return [name for line in text.splitlines() if (name := line.strip())]
