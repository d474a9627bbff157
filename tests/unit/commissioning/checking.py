"""A county in which changes are checked, and what a check finds of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from commissioning.domain.checks import CHECKS
from commissioning.domain.movement import movements
from commissioning.domain.pilots import Pilot
from organisations.domain.changes import ChangeRequest
from organisations.domain.checks import Finding
from organisations.domain.forms import AllowedStep, FormFacts, TransitionGraph
from organisations.domain.integrity import problems_of
from organisations.domain.planning import plan
from organisations.domain.snapshot import Body, DatedRelationship, PastChange, Snapshot
from organisations.domain.vocabulary import ChangeKind, Family, RelationshipKind, Route
from tests.factories import holdings as make
from tests.factories.snapshots import FORMS, OPENED, body, finding_of, new, relationship, request, world

DAY = date(2003, 4, 1)
ARM_FORMS = {
    facts.slug: facts
    for facts in (
        FormFacts("foundation-trust", "Foundation trust", Family.NHS_PROVIDERS, free_standing=True),
        FormFacts("provider-unit", "Provider unit", Family.PROVIDER_ARM_NHS),
        FormFacts("clinical-network", "Clinical network", Family.COLLABORATIONS),
    )
}
NAMED = frozenset({"pms-culture", "disintegrated-integration", "whole-area"})
LEAVING = frozenset({"monopoly", "coherence-first"})
GRAPH = TransitionGraph.of(
    [
        AllowedStep("pcg-2", "pct-3", Route.SUCCESSION, checks=NAMED),
        AllowedStep("pcg-2", "pct-3", Route.MERGER, checks=NAMED),
        AllowedStep("pct-3", "pct-3", Route.MERGER),
        AllowedStep("pct-3", "pct-4", Route.LEVEL, checks=frozenset({"community-provider"})),
        AllowedStep("pct-4", "community-interest-company", Route.SEPARATION, checks=LEAVING),
        AllowedStep("pct-4", "provider-unit", Route.SEPARATION, checks=frozenset({"coherence-first"})),
    ]
)
BODIES = (
    body("A", "pcg-2"),
    body("B", "pcg-2"),
    body("T", "pct-4"),
    body("U", "pct-3"),
    body("COMMUNITY", "community-trust"),
    body("HOSPITAL", "foundation-trust"),
    body("COUNCIL", "local-authority"),
    body("OTHER", "local-authority"),
    body("NETWORK", "clinical-network"),
    *(body(code, "gp-practice") for code in ("P1", "P2", "P3")),
    body("PILOT", "pms-pilot"),
)


def located(code: str, council: str, start: date = OPENED) -> DatedRelationship:
    """Lies in a council."""
    return relationship(RelationshipKind.LOCATED_IN, code, council, start)


@dataclass(frozen=True)
class Case:
    """A change in a county, and what a check is to find: an outcome and all of the words, or nothing."""

    change: ChangeRequest
    outcome: str | None
    says: str = ""
    things: tuple[make.Thing, ...] = ()
    relationships: tuple[DatedRelationship, ...] = ()
    pilots: tuple[Pilot, ...] = ()
    history: tuple[PastChange, ...] = ()
    bodies: tuple[Body, ...] = field(default=BODIES)

    def county(self) -> Snapshot:
        """The county as it is before the change."""
        forms = FORMS | ARM_FORMS
        bare = world(*self.bodies, relationships=self.relationships, forms=forms, graph=GRAPH, history=self.history)
        return make.holding(bare, *self.things, pilots=self.pilots)


def found(check: str, case: Case) -> Finding | None:
    """What a check finds of a change that integrity allows."""
    before = case.county()
    assert not problems_of(case.change, before)
    return finding_of(check, plan(case.change, before, [movements]), CHECKS[check])


def assert_finds(check: str, case: Case) -> None:
    """The check says exactly this of the change, with its own code and a source; or nothing."""
    finding = found(check, case)
    if case.outcome is None:
        assert finding is None
        return
    assert finding is not None
    assert (finding.code, finding.outcome.value, finding.message) == (check, case.outcome, case.says)
    assert finding.source


def merger(*originals: str, into: str = "N", form: str = "pct-3", **more: Any) -> ChangeRequest:
    """Bodies into a new one, or into one of them."""
    if into in originals:
        return request(ChangeKind.MERGER, DAY, originals, continuing=(into,), **more)
    return request(ChangeKind.MERGER, DAY, originals, new=(new(into, form, on=DAY),), **more)


def succession(original: str, **more: Any) -> ChangeRequest:
    """A group to a trust N."""
    heir = (new("N", on=DAY),)
    return request(ChangeKind.TRANSITION, DAY, [original], route=Route.SUCCESSION, new=heir, **more)


def transfer(*originals: str, **more: Any) -> ChangeRequest:
    """Things that pass between bodies that go on."""
    return request(ChangeKind.TRANSFER, DAY, originals, **more)


def separation(form: str = "community-interest-company", **more: Any) -> ChangeRequest:
    """A part of T becomes a body ARM."""
    return request(ChangeKind.SEPARATION, DAY, ["T"], new=(new("ARM", form, on=DAY),), **more)
