"""The domain is plain Python: importing all of it brings in no web framework and no database, and of the
core only what is plain Python too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
IMPORT_ALL = """
import importlib, pkgutil, sys
import organisations.domain as domain
for module in pkgutil.walk_packages(domain.__path__, "organisations.domain."):
    importlib.import_module(module.name)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
print(*sorted(name for name in sys.modules if name.startswith("organisations.")))
print(*sorted(name for name in sys.modules if name.startswith("pcorg")))
"""


def test_the_domain_imports_nothing_but_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=60
    )
    packages, own, core = (set(line.split()) for line in done.stdout.splitlines())
    assert not packages & {"django", "rest_framework", "pydantic", "yaml", "psycopg2"}
    assert {name.split(".")[1] for name in own} == {"domain"}
    plain = {"periods", "policies", "refusals", "vocabulary"}
    assert core == {"pcorg", "pcorg.core", *(f"pcorg.core.{name}" for name in plain)}
