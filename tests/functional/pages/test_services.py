"""The page of services and staff."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commissioning.models import Service, StaffGroup, StaffRole

pytestmark = pytest.mark.django_db
Read = Callable[..., BeautifulSoup]


def words(part: Tag) -> str:
    return " ".join(part.get_text(" ").split())


def test_every_service_stands_in_its_group_with_tier_and_source(read: Read) -> None:
    page = read("/services/")
    shown = {
        (table.caption.get_text(strip=True), row.th.get_text(strip=True), row.td.contents[0].strip())
        for table in page.select("main table")
        for row in table.select("tbody tr")
    }
    assert len(shown) == Service.objects.count() == 32
    assert ("Children and families: 6 services", "Health visiting", "Core") in shown
    assert ("End-of-life care: 3 services", "Support for carers", "Not stated") in shown
    assert all(words(cell).startswith("line ") for cell in page.select("tbody td:last-child"))
    assert len(page.select("main section .pc-source a")) == 5
    assert "32 services in 5 groups" in words(page.main)


def test_staff_groups_say_whom_they_serve_and_what_is_uncertain(read: Read) -> None:
    page = read("/services/")
    nurses = page.find(id="staff-district-nurse").parent
    assert [words(term) for term in nurses.select("dt")] == ["Overall", "Adults"]
    assert len(page.select("main section dd")) == StaffRole.objects.count()
    uncertain = [words(part) for part in page.select("dd .pc-quiet") if words(part).startswith("Uncertain:")]
    assert len(uncertain) == StaffRole.objects.filter(ambiguous=True).count() == 4
    for slug in StaffGroup.objects.values_list("slug", flat=True):
        assert page.find(id=f"staff-{slug}")


def test_sources_are_there_and_the_page_is_reached_from_every_page(read: Read, client: Client) -> None:
    about, page = read("/about-the-data/"), read("/services/", as_of="2009-04-01")
    anchors = {link["href"].partition("#")[2] for link in page.select("a[href*='#source-']")}
    assert anchors
    assert all(about.find(id=anchor) for anchor in anchors)
    assert read("/glossary/").footer.select_one("a[href^='/services/']")
    for link in page.select(".pc-data-links a"):
        assert client.get(link["href"]).status_code == 200


def test_the_page_costs_few_queries(client: Client, queries: Callable[[], CaptureQueriesContext]) -> None:
    with queries() as seen:
        assert client.get("/services/").status_code == 200
    assert len(seen) <= 9
