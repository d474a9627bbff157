"""Every check on the page where a change is proposed: both ways, with its reason and the source of the rule."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from organisations.models import Organisation
from tests.factories.commissioning import contract
from tests.functional.pages.filling import Sheet, county, named, newcastle, seated, words

pytestmark = pytest.mark.django_db


def merged(sheet: Callable[..., Sheet], *codes: str, form: str, **more: str) -> Sheet:
    page = county(sheet, "merger", *codes[:2])
    for row, code in enumerate(codes[2:], start=2):
        page.press("add", "originals").press("find", f"originals-{row}", **{f"originals__{row}": code})
    return page.press("preview", **named("X-NEW", form), resulting__0__accountable_to="X-HA4", **more)


def founded(sheet: Callable[..., Sheet], form: str, **more: str) -> Sheet:
    page = sheet("establishment", effective_on="2008-04-01")
    return page.press("preview", portfolio="england-2006-2015", **named("5ZZ", form), **more)


def divided(sheet: Callable[..., Sheet], *, all_of_them: bool) -> Sheet:
    page = county(sheet, "split", "X-PCG8")
    page.press("find", "originals-0", **named("X-NEW", "pcg-1"), **named("X-NEW2", "pcg-1", 1))
    rows = len([name for name in page.values if name.endswith("-member")])
    assert rows == 5
    to = {f"moves__{row}__to": "X-NEW" if row % 2 else "X-NEW2" for row in range(rows if all_of_them else rows - 1)}
    return page.press("preview", shares__0__0="50", shares__0__1="50", **to)


TWO_WAYS: dict[str, list[tuple[Callable[[Callable[..., Sheet]], Sheet], str, str]]] = {
    "later-history": [
        (newcastle, "Passes", ""),
        (lambda sheet: merged(sheet, "X-PCG6", "X-PCG8", form="pcg-1"), "Blocks", "Later changes already stand"),
    ],
    "within-coverage": [
        (newcastle, "Passes", "31 March 2015"),
        (lambda sheet: newcastle(sheet, effective_on="2015-05-01"), "Advises", "outside the period"),
    ],
    "form-path": [
        (newcastle, "Passes", ""),
        (lambda sheet: posted(sheet, form="acute-trust"), "Blocks", "know no such step"),
    ],
    "form-dates": [
        (newcastle, "Passes", ""),
        (lambda sheet: posted(sheet, form="pcg-1"), "Blocks", "there could be no"),
    ],
    "population-in-range": [
        (lambda sheet: merged(sheet, "X-PCG6", "X-PCG8", form="pcg-1"), "Passes", ""),
        (lambda sheet: merged(sheet, "X-PCG6", "X-PCG8", form="pct-3"), "Advises", "average predicted: over 200,000"),
        (
            lambda sheet: merged(sheet, "X-PCG6", "X-PCG7", "X-PCG8", "X-PCG9", form="pcg-1"),
            "Blocks",
            "with 302,000",
        ),
    ],
    "consultation-held": [
        (lambda sheet: founded(sheet, "pct-3", evidence__consultation__held="Spring 2007"), "Passes", "Spring 2007"),
        (lambda sheet: founded(sheet, "pct-3"), "Blocks", "none is recorded"),
    ],
    "joint-agreement": [
        (lambda sheet: founded(sheet, "care-trust", evidence__joint__agreement="All signed"), "Passes", "All signed"),
        (lambda sheet: founded(sheet, "care-trust"), "Blocks", "none is recorded"),
    ],
    "board-composition": [
        (lambda sheet: founded(sheet, "pct-3", **seated()), "Passes", "all constituencies"),
        (lambda sheet: founded(sheet, "pct-3", resulting__0__board__gp="7"), "Blocks", "lacks nurses"),
        (lambda sheet: founded(sheet, "pct-3"), "Blocks", "states none"),
    ],
    "coterminous": [
        (lambda sheet: merged(sheet, "X-PCG8", "X-PCG9", form="pcg-1"), "Passes", ""),
        (lambda sheet: merged(sheet, "X-PCG6", "X-PCG8", form="pcg-1"), "Advises", "Not the area of one council"),
    ],
    "contiguous": [
        (lambda sheet: merged(sheet, "X-PCG8", "X-PCG9", form="pcg-1"), "Passes", "touch"),
        (lambda sheet: merged(sheet, "X-PCG7", "X-PCG8", form="pcg-1"), "Advises", "Not joined"),
    ],
    "whole-area": [
        (lambda sheet: divided(sheet, all_of_them=True), "Passes", "practices"),
        (lambda sheet: divided(sheet, all_of_them=False), "Blocks", "would not any more"),
    ],
    "management-capacity": [
        (lambda sheet: newcastle(sheet, evidence__management__capacity="A joint team"), "Passes", "A joint team"),
        (newcastle, "Advises", "senior managers"),
    ],
    "development-time": [
        (newcastle, "Advises", "less than two years"),
        (lambda sheet: newcastle(sheet, effective_on="2015-05-01"), "Passes", "two years before"),
    ],
    "relations": [
        (lambda sheet: newcastle(sheet, evidence__relations="One office since 2013"), "Passes", "One office"),
        (newcastle, "Advises", "not recorded"),
    ],
    "nothing-left-behind": [
        (lambda sheet: divided(sheet, all_of_them=True), "Passes", "has a home"),
        (lambda sheet: divided(sheet, all_of_them=False), "Blocks", "without a home"),
    ],
}


def posted(sheet: Callable[..., Sheet], *, form: str) -> Sheet:
    """A merger with a form that the page does not offer, sent all the same."""
    page = sheet("merger", effective_on="2015-03-01", originals__0="00F", originals__1="00G")
    return page.press("preview", **named("13T"), resulting__0__form=form)


@pytest.mark.parametrize(
    ("check", "fill", "outcome", "says"),
    [(check, *case) for check, cases in TWO_WAYS.items() for case in cases],
    ids=[f"{check}-{case[1]}-{row}" for check, cases in TWO_WAYS.items() for row, case in enumerate(cases)],
)
def test_every_check_is_shown_both_ways_with_its_reason_and_source(
    check: str, fill: Callable[..., Sheet], outcome: str, says: str, sheet: Callable[..., Sheet]
) -> None:
    page = fill(sheet)
    assert page.answer.status_code == 200, page.errors
    found = page.finding(check)
    assert found.get("outcome") == outcome, found
    assert says in found["said"]
    assert found["source"]


def test_no_check_of_organisations_is_left_out() -> None:
    from organisations.domain.checks import CHECKS

    assert set(TWO_WAYS) == set(CHECKS)
    for check, cases in TWO_WAYS.items():
        assert len({outcome for _, outcome, _ in cases}) >= 2, check


def test_a_contract_between_two_that_merge_is_settled_on_the_same_page(sheet: Callable[..., Sheet]) -> None:
    """What the finding says, word for word, typed where the page asks what moves."""
    first, second = Organisation.objects.filter(pk__in=["X-KPCT1", "X-KPCT2"]).order_by("pk")
    contract(first, second, code="X-K-C99")
    originals = {"originals__0": first.pk, "originals__1": second.pk}
    page = sheet("merger", effective_on="2009-10-01", portfolio="illustrative-trusts", **originals)
    page.press("preview", **named("X-NEW", "pct-4"))
    found = page.finding("contract-conflict")
    assert found["outcome"] == "Blocks"
    what, giver, receiver = re.findall(r"“([^”]+)” from (\S+) to ([^; ]+)", found["said"])[0]
    assert (what, receiver) == ("X-K-C99", "X-NEW")
    page.press("add", "moves")
    page.press("preview", moves__0__what=what, moves__0__from=giver, moves__0__to=receiver)
    found = page.finding("contract-conflict")
    assert found["outcome"] == "Passes"
    assert "these end" in found["said"]
    assert "X-K-C99" in found["said"]
    told = words(page.page)
    ends = "No longer holds 1 contract (£1,000,000.00 a year), for: it lapses: both parts come to one body"
    assert re.search(re.escape(ends) + r"[^.]*\. \S+ X-K-C99 \(X-K-C99\): ", told)


def test_a_check_that_evidence_settles_leads_to_its_field(sheet: Callable[..., Sheet]) -> None:
    page = founded(sheet, "pct-3")
    row = page.page.select_one('tr[data-check="consultation-held"]')
    target = row.find("a", string="Give evidence")["href"]
    assert page.page.select_one(target).name == "textarea"
    assert page.page.select_one('tr[data-check="form-dates"]').find("a", string="Give evidence") is None
