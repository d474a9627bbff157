"""How long lists, details and pages of commissioning take where many trusts hold many things.

Run `python -m tests.benchmarks.reads [BODIES] [HOLDINGS]` (320 and 100); with DATABASE_URL on that database's server,
in a test database that is made and removed. Prints of each address the seconds, the queries and the size of the answer
to somebody who asks for the second time.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcorg.settings")
os.environ.setdefault("PCORG_LOG_LEVEL", "ERROR")
django.setup()

from django.db import connection, transaction  # noqa: E402 - Django must be set up first
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from organisations.services.load_reference import load_reference  # noqa: E402
from tests.benchmarks.county import SLUG, county  # noqa: E402
from tests.benchmarks.merger import FIXTURES  # noqa: E402

DAY = "as_of=2009-01-01"
OF_ALL = f"portfolio={SLUG}&{DAY}"
LISTS = ("contracts", "budgets", "provisions", "staffing", "pooled-budgets")


def addresses(trust: str) -> list[str]:
    """What is read of one trust, and of all."""
    codes = {"contracts": "C", "budgets": "M", "provisions": "S", "staffing": "W"}
    found = [f"/api/v1/{name}/?{OF_ALL}" for name in LISTS]
    found += [f"/api/v1/{name}/?{OF_ALL}&count=exact" for name in LISTS]
    found += [f"/api/v1/{name}/?{OF_ALL}&organisation={trust}" for name in LISTS[:-1]]
    found += [f"/api/v1/{name}/{trust}-0-{letter}/?{DAY}" for name, letter in codes.items()]
    found += [
        f"/api/v1/contracts/X-ALL/?{DAY}",
        f"/api/v1/pooled-budgets/X-POOL/?{DAY}",
        f"/api/v1/contracts/?{OF_ALL}&sector=acute&ordering=-annual_value",
        f"/api/v1/contracts/?{OF_ALL}&format=csv",
        f"/api/v1/benchmarks/?trust={trust}&{DAY}",
        f"/api/v1/organisations/{trust}/?{DAY}",
    ]
    pages = ("commissioning", "contracts", "pooled-budgets", "pilots", "provider-arms", "services")
    found += [f"/{page}/?{OF_ALL}" for page in pages]
    found += [f"/contracts/X-ALL/?{OF_ALL}", f"/contracts/{trust}-0-C/?{OF_ALL}", f"/benchmark/?trust={trust}&{OF_ALL}"]
    found += [f"/organisations/{trust}/?{OF_ALL}", f"/organisations/{trust}/portfolio/?{OF_ALL}"]
    return [*found, f"/organisations/X-H/?{OF_ALL}"]


def ask(client: APIClient, address: str) -> None:
    """Read an address and say what it took."""
    queries = 0

    def counting(execute: Callable[..., Any], *given: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*given)

    with connection.execute_wrapper(counting):
        begun = time.perf_counter()
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        taken = time.perf_counter() - begun
    print(
        f"{answer.status_code}  {taken * 1000:7.0f} ms  {queries:3} queries  {len(content) / 1000:8.1f} kB  {address}"
    )


def main(bodies: int, holdings: int) -> None:
    """Make the county, then read everything twice."""
    load_reference(folder=FIXTURES / "reference", by="benchmark")
    with transaction.atomic():
        trust = county(bodies, holdings)[bodies // 2]
    client = APIClient()
    for address in addresses(trust):
        client.get(address)
        ask(client, address)


if __name__ == "__main__":
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        main(*(int(word) for word in sys.argv[1:] or ("320", "100")))
    finally:
        teardown_databases(kept, verbosity=0)
