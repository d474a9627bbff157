"""A database of an earlier version becomes one of this version, with all that is in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests import databases
from tests.upgrades.process import VERSIONS

pytestmark = [pytest.mark.both_databases, pytest.mark.exhaustive]
SEEDED = {"auth.Group", "auth.Permission", "contenttypes.ContentType", "audit.AuditEntry"}
"""Of these there may be more afterwards."""


@pytest.mark.parametrize("version", sorted(path.stem for path in VERSIONS.glob("*.json")))
def test_a_database_of_an_earlier_version_is_carried_over(version: str) -> None:
    on, name = databases.engine(), f"p{os.getpid()}-upgraded"
    databases.FOLDER.mkdir(parents=True, exist_ok=True)
    on.create(name)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.upgrades.process", version],
            cwd=databases.ROOT,
            env={**os.environ, "DATABASE_URL": on.url(name), "DJANGO_SETTINGS_MODULE": "pcorg.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        on.drop(name)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    lost = {label: number for label, number in said["before"].items() if said["kept"][label] < number}
    assert not lost
    assert {label for label in said["kept"] if said["kept"][label] > said["before"][label]} <= SEEDED
    assert said["entries"] == ["load", "load", "migrate"]
    assert said["faults"] == []
    assert said["faults afterwards"] == []
    assert said["ended_by"] == ["m", "m", None], "the migrations say which change ended a fact"
    assert said["effects"] == [
        ["close-organisation", "X-A"],
        ["close-organisation", "X-B"],
        ["open-organisation", "X-N"],
        ["open-form", "X-N"],
        ["open-name", "X-N"],
        ["record-lineage", "X-A"],
        ["record-lineage", "X-B"],
        ["close-holding", "X-A"],
        ["open-holding", "X-N"],
    ], "the migrations read from the rows what a change did"
    assert said["closed_by"] == ["m", "m", None]
