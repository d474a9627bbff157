"""What an entry of the audit trail is hashed as."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from pcorg.core.audit.canonical import json_text, text_digest
from pcorg.core.audit.models import AuditEntry
from pcorg.core.audit.subjects import Subject

GENESIS = "0" * 64
FORM = 2
"""The canonical form of entries that are written now; form 1 knew neither seals nor numbers of users."""


def content_of(seals: Iterable[tuple[Subject, str]]) -> str:
    """The digest of an entry's seals, in the order of their subjects; empty where it has none."""
    listed = [[of.kind, of.key, digest] for of, digest in seals]
    return text_digest(listed) if listed else ""


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the previous digest and the entry's content, in the canonical form of the entry."""
    content: dict[str, Any] = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "particulars": entry.particulars,
        "previous": entry.previous,
    }
    if entry.form != 1:
        content["particulars"] = json_text(json.dumps(entry.particulars))
        content |= {"form": entry.form, "actor_id": entry.actor_id, "content": entry.content}
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
    ).hexdigest()
