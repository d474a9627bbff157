"""A process that has the product loaded and forks another for each deed: starting one anew takes longer than most
deeds. It opens no database itself, so that no two deeds share a connection.

python -m tests.faults.process
    reads deeds, one a line, as JSON: the module here and its words, ["operations", "effect", "7"]
    writes for each, as JSON: how it ended (0, or less than 0 for a signal) and what it wrote
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from importlib import import_module
from typing import Any

import django

MODULES = ("crossing_operations", "operations", "holding_operations", "judging_operations", "same_key", "same_load")


def carry_out(of: str, *words: str) -> dict[str, Any]:
    """Carry a deed out in a process of its own and wait for its end."""
    with tempfile.TemporaryFile() as written, tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.dup2(written.fileno(), 1)
            os.dup2(said.fileno(), 2)
            _end_with(of, *words)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        for file in (written, said):
            file.seek(0)
        return {"code": code, "written": written.read().decode(), "said": said.read().decode()}


def _end_with(of: str, *words: str) -> None:
    """Do it, write its answer as JSON and end this process."""
    code = 1
    try:
        answer = import_module(f"tests.faults.{of}").carry_out(*words)
        print(json.dumps(answer), flush=True)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    django.setup()
    import pcorg.urls  # noqa: F401 - with all views, which a deed would load anew each time

    for module in MODULES:
        import_module(f"tests.faults.{module}")
    for line in sys.stdin:
        print(json.dumps(carry_out(*json.loads(line))), flush=True)
