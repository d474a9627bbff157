"""How long clients may take, and how many there may be. Each can be set by the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

PREFIX = "PCORG_SERVE_"


class BadLimit(ValueError):
    """A limit in the environment is not a whole number above nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server allows. Times are in seconds, rates in bytes a second; `PCORG_SERVE_WORKERS` sets `workers`, and so
    on for each.

    A deadline is for the whole of a part, not from one byte to the next: who sends a byte every five seconds is cut off
    as surely as who sends nothing. Where a rate goes with it, each byte that came earns the time it takes at that rate.
    """

    workers: int = 2
    """Processes."""
    threads: int = 4
    """Threads of each that run the application; each keeps a connection to the database."""
    connections: int = 500
    """Open connections of each process; beyond them the longest idle gives way."""
    idle: int = 30
    """From one request to the next on a connection that is kept."""
    headers: int = 10
    """For the whole head of a request."""
    body: int = 20
    body_rate: int = 16_384
    """For the whole body."""
    answer: int = 20
    answer_rate: int = 32_768
    """For a client to take what is ready for it."""
    held: int = 20
    """That an answer too large to be kept ready may hold a thread while its client is slow, in all."""
    stopping: int = 20
    """For what has begun when the server is told to stop."""

    @classmethod
    def of_environment(cls, given: Mapping[str, str] = os.environ) -> Limits:
        """The limits as the environment sets them. Raises BadLimit, naming every variable that is wrong."""
        found, wrong = {}, []
        for each in fields(cls):
            name = PREFIX + each.name.upper()
            if (text := given.get(name, "")) == "":
                continue
            if text.isascii() and text.isdigit() and 0 < int(text) <= 1_000_000_000:
                found[each.name] = int(text)
            else:
                wrong.append(f"{name} must be a whole number above 0, not {text!r}.")
        if wrong:
            raise BadLimit(" ".join(wrong))
        return cls(**found)


LARGEST_BODY = 24 * 1024 * 1024
"""Bytes of a body that are taken in at all. The application refuses smaller ones in its own words."""

LARGEST_HEAD = 32 * 1024
"""Bytes of a request's head."""

READY = 16 * 1024 * 1024
"""Bytes of an answer that are kept ready for a client, most of them on disk, before a thread waits for it."""

IN_MEMORY = 256 * 1024
"""Bytes of a body or an answer kept in memory; what is longer goes to a temporary file."""
