"""Jobs by the API: asked for with `later` or `Prefer`, followed, cancelled; each person's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from evaluation.models import Assessment
from organisations.jobs import LOAD
from organisations.models import Portfolio, PortfolioLoad
from organisations.portfolios.formats import Format
from pcorg.core.accounts.roles import Role
from pcorg.core.jobs import actions
from pcorg.core.jobs.kinds import JobKind, JobOutcome, JobRefused, register
from pcorg.core.jobs.models import Job, JobFile, JobLine, JobState
from pcorg.core.jobs.running import JobRun, run
from tests.functional.api.conftest import refused
from tests.functional.api.test_description import conforms
from tests.functional.api.test_portfolios import VALLEY

pytestmark = pytest.mark.django_db
HERE = "/api/v1/jobs/"
SOUND = json.dumps(VALLEY).encode()


@pytest.fixture
def loader(administrator: User, api_as: Callable[[User], APIClient]) -> APIClient:
    """The API as a data administrator reaches it."""
    return api_as(administrator)


def load(client: APIClient, content: bytes = SOUND, query: str = "?later=true", **headers: str) -> Any:
    """Ask for a document to be loaded as a job; the test itself carries it out."""
    media = Format.JSON.media_type
    return client.generic("POST", f"/api/v1/portfolios/{query}", content, content_type=media, headers=headers)


def told(answer: Any, path: str = "/api/v1/jobs/{id}/", method: str = "get") -> dict[str, Any]:
    """The document of an answer, which is as the API's description says."""
    conforms(path, method, answer)
    return dict(answer.json())


def sensitivity(draws: int = 200) -> str:
    held = Assessment.objects.get(slug="ostlebury-panel")
    return f"/api/v1/assessments/{held.pk}/sensitivity/?draws={draws}&seed=7"


def kind(
    name: str, finish: Callable[[JobRun], Any], prepare: Callable[[JobRun], Any] = lambda run: None
) -> Callable[[User], Job]:
    """Registers a kind of job of this test's own; gives a function that asks for one."""
    register(
        JobKind(name, name, may=lambda person: person.is_active, prepare=prepare, finish=lambda run, _: finish(run))
    )
    return lambda by: actions.enqueue(kind=name, title=name, inputs={}, by=by)


def test_a_load_asked_for_later_is_a_job_that_ends_with_the_answer_of_a_request(loader: APIClient) -> None:
    answer = load(loader)
    assert answer.status_code == 202, answer.content
    assert answer["Preference-Applied"] == "respond-async"
    job = told(answer, "/api/v1/portfolios/", "post")
    assert answer["Location"] == job["url"]
    assert (job["state"], job["kind"], job["title"]) == ("queued", LOAD, "Load document.json")
    assert not Portfolio.objects.filter(pk="little-valley").exists()

    run(job["id"])

    ended = told(loader.get(answer["Location"]))
    assert (ended["state"], ended["attempts"], ended["fault"]) == ("done", 1, "")
    assert ended["result"]["summary"] == "Little valley is loaded: 4 new records, 0 updated."
    assert ended["result"]["document"]["created"] == 4
    assert [line["text"] for line in ended["log"]][-1] == "Done."
    assert PortfolioLoad.objects.filter(portfolio="little-valley").count() == 1
    assert not JobFile.objects.exists()


def test_a_job_that_is_carried_out_again_does_nothing_again(loader: APIClient) -> None:
    number = load(loader).json()["id"]
    for _ in range(3):
        run(number)
    assert Job.objects.get(pk=number).attempts == 1
    assert PortfolioLoad.objects.filter(portfolio="little-valley").count() == 1


def test_the_header_prefer_asks_for_the_same_and_a_check_changes_nothing(loader: APIClient) -> None:
    answer = load(loader, query="validate/", Prefer="wait=10, respond-async")
    assert answer.status_code == 202
    run(answer.json()["id"])
    ended = loader.get(answer["Location"]).json()
    assert ended["result"]["summary"] == "document.json has no faults."
    assert ended["result"]["page"].startswith("/load/")
    assert not Portfolio.objects.filter(pk="little-valley").exists()


