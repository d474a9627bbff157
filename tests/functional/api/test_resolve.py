"""What stands for an old code: by the day of the data and the day asked for, with how each share is known."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from organisations.domain.lifecycle import Step
from organisations.portfolios.reading import DocumentRefused
from organisations.services.load_portfolio import load_content, load_portfolio
from organisations.services.proposals import decide, propose
from organisations.specs.change import ProposedChange, proposed
from pcorg.core.policies import Actor
from tests.documents import KNOWN, body, written
from tests.functional.api.conftest import refused

pytestmark = pytest.mark.django_db
Resolve = Callable[..., dict[str, Any]]
Load = Callable[..., None]


@pytest.fixture
def resolve(api: APIClient) -> Resolve:
    """Asks what stands for codes: `resolve("5M1", on="2014-01-01")`; the day of the data is `since`."""

    def ask(*codes: str, since: str | None = None, **days: str) -> dict[str, Any]:
        asked = {"codes": codes, **days} | ({"from": since} if since else {})
        answer = api.post("/api/v1/organisations/resolve/", asked, format="json")
        assert answer.status_code == 200, answer.content
        found: dict[str, Any] = answer.json()
        return found

    return ask


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads councils of an invented county and what became of them: codes with their people, and changes."""

    def take_in(councils: dict[str, int], *changes: dict[str, Any], **more: Any) -> None:
        header = {"slug": "parishes", "title": "Parishes", "illustrative": True}
        document = {
            "schema": "pcorg-portfolio/1",
            "portfolio": header | {"covers": {"from": "2000-01-01", "to": "2025-12-31"}},
            "bodies": [
                body(
                    code,
                    code,
                    "local-authority",
                    populations=[{"count": people, "on": "2000-01-01", "basis": "registered"}] if people else [],
                )
                for code, people in councils.items()
            ],
            "changes": [{"reference": each["title"], **KNOWN, **each} for each in changes],
            **more,
        }
        load_portfolio(path=written(document, tmp_path), by="tester")

    return take_in


def council(code: str) -> dict[str, str]:
    return {"code": code, "name": code, "form": "local-authority"}


def told(answer: dict[str, Any]) -> dict[str, dict[str, str]]:
    """The shares by code: `0.5`, or `0.5 through B`."""
    return {
        found["code"]: {
            held["code"]: " through ".join(filter(None, (held["share"], " ".join(held["composed_through"]))))
            for held in found["bodies"]
        }
        for found in answer["results"]
    }


GIVES = {
    "title": "gives",
    "kind": "transfer",
    "effective_on": "2005-04-01",
    "originals": ["X-R1", "X-R2"],
    "resulting": [{"code": "X-R1"}, {"code": "X-R2"}],
    "edges": [{"original": "X-R1", "resulting": "X-R2", "share": "0.3"}],
}
GETS_A_NEW_CODE = {
    "title": "new-code",
    "kind": "transition",
    "route": "succession",
    "effective_on": "2010-04-01",
    "originals": ["X-R1"],
    "resulting": [council("X-R3")],
}
ABSORBS = {
    "title": "absorbs",
    "kind": "merger",
    "effective_on": "2005-04-01",
    "originals": ["X-R1", "X-R2"],
    "resulting": [{"code": "X-R1"}],
}


