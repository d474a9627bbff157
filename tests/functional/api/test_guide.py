"""The reads that the guide shows answer as it says; so do the writes of an appraisal, one after the other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from evaluation.models import Assessment
from pcorg.core.accounts.roles import Role

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "api-guide.md"
COMMANDS = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
LINES = [line for block in COMMANDS for line in block.replace("\\\n", " ").splitlines() if line.startswith("curl ")]
READS = [
    found.group(1)
    for line in LINES
    if not re.search(r"--data|--request|--header|\s-[FH]\s", line)
    and (found := re.search(r"'http://localhost:8000(/api/v1/[^']+)'", line))
]
REFUSED = {"/api/v1/organisations/?colour=red&as_of=yesterday"}


@pytest.mark.django_db
@pytest.mark.parametrize("address", READS)
def test_a_read_of_the_guide_answers(api: APIClient, address: str) -> None:
    response = api.get(address)
    assert response.status_code == (400 if address in REFUSED else 200)
    if response.streaming:
        assert len(b"".join(response.streaming_content).splitlines()) > 1
    elif response["Content-Type"] == "application/json":
        assert response.json().get("results", True)


def test_the_guide_shows_reads() -> None:
    assert len(READS) > 15


# --- appraising -----------------------------------------------------------------------------------------------------

MADE, MEASURED = "12", 5
"""The numbers that the guide gives to the assessment and the measure it makes."""


def writes(heading: str) -> list[tuple[str, str, str, Any]]:
    """Who, method, address and body of every write in a section of the guide, in order."""
    section = GUIDE.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    found = []
    for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL):
        for command in re.split(r"^curl ", block.replace("\\\n", " "), flags=re.MULTILINE)[1:]:
            data = re.search(r"--data '(.*?)'\s*$", command.strip(), re.DOTALL)
            asked = re.search(r"--request (\w+)", command)
            if data or asked:
                who = re.search(r'"\$(\w+)"', command)
                address = re.search(r"'http://localhost:8000(/api/v1/[^']+)'", command)
                assert address is not None, command
                body = json.loads(data[1]) if data else {}
                method = asked[1].lower() if asked else "post"
                found.append((who[1] if who else "", method, address[1], body))
    return found


@pytest.mark.django_db
def test_the_writes_of_an_appraisal_do_as_the_guide_says(
    api: APIClient, api_as: Callable[[User], APIClient], person: Callable[..., User]
) -> None:
    clients = {
        "": api,
        "ANN": api_as(person("ann", Role.COMMISSIONER)),
        "BOB": api_as(person("bob", Role.APPROVER)),
    }
    number, measure, done = "", 0, []
    for who, method, address, body in writes("Appraising options"):
        for part in body.get("parts", ()):
            part["assessment"] = int(number)
        if body.get("measure") == MEASURED:
            body["measure"] = measure
        path = address.replace(f"/{MADE}/", f"/{number}/")
        answer = getattr(clients[who], method)(path, body, format="json")
        assert answer.status_code in {200, 201}, (path, answer.content)
        if address.endswith("/assessments/"):
            number = str(answer.json()["id"])
        if address.endswith("/measures/"):
            measure = answer.json()["id"]
        done.append(address.rstrip("/").rpartition("/")[2])
    steps = ["try", "assessments", "open", "judgements", "close", "approve", "choose", "measures", "readings"]
    assert done == [*steps, "integration-profiles", "dispersals"]
    held = Assessment.objects.get(pk=number)
    assert (held.status, held.choice.option.key) == ("approved", "community-interest-company")


@pytest.mark.django_db
def test_the_guide_speaks_of_the_assessments_that_ship() -> None:
    shipped = dict(Assessment.objects.values_list("pk", "slug"))
    assert (shipped[1], shipped[3]) == ("table-3-four-options", "ostlebury-panel")
