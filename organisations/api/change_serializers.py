"""Documents of changes."""

# Fields named label, source or errors hide attributes of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from organisations.api.serializers import Share
from organisations.domain.vocabulary import Basis, ChangeKind, ChangeStatus, Outcome, Route, ShareBasis
from pcorg.core.api.rows import AddressField, Attached, Noted

TO_STRANGERS = "People are named to those who are signed in; others read a role, such as `a commissioner`"
UNREADABLE = "`unreadable` where what the change asks for cannot be read any more; else null"


class RouteField(serializers.ChoiceField):
    """A route; null for kinds of change that have none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Route.choices(), allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return value or None


class ChangeItemSerializer(serializers.Serializer):
    """A change in a list."""

    id = serializers.IntegerField()
    portfolio = serializers.CharField(source="portfolio_id")
    illustrative = serializers.BooleanField(source="portfolio.illustrative")
    kind = serializers.ChoiceField(choices=ChangeKind.choices())
    route = RouteField()
    status = serializers.ChoiceField(choices=ChangeStatus.choices())
    recorded = serializers.BooleanField(help_text="History from a register or document, not a proposal made here")
    basis = serializers.ChoiceField(choices=Basis.choices(), help_text="How it is known: `decision` where made here")
    title = serializers.CharField()
    effective_on = serializers.DateField()
    undone_by = serializers.IntegerField(
        source="undone_by_id", allow_null=True, help_text="The correction that struck it out: it no longer counts"
    )
    originals = Attached(child=serializers.CharField(), help_text="Codes of the bodies that went in")
    resulting = Attached(child=serializers.CharField(), help_text="Codes of the bodies that came out")
    problem = Noted(allow_null=True, help_text=UNREADABLE)
    url = AddressField("api:change-detail", source="id")


class ChangeEdgeSerializer(serializers.Serializer):
    """The share of an original's population that a resulting body took."""

    original = serializers.CharField()
    resulting = serializers.CharField()
    share = Share()
    basis = serializers.ChoiceField(choices=ShareBasis.choices())
    of = serializers.ListField(
        child=serializers.CharField(),
        help_text="Codes of the bodies whose people it took back: people who had come from them to the original",
    )
    of_share = Share(help_text="The part of their people there that it took; 1 where `of` is empty")
    others_share = Share(help_text="The part of everybody else there that it took with them")
    note = serializers.CharField()


class ChangeLinkSerializer(serializers.Serializer):
    """The share of the people whom an earlier body had at its end that a body coming out of the change has. It outranks
    what multiplying through the bodies between would give."""

    original = serializers.CharField()
    resulting = serializers.CharField()
    share = Share()
    basis = serializers.ChoiceField(choices=ShareBasis.choices())
    note = serializers.CharField()


class ChangeMoveSerializer(serializers.Serializer):
    """Something named that passed from one body to another."""

    what = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.CharField(), "to": serializers.CharField()}


class SupersededEdgeSerializer(ChangeEdgeSerializer):
    """A share that no longer counts, and the correction that took its place."""

    superseded_by = serializers.IntegerField()


class ChangeFindingSerializer(serializers.Serializer):
    """What a check found."""

    code = serializers.CharField()
    outcome = serializers.ChoiceField(choices=Outcome.choices())
    message = serializers.CharField()
    source = serializers.CharField()
    overridden_by = serializers.CharField(
        help_text=f"The approver who went on in spite of it; empty where nobody did. {TO_STRANGERS}"
    )
    override_reason = serializers.CharField()


class ChangeConsultationSerializer(serializers.Serializer):
    """The public consultation on a proposed change. Both days are included."""

    opens = serializers.DateField(allow_null=True)
    closes = serializers.DateField(allow_null=True)
    responses_for = serializers.IntegerField(allow_null=True)
    responses_against = serializers.IntegerField(allow_null=True)
    summary = serializers.CharField()


class ChangeCommentSerializer(serializers.Serializer):
    """Something said of a change."""

    by = serializers.CharField(help_text=TO_STRANGERS)
    at = serializers.DateTimeField()
    text = serializers.CharField()


class ChangeCommentsSerializer(serializers.Serializer):
    """What was said of a change, in order."""

    results = ChangeCommentSerializer(many=True)


class ChangeStepSerializer(serializers.Serializer):
    """A decision in a change's life."""

    status = serializers.ChoiceField(choices=ChangeStatus.choices())
    by = serializers.CharField(help_text=TO_STRANGERS)
    at = serializers.DateTimeField()
    comment = serializers.CharField()


