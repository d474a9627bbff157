"""Benchmarks in the API: a trust's resources beside its peers'."""

# A field named label hides an attribute of the base class, which is harmless in a document.
# mypy: disable-error-code="assignment"

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from commissioning.domain.benchmark import ALL, LEAST_FOR_QUARTILES, Figure, Gap, Measure, PeerComparison
from commissioning.selectors.benchmark import MOST_PEERS, Benchmark, BenchmarkedBody, benchmark_of, label_of
from organisations.models import Organisation
from organisations.selectors import organisations
from pcorg.core.api.parameters import Parameter
from pcorg.core.api.problems import ApiProblem, Fault, ProblemCode
from pcorg.core.api.views import BaseViewSet
from pcorg.core.names import as_recorded
from pcorg.core.portfolios import last_covered


def _peers(text: str) -> list[str]:
    codes = list(dict.fromkeys(code for code in text.split(",") if code))
    if len(codes) > MOST_PEERS:
        raise ValueError(f"At most {MOST_PEERS} peers can be compared.")
    return codes


TRUST = Parameter(
    "trust", "The code of the trust.", str, {"type": "string", "minLength": 1, "maxLength": 40}, required=True
)
PEERS = Parameter(
    "peers",
    f"Codes of the peers, separated by commas, at most {MOST_PEERS}. Without it trusts of the same form, nearest in "
    "population, are taken.",
    _peers,
)


class BenchmarkBodySerializer(serializers.Serializer):
    """A body of a benchmark, as it was on the day."""

    code = serializers.CharField()
    name = serializers.CharField()
    form = serializers.CharField()
    population = serializers.IntegerField(allow_null=True)
    population_on = serializers.DateField(allow_null=True)
    population_computed = serializers.BooleanField(help_text="Whether a change computed it from older counts")
    population_at_least = serializers.BooleanField(help_text="Whether some of its people are not known")


class BenchmarkFigureSerializer(serializers.Serializer):
    """A peer's figure; null says in `gap` why."""

    code = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    gap = serializers.ChoiceField(choices=Gap.choices(), allow_null=True)


class BenchmarkComparisonSerializer(serializers.Serializer):
    """One measure and category. Figures are decimals in strings: pounds per head, staff for every 10,000 people,
    contacts for each whole-time equivalent, or a share from 0 to 1."""

    measure = serializers.ChoiceField(choices=Measure.choices())
    category = serializers.CharField(help_text="`all`, a service group or a sector")
    label = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    gap = serializers.ChoiceField(choices=Gap.choices(), allow_null=True, help_text="Why there is no value")
    records = serializers.IntegerField(help_text="Services or contracts it is made of")
    unknown = serializers.IntegerField(help_text="Those of them that lack what the measure takes")
    price_years = serializers.ListField(child=serializers.CharField(), help_text="Financial years of the prices")
    lower_quartile = serializers.CharField(allow_null=True)
    median = serializers.CharField(allow_null=True)
    upper_quartile = serializers.CharField(allow_null=True)
    difference = serializers.CharField(allow_null=True, help_text="The trust's value less the median")
    rank = serializers.IntegerField(allow_null=True, help_text="1 is the highest of the trust and its compared peers")
    compared = serializers.ListField(child=serializers.CharField(), help_text="Peers with a value at the same prices")
    not_known = serializers.ListField(child=serializers.CharField(), help_text="Peers without a value")
    other_prices = serializers.ListField(child=serializers.CharField(), help_text="Peers with prices of other years")
    peers = BenchmarkFigureSerializer(many=True)


class BenchmarkDocumentSerializer(serializers.Serializer):
    """A trust's resources beside its peers' on a day. The method is ours; the report gives none."""

    as_of = serializers.DateField()
    trust = BenchmarkBodySerializer()
    peers = BenchmarkBodySerializer(many=True)
    suggested = serializers.BooleanField(help_text="Nobody named the peers")
    quartiles = serializers.CharField(help_text="`inclusive`: the lowest and highest peer are the ends of the range")
    least_for_quartiles = serializers.IntegerField(help_text="Peers with a value that quartiles take")
    comparisons = BenchmarkComparisonSerializer(many=True)


class BenchmarksViewSet(BaseViewSet):
    """How a trust spreads its money and staff beside trusts like it."""

    answers = {"list": BenchmarkDocumentSerializer}
    asks = {"list": (TRUST, PEERS)}

    def list(self, request: Request) -> Response:
        """The benchmark of a trust on a day; without one on the last day its portfolio covers."""
        asked, named = self.asked["trust"], self.asked["peers"]
        recorded = as_recorded(Organisation.objects.order_by(), [asked, *(named or ())])
        trust = recorded.get(asked, asked)
        peers = None if named is None else [recorded.get(code, code) for code in named]
        try:
            on = self.asked["as_of"] or last_covered(organisations.found(trust).portfolio_id)
            found = benchmark_of(trust, peers, on)
        except (organisations.UnknownOrganisation, organisations.NotInForce) as absent:
            name = "trust" if absent.code == trust else "peers"
            raise ApiProblem(
                400, faults=[Fault.of_parameter(name, str(absent), ProblemCode(absent.problem))]
            ) from absent
        return self.answer(_document(found))


def _document(found: Benchmark) -> dict[str, Any]:
    return {
        "as_of": found.on,
        "trust": _body(found.trust),
        "peers": [_body(peer) for peer in found.peers],
        "suggested": found.suggested,
        "quartiles": "inclusive",
        "least_for_quartiles": LEAST_FOR_QUARTILES,
        "comparisons": [_comparison(each, found) for each in found.comparisons],
    }


def _body(body: BenchmarkedBody) -> dict[str, Any]:
    return {
        "code": body.code,
        "name": body.name,
        "form": body.form,
        "population": body.people,
        "population_on": body.people_on,
        "population_computed": body.computed,
        "population_at_least": body.at_least,
    }


def _comparison(each: PeerComparison, found: Benchmark) -> dict[str, Any]:
    own: Figure = each.own
    return {
        "measure": each.measure,
        "category": "all" if each.category == ALL else each.category,
        "label": label_of(each, found.groups),
        "value": _told(own.value),
        "gap": own.gap,
        "records": own.of,
        "unknown": own.unknown,
        "price_years": own.price_years,
        "lower_quartile": _told(each.lower),
        "median": _told(each.median),
        "upper_quartile": _told(each.upper),
        "difference": _told(each.difference),
        "rank": each.rank,
        "compared": each.compared,
        "not_known": each.not_known,
        "other_prices": each.other_prices,
        "peers": [{"code": code, "value": _told(figure.value), "gap": figure.gap} for code, figure in each.peers],
    }


def _told(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
