"""Serve the product on a copy of the loaded database and send it made-up requests: the API by its own description, by
all phases and checks, for a stranger and three roles; the pages and the admin by their own forms. Ends with 1 where
anything is found.

    python -m tests.fuzz [--cases 20000] [--seed 1]     the engine is that of DATABASE_URL
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.databases import ROOT
from tests.fuzz.pages import Walk
from tests.fuzz.served import ROLES, Instance, served

SETTINGS = Path(__file__).with_name("schemathesis.toml")
A_ROUND = 100_000
"""With one example of each operation, all phases together come to about so many cases for the four roles."""


def main() -> int:
    """Send the requests and say what was found."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz")
    asked.add_argument("--cases", type=int, default=20_000, help="requests at least, a quarter of them to pages")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", choices=["api", "pages"])
    given = asked.parse_args()
    wrong, sent = 0, 0
    with served() as instance:
        for number, role in enumerate(("stranger", *ROLES)):
            seed, token = given.seed + number, None if role == "stranger" else instance.token(role)
            if given.only != "pages":
                cases, faulty = api(instance, role, token, cases=given.cases, seed=seed)
                sent, wrong = sent + cases, wrong + faulty
            if given.only != "api":
                cases, faulty = pages(instance, role, cases=given.cases // 16, seed=seed)
                sent, wrong = sent + cases, wrong + faulty
    print(f"{sent} requests, {wrong} faults")
    return 1 if wrong else 0


def api(instance: Instance, role: str, token: str | None, *, cases: int, seed: int) -> tuple[int, int]:
    """How many requests the API was sent for a role, and in how many runs something was found."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(SETTINGS), "run"),
            *(f"{instance.url}/api/v1/schema/?format=json", "--seed", str(seed)),
            *("--max-examples", str(max(cases // A_ROUND, 1)), "--no-color"),
        ]
        if token:
            command += ["--header", f"Authorization: Token {token}"]
        print(f"{role}: the API", flush=True)
        environment = {**instance.environment, "PYTHONPATH": str(ROOT)}
        ended = subprocess.run(command, env=environment, cwd=folder, check=False, stdout=subprocess.PIPE, text=True)
    print(ended.stdout, flush=True)
    generated = re.search(r"(\d+) generated", ended.stdout)
    return int(generated[1]) if generated else 0, int(ended.returncode != 0)


def pages(instance: Instance, role: str, *, cases: int, seed: int) -> tuple[int, int]:
    """How many requests the pages were sent for a role, and how many of them were answered above 499 or not at all."""
    walk = Walk(instance.url, random.Random(seed))
    if role != "stranger":
        walk.sign_in(instance.person(role))
    walk.go(cases)
    print(f"{role}: {walk.sent} requests to pages, {len(walk.found)} faults", *walk.found, sep="\n  ", flush=True)
    return walk.sent, len(walk.found)


if __name__ == "__main__":
    raise SystemExit(main())
