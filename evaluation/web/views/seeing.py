"""What a form of the pages of evaluation says of the state it was filled in upon, and what its refusals answer."""

from __future__ import annotations

from django.http import HttpRequest

from pcorg.core.forms.stated import StatedForm
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


def refuse(form: StatedForm, fault: Refusal) -> int:
    """Put on a form what was refused; the status that its page answers with. Raises Http404 where there is no such
    thing."""
    status = status_of(fault)
    form.add_problems([("", STALE)] if isinstance(fault, StaleVersion) else messages_of(fault))
    return status