def test_a_document_with_faults_fails_with_the_problem_of_a_request(loader: APIClient) -> None:
    wrong = json.dumps(VALLEY | {"bodies": [VALLEY["bodies"][0] | {"form": "pcg-9"}], "relationships": []}).encode()
    at_once, later = load(loader, wrong, query=""), load(loader, wrong)
    run(later.json()["id"])
    ended = told(loader.get(later["Location"]))
    assert ended["state"] == "failed"
    assert ended["fault"] == at_once.json()["detail"]
    assert ended["problem"]["errors"] == at_once.json()["errors"]
    assert ended["problem"]["status"] == at_once.status_code
    assert ended["result"] is None


def test_a_sensitivity_later_is_the_document_of_a_request(
    commissioner: User, api_as: Callable[[User], APIClient]
) -> None:
    client = api_as(commissioner)
    at_once, later = client.get(sensitivity()), client.get(f"{sensitivity()}&later=true")
    assert later.status_code == 202
    run(later.json()["id"])
    assert client.get(later["Location"]).json()["result"]["document"] == at_once.json()


def test_strangers_ask_for_no_job_and_see_none(api: APIClient) -> None:
    refused(api.get(f"{sensitivity()}&later=true"), 401, "not-authenticated")
    refused(api.get(HERE), 401, "not-authenticated")
    refused(api.get(f"{HERE}1/"), 401, "not-authenticated")
    refused(api.post(f"{HERE}1/cancel/"), 401, "not-authenticated")
    assert not Job.objects.exists()


def test_a_role_is_needed_to_load_later_too(commissioner: User, api_as: Callable[[User], APIClient]) -> None:
    refused(load(api_as(commissioner)), 403, "not-permitted")
    assert not Job.objects.exists()


def test_each_sees_their_own_and_overseers_how_those_of_others_stand(
    person: Callable[..., User], approver: User, loader: APIClient, api_as: Callable[[User], APIClient]
) -> None:
    ann, ben = person("ann", Role.COMMISSIONER), person("ben", Role.COMMISSIONER)
    mine = api_as(ann).get(f"{sensitivity()}&later=true").json()["id"]
    run(mine)
    assert [job["id"] for job in api_as(ann).get(HERE).json()["results"]] == [mine]
    assert api_as(ben).get(HERE).json()["results"] == []
    refused(api_as(ben).get(f"{HERE}{mine}/"), 404, "not-found")
    refused(api_as(ben).post(f"{HERE}{mine}/cancel/"), 404, "not-found")
    for overseer in (api_as(approver), loader):
        assert [job["id"] for job in overseer.get(HERE).json()["results"]] == [mine]
        assert overseer.get(f"{HERE}{mine}/").json()["result"] is None


def test_lists_are_filtered_and_given_as_tables(loader: APIClient) -> None:
    load(loader)
    loader.get(f"{sensitivity()}&later=true")
    assert len(loader.get(f"{HERE}?state=queued").json()["results"]) == 2
    assert [job["kind"] for job in loader.get(f"{HERE}?kind=sensitivity").json()["results"]] == ["sensitivity"]
    assert loader.get(f"{HERE}?state=done").json()["results"] == []
    refused(loader.get(f"{HERE}?state=lost"), 400, "invalid")
    table = b"".join(loader.get(f"{HERE}?format=csv").streaming_content).decode()
    assert table.splitlines()[0].startswith("id,kind,title,state")


def test_the_same_work_is_not_asked_for_twice_at_a_time(loader: APIClient) -> None:
    first, second = load(loader), load(loader)
    assert first.json()["id"] == second.json()["id"]
    run(first.json()["id"])
    assert load(loader).json()["id"] != first.json()["id"]


