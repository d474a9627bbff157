"""A document as the bytes of a workbook file, with the sheet of notes before its own sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from organisations.portfolios.workbook import xlsx, zipped
from organisations.portfolios.workbook.filing import Data, filed
from organisations.portfolios.workbook.layout import SheetLayout
from organisations.portfolios.workbook.notes import notes

Choices = Mapping[str, Sequence[str]]
"""Values to choose from, by the heading of the columns that take them."""


def as_xlsx(data: Data, layouts: Sequence[SheetLayout], choices: Choices) -> bytes:
    """An XLSX workbook; an empty document gives a template to fill in."""
    return xlsx.as_xlsx([notes(layouts), *filed(data, layouts)], choices)


def as_zip(data: Data, layouts: Sequence[SheetLayout]) -> bytes:
    """CSV files in a ZIP; an empty document gives a template to fill in."""
    return zipped.as_zip([notes(layouts), *filed(data, layouts)])
