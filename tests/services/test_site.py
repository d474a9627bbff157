"""Two application servers behind nginx with PostgreSQL and Redis: what they share, and that one may go."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.databases import Content, Postgres, copied, engine
from tests.faults.working import document
from tests.functional.pages.conftest import PASSWORD
from tests.services.running import (
    NAME,
    TOKEN,
    Site,
    end_all_of,
    environment,
    process,
    redis_server,
    run,
    server_command,
    site,
    until,
)

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The deployment, on a database with all that is shipped."""
    if not isinstance(engine(), Postgres):
        pytest.skip("several servers need PostgreSQL: set DATABASE_URL")
    with copied(Content.WHOLE, "site") as database, site(tmp_path_factory.mktemp("site"), database) as made:
        yield made


def test_the_front_server_answers_by_https_alone_and_hides_what_is_within(running: Site) -> None:
    page = running.ask("/organisations/5M1/?as_of=2009-04-01")
    assert page.status == 200
    assert b"South Birmingham" in page.body
    assert "max-age=31536000" in page.headers["strict-transport-security"]
    assert "nginx/" not in page.headers["server"]
    assert running.ask("/metrics", Authorization=f"Bearer {TOKEN}").status == 404
    with socket.create_connection(("127.0.0.1", running.plain), timeout=10) as plain:
        plain.sendall(f"GET /x?y=1 HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
        answer = plain.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 308")
    assert f"Location: https://{NAME}/x?y=1" in answer


def test_by_plain_http_the_api_is_refused(running: Site) -> None:
    with socket.create_connection(("127.0.0.1", running.plain), timeout=10) as plain:
        plain.sendall(f"GET /api/v1/forms/ HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
        head, _, body = plain.makefile("rb").read().decode().partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 403")
    assert "application/problem+json" in head
    assert json.loads(body)["code"] == "not-permitted"


def has_headers_once(running: Site, path: str, status: int) -> None:
    """Asks the front server and sees that each of the headers of protection comes once."""
    context = ssl.create_default_context(cafile=str(running.folder / "fullchain.pem"))
    context.check_hostname = False
    connection = http.client.HTTPSConnection("127.0.0.1", running.front, context=context, timeout=30)
    connection.request("GET", path, headers={"Host": NAME})
    response = connection.getresponse()
    names = [name.lower() for name, _ in response.getheaders()]
    connection.close()
    assert response.status == status
    for name in ("strict-transport-security", "x-content-type-options", "content-security-policy"):
        assert names.count(name) == 1, (path, name)
    assert "max-age=31536000; includeSubDomains" in response.headers["strict-transport-security"]
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/accessibility/", 200),
        ("/metrics", 404),
        ("/static/pcorg/app.css", 200),
        ("/nothing/", 404),
        ("/" + "x" * 9000, 414),
    ],
)
def test_every_answer_has_the_headers_of_protection_once(running: Site, path: str, status: int) -> None:
    """Also what the front server answers by itself, and static files."""
    has_headers_once(running, path, status)


def test_a_file_that_is_too_large_is_refused_before_a_server_sees_it(running: Site) -> None:
    answer = running.ask("/api/v1/portfolios/", "POST", b"x" * (22 * 1024 * 1024), Content_Type="application/json")
    assert answer.status == 413
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def signed_in(running: Site, ports: list[int], who: str) -> str:
    """Signs in, with each step on another server; gives the cookie."""
    page = running.ask_server(ports[0], "/sign-in/")
    csrf = re.findall(r"__Host-csrftoken=(\w+)", page.headers["set-cookie"])[0]
    hidden = re.findall(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)[0].decode()
    form = urlencode({"csrfmiddlewaretoken": hidden, "username": who, "password": PASSWORD}).encode()
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Referer": f"https://{NAME}/sign-in/"}
    answer = running.ask_server(ports[1], "/sign-in/", "POST", form, Cookie=f"__Host-csrftoken={csrf}", **headers)
    assert answer.status == 302, answer.body[:500]
    assert "Secure" in answer.headers["set-cookie"]
    (session,) = re.findall(r"__Host-sessionid=\w+", answer.headers["set-cookie"])
    return str(session)


def test_a_session_holds_on_every_server(running: Site) -> None:
    first, second = running.servers
    cookie = signed_in(running, [first, second], "dora")
    for port in (first, second):
        assert b"dora" in running.ask_server(port, "/account/", Cookie=cookie).body
    assert b"dora" in running.ask("/account/", Cookie=cookie).body


def test_a_reader_is_counted_once_for_all_servers(running: Site) -> None:
    statuses = [
        running.ask_server(port, "/api/v1/forms/", X_Forwarded_For="203.0.113.9").status
        for _ in range(45)
        for port in running.servers
    ]
    assert set(statuses) == {200, 429}
    assert statuses.count(200) <= 80  # forty a minute, and a minute may end meanwhile
    others = [
        running.ask_server(port, "/api/v1/forms/", X_Forwarded_For="203.0.113.7").status for port in running.servers
    ]
    assert others == [200, 200]


