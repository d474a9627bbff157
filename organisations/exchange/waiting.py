"""Where an uploaded file waits until its import is confirmed: a folder of this server, for an hour."""

from __future__ import annotations

import os
import re
import stat
import tempfile
import time
import uuid
from pathlib import Path

from import_export.tmp_storages import BaseStorage

KEPT_FOR = 3600
"""Seconds that a file waits."""


class WaitingFile(BaseStorage):
    """One file. Its name is ours and says nothing; a name of another kind is of no file."""

    def save(self, data: bytes) -> None:
        """Keep the content under a new name, and forget what has waited too long."""
        folder = self._folder()
        for left in folder.iterdir():
            if left.stat().st_mtime < time.time() - KEPT_FOR:
                left.unlink(missing_ok=True)
        self.name = uuid.uuid4().hex
        self._path().write_bytes(data)

    def read(self) -> str | bytes:
        """The content. Raises FileNotFoundError where there is no such file, or none any more."""
        content = self._path().read_bytes()
        return content.decode(self.encoding) if self.encoding else content

    def remove(self) -> None:
        """Forget the file."""
        self._path().unlink(missing_ok=True)

    def _path(self) -> Path:
        if not re.fullmatch(r"[0-9a-f]{32}", self.name or ""):
            raise FileNotFoundError(self.name)
        return self._folder() / self.name

    def _folder(self) -> Path:
        folder = Path(tempfile.gettempdir()) / "pcorg-imports"
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise PermissionError(f"{folder} belongs to somebody else, who could read and change what waits there")
        return folder
