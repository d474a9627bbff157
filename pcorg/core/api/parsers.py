"""Bodies: JSON, capped in size and depth; and whole files, as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, ClassVar

import orjson
from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from pcorg.core.api.problems import ApiProblem


class JSONParser(BaseParser):
    """Reads JSON. Raises ParseError on what is none, a 413 problem on more than
    DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise ApiProblem(413, f"The body is larger than {limit:,} bytes.")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as fault:
            raise ParseError(f"The body is not JSON: {fault}.") from fault


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that came as the body of a request, under the name that its kind would have."""

    name: str
    content: bytes


class FileParser(BaseParser):
    """Reads a file as it is, whatever is in it. Raises a 413 problem on more bytes than `largest`."""

    name: ClassVar[str]
    largest: ClassVar[int]

    def parse(  # type: ignore[override]  # what the view takes is a file, not fields
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> SentFile:
        content = stream.read(self.largest + 1)
        if len(content) > self.largest:
            raise ApiProblem(413, f"The file is larger than {self.largest:,} bytes.")
        return SentFile(self.name, content)
