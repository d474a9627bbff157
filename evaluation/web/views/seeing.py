"""What a form of the pages of evaluation says of the state it was filled in upon, and what its refusals answer."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from pcorg.core.pages.refusals import messages_of, status_of
from pcorg.core.refusals import Refusal, StaleVersion
from pcorg.core.values import whole_or_none

STALE = (
    "Somebody else has changed this since you opened the page, so nothing was saved. What you typed is still here. See "
    "how it stands now, then save again."
)


def version_seen(request: HttpRequest) -> set[int]:
    """The version that the form was filled in upon; none where it does not say, which is as good as an old one."""
    seen = whole_or_none(request.POST.get("version", ""))
    return set() if seen is None else {seen}


def refused(fault: Refusal) -> tuple[list[tuple[str, str]], int]:
    """The pointers and words of a refusal, and the status that a page answers with. Raises Http404 where there is no
    such thing."""
    status = status_of(fault)
    return ([("", STALE)] if isinstance(fault, StaleVersion) else messages_of(fault)), status


def names_typed(text: str) -> Sequence[str]:
    """User names, one to a line."""
    return [name for line in text.splitlines() if (name := line.strip())]
