"""What history cannot hold is refused at its place, with what to state instead: chains of one day, codes used again, a
closing that is listed and brought about by a change too."""

from __future__ import annotations

from typing import Any

import pytest

from organisations.models import Change, Organisation
from organisations.portfolios.reading import DocumentFault, DocumentRefused
from organisations.services.load_portfolio import load_stated
from organisations.services.previews import preview
from organisations.specs.change import ProposedChange
from pcorg.core.refusals import Unacceptable
from tests.documents import KNOWN, body, stated

pytestmark = pytest.mark.django_db
COUNCIL = "local-authority"


def document(*bodies: dict[str, Any], changes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schema": "pcorg-portfolio/1",
        "portfolio": {
            "slug": "communes",
            "title": "Communes",
            "illustrative": True,
            "covers": {"from": "2000-01-01", "to": "2025-12-31"},
        },
        "bodies": list(bodies),
        "changes": [change | KNOWN for change in changes],
    }


def change(reference: str, kind: str, on: str, *originals: str, **more: Any) -> dict[str, Any]:
    return {
        "reference": reference,
        "kind": kind,
        "effective_on": on,
        "title": reference.replace("-", " ").capitalize(),
        "originals": list(originals),
        **more,
    }


def renamed(reference: str, code: str, name: str, on: str = "2010-04-01") -> dict[str, Any]:
    return change(reference, "rename", on, code, name=name)


def recoded(reference: str, old: str, new: str, on: str = "2016-01-01") -> dict[str, Any]:
    given = {"route": "succession", "resulting": [{"code": new, "name": "Of a new code", "form": COUNCIL}]}
    return change(reference, "transition", on, old, **given)


def merged(reference: str, into: str, *others: str, on: str = "2016-01-01") -> dict[str, Any]:
    return change(reference, "merger", on, into, *others, resulting=[{"code": into}])


def loaded(told: dict[str, Any]) -> None:
    load_stated(stated=stated(told), by="tests")


def refused(told: dict[str, Any]) -> list[DocumentFault]:
    with pytest.raises(DocumentRefused) as caught:
        loaded(told)
    assert not Organisation.objects.filter(portfolio="communes").exists()
    return list(caught.value.faults)


ONE = body("X-C1", "Fresne", COUNCIL)
TWO = body("X-C3", "Ingrandes", COUNCIL)


class TestChainsOfOneDay:
    def test_a_new_code_and_a_merger_are_one_merger(self) -> None:
        told = document(ONE, TWO, changes=[recoded("new-code", "X-C1", "X-C2"), merged("the-merger", "X-C3", "X-C2")])
        (fault,) = refused(told)
        assert (fault.code, fault.pointer) == ("conflict", "/changes/1/originals/1")
        assert fault.line is not None
        assert "“New code”" in fault.message
        assert "“The merger”" in fault.message
        assert "state one change instead of the two, from the first to the last: from X-C1 and X-C3 to X-C3." in (
            fault.message
        )
        loaded(document(ONE, TWO, changes=[merged("the-merger", "X-C3", "X-C1")]))

    def test_three_names_in_a_day_are_one_change_of_name(self) -> None:
        names = [
            renamed("to-two", "X-C1", "Two"),
            renamed("to-three", "X-C1", "Three"),
            renamed("to-four", "X-C1", "Four"),
        ]
        faults = refused(document(ONE, changes=names))
        assert [(fault.code, fault.pointer) for fault in faults] == [
            ("conflict", "/changes/1/originals/0"),
            ("conflict", "/changes/2/originals/0"),
        ]
        for fault, title in zip(faults, ("To three", "To four"), strict=True):
            assert "“To two”" in fault.message
            assert f"“{title}”" in fault.message
            assert "from the first to the last." in fault.message
        loaded(document(ONE, changes=[renamed("to-four", "X-C1", "Four")]))

    def test_a_new_name_and_a_closing_are_one_closing(self) -> None:
        told = document(
            ONE,
            TWO,
            changes=[renamed("new-name", "X-C1", "Two"), merged("the-merger", "X-C3", "X-C1", on="2010-04-01")],
        )
        (fault,) = refused(told)
        assert fault.pointer == "/changes/1/originals/1"
        assert "takes the name Two on 1 April 2010 by “New name”" in fault.message

    def test_a_new_form_twice_is_one_new_form(self) -> None:
        level = {"route": "level"}
        told = document(
            body("X-G1", "Group", "pcg-1"),
            changes=[
                change("level-two", "transition", "2001-04-01", "X-G1", to_form="pcg-2", **level),
                change("level-three", "transition", "2001-04-01", "X-G1", to_form="pcg-1", **level),
            ],
        )
        (fault,) = refused(told)
        assert "takes the form" in fault.message
        assert "“Level two”" in fault.message

    def test_a_body_listed_from_that_day_is_told_without_a_change(self) -> None:
        told = document(
            body("X-C1", "Fresne", COUNCIL, opened="2016-01-01"), TWO, changes=[merged("the-merger", "X-C3", "X-C1")]
        )
        (fault,) = refused(told)
        assert "opens on 1 January 2016" in fault.message
        assert "another day" in fault.message

    def test_other_changes_of_one_body_on_a_day_are_fine(self) -> None:
        other = body("X-C4", "Villemoisan", COUNCIL)
        loaded(
            document(
                ONE,
                TWO,
                other,
                changes=[
                    recoded("new-code", "X-C1", "X-C2"),
                    merged("first", "X-C2", "X-C3"),
                    merged("second", "X-C2", "X-C4"),
                    renamed("new-name", "X-C9", "Nothing", on="2017-01-01") | {"originals": ["X-C2"]},
                ],
            )
        )
        assert Change.objects.filter(portfolio="communes").count() == 4

    def test_a_proposal_is_told_so_too(self) -> None:
        loaded(document(ONE, changes=[renamed("to-two", "X-C1", "Two")]))
        asked = {
            "kind": "rename",
            "effective_on": "2010-04-01",
            "organisation": "X-C1",
            "name": "Three",
            "title": "To three",
        }
        with pytest.raises(Unacceptable) as caught:
            preview(spec=ProposedChange.model_validate(asked))
        (problem,) = caught.value.problems
        assert "“To two”" in problem.message
        assert "“To three”" in problem.message

    def test_a_correction_of_that_day_is_told_to_undo_first(self) -> None:
        loaded(document(ONE, changes=[renamed("to-two", "X-C1", "Two")]))
        asked = {"kind": "correction", "effective_on": "2010-04-01", "originals": ["X-C1"], "set": {"name": "Three"}}
        with pytest.raises(Unacceptable) as caught:
            preview(spec=ProposedChange.model_validate(asked))
        assert "Undo that change and record it again" in caught.value.problems[0].message


