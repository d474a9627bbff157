"""Back-up, restoring and transfer, proven by the hash of the content."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import databases

Manage = Callable[..., subprocess.CompletedProcess[str]]
DAMAGE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("UPDATE organisations_nameperiod SET name = 'x'")
    cursor.execute("DELETE FROM organisations_changefinding")
"""
GO_ON = """
from organisations.services.proposals import Actor, comment_on
from organisations.models import Change
comment_on(change_id=Change.objects.order_by("pk").first().pk, by=Actor("ann", commissions=True), text="Going on.")
"""

WAITS = """
import json
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone
from organisations.services.load_portfolio import load_content
from organisations.services.waiting_loads import submit
from pcorg.core.accounts.models import SignIn
from pcorg.core.policies import Actor
from pcorg.core.uploads.files import keep
from tests.documents import coast
ann = User.objects.create_user("ann")
now = timezone.now()
session = Session.objects.create(session_key="x", session_data="", expire_date=now)
SignIn.objects.create(session=session, user=ann, began=now, seen=now)
keep(owner=ann.pk, name="passing.json", content=b"{}", outcome={})
document = {name: part for name, part in coast().items() if name in {"schema", "portfolio", "bodies"}}
load_content(content=json.dumps(document).encode(), name="coast.json", by="ann")
document["changes"] = coast()["changes"]
by = Actor("ann", id=ann.pk, administers=True)
assert submit(content=json.dumps(document).encode(), name="merger.json", by=by).status == "waiting"
"""
CONFIRMS = """
from django.contrib.auth.models import User
from organisations.services.waiting_loads import confirm
from organisations.models import WaitingLoad
from pcorg.core.policies import Actor
from pcorg.core.uploads.models import KeptUpload
kept = KeptUpload.objects.get()
waiting = WaitingLoad.objects.get()
bob = User.objects.create_user("bob")
confirm(number=waiting.pk, by=Actor("bob", id=bob.pk, approves=True), expected_state=waiting.state)
print(kept.name, KeptUpload.objects.count(), WaitingLoad.objects.get().load.file_name)
"""


def manage(url: str, *words: str, fails: bool = False) -> str:
    """What a command prints on a database; where it fails and must, what it says on standard error."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=databases.ROOT,
        env={**os.environ, "DATABASE_URL": url, "PCORG_LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) is fails, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr if fails else done.stdout


def hash_of(url: str) -> str:
    return manage(url, "content_hash").strip()


@pytest.fixture(scope="module")
def whole() -> Iterator[str]:
    with databases.copied(databases.Content.WHOLE, "copies") as url:
        yield url


@pytest.fixture
def empty() -> Iterator[Callable[[str], str]]:
    """Makes databases without tables, on the engine of these tests or, by name, in a file of SQLite."""
    on, made = databases.engine(), []

    def make(purpose: str) -> str:
        name = f"p{os.getpid()}-{purpose}"
        on.create(name)
        made.append(name)
        return on.url(name)

    yield make
    for name in made:
        on.drop(name)


@pytest.mark.both_databases
@pytest.mark.exhaustive
def test_what_is_backed_up_damaged_and_restored_is_the_same_again(
    whole: str, empty: Callable[[str], str], tmp_path: Path
) -> None:
    before = hash_of(whole)
    path = tmp_path / "copy"
    assert before in manage(whole, "backup", str(path))
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert [each.name for each in tmp_path.iterdir()] == ["copy"]
    assert "is there already" in manage(whole, "backup", str(path), fails=True)

    manage(whole, "shell", "-c", DAMAGE)
    assert hash_of(whole) != before
    assert "holds data" in manage(whole, "restore", str(path), fails=True)
    assert before in manage(whole, "restore", str(path), "--replace")
    assert "is whole" in manage(whole, "verify_audit")

    new = empty("restored")
    assert before in manage(new, "restore", str(path))
    manage(new, "shell", "-c", GO_ON)
    assert "is whole" in manage(new, "verify_audit")
    assert hash_of(new) != before

    (tmp_path / "rubbish").write_bytes(path.read_bytes()[:5000])
    after = hash_of(new)
    assert "CommandError" in manage(new, "restore", str(tmp_path / "rubbish"), "--replace", fails=True)
    assert "is not there" in manage(new, "restore", str(tmp_path / "nothing"), fails=True)
    assert hash_of(new) == after


@pytest.mark.faults
def test_a_restore_that_is_killed_leaves_no_trace(whole: str, tmp_path: Path) -> None:
    path, copied = tmp_path / "copy", hash_of(whole)
    manage(whole, "backup", str(path))
    manage(whole, "shell", "-c", GO_ON)
    before = hash_of(whole)
    states = {copied, before}
    for wait in (1.0, 2.0, 3.0):
        killed(whole, wait, "restore", str(path), "--replace")
        assert hash_of(whole) in states
        manage(whole, "shell", "-c", GO_ON)
        states = {copied, hash_of(whole)}
    manage(whole, "restore", str(path), "--replace")
    assert hash_of(whole) == copied


def killed(url: str, wait: float, *words: str) -> None:
    """A command that is killed after so many seconds, with the programs it runs."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *words],
        cwd=databases.ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(wait)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.both_databases