class TestDayOfTheData:
    def test_the_people_of_that_day_are_followed(self, load: Load, resolve: Resolve) -> None:
        load({"X-R1": 1000, "X-R2": 1000}, GIVES, GETS_A_NEW_CODE)
        assert told(resolve("X-R1", since="2008-06-30", on="2010-04-01")) == {"X-R1": {"X-R3": "1"}}
        assert told(resolve("X-R1", since="2005-03-31", on="2010-04-01")) == {"X-R1": {"X-R3": "0.7", "X-R2": "0.3"}}
        assert told(resolve("X-R1", on="2010-04-01")) == {"X-R1": {"X-R3": "0.7", "X-R2": "0.3"}}
        assert told(resolve("X-R1", since="2008-06-30")) == {"X-R1": {"X-R3": "1"}}

    @pytest.mark.parametrize(("code", "since"), [("X-R3", "2008-01-01"), ("X-R1", "2011-01-01")])
    def test_a_code_means_nothing_on_a_day_without_its_body(
        self, load: Load, resolve: Resolve, code: str, since: str
    ) -> None:
        load({"X-R1": 1000, "X-R2": 1000}, GIVES, GETS_A_NEW_CODE)
        (found,) = resolve(code, since=since, on="2012-01-01")["results"]
        assert (found["bodies"], found["problem"]) == ([], "not-in-force")

    def test_data_come_before_the_day_asked_for(self, api: APIClient) -> None:
        asked = {"codes": ["5M1"], "from": "2014-01-02", "on": "2014-01-01"}
        (fault,) = refused(api.post("/api/v1/organisations/resolve/", asked, format="json"), 400, "invalid")
        assert fault["pointer"] == "/from"
        assert "on or before" in fault["detail"]


class TestHowSharesAreKnown:
    def test_through_a_merger_they_are_composed(self, resolve: Resolve) -> None:
        found = resolve("5P3", "5QV", on="2014-01-01")["results"]
        east, merged = ({held["code"]: held for held in each["bodies"]} for each in found)
        assert {held["basis"] for held in east.values()} == {"composed"}
        assert {tuple(held["composed_through"]) for held in east.values()} == {("5QV",)}
        assert {held["basis"] for held in merged.values()} == {"stated"}
        assert {held["share"] for held in east.values()} == {held["share"] for held in merged.values()}

    def test_one_change_states_them(self, resolve: Resolve) -> None:
        (found,) = resolve("5P3", on="2011-01-01")["results"]
        assert found["bodies"] == [
            {"code": "5QV", "share": "1", "basis": "stated", "composed_through": [], "path": ["5P3", "5QV"]}
        ]

    def test_they_add_up_to_the_last_digit(self, resolve: Resolve) -> None:
        for found in resolve("5P3", "5QE", "5M1", "5QQ")["results"]:
            assert sum(Decimal(held["share"]) for held in found["bodies"]) == 1

    def test_a_forgotten_merger_does_not_take_the_place_of_what_was_stated(self, resolve: Resolve) -> None:
        before = told(resolve("5QQ", "5QP", on="2014-01-01"))
        asked = {
            "kind": "correction",
            "effective_on": "2011-04-01",
            "title": "A merger had been forgotten",
            "originals": ["5QQ", "5QP"],
            "resulting": [{"code": "5ZQ", "name": "Peninsula Primary Care Trust", "form": "pct-4"}],
            "evidence": {"board-composition": "theirs", "consultation-held": "winter 2010"},
        }
        made = propose(spec=proposed(ProposedChange, asked), by=Actor("ann", commissions=True))
        for step in (Step.APPROVE, Step.EFFECT):
            made = decide(change_id=made.pk, step=step, by=Actor("bob", commissions=True, approves=True))
        assert told(resolve("5QQ", "5QP", on="2014-01-01")) == before
        assert told(resolve("5QP", on="2012-01-01")) == {"5QP": {"5ZQ": "1"}}
        merged = told(resolve("5ZQ", on="2014-01-01"))["5ZQ"]
        assert merged.keys() == before["5QQ"].keys() | before["5QP"].keys()
        assert sum(Decimal(share) for share in merged.values()) == 1


