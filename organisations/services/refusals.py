"""What the actions on changes refuse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, transaction

from organisations.contributors import Stale
from organisations.domain.integrity import Problem
from pcorg.core.http.database_errors import TRY_AGAIN, is_clash
from pcorg.core.policies import Actor, Permission, can


class Refusal(Exception):
    """A step that cannot be taken: `code` is the problem code, `problems` the particulars where there are several."""

    def __init__(self, code: str, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.problems = list(problems)


@contextmanager
def one_write() -> Iterator[None]:
    """One transaction. Raises Refusal (`conflict`) where somebody else was faster; nothing is then written."""
    try:
        with transaction.atomic():
            yield
    except Stale as clash:
        raise Refusal("conflict", "Somebody else changed these bodies meanwhile; look at the preview again.") from clash
    except DatabaseError as error:
        if not is_clash(error):
            raise
        raise Refusal("conflict", TRY_AGAIN) from error


def require(by: Actor, permission: Permission, thing: Any | None = None) -> None:
    """Go on where the policy allows a permission. Raises Refusal with its reason."""
    verdict = can(by, permission, thing)
    if not verdict:
        raise Refusal(verdict.code, verdict.reason)
