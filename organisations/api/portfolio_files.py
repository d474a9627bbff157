"""The files that the address of portfolios takes and gives: which kinds, and in which forms each action answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework.renderers import BaseRenderer

from organisations.portfolios.formats import Format
from organisations.portfolios.reading import LARGEST
from pcorg.core.api.content import FileParser


class YAMLFile(FileParser):
    """YAML."""

    media_type, name, largest = Format.YAML.media_type, "document.yaml", LARGEST


class JSONFile(FileParser):
    """JSON, read as a file so that faults have lines."""

    media_type, name, largest = Format.JSON.media_type, "document.json", LARGEST


class XLSXFile(FileParser):
    """An XLSX workbook."""

    media_type, name, largest = Format.XLSX.media_type, "document.xlsx", LARGEST


class ZIPFile(FileParser):
    """CSV files in a ZIP."""

    media_type, name, largest = Format.ZIP.media_type, "document.zip", LARGEST


class FileForm(BaseRenderer):
    """A form in which the view itself makes the whole file; it is only negotiated for here."""

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        raise NotImplementedError("files are made by the view")


class YAMLForm(FileForm):
    """The document as YAML."""

    media_type, format = Format.YAML.media_type, Format.YAML.value


class XLSXForm(FileForm):
    """The document as a workbook."""

    media_type, format = Format.XLSX.media_type, Format.XLSX.value


class ZIPForm(FileForm):
    """The document as CSV files."""

    media_type, format = Format.ZIP.media_type, Format.ZIP.value


FORMS: Mapping[str, Sequence[str]] = {
    "list": ("json", "csv", "ndjson"),
    "retrieve": tuple(each.value for each in (Format.JSON, Format.YAML, Format.XLSX, Format.ZIP)),
    "template": (Format.XLSX.value, Format.ZIP.value),
}
"""The forms of answer of each action; else JSON."""

MADE_WHOLE = frozenset({Format.XLSX.value, Format.ZIP.value})
"""Forms that are not written record by record."""
