"""Pages as a reader meets them: parsed, and in a real browser on a served instance of the product.

The browser tests do not use Django's own live server: what they drive is what `make serve` runs, on a database of its
own that the product's commands prepared.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from tests.databases import Content, copied
from tests.functional.pages.filling import Sheet

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client
    from playwright.sync_api import Browser, Page, StorageState

ROOT = Path(__file__).resolve().parents[3]
STARTS_WITHIN = 60  # seconds
ANSWERS_WITHIN = 30  # seconds that an expectation waits for: a busy machine is slow, and only what fails takes so long
PASSWORD = "correct horse battery"
PEOPLE = f"""
from django.contrib.auth.models import Group, User
for name, role in (
    ("ann", "commissioner"), ("bob", "approver"), ("dora", "data-administrator"),
    ("eve", "commissioner"), ("fay", "approver"), ("gus", "approver"),
):
    User.objects.create_user(name, password="{PASSWORD}").groups.add(Group.objects.get(name=role))
"""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def read(client: Client, db: None) -> Callable[..., BeautifulSoup]:
    """Reads a page: `read("/changes/", kind="merger")`. Fails on any status but the one expected."""

    def page(path: str, *, status: int = 200, **query: object) -> BeautifulSoup:
        answer = client.get(path, query)
        assert answer.status_code == status, path
        return BeautifulSoup(answer.content, "html.parser")

    return page


@pytest.fixture
def proposer(signed_in: Callable[[User], Client], commissioner: User) -> Client:
    """The pages as a commissioner sees them."""
    return signed_in(commissioner)


@pytest.fixture
def sheet(proposer: Client) -> Callable[..., Sheet]:
    """The form of a kind of change, filled in from its address: `sheet("merger", originals__0="00F")`."""

    def opened(kind: str, **fields: str) -> Sheet:
        query = urlencode({name.replace("__", "-"): text for name, text in fields.items()})
        return Sheet(proposer, f"/changes/propose/{kind}/?{query}")

    return opened


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the product, served as in production on a database of its own with both portfolios."""
    from django.conf import settings

    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        pytest.fail("The static files are not built: run make assets")
    folder = tmp_path_factory.mktemp("served")
    with copied(Content.WHOLE, "served") as url:
        env = os.environ | {"DATABASE_URL": url, "PCORG_LOG_LEVEL": "ERROR"}
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", PEOPLE]
        subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, timeout=300)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        with (folder / "log").open("w") as log:
            server = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(port)], cwd=ROOT, env=env, stdout=log, stderr=log
            )
            try:
                _await(f"{address}/accessibility/", server, folder / "log")
                yield address
            finally:
                server.terminate()
                server.wait(timeout=20)


def _await(address: str, server: subprocess.Popen, log: Path) -> None:
    """Wait until the server answers."""
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"The server did not start: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, one for all tests of a process. Playwright keeps an event loop waiting in this thread
    while it is open. Django would refuse its database to the tests that come after, though nothing runs within that
    loop that could use it at the same time: so it is allowed."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=1000 * ANSWERS_WITHIN)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patched:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("PCORG_CHROMIUM") or "/usr/bin/chromium", args=FLAGS
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def states(served: str, browser: Browser) -> dict[str, StorageState]:
    """What a browser keeps of each person who has signed in: a commissioner, an approver, a data administrator."""
    from playwright.sync_api import expect

    kept: dict[str, StorageState] = {}
    for name in ("ann", "bob", "dora"):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{served}/sign-in/")
        page.get_by_label("User name").fill(name)
        page.locator("#password").fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("link", name=f"Account of {name}")).to_be_visible()
        kept[name] = context.storage_state()
        context.close()
    return kept


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Opens pages: `page(320, who="ann", scripts=False)`. One that logs an error or throws fails its test at the
    end."""
    contexts, faults = [], []

    def opened(width: int = 1280, *, who: str = "", scripts: bool = True) -> Page:
        state = request.getfixturevalue("states")[who] if who else None
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, storage_state=state
        )
        contexts.append(context)
        made = context.new_page()
        made.on("pageerror", lambda error: faults.append(str(error)))
        made.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        return made

    yield opened
    for context in contexts:
        context.close()
    # The status of an error page is logged by the browser itself.
    assert [fault for fault in faults if "the server responded with a status of 4" not in fault] == []
