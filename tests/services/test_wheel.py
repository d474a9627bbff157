"""The wheel, built and installed in an environment of its own: everything it needs is in it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.services
ROOT = Path(settings.BASE_DIR)
WITHIN = 60


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    """Run a command that must succeed; gives what it said."""
    ended = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0, f"{command}\n{ended.stdout[-3000:]}{ended.stderr[-3000:]}"
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    if not (ROOT / "staticfiles" / "staticfiles.json").exists():
        pytest.fail("The static files are not built: run make assets")
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel, which finds all other packages where these tests have them; the folder of its
    programs. Nothing of the checkout is on its path."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    place = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    (place / "tested.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = folder / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", "--force-reinstall", wheel, cwd=folder)
    return folder / "bin"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment that knows nothing of the checkout."""
    ours = ("DATABASE_URL", "DJANGO_", "PCORG_", "PYTHONPATH", "SECRET_KEY", "CACHE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PCORG_HOME": str(tmp_path), "PCORG_LOG_LEVEL": "ERROR"}


def test_the_wheel_holds_what_the_product_reads_and_no_sources_of_assets_or_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "fixtures"):
        there = {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert {f"pcorg/shipped/{name}" for name in there} <= names
    assert "pcorg/shipped/staticfiles/staticfiles.json" in names
    assert "pcorg/shipped/package.json" in names
    assert "pcorg/templates/admin/exchange/import.html" in names
    assert "pcorg/core/jobs/migrations/0001_initial.py" in names
    strange = ("tests/", "node_modules/", "docs/", "pcorg/assets/", "pcorg/static_built/", "manage.py", "templates/")
    assert not [name for name in names if name.startswith(strange)]
    assert not [name for name in names if name.endswith((".pyc", ".sqlite3", ".secret_key"))]


def test_the_command_checks_sets_up_and_serves_from_an_empty_folder(
    installed: Path, env: dict[str, str], tmp_path: Path
) -> None:
    pcorg = installed / "pcorg"
    run(pcorg, "check", cwd=tmp_path, env=env)
    where = run(pcorg, "shell", "-v", "0", "-c", "import pcorg; print(pcorg.__file__)", cwd=tmp_path, env=env).strip()
    assert where.startswith(str(installed.parent)), where
    run(pcorg, "setup", cwd=tmp_path, env=env)
    assert {path.name for path in tmp_path.iterdir()} >= {"db.sqlite3", ".secret_key"}
    assert "doctor" in run(pcorg, "help", cwd=tmp_path, env=env)
    run(pcorg, "doctor", cwd=tmp_path, env=env)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([pcorg, "serve", "--port", str(port)], cwd=tmp_path, env=env)
    try:
        page = answered(f"http://127.0.0.1:{port}/organisations/5M1/?as_of=2009-04-01", server)
        assert "South Birmingham" in page
        style = page.split('rel="stylesheet" href="')[1].split('"')[0]
        assert answered(f"http://127.0.0.1:{port}{style}", server)
        assert '"status":"ready"' in answered(f"http://127.0.0.1:{port}/ready/", server).replace(" ", "")
    finally:
        server.terminate()
        server.wait(timeout=20)


def answered(address: str, server: subprocess.Popen) -> str:
    """What an address answers, once the server does."""
    ends = time.monotonic() + WITHIN
    while time.monotonic() < ends and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError:
            raise
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"{address} did not answer")


def test_the_list_of_parts_has_every_locked_package_with_its_version(tmp_path: Path) -> None:
    recipe = (ROOT / "Makefile").read_text().split("\nsbom:")[1].split("\n\n")[0]
    words = next(line for line in recipe.splitlines() if "cyclonedx-py" in line).split("cyclonedx-py")[1].split()
    tool, written = Path(sys.executable).with_name("cyclonedx-py"), tmp_path / "sbom.json"
    command = [str(written) if word == "build/sbom.json" else word for word in words]
    run(tool, *command, cwd=ROOT)
    parts = json.loads(written.read_text())
    locked = re.findall(r"(?m)^([\w.-]+)==(\S+)", (ROOT / "requirements" / "run.txt").read_text())
    assert {(part["name"], part["version"]) for part in parts["components"]} == set(locked)
    assert parts["bomFormat"] == "CycloneDX"
