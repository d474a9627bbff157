"""What writes begin with: one transaction, and the row that they act upon."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction
from django.db.models import Model, QuerySet

from pcorg.core.http.database_errors import TRY_AGAIN, is_clash
from pcorg.core.refusals import NotFound, Refusal

Row = TypeVar("Row", bound=Model)


@contextmanager
def one_write() -> Iterator[None]:
    """One transaction. Raises Refusal (`conflict`) where somebody else was faster; nothing is then written."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if not is_clash(error):
            raise
        raise Refusal("conflict", TRY_AGAIN) from error


def existing(rows: QuerySet[Row], key: object) -> Row:
    """The row with a key. Raises NotFound."""
    try:
        return rows.get(pk=key)
    except ObjectDoesNotExist as absent:
        raise NotFound(f"There is no such {rows.model._meta.verbose_name}.") from absent
