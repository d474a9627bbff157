"""What requests may cost: worked out before work begins, refused with what to do, kept, and never all at once."""

from __future__ import annotations

import cProfile
import threading
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client
from rest_framework.test import APIClient

from evaluation.method import appraisal
from evaluation.models import Assessment
from pcorg.core.http import budgets
from pcorg.core.http.budgets import Busy, OverBudget, Work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    caches["results"].clear()
    caches["default"].clear()
    yield
    caches["results"].clear()
    caches["default"].clear()


@pytest.fixture
def address() -> str:
    """An assessment that has a panel and mitigations."""
    return f"/api/v1/assessments/{Assessment.objects.order_by('-id').values_list('pk', flat=True)[0]}"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The draws of every run that is really made, in order."""
    made: list[int] = []
    real = appraisal.simulate

    def counted(views: object, *, draws: int, **named: object) -> object:
        made.append(draws)
        return real(views, draws=draws, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(appraisal, "simulate", counted)
    return made


def test_a_million_draws_are_too_many_for_a_stranger_and_nothing_is_begun(
    api: APIClient, address: str, runs: list[int]
) -> None:
    refusal = api.get(f"{address}/sensitivity/?draws=1000000")
    assert refusal.status_code == 422
    assert refusal["Content-Type"] == "application/problem+json"
    problem = refusal.json()
    assert problem["code"] == "over-budget"
    assert "sign in" in problem["detail"]
    assert runs == []
    fit = int(problem["detail"].partition("draws=")[2].partition(")")[0])
    assert 10_000 < fit < 1_000_000
    assert budgets.Work.DRAWS.value.stranger  # what it names is within it
    assert api.get(f"{address}/sensitivity/?draws={min(fit, 2_000)}").status_code == 200


def test_those_who_sign_in_may_ask_for_more(
    api: APIClient, api_as: Callable[[User], APIClient], commissioner: User, address: str, settings: LazySettings
) -> None:
    settings.PCORG_BUDGETS = {"DRAWS": (1_000, 100_000_000)}
    assert api.get(f"{address}/sensitivity/?draws=500").status_code == 422
    assert api_as(commissioner).get(f"{address}/sensitivity/?draws=500").status_code == 200


def test_what_was_worked_out_is_kept_by_all_it_rests_on(api: APIClient, address: str, runs: list[int]) -> None:
    first = api.get(f"{address}/results/?draws=300&seed=4").json()
    once = len(runs)
    assert once
    assert api.get(f"{address}/results/?draws=300&seed=4").json() == first
    assert len(runs) == once
    api.get(f"{address}/results/?draws=300&seed=5")
    assert len(runs) == 2 * once


def test_a_page_that_would_cost_too_much_is_worked_out_with_fewer_draws(
    client: Client, address: str, settings: LazySettings, runs: list[int]
) -> None:
    number = address.rsplit("/", 1)[1]
    settings.PCORG_BUDGETS = {"DRAWS": (5_000_000, 50_000_000)}
    page = client.get(f"/assessments/{number}/")
    assert page.status_code == 200
    assert "from 1,000 random weightings" in page.content.decode()
    assert set(runs) == {1_000}
    settings.PCORG_BUDGETS = {"DRAWS": (10, 20)}
    caches["results"].clear()
    page = client.get(f"/assessments/{number}/")
    assert page.status_code == 200
    assert "are allowed at once" in page.content.decode()


def test_a_page_says_in_its_own_form_that_something_is_refused(
    client: Client, address: str, settings: LazySettings
) -> None:
    settings.PCORG_BUDGETS = {"DRAWS": (10, 20)}
    page = client.get(f"/assessments/{address.rsplit('/', 1)[1]}/results.csv")
    assert page.status_code == 422
    assert "That is too much at once" in page.content.decode()


def establishing(bodies: int, relationships: int) -> dict[str, object]:
    """A reconfiguration into so many bodies with so many relationships."""
    share = str(round(1 / bodies, 6))
    codes = [f"ZZ{number:04}" for number in range(bodies)]
    return {
        "kind": "reconfiguration",
        "effective_on": "2014-05-01",
        "originals": ["04X"],
        "resulting": [{"code": code, "name": f"Body {code}", "form": "clinical-commissioning-group"} for code in codes],
        "edges": [{"original": "04X", "resulting": code, "share": share} for code in codes],
        "relationships": [
            {"kind": "neighbour-of", "subject": codes[at % bodies], "object": codes[(at + 1 + at // bodies) % bodies]}
            for at in range(relationships)
        ],
    }


def calls(do: Callable[[], object]) -> int:
    """How many calls and steps of loops something takes: what a clock tells hangs on the machine."""
    counted = cProfile.Profile()
    counted.runcall(do)
    return sum(each.callcount for each in counted.getstats())


def test_a_preview_takes_twice_the_work_for_twice_the_parts(api: APIClient) -> None:
    def look(bodies: int) -> None:
        seen = api.post("/api/v1/changes/preview/", establishing(bodies, bodies * 10), format="json")
        assert seen.status_code == 200, seen.content[:300]

    look(50)  # what is made once in a process
    few, many = calls(lambda: look(100)), calls(lambda: look(200))
    assert many < 2.3 * few


def test_a_stranger_looks_at_so_many_parts_at_once(
    api: APIClient, api_as: Callable[[User], APIClient], commissioner: User, settings: LazySettings
) -> None:
    settings.PCORG_BUDGETS = {"PARTS": (50, 1_000)}
    large, small = establishing(20, 30), establishing(5, 5)
    assert api.post("/api/v1/changes/preview/", small, format="json").status_code == 200
    refusal = api.post("/api/v1/changes/preview/", large, format="json")
    assert refusal.status_code == 422
    assert "Look at fewer bodies at once." in refusal.json()["detail"]
    assert api_as(commissioner).post("/api/v1/changes/preview/", large, format="json").status_code == 200


def test_a_series_of_too_many_points_is_refused(api: APIClient, settings: LazySettings) -> None:
    settings.PCORG_BUDGETS = {"POINTS": (1_000, 2_000_000)}
    refusal = api.get("/api/v1/configuration/series/?from=2007-01-01&to=2014-01-01&step=month")
    assert refusal.status_code == 422
    assert "Take a longer step or a shorter time." in refusal.json()["detail"]


def test_a_portfolio_of_too_many_records_is_refused(api: APIClient, settings: LazySettings) -> None:
    settings.PCORG_BUDGETS = {"RECORDS": (10, 20)}
    assert api.get("/api/v1/portfolios/england-2006-2015/?format=xlsx").status_code == 422


def test_only_so_much_dear_work_runs_at_once(
    api: APIClient, client: Client, address: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "PCORG_DEAR_WAITING", 0)
    budgets._room.cache_clear()
    begun, over = threading.Event(), threading.Event()

    def dear() -> None:
        with budgets._room().taken():
            begun.set()
            over.wait(30)

    thread = threading.Thread(target=dear)
    thread.start()
    try:
        assert begun.wait(30)
        asked = f"{address}/sensitivity/?draws=100000"
        refusal = api.get(asked)
        assert refusal.status_code == 503
        assert refusal["Retry-After"] == "10"
        assert refusal.json()["code"] == "unavailable"
        assert api.get(f"{address}/results/?draws=100").status_code == 200  # what is not dear goes on
    finally:
        over.set()
        thread.join()
        budgets._room.cache_clear()
    assert api.get(asked).status_code == 200


def test_commands_and_tasks_have_no_budget() -> None:
    with budgets.spending(Work.DRAWS, 10**15):
        pass
    assert issubclass(OverBudget, budgets.NotBegun)
    assert issubclass(Busy, budgets.NotBegun)


def test_pages_are_asked_no_more_often_than_the_api(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from pcorg.core.api.throttles import Anonymous

    monkeypatch.setattr(Anonymous, "rate", "3/day", raising=False)  # no day ends while this runs, but a minute may
    statuses = [client.get(path).status_code for path in ("/glossary/", "/forms/", "/assessments/", "/forms/")]
    assert statuses == [200, 200, 200, 429]
    refusal = client.get("/forms/")
    assert int(refusal["Retry-After"]) > 0
    assert "Too many requests" in refusal.content.decode()
    assert client.get("/api/v1/forms/").status_code == 429
    assert client.get("/health/").status_code == 200


def test_counting_pages_leaves_people_signed_in(signed_in: Callable[[User], Client], commissioner: User) -> None:
    page = signed_in(commissioner).get("/account/")
    assert page.status_code == 200
    assert page.wsgi_request.user == commissioner


def test_the_description_is_written_once(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from drf_spectacular.renderers import OpenApiYamlRenderer

    first = api.get("/api/v1/schema/").content
    monkeypatch.setattr(OpenApiYamlRenderer, "render", lambda *_: pytest.fail("it was written again"))
    assert api.get("/api/v1/schema/").content == first
