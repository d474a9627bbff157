"""The container file, the compose file, the front server's configuration and the services of systemd, as far as they
can be judged without running them. `make test-services` runs what this machine has."""

from __future__ import annotations

import json
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
    for name in (
        "SECRET_KEY", "POSTGRES_PASSWORD", "PCORG_OWNER_PASSWORD", "PCORG_SERVING_PASSWORD", "REDIS_PASSWORD",
        "ALLOWED_HOSTS", "PCORG_NAME",
    ):  # fmt: skip
        assert f"${{{name}:?}}" in text
    used = set(re.findall(r"\$\{(\w+)", text))
    example = set(re.findall(r"(?m)^(\w+)=", (DEPLOY / "env.example").read_text()))
    assert used == example
    assert not re.findall(r"(?m)^(?:SECRET_KEY|\w+PASSWORD)=.+", (DEPLOY / "env.example").read_text())


def test_what_serves_is_neither_owner_nor_superuser_of_the_database(compose: dict[str, Any]) -> None:
    services = compose["services"]
    roles = {name: re.split("[:/@]+", services[name]["environment"]["DATABASE_URL"])[1] for name in OURS}
    assert roles == {"migrate": "pcorg_owner", "app-1": "pcorg", "app-2": "pcorg", "worker": "pcorg"}
    assert services["migrate"]["command"] == ["setup", "--serving-role", "pcorg"]
    assert not [name for name in OURS if "POSTGRES_PASSWORD" in str(services[name])]
    assert not [name for name in OURS if name != "migrate" and "OWNER" in str(services[name])]
    made = (DEPLOY / "postgres" / "roles.sql").read_text()
    assert re.findall(r"(?m)^CREATE ROLE (\w+) LOGIN PASSWORD :'\w+';$", made) == ["pcorg_owner", "pcorg"]
    assert "CREATE DATABASE pcorg OWNER pcorg_owner;" in made
    assert "SUPERUSER" not in made


def test_everybody_with_an_account_gives_a_second_factor(compose: dict[str, Any]) -> None:
    assert {compose["services"][name]["environment"]["PCORG_SECOND_FACTOR"] for name in OURS} == {"everyone"}
    assert "PCORG_SECOND_FACTOR=everyone" in (ROOT / "docs" / "deploy.md").read_text()


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


def front() -> str:
    """The front server's configuration, without what is said about it."""
    return re.sub(r"(?m)^\s*#.*$", "", (DEPLOY / "nginx" / "pcorg.conf.template").read_text())


def test_the_front_server_takes_suites_with_forward_secrecy_and_authenticated_encryption_alone() -> None:
    (suites,) = re.findall(r"ssl_ciphers (\S+);", front())
    assert "ssl_prefer_server_ciphers on;" in front()
    assert all(
        re.fullmatch(r"ECDHE-(ECDSA|RSA)-\S*(GCM-SHA256|GCM-SHA384|CHACHA20-POLY1305)", each)
        for each in suites.split(":")
    )
    strength = [128 if "AES128" in each else 256 for each in suites.split(":")]
    assert strength == sorted(strength, reverse=True)


def test_what_the_front_server_answers_itself_has_the_headers_of_the_rest() -> None:
    """A header of its own wherever the application sent none; a location that adds one of its own would lose these."""
    maps = dict(re.findall(r"map \$upstream_http_(\w+) \$\w+ \{\s+\"\" (.+);\s+default \"\";", front()))
    assert maps.keys() == {"strict_transport_security", "x_content_type_options", "content_security_policy"}
    assert "max-age=31536000; includeSubDomains" in maps["strict_transport_security"]
    assert maps["content_security_policy"] == "\"default-src 'none'; frame-ancestors 'none'\""
    plain, encrypted = re.split(r"(?m)^server \{", front())[1:]
    for named in ("Strict-Transport-Security", "X-Content-Type-Options", "Content-Security-Policy"):
        assert re.search(rf"(?m)^    add_header {named} \$pcorg_\w+ always;", encrypted)
    for named in (
        "X-Content-Type-Options nosniff",
        "Content-Security-Policy \"default-src 'none'; frame-ancestors 'none'\"",
    ):
        assert f"\n    add_header {named} always;" in plain
    assert not re.findall(r"(?m)^     +add_header", front())


def test_by_plain_http_only_pages_are_led_on() -> None:
    plain = re.split(r"(?m)^server \{", front())[1]
    found = dict(re.findall(r"location (\S+) \{\s+(?:default_type [^;]+;\s+)?return (\d+)", plain))
    assert found == {"/": "308", "/api/": "403", "/api/v1/docs/": "308"}
    (said,) = re.findall(r"return 403 '(.*)';", plain)
    assert {"status": 403, "code": "not-permitted"}.items() <= json.loads(said).items()


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
    assert (service["IPAddressDeny"], service["IPAddressAllow"]) == ("any", "localhost")
    assert service["ExecStart"].startswith("/opt/pcorg/bin/pcorg ")
