"""What a form of the pages of evaluation says of the state it was filled in upon, and what its refusals answer."""

from __future__ import annotations

from django.http import HttpRequest

from evaluation.services.refusals import Invalid, NotNow, StaleVersion
from organisations.specs.change import Malformed
from pcorg.core.forms.stated import StatedForm
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


def refuse(form: StatedForm, fault: Exception) -> int:
    """Put on a form what was refused; the status that its page answers with."""
    match fault:
        case StaleVersion():
            form.add_error(None, STALE)
            return 409
        case NotNow():
            form.add_error(None, fault.message)
            return 403 if fault.code in {"forbidden", "own-proposal"} else 409
        case Invalid() | Malformed():
            form.add_problems((each.pointer, each.message) for each in fault.problems)
            return 422
    raise fault