class TestCodesUsedAgain:
    def test_a_body_that_takes_the_code_of_one_it_absorbed(self) -> None:
        told = document(
            ONE, TWO, changes=[merged("absorbed", "X-C1", "X-C3", on="2001-01-01"), recoded("takes-it", "X-C1", "X-C3")]
        )
        (fault,) = refused(told)
        assert (fault.code, fault.pointer) == ("code-in-use", "/changes/1/resulting/0/code")
        assert "A code is never used again for another organisation" in fault.message
        assert "X-C3-2" in fault.message
        loaded(
            document(
                ONE,
                TWO,
                changes=[merged("absorbed", "X-C1", "X-C3", on="2001-01-01"), recoded("takes-it", "X-C1", "X-C3-2")],
            )
        )

    def test_a_body_that_reopens(self) -> None:
        again = {"resulting": [{"code": "X-C3", "name": "Ingrandes", "form": COUNCIL}]}
        told = document(
            ONE,
            TWO,
            changes=[
                merged("absorbed", "X-C1", "X-C3", on="2001-01-01"),
                change("reopens", "establishment", "2005-01-01", **again),
            ],
        )
        (fault,) = refused(told)
        assert (fault.code, fault.pointer) == ("code-in-use", "/changes/1/resulting/0/code")
        assert "X-C3-2" in fault.message

    def test_two_bodies_that_exchange_codes(self) -> None:
        crossed = change(
            "exchange",
            "reconfiguration",
            "2005-01-01",
            "X-C1",
            "X-C3",
            resulting=[
                {"code": "X-C3", "name": "Fresne", "form": COUNCIL},
                {"code": "X-C1", "name": "Ingrandes", "form": COUNCIL},
            ],
            edges=[
                {"original": "X-C1", "resulting": "X-C3", "share": 1},
                {"original": "X-C3", "resulting": "X-C1", "share": 1},
            ],
        )
        faults = refused(document(ONE, TWO, changes=[crossed]))
        assert {(fault.code, fault.pointer) for fault in faults} >= {
            ("code-in-use", "/changes/0/resulting/0/code"),
            ("code-in-use", "/changes/0/resulting/1/code"),
        }
        assert all("a code of its own" in fault.message for fault in faults if fault.code == "code-in-use")

    def test_the_suffix_offered_is_free(self) -> None:
        told = document(
            ONE,
            TWO,
            body("X-C3-2", "Another", COUNCIL),
            changes=[merged("absorbed", "X-C1", "X-C3", on="2001-01-01"), recoded("takes-it", "X-C1", "X-C3")],
        )
        (fault,) = refused(told)
        assert "X-C3-3" in fault.message


class TestListedClosings:
    LISTED = body("X-C1", "Fresne", COUNCIL, closed="2016-01-01")

    @pytest.mark.parametrize("day", ["2016-01-01", "2014-01-01"])
    def test_a_closing_that_a_change_brings_about_is_not_listed_too(self, day: str) -> None:
        (fault,) = refused(document(self.LISTED, TWO, changes=[merged("the-merger", "X-C3", "X-C1", on=day)]))
        assert "1 January 2016" in fault.message
        assert "Leave its closing date out if this change is what closes it" in fault.message
