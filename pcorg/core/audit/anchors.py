"""Checkpoints of the audit trail, kept outside the database.

Somebody who can write to the database can cut the end of the trail off, work the whole chain out anew, or begin a new
one: the database then agrees with itself. A file of signed checkpoints does not. Each line says which entry ended the
chain at some time, with its digest, and is signed together with the signature of the line before it, so that no line
can be altered, added or taken out of the middle without the key.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from pcorg.core.audit.canonical import UNREADABLE
from pcorg.core.audit.checking import Trail

SHORTEST_KEY = 32


class NoKey(Exception):
    """The key that signs checkpoints is not set, or too short."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A checkpoint: the entry that ended the chain when it was made, and how many there were."""

    sequence: int
    digest: str
    entries: int
    made: str


def read(path: Path) -> tuple[list[Anchor], list[str]]:
    """The checkpoints of a file, and what is wrong with it, a sentence for each fault. Raises NoKey, OSError."""
    return _anchors_of(path.read_text("utf-8", errors="replace"))[:2]


def disagreements(anchors: list[Anchor], trail: Trail) -> Iterator[str]:
    """Where the trail is not the one whose checkpoints these are. The walk must have been asked for their entries."""
    for anchor in anchors:
        found = trail.asked.get(anchor.sequence)
        if found is None and anchor.sequence:
            yield (
                f"The checkpoint of {anchor.made} names entry {anchor.sequence}, which is not there: "
                f"the end of the trail was cut off, or the trail was begun anew."
            )
        elif anchor.sequence and found != anchor.digest:
            yield (
                f"The checkpoint of {anchor.made} names another entry {anchor.sequence} than there is now: "
                f"the trail was written anew."
            )


def append(path: Path, trail: Trail) -> Anchor:
    """Add a checkpoint of the end of a trail to a file, which is made where it is not there. Whatever is added
    meanwhile comes before or after. Raises NoKey; ValueError where the file is not whole; OSError."""
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        _, faults, last = _anchors_of(file.read())
        if faults:
            raise ValueError(faults[0])
        made = datetime.now(UTC).isoformat(timespec="seconds")
        anchor = Anchor(trail.sequence, trail.digest, trail.entries, made)
        file.write(json.dumps({**asdict(anchor), "signature": _signatures(anchor, last)[0]}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return anchor


def _anchors_of(content: str) -> tuple[list[Anchor], list[str], str]:
    """The checkpoints, what is wrong, and the last signature."""
    anchors: list[Anchor] = []
    faults: list[str] = []
    last = ""
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            stated = json.loads(line)
            signature = str(stated.pop("signature"))
            anchor = Anchor(**stated)
        except (AttributeError, KeyError, *UNREADABLE):
            faults.append(f"Line {number} of the file of checkpoints cannot be read.")
            continue
        if any(hmac.compare_digest(signature.encode(), good.encode()) for good in _signatures(anchor, last)):
            anchors.append(anchor)
        else:
            faults.append(
                f"Line {number} of the file of checkpoints is not signed with this key after the line before it: "
                "it was altered, or a line is missing, or the key is another."
            )
        last = signature
    return anchors, faults, last


def _signatures(anchor: Anchor, last: str) -> list[str]:
    """The signatures that a checkpoint may have: by the present key, and by those that were the key before. Raises
    NoKey."""
    keys = [settings.ANCHOR_KEY, *settings.ANCHOR_KEY_FALLBACKS]
    if any(len(key) < SHORTEST_KEY for key in keys):
        raise NoKey(f"Set PCORG_ANCHOR_KEY to a key of at least {SHORTEST_KEY} characters, kept for checkpoints alone.")
    signed = json.dumps([*astuple(anchor), last]).encode()
    return [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in keys]
