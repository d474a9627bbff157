"""Compare what two instances of the product answer, address by address: run by hand when the inside is rebuilt and
nothing that is answered may change.

    python -m tests.comparing http://127.0.0.1:8001 http://127.0.0.1:8002

Both serve the shipped data, set up from nothing, so that records have the same numbers. Every address that the API
describes as read is asked: lists whole, in each form and on several days; every record of every list, on several days
as well. Ends with 1 where any answer differs, and says which.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import requests

DAYS = ("", "1999-04-01", "2002-10-01", "2009-06-01", "2015-04-01")
"""Days that are asked about; the empty one is the last known."""
FORMS = ("csv", "ndjson")
NEEDED = {
    "organisation": "X-KPCT1",
    "on": "2009-04-01",
    "from": "2006-10-01",
    "to": "2013-04-01",
    "a": "2009-04-01",
    "b": "2013-04-01",
    "codes": "5QQ,5QP,00F",
    "step": "year",
}
"""Parameters that some addresses need."""
SEEDED = ("results", "sensitivity")
MOST_PARTS = 60
"""Records of each list whose nested addresses are asked too."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")
"""When something was loaded or written, which is never the same in two instances."""


class Instance:
    """One of the two."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.session = requests.Session()

    def get(self, path: str) -> tuple[int, str]:
        """The status and the text of an answer, with its own address taken out."""
        answer = self.session.get(f"{self.url}/api/v1/{path}", timeout=300)
        text = MOMENT.sub("a moment", answer.text.replace(self.url, ""))
        if "json" in answer.headers.get("Content-Type", "") and "ndjson" not in answer.headers["Content-Type"]:
            text = MOMENT.sub("a moment", json.dumps(_plain(answer.json(), self.url), sort_keys=True))
        return answer.status_code, text


def _plain(value: Any, url: str) -> Any:
    """An answer without what is not of the data: addresses of the instance, moments, numbers of a request."""
    if isinstance(value, dict):
        return {name: _plain(each, url) for name, each in value.items() if name != "request_id"}
    if isinstance(value, list):
        return [_plain(each, url) for each in value]
    return value.replace(url, "") if isinstance(value, str) else value


def addresses(one: Instance) -> Iterator[str]:
    """Every address to ask, from the description and from the lists themselves."""
    description = one.session.get(f"{one.url}/api/v1/schema/?format=json", timeout=300).json()
    read = {
        path.removeprefix("/api/v1/"): {each["name"]: each for each in found["get"].get("parameters", ())}
        for path, found in description["paths"].items()
        if "get" in found
    }
    keys: dict[str, list[str]] = {}
    for path, takes in read.items():
        if "{" not in path:
            yield from _asked(path, takes)
            if "page_size" in takes:
                keys[path] = list(_keys(one, path))
    for path, takes in read.items():
        if "{" in path:
            stem, _, rest = path.partition("{")
            own = rest.partition("}")[2].strip("/")
            listed = keys.get(stem, [])
            for key in listed if not own else listed[:MOST_PARTS]:
                yield from _asked(f"{stem}{quote(key)}/{f'{own}/' if own else ''}", takes)


def _asked(path: str, takes: dict[str, Any]) -> Iterator[str]:
    """An address on every day and, where it is a list, in every form."""
    needed = [f"{name}={NEEDED[name]}" for name, each in takes.items() if each.get("required") and name in NEEDED]
    needed += ["seed=7", "draws=500"] if path.strip("/").endswith(SEEDED) and "draws" in takes else []
    needed += ["portfolio=all"] if "portfolio" in takes else []
    days = DAYS if "as_of" in takes else ("",)
    for day in days:
        stated = [*needed, *([f"as_of={day}"] if day else [])]
        yield f"{path}?{'&'.join([*stated, *(['page_size=1000', 'count=exact'] if 'page_size' in takes else [])])}"
        if "page_size" in takes:
            yield from (f"{path}?{'&'.join([*stated, f'format={form}'])}" for form in FORMS)


def _keys(one: Instance, path: str) -> Iterator[str]:
    """The keys of the records of a list."""
    address = f"{one.url}/api/v1/{path}?page_size=1000"
    if "portfolio" in path or path.startswith(("jobs", "audit")):
        address = f"{one.url}/api/v1/{path}?page_size=1000"
    else:
        address += "&portfolio=all"
    while address:
        answer = one.session.get(address, timeout=300)
        if answer.status_code != 200:
            return
        for record in answer.json()["results"]:
            key = next((record[name] for name in ("code", "slug", "id") if name in record), None)
            if key is not None:
                yield str(key)
        address = answer.json()["next"]


def main() -> int:
    """Ask both, and say what differs."""
    asked = argparse.ArgumentParser(prog="python -m tests.comparing")
    asked.add_argument("before")
    asked.add_argument("after")
    given = asked.parse_args()
    before, after = Instance(given.before), Instance(given.after)
    listed = list(dict.fromkeys(addresses(before)))
    statuses: Counter[int] = Counter()
    differing = 0
    with ThreadPoolExecutor(2) as pool:
        for path, (was, now) in zip(
            listed, pool.map(lambda path: (before.get(path), after.get(path)), listed), strict=True
        ):
            statuses[was[0]] += 1
            if was != now:
                differing += 1
                print(f"{path}: {was[0]} {now[0]}", *_first(was[1], now[1]), sep="\n    ")
    print(f"{len(listed)} addresses, {differing} answers differ; statuses {dict(statuses)}")
    return 1 if differing else 0


def _first(was: str, now: str) -> tuple[str, str]:
    """Where two texts first differ."""
    at = next(
        (at for at, pair in enumerate(zip(was, now, strict=False)) if pair[0] != pair[1]), min(len(was), len(now))
    )
    return was[max(at - 60, 0) : at + 100], now[max(at - 60, 0) : at + 100]


if __name__ == "__main__":
    sys.exit(main())