class TestForwardsAndBackwards:
    def test_a_body_that_absorbed_another_is_behind_its_successor(self, load: Load, read: Callable[..., Any]) -> None:
        load({"X-R1": 8000, "X-R2": 2000}, ABSORBS, GETS_A_NEW_CODE)
        found = read("organisations/X-R3/lineage/")
        behind = {end["code"]: (end["share"], end["basis"]) for end in found["earliest_predecessors"]}
        assert behind == {"X-R1": ("1", "stated"), "X-R2": ("1", "composed")}
        assert found["earliest_predecessors"][1]["composed_through"] == ["X-R1"]

    def test_nobody_claims_what_a_body_gave_away(self, load: Load, read: Callable[..., Any]) -> None:
        renamed = GETS_A_NEW_CODE | {"effective_on": "2003-04-01"}
        gives = GIVES | {
            "effective_on": "2006-04-01",
            "originals": ["X-R3", "X-R2"],
            "resulting": [{"code": "X-R3"}, {"code": "X-R2"}],
            "edges": [{"original": "X-R3", "resulting": "X-R2", "share": "0.3"}],
        }
        load({"X-R1": 1000, "X-R2": 1000}, renamed, gives)
        claims = {
            code: {end["code"]: end["share"] for end in read(f"organisations/{code}/lineage/")["earliest_predecessors"]}
            for code in ("X-R3", "X-R2")
        }
        assert claims == {"X-R3": {"X-R1": "0.7"}, "X-R2": {"X-R1": "0.3"}}

    @pytest.mark.parametrize("on", ["2008-01-01", "2011-01-01", "2014-01-01"])
    def test_over_all_bodies_of_a_day_the_shares_of_each_original_are_its_whole(
        self, read: Callable[..., Any], resolve: Resolve, on: str
    ) -> None:
        standing = told(resolve("5P3", "5P4", "TAM", "5CC", "5M1", "5QQ", on=on))
        claimed: dict[str, dict[str, str]] = {original: {} for original in standing}
        for code in {code for heirs in standing.values() for code in heirs}:
            for end in read(f"organisations/{code}/lineage/", as_of=on)["earliest_predecessors"]:
                claimed.setdefault(end["code"], {})[code] = end["share"]
        for original, heirs in standing.items():
            if original not in heirs:
                assert claimed[original] == {code: share.split()[0] for code, share in heirs.items()}
                assert sum(Decimal(share) for share in claimed[original].values()) == 1


class TestCoverage:
    def test_each_answer_and_each_day_says_whether_the_records_cover_it(self, resolve: Resolve) -> None:
        covered = {"from": "2006-10-01", "to": "2015-03-31"}
        answer = resolve("5M1", "ZZZ", since="2009-04-01", on="2020-01-01")
        assert answer["coverage"] == covered | {"within": False}
        assert answer["from_coverage"] == covered | {"within": True}
        known, unknown = answer["results"]
        assert (known["coverage"], known["from_coverage"]) == (answer["coverage"], answer["from_coverage"])
        assert (unknown["coverage"], unknown["from_coverage"]) == (None, None)
        assert resolve("5M1")["coverage"]["within"] is None
        assert resolve("5M1")["from_coverage"] is None

    def test_lineage_says_so_too(self, read: Callable[..., Any]) -> None:
        assert read("organisations/5M1/lineage/", as_of="2020-01-01")["coverage"] == {
            "from": "2006-10-01",
            "to": "2015-03-31",
            "within": False,
        }


LEAVES = {
    "title": "leaves",
    "kind": "separation",
    "effective_on": "2010-04-01",
    "originals": ["X-R1"],
    "resulting": [{"code": "X-R1"}, council("X-R2B")],
    "edges": [{"original": "X-R1", "resulting": "X-R2B", "share": "0.2", "of": "X-R2"}],
}


