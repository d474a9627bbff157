"""The pages of jobs, and the Load page that makes them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from organisations.jobs import LARGE
from organisations.models import Portfolio, PortfolioLoad
from pcorg.core.jobs import actions
from pcorg.core.jobs.models import Job, JobState
from pcorg.core.jobs.running import run
from pcorg.core.uploads.models import KeptUpload
from tests.functional.api.test_portfolios import VALLEY

pytestmark = pytest.mark.django_db
SOUND = json.dumps(VALLEY).encode()
LARGE_SOUND = SOUND[:-1] + b" " * LARGE + b"}"


@pytest.fixture
def loader(signed_in: Callable[[User], Client], administrator: User) -> Client:
    """The pages as a data administrator sees them."""
    return signed_in(administrator)


def page(client: Client, path: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == status, answer.content[-1000:]
    return BeautifulSoup(answer.content, "html.parser")


def words(found: Any) -> str:
    return " ".join(found.get_text(" ").split())


def check(client: Client, content: bytes, **form: str) -> str:
    """Send a file to be checked; the address that follows."""
    answer = client.post("/load/", {"file": SimpleUploadedFile("valley.json", content), **form})
    assert answer.status_code == 302, answer.content[-1000:]
    return str(answer["Location"])


def test_a_large_file_is_checked_and_loaded_by_jobs(loader: Client) -> None:
    where = check(loader, LARGE_SOUND)
    assert where.startswith("/jobs/")
    shown = page(loader, where)
    assert "Waiting for a worker" in words(shown.main)
    run(Job.objects.get().pk)
    link = page(loader, where).find("a", string="Show the result")
    assert "Nothing is loaded yet" in words(page(loader, link["href"]).main)
    where = loader.post(link["href"])["Location"]
    assert where.startswith("/jobs/")
    run(Job.objects.latest("id").pk)
    assert "Little valley is loaded: 4 new records" in words(page(loader, where).main)
    assert PortfolioLoad.objects.filter(portfolio="little-valley").count() == 1
    assert not KeptUpload.objects.exists()


def test_a_small_file_is_checked_at_once_unless_asked_otherwise(loader: Client) -> None:
    assert check(loader, SOUND).startswith("/load/")
    assert not Job.objects.exists()
    assert check(loader, SOUND, later="yes").startswith("/jobs/")
    assert Job.objects.get().kind == "check-portfolio"


def test_a_script_is_told_to_turn_to_the_job(loader: Client) -> None:
    sent = {"file": SimpleUploadedFile("valley.json", SOUND), "later": "yes"}
    answer = loader.post("/load/", sent, headers={"Accept": "application/x-ndjson"})
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]  # type: ignore[attr-defined]
    assert lines == [{"goes_to": f"/jobs/{Job.objects.get().pk}/"}]


def test_faults_of_a_file_are_shown_and_nothing_is_loaded(loader: Client) -> None:
    wrong = json.dumps(VALLEY | {"bodies": [VALLEY["bodies"][0] | {"form": "pcg-9"}]}).encode()
    where = check(loader, wrong, later="yes")
    run(Job.objects.get().pk)
    shown = page(loader, where)
    assert "valley.json has" in words(shown.main)
    link = shown.find("a", string="Show the result")
    assert "There is no form called pcg-9" in words(page(loader, link["href"]).main)
    assert not Portfolio.objects.filter(pk="little-valley").exists()


def test_too_many_jobs_lead_to_those_there_are(loader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_OPEN", 1)
    check(loader, SOUND, later="yes")
    assert check(loader, SOUND + b" ", later="yes") == "/jobs/"


def test_a_job_is_cancelled_from_its_page(loader: Client) -> None:
    where = check(loader, SOUND, later="yes")
    form = page(loader, where).find("form", action=f"{where}cancel/")
    assert form["method"] == "post"
    assert loader.get(f"{where}cancel/").status_code == 405
    assert loader.post(form["action"])["Location"] == where
    shown = page(loader, where)
    assert "The job was cancelled. Nothing was changed." in words(shown.main)
    assert not shown.find("form", action=f"{where}cancel/")
    assert Job.objects.get().state == JobState.CANCELLED
    assert "has ended already" in words(BeautifulSoup(loader.post(form["action"], follow=True).content, "html.parser"))


def test_pages_are_each_person_s_own(
    loader: Client, client: Client, signed_in: Callable[[User], Client], commissioner: User, approver: User
) -> None:
    where = check(loader, SOUND, later="yes")
    run(Job.objects.get().pk)
    for path in ("/jobs/", where):
        assert client.get(path)["Location"] == f"/sign-in/?next={path}"
    other = signed_in(commissioner)
    assert "There are no jobs" in words(page(other, "/jobs/").main)
    assert other.get(where).status_code == 404
    assert other.post(f"{where}cancel/").status_code == 404
    overseer = signed_in(approver)
    assert "Check valley.json" in words(page(overseer, "/jobs/").main)
    shown = page(overseer, where)
    assert "What came of it is shown to a-data-administrator" in words(shown.main)
    assert not shown.find("a", string="Show the result")
    assert overseer.post(f"{where}cancel/").status_code == 403


def test_a_job_that_failed_says_why(loader: Client) -> None:
    check(loader, SOUND, later="yes")
    Job.objects.update(state=JobState.FAILED, fault="It was begun 3 times.", finished=Job.objects.get().created)
    job = Job.objects.get()
    assert "It was begun 3 times." in words(page(loader, f"/jobs/{job.pk}/").main)
    assert "Failed" in words(page(loader, "/jobs/").main)