class ChangeDetailSerializer(serializers.Serializer):
    """One change with all it did."""

    id = serializers.IntegerField()
    reference = serializers.CharField(help_text="Its name within the portfolio, where it was loaded from one")
    portfolio = serializers.CharField()
    illustrative = serializers.BooleanField()
    kind = serializers.ChoiceField(choices=ChangeKind.choices())
    route = RouteField()
    status = serializers.ChoiceField(choices=ChangeStatus.choices())
    recorded = serializers.BooleanField()
    title = serializers.CharField()
    effective_on = serializers.DateField()
    edges = ChangeEdgeSerializer(many=True)
    links = ChangeLinkSerializer(many=True, help_text="Stated shares of bodies that had closed before")
    originals = serializers.ListField(child=serializers.CharField())
    resulting = serializers.ListField(child=serializers.CharField())
    names = serializers.DictField(child=serializers.CharField(), help_text="Names on the effective date, by code")
    moves = ChangeMoveSerializer(many=True)
    rationale = serializers.CharField()
    legal_instrument = serializers.CharField()
    evidence = serializers.DictField(child=serializers.CharField(), help_text="Evidence in words, by check code")
    findings = ChangeFindingSerializer(many=True)
    corrects = serializers.IntegerField(allow_null=True, help_text="The earlier change that this one corrects")
    undone_by = serializers.IntegerField(allow_null=True, help_text="The correction that struck this change out")
    superseded = SupersededEdgeSerializer(many=True, help_text="Shares that a later correction has taken the place of")
    basis = serializers.ChoiceField(choices=Basis.choices())
    source = serializers.CharField()
    note = serializers.CharField()
    proposed_by = serializers.CharField(help_text=f"Empty for recorded history. {TO_STRANGERS}")
    owner = serializers.CharField(help_text=f"Whose it is: who proposed or drafted it. {TO_STRANGERS}")
    collaborators = serializers.ListField(
        child=serializers.CharField(), help_text=f"Whom the owner named to work on it. {TO_STRANGERS}"
    )
    flag = serializers.CharField(help_text="Why an open proposal needs looking at again; empty where it does not")
    version = serializers.IntegerField(help_text="Counts the writes that touched the change; part of its ETag")
    consultation = ChangeConsultationSerializer(allow_null=True)
    comments = ChangeCommentSerializer(many=True)
    allowed_actions = serializers.ListField(child=serializers.CharField(), help_text="What you may do with it next")
    history = ChangeStepSerializer(many=True)
    problem = serializers.CharField(allow_null=True, help_text=UNREADABLE)
    url = AddressField("api:change-detail", source="id")


class PreviewFindingSerializer(serializers.Serializer):
    """What a check finds of a change that is looked at in advance."""

    code = serializers.CharField()
    outcome = serializers.ChoiceField(choices=Outcome.choices())
    message = serializers.CharField()
    source = serializers.CharField()


class PreviewEffectSerializer(serializers.Serializer):
    """One operation of a change: what it does to which body, and the facts it alters."""

    operation = serializers.CharField()
    subject = serializers.CharField()
    before = serializers.DictField()
    after = serializers.DictField()


class PreviewTotalsSerializer(serializers.Serializer):
    """What the bodies of a change hold together: the originals before it, or what results on its day. A total of which
    nothing is recorded is null, never 0."""

    bodies = serializers.IntegerField()
    population = serializers.IntegerField(allow_null=True, help_text="Sum of the known counts")
    population_unknown = serializers.IntegerField(help_text="Bodies whose population is not known, or only in part")
    councils = serializers.IntegerField(allow_null=True, help_text="Councils they lie in")
    members = serializers.IntegerField(allow_null=True, help_text="Bodies that belong to them")
    contracts = serializers.IntegerField(allow_null=True)
    budget = serializers.CharField(allow_null=True, help_text="Pounds, as a decimal in a string")
    unknown = serializers.ListField(
        child=serializers.CharField(), help_text="Names of the totals of which nothing is recorded"
    )
    partly_known = serializers.ListField(
        child=serializers.CharField(), help_text="Names of the totals to which something not recorded would be added"
    )


class ChangePreviewSerializer(serializers.Serializer):
    """What a change would do, and what the checks say of it. Nothing is changed by looking."""

    permitted = serializers.BooleanField(help_text="No check blocks")
    hypothetical = serializers.BooleanField(
        help_text="Later changes stand on the bodies: what is shown is what would have been"
    )
    checks = PreviewFindingSerializer(many=True)
    effects = PreviewEffectSerializer(many=True)
    before = PreviewTotalsSerializer()
    after = PreviewTotalsSerializer()
