"""How pages answer what services refuse."""

from __future__ import annotations

from django.http import Http404

from pcorg.core.refusals import NotFound, Refusal

STATUSES = {"forbidden": 403, "own-proposal": 403, "invalid": 422}
"""The status of a page by the code of a refusal; 409 where it is none of these."""


def status_of(refusal: Refusal) -> int:
    """The status that a page answers with. Raises Http404 where there is no such thing."""
    if isinstance(refusal, NotFound):
        raise Http404(refusal.message) from refusal
    return STATUSES.get(refusal.code, 409)


def messages_of(refusal: Refusal) -> list[tuple[str, str]]:
    """What is wrong, each with the pointer of what it is about; empty where it is about the whole."""
    return [(problem.pointer, problem.message) for problem in refusal.problems] or [("", refusal.message)]
