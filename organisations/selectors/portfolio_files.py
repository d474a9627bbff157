"""Portfolios as files to give out: the document of one, and an empty template."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from organisations.models import Form, PolicyCheck
from organisations.portfolios.formats import Format, layouts
from organisations.portfolios.workbook import filing
from organisations.selectors.documents import Fields, PortfolioDocument, as_data, as_json, as_yaml
from organisations.specs.document import SCHEMA

EMPTY: dict[str, Any] = {"schema": SCHEMA}
"""A document that says nothing yet: what a template is made from."""


IN_MEMORY = 1_000_000
"""Bytes of a file being written that are kept in memory; beyond that it goes on in a temporary file."""

RECORD_BY_RECORD: Mapping[Format, Callable[[PortfolioDocument, Fields], Iterator[str]]] = {
    Format.YAML: as_yaml,
    Format.JSON: as_json,
}
"""Kinds of file that are written one record after the other, and so take little memory whatever their size."""


def written(document: PortfolioDocument, form: Format, fields: Fields = None) -> bytes | IO[bytes]:
    """A portfolio as the content of a file; of a large one as a file at its beginning, which the caller closes.

    It is whole before any of it is sent, so that what fails on the way is told.
    """
    write = RECORD_BY_RECORD.get(form)
    if write is None:
        return as_file(as_data(document, fields), form)
    with ExitStack() as until_whole:
        file = until_whole.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        for piece in write(document, fields):
            file.write(piece.encode())
        size = file.tell()
        file.seek(0)
        if size <= IN_MEMORY:
            return file.read()
        until_whole.pop_all()
    return file


def as_file(document: dict[str, Any], form: Format) -> bytes:
    """A document as the content of a workbook or of CSV files. Raises ValueError for other kinds of file."""
    match form:
        case Format.XLSX:
            return filing.as_xlsx(document, layouts(), _choices())
        case Format.ZIP:
            return filing.as_zip(document, layouts())
    raise ValueError(f"{form.label} is written record by record")


def _choices() -> dict[str, list[str]]:
    """Values that columns of a workbook take which are reference records, by their headings."""
    forms = list(Form.objects.values_list("slug", flat=True))
    checks = list(PolicyCheck.objects.values_list("code", flat=True))
    return {"form": forms, "to_form": forms, "chosen_form": forms, "check": checks}
