"""Nobody decides upon an assessment of which they wrote any part, whatever they are called by then; what others wrote
stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from evaluation.models import Assessment, Criterion, Dispersal, Judgement
from evaluation.policies import AssessmentPermission
from evaluation.selectors.results import results_of
from evaluation.services.assessments import (
    alter_assessment,
    copy_assessment,
    create_assessment,
    move_assessment,
)
from evaluation.services.comments import comment_on, name_collaborators
from evaluation.services.following import choose_option, create_dispersal, record_profile
from evaluation.services.judgements import judge
from evaluation.specs.following import StatedDispersal, StatedOptionChosen, StatedProfilePoint
from evaluation.specs.stated import StatedAssessment, StatedJudgements, StatedRevision
from pcorg.core.accounts.roles import Role, actor_of
from pcorg.core.audit.models import AuditEntry
from pcorg.core.audit.reading import visible_entries
from pcorg.core.policies import ANONYMOUS, Actor, can
from pcorg.core.refusals import Invalid, NotFound, Refusal, StaleVersion

pytestmark = pytest.mark.django_db
OPTIONS = ["community-and-social-care", "virtual-integration"]
Person = Callable[..., User]


@pytest.fixture
def team(person: Person) -> dict[str, Actor]:
    """Ann makes it, cat is to judge, and the others approve."""
    made = {"ann": Role.APPROVER, "cat": Role.APPROVER, "dan": Role.APPROVER, "eve": Role.APPROVER}
    return {name: actor_of(person(name, role)) for name, role in made.items()}


def opened(team: dict[str, Actor], **given: Any) -> Assessment:
    """An open assessment that ann made, and cat and dan are to judge."""
    asked = {"title": "Which way?", "options": OPTIONS, "panel": ["cat", "dan"]} | given
    made = create_assessment(stated=StatedAssessment.model_validate(asked), by=team["ann"])
    return move_assessment(number=made.pk, step="open", by=team["ann"])


def sheet(level: int, *options: str, **given: Any) -> StatedJudgements:
    cells = [
        {"option": option, "criterion": criterion, "low": level, "high": level}
        for option in options or OPTIONS
        for criterion in Criterion.objects.filter(framework="five-criteria").values_list("pk", flat=True)
    ]
    return StatedJudgements.model_validate({"judgements": cells} | given)


def altered(**given: Any) -> StatedRevision:
    return StatedRevision.model_validate(given)


def closed(team: dict[str, Actor], **given: Any) -> Assessment:
    held = opened(team, **given)
    judge(number=held.pk, stated=sheet(3), by=team["cat"])
    return move_assessment(number=held.pk, step="close", by=team["ann"])


def chosen(option: str = OPTIONS[0]) -> StatedOptionChosen:
    return StatedOptionChosen(option=option, on=date(2009, 7, 1), reason="It comes first.")


def decisions(held: Assessment, by: Actor) -> list[str]:
    """What the policy says of approving and of choosing, as it stands now."""
    now = Assessment.objects.get(pk=held.pk)
    return [can(by, deed, now).code for deed in (AssessmentPermission.APPROVE, AssessmentPermission.CHOOSE)]


# --- who decides ----------------------------------------------------------------------------------------------------


def test_an_approver_who_has_no_part_in_it_decides(team: dict[str, Actor]) -> None:
    held = closed(team)
    assert choose_option(assessment=held.pk, stated=chosen(), by=team["eve"]).user_id == team["eve"].id
    with pytest.raises(Refusal, match="You chose its option") as refused:
        move_assessment(number=held.pk, step="approve", by=team["eve"])
    assert refused.value.code == "own-proposal"
    other = closed(team)
    assert move_assessment(number=other.pk, step="approve", by=team["eve"]).status == "approved"
    choose_option(assessment=other.pk, stated=chosen(), by=team["eve"])


@pytest.mark.parametrize(
    ("who", "wrote"),
    [
        ("ann", lambda held, by, team: None),
        ("cat", lambda held, by, team: None),
        ("dan", lambda held, by, team: None),  # on the panel, and has judged nothing
        ("eve", lambda held, by, team: named(held, team) or alter(held, by, title="Another")),
        ("eve", lambda held, by, team: named(held, team) or alter(held, by, purpose="Another")),
        ("eve", lambda held, by, team: named(held, team) or alter(held, by, weights={"mode": "equal"})),
        ("eve", lambda held, by, team: named(held, team) or alter(held, by, options=[*OPTIONS, "provider-unit"])),
        ("eve", lambda held, by, team: named(held, team) or alter(held, by, mitigations=[MITIGATION])),
        ("eve", lambda held, by, team: named(held, team) or consensus(held, by)),
        ("eve", lambda held, by, team: alter(held, team["ann"], panel=["cat", "eve"]) or judged(held, by)),
        ("eve", lambda held, by, team: named(held, team)),  # works on it, and has written nothing
    ],
)
@pytest.mark.parametrize("renamed", [False, True])
def test_whoever_wrote_any_part_or_works_on_it_decides_nothing(
    team: dict[str, Actor], who: str, wrote: Callable[..., Any], renamed: bool
) -> None:
    held = opened(team)
    judge(number=held.pk, stated=sheet(3), by=team["cat"])
    wrote(held, team[who], team)
    move_assessment(number=held.pk, step="close", by=team["ann"])
    by = team[who]
    if renamed:
        User.objects.filter(pk=by.id).update(username="somebody-new")
        User.objects.create_user(who)  # the old name goes to somebody else, who wrote nothing
        by = actor_of(User.objects.get(pk=by.id))
        assert by.name == "somebody-new"
    assert decisions(held, by) == ["own-proposal"] * 2
    with pytest.raises(Refusal, match="so that somebody else decides upon it"):
        move_assessment(number=held.pk, step="approve", by=by)
    with pytest.raises(Refusal, match="so that somebody else decides upon it"):
        choose_option(assessment=held.pk, stated=chosen(), by=by)


MITIGATION = {"criterion": "key-resources", "text": "Share", "transform": "raise-by", "amount": 1}


def named(held: Assessment, team: dict[str, Actor]) -> None:
    name_collaborators(assessment=held.pk, names=["eve"], by=team["ann"])


def alter(held: Assessment, by: Actor, **given: Any) -> None:
    alter_assessment(number=held.pk, stated=altered(**given), by=by)


def consensus(held: Assessment, by: Actor) -> None:
    judge(number=held.pk, stated=sheet(4, consensus=True), by=by)


def judged(held: Assessment, by: Actor) -> None:
    judge(number=held.pk, stated=sheet(4), by=by)


def test_it_stays_so_when_they_are_not_named_any_more_and_in_every_copy(team: dict[str, Actor], person: Person) -> None:
    held = opened(team)
    named(held, team)
    alter(held, team["eve"], title="Mine")
    name_collaborators(assessment=held.pk, names=[], by=team["ann"])
    alter(held, team["ann"], panel=["cat"])
    judge(number=held.pk, stated=sheet(3), by=team["cat"])
    move_assessment(number=held.pk, step="close", by=team["ann"])
    assert decisions(held, team["eve"]) == ["own-proposal"] * 2
    assert decisions(held, team["dan"]) == ["", ""]  # was invited, is not any more and wrote nothing
    copier = actor_of(person("fay", Role.COMMISSIONER))
    copied = copy_assessment(number=held.pk, by=copier, judgements=True)
    move_assessment(number=copied.pk, step="open", by=copier)
    move_assessment(number=copied.pk, step="close", by=copier)
    for name in ("ann", "cat", "eve"):
        assert decisions(copied, team[name]) == ["own-proposal"] * 2
    assert move_assessment(number=copied.pk, step="approve", by=team["dan"]).status == "approved"


def test_another_user_who_has_the_name_of_an_author_now_is_told_apart(team: dict[str, Actor]) -> None:
    held = closed(team)
    User.objects.filter(pk=team["ann"].id).update(username="ann-was")
    User.objects.filter(pk=team["eve"].id).update(username="ann")
    eve = actor_of(User.objects.get(pk=team["eve"].id))
    assert eve.name == "ann"
    assert move_assessment(number=held.pk, step="approve", by=eve).status == "approved"


# --- whose it is ----------------------------------------------------------------------------------------------------


def test_only_its_people_alter_it_and_only_the_owner_names_them(team: dict[str, Actor]) -> None:
    held = opened(team)
    for name in ("cat", "dan"):
        with pytest.raises(Refusal) as refused:
            alter(held, team[name], title="Mine now")
        assert refused.value.code == "forbidden"
        with pytest.raises(Refusal) as refused:
            name_collaborators(assessment=held.pk, names=[name], by=team[name])
        assert refused.value.code == "forbidden"
    with pytest.raises(NotFound):
        alter(held, team["eve"], title="Mine now")
    named(held, team)
    alter(held, team["eve"], title="Ours")
    with pytest.raises(Refusal, match="Only the owner"):
        name_collaborators(assessment=held.pk, names=["eve", "dan"], by=team["eve"])


def test_people_who_are_not_there_are_refused_by_their_place(team: dict[str, Actor], person: Person) -> None:
    User.objects.filter(pk=person("gone", Role.COMMISSIONER).pk).update(is_active=False)
    held = opened(team)
    with pytest.raises(Invalid) as refused:
        name_collaborators(assessment=held.pk, names=["eve", "nobody", "gone", "eve", "ann"], by=team["ann"])
    assert [one.pointer for one in refused.value.problems] == [f"/collaborators/{place}" for place in (1, 2, 3, 4)]
    with pytest.raises(Invalid) as refused:
        alter(held, team["ann"], panel=["cat", "nobody", "gone"])
    assert [(one.pointer, one.message) for one in refused.value.problems] == [
        ("/panel/1", "Nobody here has the user name nobody."),
        ("/panel/2", "Nobody here has the user name gone."),
    ]


def test_the_panel_alone_judges_and_a_member_who_was_renamed_still_does(team: dict[str, Actor]) -> None:
    held = opened(team)
    for name, code in (("ann", "forbidden"),):
        with pytest.raises(Refusal) as refused:
            judged(held, team[name])
        assert refused.value.code == code
    judged(held, team["cat"])
    User.objects.filter(pk=team["cat"].id).update(username="catherine")
    judged(held, actor_of(User.objects.get(pk=team["cat"].id)))
    assert held.panel.get(user_id=team["cat"].id).judgements.count() == 10
    User.objects.filter(pk=team["eve"].id).update(username="cat")
    alter(held, team["ann"], panel=["catherine", "cat"])
    names = dict(held.panel.values_list("user_id", "name"))
    assert names == {team["cat"].id: "catherine", team["eve"].id: "cat"}
    judged(held, actor_of(User.objects.get(pk=team["eve"].id)))


def test_a_view_that_another_recorded_stays(team: dict[str, Actor]) -> None:
    said = {"organisation": "X-PCT3", "axis": "health-with-social", "on": date(2009, 6, 1), "level": 2}
    agreed = StatedProfilePoint.model_validate(said | {"consensus": True})
    record_profile(stated=agreed, by=team["ann"])
    record_profile(stated=agreed, by=team["ann"])
    with pytest.raises(Invalid) as refused:
        record_profile(stated=agreed, by=team["eve"])
    assert [one.pointer for one in refused.value.problems] == ["/on"]


# --- what others wrote stays ----------------------------------------------------------------------------------------


def test_an_option_that_was_judged_is_set_aside_with_its_judgements_and_comes_back(team: dict[str, Actor]) -> None:
    held = opened(team, options=[*OPTIONS, "provider-unit"])
    judge(number=held.pk, stated=sheet(3, *OPTIONS, "provider-unit"), by=team["cat"])
    with pytest.raises(Invalid) as refused:
        alter(held, team["ann"], options=OPTIONS)
    (problem,) = refused.value.problems
    assert (problem.pointer, problem.code) == ("/options", "conflict")
    assert problem.message.endswith("has been judged by cat. Keep it, or set it aside with the reason.")
    with pytest.raises(Invalid) as refused:
        alter(held, team["ann"], options=[*OPTIONS, {"key": "provider-unit", "set_aside": True}])
    assert [one.pointer for one in refused.value.problems] == ["/options/2/set_aside_reason"]
    gone = {"key": "provider-unit", "set_aside": True, "set_aside_reason": "The trust will close it."}
    alter(held, team["ann"], options=[*OPTIONS, gone])
    assert Judgement.objects.filter(option__assessment=held, option__key="provider-unit").count() == 5
    found = results_of(Assessment.objects.get(pk=held.pk))
    assert [each["option"] for each in found["options"]] == OPTIONS
    judge(number=held.pk, stated=sheet(4), by=team["cat"])
    assert Judgement.objects.filter(option__assessment=held, option__key="provider-unit").count() == 5
    with pytest.raises(Invalid) as refused:
        judge(number=held.pk, stated=sheet(1, "provider-unit"), by=team["cat"])
    assert {one.code for one in refused.value.problems} == {"conflict"}
    alter(held, team["ann"], options=[OPTIONS[0], {"key": OPTIONS[1], "passes_gate": True}])
    assert held.options.get(key="provider-unit").set_aside == "The trust will close it."
    alter(held, team["ann"], options=[*OPTIONS, "provider-unit"])
    found = results_of(Assessment.objects.get(pk=held.pk))
    assert [each["option"] for each in found["options"]] == [*OPTIONS, "provider-unit"]
    assert {each["value"] for each in found["options"]} == {75.0, 50.0}


def test_whoever_weighed_and_did_not_judge_keeps_their_weights_when_they_leave_the_panel(
    team: dict[str, Actor],
) -> None:
    held = opened(team, weights={"mode": "own"})
    weights = {
        "mode": "swing",
        "points": dict.fromkeys(Criterion.objects.filter(framework="five-criteria").values_list("pk", flat=True), 1),
    }
    stated = StatedJudgements.model_validate({"judgements": [], "weights": weights})
    judge(number=held.pk, stated=stated, by=team["cat"])
    alter(held, team["ann"], panel=["eve"])
    assert sorted(held.panel.values_list("name", flat=True)) == ["cat", "eve"]


def test_what_ships_belongs_to_nobody_and_stays_as_it_is(team: dict[str, Actor]) -> None:
    for slug in ("five-options", "ostlebury-panel"):
        held = Assessment.objects.get(slug=slug)
        assert (held.owner_id, held.owner_name) == (None, "")
        for do in (
            lambda: alter(held, team["ann"], title="Mine"),  # noqa: B023
            lambda: move_assessment(number=held.pk, step="approve", by=team["ann"]),  # noqa: B023
            lambda: choose_option(assessment=held.pk, stated=chosen(), by=team["ann"]),  # noqa: B023
            lambda: comment_on(assessment=held.pk, text="Well.", by=team["ann"]),  # noqa: B023
        ):
            with pytest.raises(Refusal, match="ships with the product"):
                do()
        assert held.authors.count() == 0


# --- who reads ------------------------------------------------------------------------------------------------------


def test_a_draft_and_an_open_one_are_read_by_their_people_and_a_closed_one_by_all(team: dict[str, Actor]) -> None:
    held = opened(team)

    def readers() -> set[str]:
        everybody = {**team, "stranger": ANONYMOUS}
        return {name for name, by in everybody.items() if Assessment.objects.visible_to(by).filter(pk=held.pk).exists()}

    assert readers() == {"ann", "cat", "dan"}
    named(held, team)
    assert readers() == set(team)
    name_collaborators(assessment=held.pk, names=[], by=team["ann"])
    assert readers() == {"ann", "cat", "dan"}
    judged(held, team["cat"])
    move_assessment(number=held.pk, step="close", by=team["ann"])
    assert readers() == {*team, "stranger"}
    with pytest.raises(Invalid) as refused:
        move_assessment(number=held.pk, step="open", by=team["ann"], comment=" ")
    assert [one.pointer for one in refused.value.problems] == ["/comment"]
    with pytest.raises(Refusal) as not_hers:
        move_assessment(number=held.pk, step="open", by=team["eve"], comment="Look at the costs again.")
    assert not_hers.value.code == "forbidden"
    move_assessment(number=held.pk, step="open", by=team["ann"], comment="Eve asks for the costs.")
    assert readers() == {"ann", "cat", "dan"}


def test_the_trail_tells_of_a_draft_and_an_open_one_to_their_people_alone(team: dict[str, Actor]) -> None:
    held = opened(team)
    entries = AuditEntry.objects.filter(subject=f"assessment {held.pk}")

    def readers() -> list[str]:
        return sorted(name for name, by in team.items() if visible_entries(by, entries).exists())

    assert readers() == ["ann", "cat", "dan"]
    for name in ("cat", "dan"):
        judge(number=held.pk, stated=sheet(3), by=team[name])
    move_assessment(number=held.pk, step="close", by=team["ann"])
    assert readers() == sorted(team)


def test_a_dispersal_is_read_by_whoever_reads_all_its_assessments(team: dict[str, Actor]) -> None:
    scope = {"kind": "group", "service_group": "rehabilitation"}
    held = opened(team, subject="X-PCT2", as_of="2009-06-01", scope=scope)
    judged(held, team["cat"])
    stated = {"title": "By group", "organisation": "X-PCT2", "as_of": "2009-06-01", "parts": [{"assessment": held.pk}]}
    with pytest.raises(Invalid):
        create_dispersal(stated=StatedDispersal.model_validate(stated), by=team["eve"])
    made = create_dispersal(stated=StatedDispersal.model_validate(stated), by=team["ann"])
    for by, reads in ((team["ann"], True), (team["dan"], True), (team["eve"], False), (ANONYMOUS, False)):
        assert Dispersal.objects.visible_to(by).filter(pk=made.pk).exists() is reads
    move_assessment(number=held.pk, step="close", by=team["ann"])
    assert Dispersal.objects.visible_to(ANONYMOUS).filter(pk=made.pk).exists()


# --- what was seen, and the trail -----------------------------------------------------------------------------------


def test_a_decision_is_for_the_content_that_was_seen(team: dict[str, Actor]) -> None:
    held = closed(team)
    seen = Assessment.objects.get(pk=held.pk).version
    move_assessment(number=held.pk, step="open", by=team["ann"], comment="One more look.")
    judge(number=held.pk, stated=sheet(5), by=team["cat"])
    move_assessment(number=held.pk, step="close", by=team["ann"])
    for decide in (
        lambda: move_assessment(number=held.pk, step="approve", by=team["eve"], expected_versions={seen}),
        lambda: choose_option(assessment=held.pk, stated=chosen(), by=team["eve"], expected_versions={seen}),
    ):
        with pytest.raises(StaleVersion):
            decide()
    now = Assessment.objects.get(pk=held.pk).version
    move_assessment(number=held.pk, step="approve", by=team["eve"], expected_versions={now})
    entry = AuditEntry.objects.filter(action="approve-assessment").latest("sequence")
    assert (entry.particulars["before"], entry.particulars["version"]) == ("closed", now)


def test_members_of_a_panel_do_not_stand_in_each_others_way_and_their_own_sheets_do(team: dict[str, Actor]) -> None:
    held = opened(team)
    seen = {held.version}
    judge(number=held.pk, stated=sheet(2), by=team["cat"], expected_versions=seen)
    judge(number=held.pk, stated=sheet(3), by=team["dan"], expected_versions=seen)
    with pytest.raises(StaleVersion):  # from another window of hers
        judge(number=held.pk, stated=sheet(5), by=team["cat"], expected_versions=seen)
    alter_assessment(number=held.pk, stated=altered(title="Renamed"), by=team["ann"], expected_versions=seen)
    with pytest.raises(StaleVersion):
        alter_assessment(number=held.pk, stated=altered(title="Twice"), by=team["ann"], expected_versions=seen)
    with pytest.raises(StaleVersion):  # what is judged may not be what was seen
        judge(number=held.pk, stated=sheet(5), by=team["dan"], expected_versions=seen)
    with pytest.raises(StaleVersion):  # a version that there is not yet was seen by nobody
        judge(number=held.pk, stated=sheet(5), by=team["dan"], expected_versions={999})


def test_the_trail_keeps_what_was_before_and_what_is_after(team: dict[str, Actor]) -> None:
    held = opened(team)
    alter(held, team["ann"], title="Renamed", options=[*OPTIONS, "provider-unit"], weights={"mode": "equal"})
    entry = AuditEntry.objects.filter(action="alter-assessment").latest("sequence").particulars
    assert (entry["before"]["title"], entry["after"]["title"]) == ("Which way?", "Renamed")
    assert (entry["before"]["weights"], entry["after"]["weights"]) == ({"mode": "none"}, {"mode": "equal"})
    assert [len(entry[side]["options"]) for side in ("before", "after")] == [2, 3]
    assert set(entry["before"]) == {"title", "options", "weights"}
    judge(number=held.pk, stated=sheet(2), by=team["cat"])
    judge(number=held.pk, stated=sheet(4, OPTIONS[0]), by=team["cat"])
    entry = AuditEntry.objects.filter(action="judge").latest("sequence").particulars
    cell, left = f"{OPTIONS[0]} key-resources", f"{OPTIONS[1]} key-resources"
    assert (entry["before"][cell]["low"], entry["after"][cell]["low"]) == (2, 4)
    assert (entry["before"][left]["low"], entry["after"][left]) == (2, None)


def test_a_draft_of_somebody_else_is_no_option_and_its_title_stays_unknown(team: dict[str, Actor]) -> None:
    from organisations.services.proposals import propose
    from organisations.specs.change import ProposedChange

    asked = ProposedChange.model_validate(
        {
            "kind": "rename",
            "organisation": "X-PCT3",
            "name": "Not told yet Primary Care Trust",
            "effective_on": "2009-06-01",
            "title": "Not told yet",
            "rationale": "A draft.",
        }
    )
    draft = propose(spec=asked, by=team["cat"], draft=True)
    named = {"title": "Which way?", "options": [*OPTIONS, f"change-{draft.pk}"]}
    with pytest.raises(Invalid) as refused:
        create_assessment(stated=StatedAssessment.model_validate(named), by=team["ann"])
    assert [(each.pointer, each.message) for each in refused.value.problems] == [
        ("/options/2", f"There is no change {draft.pk}.")
    ]
    made = create_assessment(stated=StatedAssessment.model_validate(named), by=team["cat"])
    assert made.options.filter(change=draft, label="Not told yet").exists()
