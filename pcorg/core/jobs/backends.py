"""Tasks in a thread of the process that was asked: for the demonstration and for one small machine."""

from __future__ import annotations

import queue
import threading
from typing import Any

from django.db import connections
from django_tasks import TaskResult
from django_tasks.backends.immediate import ImmediateBackend


class _Thread:
    """The one thread of a process, started when it is first needed: a process that forks servers has none itself."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[ThreadBackend, TaskResult[Any]]] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._running: threading.Thread | None = None

    def give(self, backend: ThreadBackend, task: TaskResult[Any]) -> None:
        self._waiting.put((backend, task))
        with self._lock:
            if self._running is None or not self._running.is_alive():
                self._running = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._running.start()

    def _work(self) -> None:
        while True:
            backend, task = self._waiting.get()
            try:
                backend.execute(task)
            finally:
                connections.close_all()


_thread = _Thread()


class ThreadBackend(ImmediateBackend):
    """One thread takes one task after another. What it has not ended when the process ends is lost to it; jobs stay in
    the database, and another takes them over (`pcorg.core.jobs.actions.tend`)."""

    def _execute_task(self, task_result: TaskResult[Any]) -> None:
        _thread.give(self, task_result)

    def execute(self, task_result: TaskResult[Any]) -> None:
        """Carry a task out here and now."""
        super()._execute_task(task_result)
