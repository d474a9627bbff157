"""Reads hostile files, each in a process of its own, and writes what that took: a line of JSON for each.

python -m tests.unit.ingest.measured [NAME ...]
    writes: name and bytes of the file, megabytes before and at most, seconds of work, faults told and counted
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")


def megabytes() -> float:
    """The most memory that this process has had so far. Linux counts in `ru_maxrss` what the process that started this
    one had; its own peak stands elsewhere."""
    if STATUS.exists():
        peak = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def made(name: str) -> bytes:
    """The file, made by another process, for making it takes memory too."""
    from tests.unit.ingest.hostile import FILES

    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(FILES[name]())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    os.wait()
    return content


def measured(name: str) -> dict[str, Any]:
    """What reading a file takes, as the pages, the API and the commands read it."""
    from organisations.portfolios.formats import document_from
    from organisations.portfolios.reading import DocumentRefused
    from organisations.portfolios.stated import stated_by
    from organisations.services.load_portfolio import few_enough
    from tests.unit.ingest.hostile import BY_NETWORK

    content = made(name)
    before, began, told, counted = megabytes(), time.process_time(), 0, 0
    try:
        text = document_from(content, name="file")
        if name in BY_NETWORK:
            few_enough(text)
        stated = stated_by(text)
        told = counted = len(stated.faults)
    except DocumentRefused as refused:
        told, counted = len(refused.faults), refused.count
    took = time.process_time() - began
    return {
        "file": name,
        "bytes": len(content),
        "before": before,
        "most": megabytes(),
        "seconds": took,
        "told": told,
        "counted": counted,
    }


def main(names: Sequence[str]) -> int:
    """Measure each file in a process that has loaded the product already; gives how many of these ended badly."""
    import django

    django.setup()
    measured(next(iter(names)))  # what is loaded when it is first needed
    failed = 0
    for name in names:
        child = os.fork()
        if child == 0:
            print(json.dumps(measured(name)), flush=True)
            os._exit(0)
        failed += os.waitpid(child, 0)[1] != 0
    return failed


if __name__ == "__main__":
    from tests.unit.ingest.hostile import FILES

    raise SystemExit(main(sys.argv[1:] or list(FILES)))
