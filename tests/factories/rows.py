"""Rows of the database in a few words. Each function saves one valid row; what is not named takes a plain default."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from django.contrib.auth.models import User

from organisations.domain.integrity import CARDINALITY
from organisations.domain.vocabulary import (
    Basis,
    ChangeKind,
    ChangeStatus,
    Constituency,
    Family,
    OpenedBasis,
    Outcome,
    PopulationBasis,
    RelationshipKind,
    Route,
    SettledBy,
    ShareBasis,
)
from organisations.models import (
    BoardSeat,
    Change,
    ChangeAuthor,
    ChangeCollaborator,
    ChangeComment,
    ChangeDecision,
    ChangeFinding,
    ChangeMove,
    ChangeParty,
    Consultation,
    Form,
    FormPeriod,
    LineageEdge,
    LineageLink,
    LoadedRecord,
    NamePeriod,
    Organisation,
    PolicyCheck,
    Population,
    Portfolio,
    PortfolioLoad,
    Relationship,
    Source,
    TransitionRule,
    WaitingLoad,
)
from pcorg.core.uploads.files import hold

OPENED = date(1999, 4, 1)
BASIS = {"basis": Basis.ILLUSTRATIVE}
_numbers = count(1)


def fresh(stem: str) -> str:
    return f"{stem}-{next(_numbers)}"


def source(**given: Any) -> Source:
    slug = given.pop("slug", None) or fresh("test-source")
    return Source.objects.create(**({"slug": slug, "title": "A source of the tests"} | given))


def portfolio(**given: Any) -> Portfolio:
    facts = {
        "slug": fresh("test-portfolio"),
        "title": "A portfolio of the tests",
        "illustrative": True,
        "covers_from": date(1999, 4, 1),
        "covers_to": date(2013, 3, 31),
    }
    return Portfolio.objects.create(**(facts | given))


def form(**given: Any) -> Form:
    slug = given.pop("slug", None) or fresh("test-form")
    facts = {"slug": slug, "label": slug, "plural": slug, "family": Family.GROUPS_AND_TRUSTS, "summary": "A form."}
    return Form.objects.create(**(facts | given))


def policy_check(**given: Any) -> PolicyCheck:
    facts = {
        "code": fresh("test-check"),
        "title": "A check",
        "question": "Is it so?",
        "severity": Outcome.ADVISE,
        "settled_by": SettledBy.DATA,
    }
    return PolicyCheck.objects.create(**(facts | given))


def rule(**given: Any) -> TransitionRule:
    if "from_form" not in given:
        given["from_form"] = form()
    if "to_form" not in given:
        given["to_form"] = form()
    return TransitionRule.objects.create(**({"route": Route.LEVEL} | given))


def organisation(code: str | None = None, **given: Any) -> Organisation:
    if "portfolio" not in given:
        given["portfolio"] = portfolio()
    facts = {"opened": OPENED, "opened_basis": OpenedBasis.RECORDED} | BASIS
    return Organisation.objects.create(code=fresh("X-T") if code is None else code, **(facts | given))


def form_period(body: Organisation, **given: Any) -> FormPeriod:
    if "form" not in given:
        given["form"] = form()
    return FormPeriod.objects.create(organisation=body, **({"start": OPENED} | BASIS | given))


def name_period(body: Organisation, **given: Any) -> NamePeriod:
    return NamePeriod.objects.create(organisation=body, **({"start": OPENED, "name": "A body"} | BASIS | given))


def population(body: Organisation, **given: Any) -> Population:
    facts = {"on": OPENED, "count": 90_000, "counted": PopulationBasis.REGISTERED} | BASIS
    return Population.objects.create(organisation=body, **(facts | given))


def board_seat(body: Organisation, **given: Any) -> BoardSeat:
    facts = {"start": OPENED, "constituency": Constituency.GP, "seats": 7} | BASIS
    return BoardSeat.objects.create(organisation=body, **(facts | given))


def relationship(subject: Organisation, to: Organisation, **given: Any) -> Relationship:
    facts = {"kind": RelationshipKind.ACCOUNTABLE_TO, "start": OPENED} | BASIS
    return Relationship.objects.create(subject=subject, object=to, **(facts | given))


def change(**given: Any) -> Change:
    if "portfolio" not in given:
        given["portfolio"] = portfolio()
    facts = {
        "kind": ChangeKind.MERGER,
        "status": ChangeStatus.EFFECTED,
        "effective_on": date(2001, 4, 1),
        "sequence": next(_numbers),
        "title": "A change",
    } | BASIS
    facts |= given
    allowed = CARDINALITY[ChangeKind(facts["kind"])]
    numbers = {"originals_count": allowed.originals[0], "resulting_count": allowed.outcome[0]}
    return Change.objects.create(**(numbers | facts))


def party(of: Change, body: Organisation, **given: Any) -> ChangeParty:
    facts = {"role": ChangeParty.ORIGINAL, "position": 0}
    return ChangeParty.objects.create(change=of, organisation=body, **(facts | given))


def lineage_link(of: Change, original: Organisation, resulting: Organisation, **given: Any) -> LineageLink:
    """All that an earlier body had at its end is with one that comes out of a change."""
    facts = {"share": "1", "basis": ShareBasis.POPULATION}
    return LineageLink.objects.create(change=of, original=original, resulting=resulting, **(facts | given))


def lineage_edge(of: Change, original: Organisation, resulting: Organisation, **given: Any) -> LineageEdge:
    facts = {"share": 1, "basis": ShareBasis.POPULATION}
    return LineageEdge.objects.create(change=of, original=original, resulting=resulting, **(facts | given))


def change_move(of: Change, giver: Organisation, receiver: Organisation, **given: Any) -> ChangeMove:
    return ChangeMove.objects.create(change=of, giver=giver, receiver=receiver, **({"what": "A ward"} | given))


def decision(of: Change, **given: Any) -> ChangeDecision:
    from django.utils import timezone

    facts = {"status": ChangeStatus.PROPOSED, "by": "test", "at": timezone.now()}
    return ChangeDecision.objects.create(change=of, **(facts | given))


def comment(of: Change, **given: Any) -> ChangeComment:
    from django.utils import timezone

    return ChangeComment.objects.create(change=of, **({"by": "test", "at": timezone.now(), "text": "Well."} | given))


def consultation(of: Change, **given: Any) -> Consultation:
    return Consultation.objects.create(change=of, **given)


def finding(of: Change, check: PolicyCheck, **given: Any) -> ChangeFinding:
    facts = {"outcome": Outcome.ADVISE, "message": "Take note."}
    return ChangeFinding.objects.create(change=of, policy_check=check, **(facts | given))


def portfolio_load(of: Portfolio, **given: Any) -> PortfolioLoad:
    facts = {"file_name": "test.yaml", "sha256": "0" * 64, "loaded_by": "test", "created": 0, "unchanged": 0}
    return PortfolioLoad.objects.create(portfolio=of, **(facts | given))


def loaded_record(load: PortfolioLoad, **given: Any) -> LoadedRecord:
    facts = {"portfolio": load.portfolio, "key": fresh("record"), "fingerprint": "0" * 64}
    return LoadedRecord.objects.create(load=load, **(facts | given))


def collaborator(of: Change, **given: Any) -> ChangeCollaborator:
    return ChangeCollaborator.objects.create(change=of, **({"name": fresh("person")} | given))


def author(of: Change, **given: Any) -> ChangeAuthor:
    from django.utils import timezone

    return ChangeAuthor.objects.create(change=of, **({"name": "test", "what": "plan", "at": timezone.now()} | given))


def user(**given: Any) -> User:
    name = given.pop("username", None) or fresh("user")
    return User.objects.create(username=name, **given)


def waiting_load(**given: Any) -> WaitingLoad:
    if "asked_by" not in given:
        given["asked_by"] = user()
    if "upload" not in given:
        given["upload"] = hold(owner=given["asked_by"].pk, name="test.yaml", content=b"x")
    facts = {"portfolio": "test", "title": "A file of the tests", "file_name": "test.yaml", "sha256": "0" * 64}
    return WaitingLoad.objects.create(**(facts | {"review": {}, "state": "0" * 64} | given))