def test_nobody_fills_the_queue(loader: APIClient) -> None:
    for draws in range(1, actions.MOST_OPEN + 1):
        assert loader.get(f"{sensitivity(draws)}&later=true").status_code == 202
    answer = loader.get(f"{sensitivity(99)}&later=true")
    refused(answer, 429, "throttled")
    assert answer["Retry-After"]
    assert "cancel one" in answer.json()["detail"]


def test_a_job_that_waits_is_cancelled_at_once_and_never_begun(loader: APIClient) -> None:
    job = load(loader).json()
    cancelled = told(loader.post(f"{HERE}{job['id']}/cancel/", {}, format="json"), "/api/v1/jobs/{id}/cancel/", "post")
    assert (cancelled["state"], cancelled["allowed_actions"]) == ("cancelled", [])
    run(job["id"])
    assert not Portfolio.objects.filter(pk="little-valley").exists()
    assert not JobFile.objects.exists()
    refused(loader.post(f"{HERE}{job['id']}/cancel/"), 409, "not-allowed-in-status")


def test_whoever_asked_for_a_job_cancels_it_whatever_their_role_and_so_does_a_data_administrator(
    person: Callable[..., User], approver: User, loader: APIClient, api_as: Callable[[User], APIClient]
) -> None:
    ann = api_as(person("ann"))
    first, second = (ann.get(f"{sensitivity(draws)}&later=true").json()["id"] for draws in (100, 200))
    refused(api_as(approver).post(f"{HERE}{first}/cancel/"), 403, "not-permitted")
    assert ann.get(f"{HERE}{first}/").json()["allowed_actions"] == ["cancel"]
    assert ann.post(f"{HERE}{first}/cancel/").json()["state"] == "cancelled"
    assert loader.post(f"{HERE}{second}/cancel/").json()["state"] == "cancelled"


def test_cancelling_insists_on_the_state_that_was_seen(loader: APIClient) -> None:
    number = load(loader).json()["id"]
    seen = loader.get(f"{HERE}{number}/")["ETag"]
    assert loader.get(f"{HERE}{number}/", headers={"If-None-Match": seen}).status_code == 304
    run(number)
    refused(loader.post(f"{HERE}{number}/cancel/", headers={"If-Match": seen}), 412, "stale")
    assert loader.get(f"{HERE}{number}/", headers={"If-None-Match": seen}).status_code == 200


def test_a_job_that_runs_stops_at_its_next_step_and_keeps_nothing(commissioner: User) -> None:
    def work(this: JobRun) -> JobOutcome:
        Portfolio.objects.update(summary="half done")
        actions.cancel(job=this.job, by=commissioner)
        this.beat()  # as the thread does every few seconds
        this("Next step", 1)
        raise AssertionError("it went on")

    job = kind("stops", work)(commissioner)
    run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert not Portfolio.objects.filter(summary="half done").exists()


def test_a_cancellation_during_the_last_step_wins(commissioner: User) -> None:
    asked: list[Job] = []

    def prepare(this: JobRun) -> None:
        asked.append(actions.cancel(job=this.job, by=commissioner))

    def finish(this: JobRun) -> JobOutcome:
        Portfolio.objects.update(summary="done")
        return JobOutcome("Done.")

    job = kind("last", finish, prepare)(commissioner)
    run(job.pk)
    job.refresh_from_db()
    assert asked[0].state == JobState.RUNNING
    assert job.state == JobState.CANCELLED
    assert not Portfolio.objects.filter(summary="done").exists()


def test_whoever_lost_the_role_meanwhile_gets_nothing_done(loader: APIClient, administrator: User) -> None:
    number = load(loader).json()["id"]
    administrator.groups.clear()
    run(number)
    job = Job.objects.get(pk=number)
    assert (job.state, job.fault) == ("failed", "Whoever asked for this work may not do so any more.")
    assert not Portfolio.objects.filter(pk="little-valley").exists()


def silent(job: Job) -> None:
    """As if its worker had given no sign of life for an hour."""
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, runner="gone:1:a", attempts=1, heartbeat=timezone.now() - timedelta(hours=1)
    )


