"""The version that a form of evaluation was filled in for, and the answers to refused submissions."""

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


def version_expected(request: HttpRequest) -> set[int]:
    """Return the version that the form was filled in for; an empty set where it is missing, which counts as out of
    date."""
    expected_versions = whole_or_none(request.POST.get("version", ""))
    return set() if expected_versions is None else {expected_versions}


def refuse(form: StatedForm, fault: Refusal) -> int:
    """Put on a form what was refused; the status that its page answers with. Raises Http404 where there is no such
    thing."""
    status = status_of(fault)
    form.add_problems([("", STALE)] if isinstance(fault, StaleVersion) else messages_of(fault))
    return status
