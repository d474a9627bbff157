"""How long a plain read takes alone, and while eight clients ask for the dearest that they may.

    DATABASE_URL=… python -m tests.benchmarks.beside_dear_work signed-in|stranger [seconds]

The database holds the shipped assessments; a user `benchmark` and a token are made in it. Nothing else should run.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import django

PLAIN = "/api/v1/organisations/?page_size=10"
DRAWS = {"signed-in": 1_000_000, "stranger": 300_000}
CLIENTS = 8


def main(who: str, seconds: float) -> None:
    from django.contrib.auth.models import User
    from knox.models import get_token_model

    from evaluation.models import Assessment
    from tests.faults.server import Server, serving

    user, _ = User.objects.get_or_create(username="benchmark")
    token = get_token_model().objects.create(user=user)[1]
    headers = {"Authorization": f"Token {token}"} if who == "signed-in" else {}
    largest = max(Assessment.objects.all(), key=lambda each: each.panel.count())
    statuses: Counter[int] = Counter()
    over = threading.Event()

    def ask(server: Server, client: int) -> None:
        number = 0
        while not over.is_set():
            number += 1
            seed = client * 100_000 + number
            path = f"/api/v1/assessments/{largest.pk}/sensitivity/?draws={DRAWS[who]}&seed={seed}"
            try:
                status = server.get(path, **headers)[0]
            except TimeoutError:
                status = 0
            statuses[status] += 1
            over.wait(0 if status == 200 else 0.5)

    with tempfile.TemporaryDirectory() as folder, serving(os.environ["DATABASE_URL"], Path(folder) / "log") as server:
        reads(server, 2)
        print("alone ", told(reads(server, seconds / 4)))
        clients = [threading.Thread(target=ask, args=(server, number)) for number in range(CLIENTS)]
        for each in clients:
            each.start()
        time.sleep(2)
        print("beside", told(reads(server, seconds)), dict(statuses))
        over.set()
        for each in clients:
            each.join()


def reads(server: object, seconds: float) -> list[float]:
    """Milliseconds that plain reads took, one after the other."""
    taken, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        began = time.perf_counter()
        assert server.get(PLAIN)[0] == 200  # type: ignore[attr-defined]
        taken.append((time.perf_counter() - began) * 1000)
        time.sleep(0.05)
    return sorted(taken)


def told(taken: list[float]) -> str:
    """The spread of some times in milliseconds."""
    at = {share: taken[min(len(taken) - 1, int(len(taken) * share))] for share in (0.5, 0.95, 0.99)}
    spread = ", ".join(f"{share:.0%} {value:.0f}" for share, value in at.items())
    return f"{len(taken)} reads, ms: {spread}, longest {taken[-1]:.0f}"


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 20.0)
