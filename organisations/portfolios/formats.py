"""Which kind of file a document comes in, told from its content and never from its name: YAML (and so JSON), an XLSX
workbook, or CSV files in a ZIP."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

from organisations.portfolios.decoding import is_utf_16
from organisations.portfolios.reading import LARGEST, DocumentFault, DocumentRefused, Text, examined
from organisations.portfolios.sections import document_model
from organisations.portfolios.workbook import xlsx, zipped
from organisations.portfolios.workbook.assembling import assembled
from organisations.portfolios.workbook.layout import SheetLayout, layout_of
from organisations.portfolios.workbook.packing import Unfit, opened
from organisations.specs.document import Document
from pcorg.core.vocabulary import Term


class Format(Term):
    """A kind of file, by its usual suffix."""

    YAML = "yaml", "YAML, for people who write by hand"
    JSON = "json", "JSON, for programs"
    XLSX = "xlsx", "Excel workbook (XLSX)"
    ZIP = "zip", "CSV files (ZIP)"

    @property
    def media_type(self) -> str:
        """What it is called on the internet (RFC 9512 for YAML)."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.YAML: "application/yaml",
    Format.JSON: "application/json",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.ZIP: "application/zip",
}
KINDS = "an Excel workbook (XLSX), CSV files in a ZIP, YAML or JSON"
UNKNOWN = "unsupported-media-type"
ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORKBOOK = "xl/workbook.xml"
SINGLE_TABLES = {".csv", ".tsv"}
"""Suffixes of files that hold one table; a portfolio has several."""


def layouts() -> tuple[SheetLayout, ...]:
    """The sheets of a portfolio workbook: one for each section of the document, whoever contributes it."""
    return _layouts(document_model())


@functools.cache
def _layouts(model: type[Document]) -> tuple[SheetLayout, ...]:
    return layout_of(model.model_json_schema())


def read_document(path: Path) -> Text:
    """Read a file of any of the formats. Raises Refused where it is too large or cannot be read."""
    size = path.stat().st_size
    if size > LARGEST:
        raise DocumentRefused(path.name, [too_large(size)])
    return document_from(path.read_bytes(), name=path.name)


def document_from(content: bytes, *, name: str) -> Text:
    """The document in the content of a file. Raises Refused where it is too large or cannot be read."""
    if len(content) > LARGEST:
        raise DocumentRefused(name, [too_large(len(content))])
    try:
        if content.startswith(ZIPS):
            return _workbook(content, name)
        if content.startswith(OLD_OFFICE):
            words = "This is an Excel file of the old kind (.xls), or one with a password. Save it as XLSX."
            raise Unfit(words, UNKNOWN)
        if b"\0" in content[:1024] and not is_utf_16(content):
            raise Unfit(f"This is none of the kinds of file that are read: {KINDS}.", UNKNOWN)
    except Unfit as refusal:
        raise DocumentRefused(name, [DocumentFault(str(refusal), code=refusal.code)]) from None
    return _text(content, name)


def _text(content: bytes, name: str) -> Text:
    """A document in YAML or JSON; what is neither and is called a table is told to be one."""
    single = Path(name).suffix.lower() in SINGLE_TABLES
    try:
        text = examined(content, name=name)
    except DocumentRefused:
        if not single:
            raise
    else:
        if isinstance(text.data, dict) or not single:
            return text
    words = "This is a single table. Give each kind of record a CSV file, called as its sheet, and put them in a ZIP."
    raise DocumentRefused(name, [DocumentFault(words, code=UNKNOWN)])


def too_large(size: int) -> DocumentFault:
    """The fault of a file that is not even looked at."""
    return DocumentFault(f"The file has {size:,} bytes; at most {LARGEST:,} are read.", code="too-large")


def _workbook(content: bytes, name: str) -> Text:
    with opened(content) as archive:
        names = set(archive.namelist())
        if WORKBOOK in names:
            sheets = xlsx.sheets_of(content)
        elif any(each.lower().endswith(zipped.SUFFIX) for each in names):
            sheets = zipped.sheets_of(archive)
        else:
            raise Unfit("This ZIP holds neither an Excel workbook (XLSX) nor CSV files.", UNKNOWN)
    return assembled(sheets, layouts(), name=name, sha256=hashlib.sha256(content).hexdigest())


def document_schema() -> dict[str, Any]:
    """The JSON Schema of a portfolio document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **document_model().model_json_schema()}
