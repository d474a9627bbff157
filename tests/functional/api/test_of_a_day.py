"""Whatever an answer says of a day was so on that day: nothing that came about later shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from commissioning.models import ProviderArm

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]
TRUSTS = {"portfolio": "illustrative-trusts"}
STANCES = ["strategic-exploration", "soft-separation", "targeted-competition", "review-and-market-test"]


@pytest.mark.parametrize(
    ("on", "chosen"),
    [
        ("2009-09-23", (None, None)),
        ("2009-09-24", ("horizontal-integration", "2009-09-24")),
        (None, ("horizontal-integration", "2009-09-24")),
    ],
)
def test_a_form_shows_from_the_day_it_was_chosen(read: Read, on: str | None, chosen: tuple[str, str]) -> None:
    of_day = {"as_of": on} if on else {}
    (row,) = read("portfolio-groups/", code="X-KG1", **TRUSTS, **of_day)["results"]
    assert (row["chosen_form"], row["chosen_on"]) == chosen
    whole = read("portfolio-groups/X-KG1/", **of_day)
    assert (whole["chosen_form"], whole["chosen_on"]) == chosen
    (nested,) = [group for group in read("provider-arms/X-KV1/", **of_day)["groups"] if group["code"] == "X-KG1"]
    assert (nested["chosen_form"], nested["chosen_on"]) == chosen
    found = read("portfolio-groups/", chosen_form="horizontal-integration", **TRUSTS, **of_day)["results"]
    assert ("X-KG1" in {row["code"] for row in found}) is (chosen[0] is not None)


@pytest.mark.parametrize(
    ("on", "taken", "recorded"),
    [("2008-03-31", [], None), ("2008-04-01", STANCES, "2008-04-01"), (None, STANCES, "2008-04-01")],
)
def test_approaches_show_from_the_day_of_which_they_are_recorded(
    read: Read, on: str | None, taken: list[str], recorded: str | None
) -> None:
    of_day = {"as_of": on} if on else {}
    (row,) = read("provider-arms/", code="X-KV1", **TRUSTS, **of_day)["results"]
    assert (sorted(row["approaches"]), row["approaches_on"]) == (sorted(taken), recorded)
    whole = read("provider-arms/X-KV1/", **of_day)
    assert (sorted(whole["approaches"]), whole["approaches_on"]) == (sorted(taken), recorded)
    found = read("provider-arms/", approach="soft-separation", **TRUSTS, **of_day)["results"]
    assert ("X-KV1" in {row["code"] for row in found}) is bool(taken)


def test_approaches_without_a_day_say_that_they_have_none(read: Read) -> None:
    ProviderArm.objects.filter(pk="X-KV1").update(approaches_on=None)
    (row,) = read("provider-arms/", code="X-KV1", as_of="2002-04-01", **TRUSTS)["results"]
    assert (sorted(row["approaches"]), row["approaches_on"]) == (sorted(STANCES), None)


def test_an_arm_has_the_groups_of_the_day(read: Read) -> None:
    for on, some in (("2009-03-25", False), ("2009-03-26", True)):
        (row,) = read("provider-arms/", code="X-KV1", as_of=on, **TRUSTS)["results"]
        whole = read("provider-arms/X-KV1/", as_of=on)
        assert bool(row["groups"]) is some
        assert row["groups"] == [group["code"] for group in whole["groups"]]


def test_a_milestone_is_reached_from_its_day_on(read: Read) -> None:
    def reached(on: str) -> dict[str, str | None]:
        return {step["title"]: step["reached"] for step in read("provider-arms/X-KV1/", as_of=on)["milestones"]}

    title = "Staff and partners consulted on forms"
    assert (reached("2009-07-13")[title], reached("2009-07-14")[title]) == (None, "2009-07-14")


def test_an_organisation_has_the_changes_of_the_time_up_to_the_day(read: Read) -> None:
    def kinds(**of_day: str) -> list[str]:
        return [change["kind"] for change in read("organisations/5QV/", **of_day)["changes"]]

    assert kinds(as_of="2012-04-01") == ["merger"]
    assert kinds() == ["merger", "reconfiguration"]


def test_the_pages_show_no_more_than_the_api(client: Any) -> None:
    for on, told in ((date(2008, 3, 31), False), (date(2008, 4, 1), True)):
        trust = client.get("/organisations/X-KPCT1/portfolio/", {"as_of": on.isoformat()}).content.decode()
        assert ("Stance: " in trust) is told
        assert ("Recorded as at 1 April 2008." in trust) is told
        arms = client.get("/provider-arms/", {"as_of": on.isoformat(), **TRUSTS}).content.decode()
        assert arms.count("Not recorded") == 2 - told
