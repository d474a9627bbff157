"""Assessments side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from rest_framework.test import APIClient

from evaluation.models import Assessment

pytestmark = pytest.mark.django_db
Read = Callable[..., BeautifulSoup]


def words(part: Tag) -> str:
    return " ".join(part.get_text(" ").split())


@pytest.fixture
def numbers() -> list[int]:
    """The two reference assessments: four options, and five of which four are the same."""
    return list(Assessment.objects.filter(reference=True).order_by("pk").values_list("pk", flat=True))


def test_the_list_leads_to_a_comparison(read: Read, numbers: list[int]) -> None:
    form = read("/assessments/").select_one("form:has(input[name=id])")
    assert form is not None
    assert form["action"] == "/assessments/compare/"
    assert {int(str(tick["value"])) for tick in form.select("input[name=id]")} >= set(numbers)


def test_two_assessments_stand_side_by_side_as_the_api_has_them(read: Read, numbers: list[int]) -> None:
    page = read("/assessments/compare/", id=numbers)
    rows = {words(row.select("th")[0]): row.select("td") for row in page.select("tbody tr")}
    assert len(page.select("thead th")) == 2
    for place, number in enumerate(numbers):
        found = APIClient().get(f"/api/v1/assessments/{number}/results/").json()
        assert found["findings"][0]["sentence"] == words(rows["What it says"][place])
        for option in found["options"]:
            told = words(rows[option["label"]][place])
            assert told == f"{option['value']:.1f} first in {option['rank_acceptability'][0]:.1%}"
    assert words(rows["Virtual integration"][0]) == "Not weighed"


def test_what_cannot_be_compared_is_said(read: Read, numbers: list[int]) -> None:
    page = read("/assessments/compare/", id=[numbers[0], "999999", "two", "x", "y"])
    told = words(page.select_one(".pc-uncovered") or page)
    assert "No assessment has the number 999999" in told
    assert "No assessment has the number two" in told
    assert "Left out: y" in told
    assert "Tick up to four" in words(read("/assessments/compare/"))


def test_an_assessment_that_nobody_judged_says_so(read: Read, numbers: list[int]) -> None:
    bare = Assessment.objects.get(pk=numbers[0])
    bare.pk, bare.slug, bare.reference, bare.title = None, None, False, "Not judged yet"
    bare.save()
    page = read("/assessments/compare/", id=[bare.pk])
    assert "Nothing can be worked out yet." in words(page)
