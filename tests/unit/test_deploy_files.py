"""The container file, the compose file, the front server's configuration and the services of systemd, as far as they
can be judged without running them. `make test-services` runs what this machine has."""

from __future__ import annotations

import re
import shlex
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
OURS = ("migrate", "app-1", "app-2", "worker")


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of the container file, stage by stage."""
    text = re.sub(r"(?m)^#.*\n", "", (DEPLOY / "Dockerfile").read_text())
    lines = [line for line in re.sub(r"\\\n", " ", text).splitlines() if line.strip()]
    found: list[list[tuple[str, str]]] = []
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest.strip()))
    return found


def last(word: str) -> str:
    """What the last stage says with an instruction."""
    return [rest for named, rest in stages()[-1] if named == word][-1]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file, its anchors put in place."""
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text()))


def test_the_image_is_built_in_stages_and_the_last_holds_no_tools() -> None:
    assert len(stages()) == 3
    bases = [stage[0][1] for stage in stages()]
    assert not [base for base in bases if ":" not in base or ":latest" in base]
    runs = [rest for word, rest in stages()[-1] if word == "RUN"]
    assert not [run for run in runs if re.search(r"\b(apt|pip|npm|curl|wget)\b", run)]
    copies = [rest for word, rest in stages()[-1] if word in {"COPY", "ADD"}]
    assert copies == ["--from=build /opt/pcorg /opt/pcorg"]


def test_the_image_installs_only_what_is_locked() -> None:
    runs = " ".join(rest for stage in stages() for word, rest in stage if word == "RUN")
    assert "npm ci" in runs
    installs = re.findall(r"pip install ([^&]+)", runs)
    assert len(installs) == 2
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)


def test_the_image_runs_without_rights_and_says_whether_it_is_well() -> None:
    user, _, group = last("USER").partition(":")
    assert int(user) >= 1000
    assert int(group) >= 1000
    order = [word for word, _ in stages()[-1]]
    assert order.index("USER") < order.index("ENTRYPOINT")
    assert "/health/" in last("HEALTHCHECK")
    assert "serve" in last("CMD")
    assert "PCORG_PROFILE=production" in last("ENV")


def test_no_secret_is_built_in() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    assert not re.search(r"(?i)(ENV|ARG)[^\n]*(secret|password|token)", text)
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    assert {".git", ".secret_key", "**/.env", "deploy/tls", "**/*.sqlite3*", ".venv", "node_modules"} <= set(ignored)
    kept_out = (ROOT / ".gitignore").read_text().split()
    assert {"/deploy/.env", "/deploy/tls/"} <= set(kept_out)


def test_what_the_image_copies_is_there() -> None:
    for stage in stages():
        for word, rest in stage:
            parts = shlex.split(rest)
            if word == "COPY" and not parts[0].startswith("--from"):
                assert [part for part in parts[:-1] if not (ROOT / part).exists()] == []


def test_the_compose_file_has_every_part(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"database", "cache", "front", *OURS}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_write_nothing_and_have_no_rights(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["user"] == "10001:10001"
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["tmpfs"]
    assert "volumes" not in service
    assert "ports" not in service
    assert "privileged" not in service
    assert service["environment"]["PCORG_PROFILE"] == "production"
    assert service["mem_limit"]
    assert service["networks"] == ["inside"]


def test_secrets_come_from_outside_and_are_required(compose: dict[str, Any]) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "ALLOWED_HOSTS", "PCORG_NAME"):
        assert f"${{{name}:?}}" in text
    used = set(re.findall(r"\$\{(\w+)", text))
    example = set(re.findall(r"(?m)^(\w+)=", (DEPLOY / "env.example").read_text()))
    assert used == example
    assert not re.findall(r"(?m)^(?:SECRET_KEY|\w+PASSWORD)=.+", (DEPLOY / "env.example").read_text())


def test_only_the_front_server_is_reached_from_outside(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["front"]
    assert compose["networks"]["inside"]["internal"] is True


def test_servers_wait_for_the_tables_and_migrate_runs_once(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["restart"] == "no"
    for name in ("app-1", "app-2", "worker"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["restart"] == "unless-stopped"
    assert services["worker"]["command"] == ["db_worker"]
    assert services["database"]["healthcheck"]["test"][1] == "pg_isready"


def test_the_front_server_has_limits_for_what_clients_may_take() -> None:
    text = (DEPLOY / "nginx" / "pcorg.conf.template").read_text()
    named = (
        "client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout", "client_max_body_size",
        "limit_conn ", "limit_req ", "proxy_connect_timeout", "proxy_read_timeout", "proxy_request_buffering on",
        "server_tokens off", "ssl_protocols TLSv1.2 TLSv1.3;",
    )  # fmt: skip
    assert [name for name in named if name not in text] == []
    assert "X-Forwarded-For $remote_addr;" in text  # what a client claims of itself is thrown away
    assert re.search(r"location = /metrics \{\s+return 404;", text)
    filled = set(re.findall(r"\$\{(\w+)\}", re.sub(r"(?m)^#.*$", "", text)))
    front = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["front"]["environment"]
    assert filled <= set(front)


@pytest.mark.parametrize("name", ["pcorg.service", "pcorg-worker.service"])
def test_the_services_of_systemd_have_no_rights_and_come_back(name: str) -> None:
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "systemd" / name)
    service = unit["Service"]
    assert service["User"] == "pcorg"
    assert service["Restart"] == "always"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["ExecStart"].startswith("/opt/pcorg/bin/pcorg ")