def test_a_job_of_a_dead_worker_is_noticed_by_whoever_looks_and_begun_again(loader: APIClient) -> None:
    number = load(loader).json()["id"]
    silent(Job.objects.get(pk=number))
    seen = loader.get(f"{HERE}{number}/").json()
    assert seen["state"] == "queued"
    assert "gave no sign of life" in seen["log"][-1]["text"]
    run(number)
    assert loader.get(f"{HERE}{number}/").json()["attempts"] == 2
    assert PortfolioLoad.objects.filter(portfolio="little-valley").count() == 1


def test_a_worker_whose_job_was_taken_over_writes_nothing(commissioner: User) -> None:
    def work(this: JobRun) -> JobOutcome:
        Portfolio.objects.update(summary="twice")
        Job.objects.filter(pk=this.job.pk).update(runner="another:2:b")
        return JobOutcome("Done.")

    job = kind("overtaken", work)(commissioner)
    run(job.pk)
    assert not Portfolio.objects.filter(summary="twice").exists()


def test_a_job_that_kills_its_workers_fails_in_the_end(commissioner: User) -> None:
    job = kind("deadly", lambda this: JobOutcome("Never."))(commissioner)
    silent(job)
    Job.objects.filter(pk=job.pk).update(attempts=actions.MOST_ATTEMPTS)
    assert actions.tend() == 1
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "no worker ended it" in job.fault


def test_a_database_that_fails_sends_the_job_back_and_any_other_fault_ends_it(commissioner: User) -> None:
    def lost(this: JobRun) -> JobOutcome:
        raise OperationalError("server closed the connection")

    def broken(this: JobRun) -> JobOutcome:
        raise ZeroDivisionError("secret particulars")

    def unwilling(this: JobRun) -> JobOutcome:
        raise JobRefused("There is nothing to do.")

    states = {}
    for name, work in (("lost", lost), ("broken", broken), ("unwilling", unwilling)):
        job = kind(name, work)(commissioner)
        run(job.pk)
        job.refresh_from_db()
        states[name] = (job.state, job.fault)
    assert states["lost"] == ("queued", "")
    assert states["broken"][0] == "failed"
    assert "secret" not in states["broken"][1]
    assert states["unwilling"] == ("failed", "There is nothing to do.")


def test_a_worker_told_to_stop_gives_its_job_back(commissioner: User) -> None:
    def stopped(this: JobRun) -> JobOutcome:
        raise SystemExit(1)

    job = kind("told-to-stop", stopped)(commissioner)
    with pytest.raises(SystemExit):
        run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.runner) == ("queued", "")


def test_a_job_whose_task_was_lost_is_sent_again(commissioner: User) -> None:
    job = kind("waits", lambda this: JobOutcome("Done."))(commissioner)
    assert actions.tend() == 0
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(hours=1))
    assert actions.tend() == 1
    assert actions.tend() == 0


def test_ended_jobs_are_forgotten_in_time(commissioner: User) -> None:
    old, new = (kind(name, lambda this: JobOutcome("Done."))(commissioner) for name in ("old", "new"))
    for job in (old, new):
        run(job.pk)
    Job.objects.filter(pk=old.pk).update(finished=timezone.now() - timedelta(days=91))
    assert actions.forget() == 1
    assert list(Job.objects.all()) == [new]
    assert JobLine.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"state": "running"},
        {"runner": "somebody"},
        {"state": "done"},
        {"finished": datetime(2026, 1, 1, tzinfo=UTC)},
        {"total": 2, "done": 3},
    ],
    ids=str,
)
def test_the_database_refuses_states_that_cannot_be(commissioner: User, wrong: dict[str, Any]) -> None:
    job = kind("held", lambda this: JobOutcome("Done."))(commissioner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**wrong)


def test_jobs_leave_the_version_of_the_data_alone(loader: APIClient) -> None:
    before = loader.get("/api/v1/forms/")["ETag"]
    loader.get(f"{sensitivity()}&later=true")
    assert loader.get("/api/v1/forms/")["ETag"] == before
