"""Long work in a request that tells how far it has come.

A script asks for `application/x-ndjson` and gets one JSON object a line while the work goes on: `stage`, `done` and
`of`, and at the end `goes_to`, the page to turn to, or `failed`. Whoever has no script waits for that page. The work is
done in a thread of its own, so that what it tells can be sent on at once; it is finished even if nobody listens any
more.
"""

from __future__ import annotations

import contextvars
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator

import structlog
from django.db import connections
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase

from organisations.services.load_reports import Progress, without_progress

LINES = "application/x-ndjson"
EVERY = 0.1
"""Seconds between two lines at least."""

Work = Callable[[Progress], str]
"""Work that tells its progress and gives the address of the page to turn to."""

log = structlog.get_logger("pcorg.progress")


def answered(request: HttpRequest, work: Work) -> HttpResponseBase:
    """Do the work and turn to its page, telling how far it has come where that is asked for."""
    if request.headers.get("Accept") != LINES:
        return HttpResponseRedirect(work(without_progress))
    answer = StreamingHttpResponse(_lines(work), content_type=LINES)
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"  # a proxy in front sends the lines on as they come
    return answer


class Meter:
    """Counts the steps of each stage, as a bar shows them."""

    def __init__(self, send: Callable[[dict[str, object]], None]) -> None:
        self.send = send
        self.done: dict[str, int] = {}
        self.of: dict[str, int] = {}
        self.sent_at = 0.0

    def __call__(self, stage: str, steps: int) -> None:
        if steps:
            self.of[stage] = self.of.get(stage, 0) + steps
        else:
            self.done[stage] = self.done.get(stage, 0) + 1
        now = time.monotonic()
        if steps or now - self.sent_at >= EVERY:
            self.sent_at = now
            self.send({"stage": stage, "done": self.done.get(stage, 0), "of": self.of.get(stage, 0)})


def _lines(work: Work) -> Iterator[bytes]:
    lines: queue.SimpleQueue[dict[str, object] | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            lines.put({"goes_to": work(Meter(lines.put))})
        except Exception:  # whatever it is, somebody waits for an answer; the log has the rest
            log.exception("work failed")
            lines.put({"failed": True})
        finally:
            connections.close_all()
            lines.put(None)

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), name="progress").start()
    while (line := lines.get()) is not None:
        yield json.dumps(line).encode() + b"\n"