@pytest.mark.exhaustive
def test_everything_is_transferred_to_another_database(whole: str, empty: Callable[[str], str], tmp_path: Path) -> None:
    """On PostgreSQL: to a file of SQLite, and from there back; the three hold the same. On SQLite: to another file."""
    before = hash_of(whole)
    source = whole
    if whole.startswith("postgres"):
        source = f"sqlite:///{tmp_path / 'between.sqlite3'}"
        manage(source, "migrate", "--verbosity=0")
        assert before in manage(source, "transfer", "--from", whole)
        assert "is whole" in manage(source, "verify_audit")
    target = empty("transferred")
    assert "not of one version" in manage(target, "transfer", "--from", source, fails=True)
    manage(target, "migrate", "--verbosity=0")
    nothing = hash_of(target)
    for wait in (2.0, 3.0, 4.0):
        killed(target, wait, "transfer", "--from", source)
        assert hash_of(target) in {nothing, before}
    if hash_of(target) == nothing:
        assert before in manage(target, "transfer", "--from", source)
    assert hash_of(target) == before
    assert "is whole" in manage(target, "verify_audit")
    assert "holds data" in manage(target, "transfer", "--from", source, fails=True)
    manage(target, "shell", "-c", GO_ON)
    manage(target, "load_portfolio", *map(str, databases.PORTFOLIOS))
    assert "is whole" in manage(target, "verify_audit")


@pytest.mark.both_databases
@pytest.mark.exhaustive
def test_a_file_that_waits_for_somebody_is_transferred_and_loaded_there(empty: Callable[[str], str]) -> None:
    """With the person who sent it, who is signed in; other files that were kept, and sessions, stay behind."""
    with databases.copied(databases.Content.REFERENCE, "waiting") as source:
        manage(source, "shell", "-v", "0", "-c", WAITS)
        before = hash_of(source)
        target = empty("goes-on-waiting")
        manage(target, "migrate", "--verbosity=0")
        assert before in manage(target, "transfer", "--from", source)
    assert hash_of(target) == before
    assert manage(target, "shell", "-v", "0", "-c", CONFIRMS).split() == ["merger.json", "0", "merger.json"]


def test_a_transfer_needs_a_source_that_is_there_and_of_this_version(whole: str, tmp_path: Path) -> None:
    said = manage(whole, "transfer", "--from", f"sqlite:///{tmp_path / 'nothing.sqlite3'}", fails=True)
    assert "There is no database at" in said
    assert not list(tmp_path.iterdir())
    older = tmp_path / "older.sqlite3"
    older.write_bytes(b"")
    assert "not of one version" in manage(whole, "transfer", "--from", f"sqlite:///{older}", fails=True)