class TestTakenBack:
    def test_a_reversed_merger_gives_the_old_body_its_people_back(
        self, load: Load, resolve: Resolve, read: Callable[..., Any]
    ) -> None:
        load({"X-R1": 8000, "X-R2": 2000}, ABSORBS, LEAVES)
        assert told(resolve("X-R1", "X-R2", on="2012-01-01")) == {"X-R1": {"X-R1": "1"}, "X-R2": {"X-R2B": "1"}}
        assert told(resolve("X-R1", since="2007-01-01")) == {"X-R1": {"X-R1": "0.8", "X-R2B": "0.2"}}
        found = read("organisations/X-R2B/lineage/")
        assert [(end["code"], end["share"], end["basis"]) for end in found["earliest_predecessors"]] == [
            ("X-R2", "1", "stated")
        ]
        edges = {(edge["predecessor"], edge["successor"]): edge["of"] for edge in found["edges"]}
        assert edges == {("X-R2", "X-R1"): [], ("X-R1", "X-R2B"): ["X-R2"]}
        (change,) = read("changes/", organisation="X-R2B", portfolio="all")["results"]
        (edge,) = read(f"changes/{change['id']}/")["edges"]
        assert (edge["of"], edge["of_share"], edge["others_share"]) == (["X-R2"], "1", "0")

    def test_the_merged_body_may_end(self, load: Load, resolve: Resolve) -> None:
        parts = [
            {"original": "X-R1", "resulting": "X-R2B", "share": "0.2", "of": ["X-R2"]},
            {"original": "X-R1", "resulting": "X-R1B", "share": "0.8"},
        ]
        load(
            {"X-R1": 8000, "X-R2": 2000},
            ABSORBS,
            LEAVES | {"kind": "split", "resulting": [council("X-R1B"), council("X-R2B")], "edges": parts},
        )
        assert told(resolve("X-R1", "X-R2", on="2012-01-01")) == {"X-R1": {"X-R1B": "1"}, "X-R2": {"X-R2B": "1"}}

    def test_some_of_them_may_go_and_some_others(self, load: Load, resolve: Resolve) -> None:
        part = {"of": ["X-R2"], "of_share": "0.75", "others_share": "0.0625"}
        load(
            {"X-R1": 8000, "X-R2": 2000},
            ABSORBS,
            LEAVES | {"edges": [{"original": "X-R1", "resulting": "X-R2B", "share": "0.2", **part}]},
        )
        assert told(resolve("X-R2", on="2012-01-01")) == {"X-R2": {"X-R2B": "0.75", "X-R1": "0.25"}}
        whole = told(resolve("X-R1", on="2012-01-01"))["X-R1"]
        assert {code: share.split()[0] for code, share in whole.items()} == {"X-R1": "0.9375", "X-R2B": "0.0625"}

    @pytest.mark.parametrize(
        ("edge", "said"),
        [
            ({"of": "X-R9"}, "No organisation has the code X-R9."),
            ({"of": ["X-R3"]}, "No people of X-R3 had come to X-R1 by 1 April 2010"),
            ({"of": ["X-R1"]}, "No people of X-R1 had come to X-R1"),
            ({"of_share": "0.5"}, "Say in of whose people go"),
            ({"of": 7}, "list"),
        ],
    )
    def test_only_those_who_came_can_be_taken_back(self, load: Load, edge: dict[str, Any], said: str) -> None:
        plain = {"original": "X-R1", "resulting": "X-R2B", "share": "0.2"}
        with pytest.raises(DocumentRefused) as caught:
            load({"X-R1": 8000, "X-R2": 2000, "X-R3": 5}, ABSORBS, LEAVES | {"edges": [plain | edge]})
        assert any(said in fault.message for fault in caught.value.faults), caught.value.faults

    def test_a_proposal_may_say_so_too(self, load: Load, api: APIClient) -> None:
        load({"X-R1": 8000, "X-R2": 2000}, ABSORBS | {"resulting": [council("X-R4")]}, GETS_A_NEW_CODE | {
            "originals": ["X-R4"], "effective_on": "2007-04-01"})  # fmt: skip
        asked = {
            "kind": "separation",
            "effective_on": "2012-04-01",
            "originals": ["X-R3"],
            "resulting": [{"code": "X-R3"}, council("X-R2B")],
            "edges": [{"original": "X-R3", "resulting": "X-R2B", "share": "0.2", "of": "X-R2"}],
        }
        answer = api.post("/api/v1/changes/preview/", asked, format="json")
        assert answer.status_code == 200, answer.content
        (drawn,) = [each for each in answer.json()["effects"] if each["operation"] == "record-lineage"]
        assert drawn["after"]["of"] == ["X-R2"]
        strangers = asked | {"edges": [asked["edges"][0] | {"of": ["5M1"]}]}
        fault, *_ = refused(api.post("/api/v1/changes/preview/", strangers, format="json"), 400, "invalid")
        assert fault["pointer"] == "/edges/0/of"


