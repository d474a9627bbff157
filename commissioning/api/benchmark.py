"""Benchmarks in the API: a trust's resources beside its peers'."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from commissioning.read_models.benchmark import BenchmarkDocument
from commissioning.selectors.benchmark import MOST_PEERS, benchmark_of, document_of
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


class BenchmarksViewSet(BaseViewSet):
    """How a trust spreads its money and staff beside trusts like it."""

    answers = {"list": BenchmarkDocument}
    extra_parameters = {"list": (TRUST, PEERS)}

    def list(self, request: Request) -> Response:
        """The benchmark of a trust on a day; without one on the last day its portfolio covers."""
        trust_requested, named = self.query["trust"], self.query["peers"]
        recorded = as_recorded(Organisation.objects.order_by(), [trust_requested, *(named or ())])
        trust = recorded.get(trust_requested, trust_requested)
        peers = None if named is None else [recorded.get(code, code) for code in named]
        try:
            on = self.query["as_of"] or last_covered(organisations.found(trust).portfolio_id)
            found = benchmark_of(trust, peers, on)
        except (organisations.UnknownOrganisation, organisations.NotInForce) as absent:
            name = "trust" if absent.organisation == trust else "peers"
            raise ApiProblem(400, faults=[Fault.of_parameter(name, str(absent), ProblemCode(absent.code))]) from absent
        return self.answer(document_of(found))
