"""What loading costs as bodies and changes grow: seconds and peak memory of dry runs, each in a process of its own.

`python -m tests.benchmarks.replay` loads 4,000 to 38,000 bodies, with a merger for every eleven or so of them, and
38,000 with few. The database is made beside that of DATABASE_URL and removed.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from tests.benchmarks.registers import database, measured

SIZES = ((4_000, 350), (8_000, 700), (16_000, 1_400), (38_000, 350), (38_000, 3_300))
KNOWN = {"basis": "illustrative", "source": "pcorg-illustration"}


def document(bodies: int, changes: int) -> str:
    """So many councils with people, some pairs of which merge, all on one day."""
    counts = [{"count": 10_000, "on": "2001-04-01", "basis": "resident"}]
    return json.dumps(
        {
            "schema": "pcorg-portfolio/1",
            "portfolio": {
                "slug": "many",
                "title": "Many",
                "illustrative": True,
                "covers": {"from": "2000-01-01", "to": "2020-01-01"},
            },
            "bodies": [
                {"code": f"X-{n}", "name": f"Body {n}", "form": "local-authority", "populations": counts, **KNOWN}
                for n in range(bodies)
            ],
            "changes": [
                {
                    "reference": f"m{n}",
                    "kind": "merger",
                    "effective_on": "2010-04-01",
                    "title": f"Merger {n}",
                    "originals": [f"X-{2 * n}", f"X-{2 * n + 1}"],
                    "resulting": [{"code": f"X-{2 * n}"}],
                    **KNOWN,
                }
                for n in range(changes)
            ],
        }
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with database(folder) as url:
            environment = {**os.environ, "DATABASE_URL": url}
            for command in ("migrate", "load_reference"):
                measured(environment, command, "-v0")
            for bodies, changes in SIZES:
                path = folder / f"{bodies}-{changes}.json"
                path.write_text(document(bodies, changes))
                print(f"{bodies} bodies, {changes} changes")
                measured(environment, "load_portfolio", str(path), "--dry-run")


if __name__ == "__main__":
    main()