MERGES = {
    "title": "merges",
    "kind": "merger",
    "effective_on": "2005-04-01",
    "originals": ["X-R1", "X-R2"],
    "resulting": [council("X-R4")],
}
PARTS = {
    "title": "parts",
    "kind": "split",
    "effective_on": "2010-04-01",
    "originals": ["X-R4"],
    "resulting": [council("X-R5"), council("X-R6")],
    "edges": [
        {"original": "X-R4", "resulting": "X-R5", "share": "0.6"},
        {"original": "X-R4", "resulting": "X-R6", "share": "0.4"},
    ],
}


def link(original: str, resulting: str, share: str) -> dict[str, str]:
    return {"original": original, "resulting": resulting, "share": share}


class TestStatedLinks:
    LINKS = (link("X-R1", "X-R5", "0.9"), link("X-R1", "X-R6", "0.1"))

    def test_a_later_change_states_what_a_merger_hides(
        self, load: Load, resolve: Resolve, read: Callable[..., Any]
    ) -> None:
        load({"X-R1": 500, "X-R2": 500}, MERGES, PARTS | {"links": self.LINKS})
        assert told(resolve("X-R1", "X-R2", "X-R4", on="2012-01-01")) == {
            "X-R1": {"X-R5": "0.9", "X-R6": "0.1"},
            "X-R2": {"X-R5": "0.6 through X-R4", "X-R6": "0.4 through X-R4"},
            "X-R4": {"X-R5": "0.6", "X-R6": "0.4"},
        }
        found = read("organisations/X-R1/lineage/", direction="successors")
        assert {(each["successor"], each["share"]) for each in found["links"]} == {("X-R5", "0.9"), ("X-R6", "0.1")}
        assert {end["basis"] for end in found["latest_successors"]} == {"stated"}
        behind = read("organisations/X-R5/lineage/")["earliest_predecessors"]
        assert {end["code"]: (end["share"], end["basis"]) for end in behind} == {
            "X-R1": ("0.9", "stated"),
            "X-R2": ("0.6", "composed"),
        }
        change = read(f"changes/{found['links'][0]['change']}/")
        assert [(each["original"], each["resulting"], each["share"]) for each in change["links"]] == [
            ("X-R1", "X-R5", "0.9"),
            ("X-R1", "X-R6", "0.1"),
        ]

    def test_a_document_with_them_comes_back_as_it_was(self, load: Load) -> None:
        taken = [{"original": "X-R6", "resulting": "X-R7", "share": "0.5", "of": ["X-R2"], "of_share": "0.75"}]
        leaves = LEAVES | {"originals": ["X-R6"], "resulting": [{"code": "X-R6"}, council("X-R7")], "edges": taken}
        load({"X-R1": 500, "X-R2": 500}, MERGES, PARTS | {"links": self.LINKS}, leaves | {"effective_on": "2011-04-01"})
        for form in ("json", "xlsx"):
            content = b"".join(APIClient().get("/api/v1/portfolios/parishes/", {"format": form}))
            assert load_content(content=content, name=f"parishes.{form}", by="tester").nothing_new

    @pytest.mark.parametrize(
        ("stated", "said"),
        [
            (link("X-R9", "X-R5", "1"), "No organisation has the code X-R9."),
            (link("X-R4", "X-R5", "1"), "X-R4 is an original of this change: state its share under edges."),
            (link("X-R3", "X-R5", "1"), "X-R3 had not closed by 1 April 2010."),
            (link("X-R1", "X-R4", "1"), "X-R4 is not among the bodies that result."),
            (link("X-R1", "X-R5", "0.2"), "is stated twice"),
            (link("X-R1", "X-R6", "0.2"), "add up to more than 1"),
        ],
    )
    def test_they_are_of_people_who_came_there(self, load: Load, stated: dict[str, str], said: str) -> None:
        with pytest.raises(DocumentRefused) as caught:
            load({"X-R1": 5, "X-R2": 5, "X-R3": 5}, MERGES, PARTS | {"links": [link("X-R1", "X-R5", "0.9"), stated]})
        assert any(said in fault.message for fault in caught.value.faults), caught.value.faults