def test_a_reader_cannot_choose_the_address_they_are_counted_under(running: Site) -> None:
    statuses = {
        running.ask("/api/v1/forms/", source="127.0.0.9", X_Forwarded_For=f"198.51.100.{number}").status
        for number in range(100)
    }
    assert 429 in statuses


def test_the_figures_of_a_server_are_those_of_all_its_processes(running: Site) -> None:
    port = next(iter(running.servers))

    def counted() -> float:
        text = running.ask_server(port, "/metrics", Authorization=f"Bearer {TOKEN}").body.decode()
        assert 'pcorg_jobs{state="queued"}' in text
        return sum(map(float, re.findall(r'pcorg_requests_total\{[^}]*route="/health/"[^}]*\} (\S+)', text)))

    before = counted()
    for _ in range(40):
        assert running.ask_server(port, "/health/").status == 200
    assert {counted() - before for _ in range(6)} == {40.0}
    assert running.ask_server(port, "/metrics").status == 404


def test_a_job_asked_of_one_server_is_done_by_a_worker_and_read_from_another(running: Site) -> None:
    token = running.manage("api_token", "dora").split()[-1]
    headers = {"Authorization": f"Token {token}", "Content_Type": "application/json"}
    answer = running.ask("/api/v1/portfolios/?later=true", "POST", document(1, 50), **headers)
    assert answer.status == 202, answer.body
    path = f"/api/v1/jobs/{answer.document['id']}/"

    def ended(port: int) -> dict[str, Any] | None:
        job = running.ask_server(port, path, Authorization=f"Token {token}").document
        return job if job["state"] not in {"queued", "running"} else None

    for port in running.servers:
        job = until(lambda port=port: ended(port), "the end of the job")
        assert (job["state"], job["result"]["document"]["bodies"]) == ("done", 50), job


def test_many_slow_clients_hold_nobody_up(running: Site) -> None:
    slow = [socket.create_connection(("127.0.0.1", running.plain), timeout=10) for _ in range(200)]
    try:
        for each in slow:
            each.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert [running.ask("/health/").status for _ in range(20)] == [200] * 20
    finally:
        for each in slow:
            each.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
def test_the_service_goes_on_while_a_server_is_stopped_and_comes_back(running: Site, how: signal.Signals) -> None:
    port, server = next(iter(running.servers.items()))
    stop, statuses = threading.Event(), list[int]()

    def read() -> None:
        while not stop.is_set():
            statuses.append(running.ask("/accessibility/").status)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for each in readers:
        each.start()
    until(lambda: len(statuses) > 20, "the first answers")
    if how == signal.SIGKILL:
        end_all_of(server, how)
    else:
        server.send_signal(how)
        server.wait(timeout=30)
    until(lambda: len(statuses) > 150, "answers without the server")
    started = running.stack.enter_context(
        process(running.folder, f"again-{how.name}", *server_command(port), env=running.env)
    )
    running.servers[port] = started
    until(lambda: running.ask_server(port, "/ready/").status == 200, "the server that comes back")
    stop.set()
    for each in readers:
        each.join()
    assert set(statuses) == {200}, {status: statuses.count(status) for status in set(statuses)}


def told(code: str, env: dict[str, str]) -> Any:
    """What a piece of code prints as JSON, run in a site's environment."""
    return json.loads(run(sys.executable, "manage.py", "shell", "-v", "0", "-c", code, env=env).splitlines()[-1])


def test_jobs_run_by_redis_too(tmp_path: Path) -> None:
    if not isinstance(engine(), Postgres):
        pytest.skip("several servers need PostgreSQL: set DATABASE_URL")
    ask = (
        "import json; from tests.faults import working; from pcorg.core.jobs.models import Job;"
        "print(json.dumps(working.ask(7, 3, 20)))"
    )
    with copied(Content.REFERENCE, "redis") as database, redis_server(tmp_path) as cache:
        env = environment(database, cache) | {"PCORG_TASKS": "redis"}
        assert len(told(ask, env)) == 3
        run(
            sys.executable, "manage.py", "rqworker", "default", "--burst", "--job-class", "django_tasks_rq.Job", env=env
        )
        look = "import json; from tests.faults import working; print(json.dumps([working.jobs(), working.effects()]))"
        jobs, effects = json.loads(
            run(sys.executable, "manage.py", "shell", "-v", "0", "-c", look, env=env).splitlines()[-1]
        )
        assert [(job["state"], job["attempts"]) for job in jobs] == [("done", 1)] * 3, jobs
        once = {"bodies": 20, "loads": 1, "entries": 1}
        assert effects == {"portfolios": {f"worked-{number}": once for number in (7, 8, 9)}, "faults": []}
