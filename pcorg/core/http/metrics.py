"""Figures of the running service in the form that Prometheus reads.

`/metrics` answers whoever sends the token of `PCORG_METRICS_TOKEN` and nobody else; without a token it is not there. A
server has several processes: they write their counts into files of one folder, and whichever is asked adds them up.
What comes from the database (jobs, whether it answers) is asked for at that moment.
"""

from __future__ import annotations

import hmac
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pcorg.core.http.middleware import Middleware

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def _folder() -> str:
    """The folder that the processes of one server share: the one named in the environment, else one of the process that
    began them, which nobody else can read. Raises PermissionError where it belongs to somebody else."""
    path = Path(os.environ.get(FOLDER) or f"{tempfile.gettempdir()}/pcorg-metrics-{os.getuid()}-{os.getppid()}")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise PermissionError(f"{path} belongs to another user")
    return str(path)


os.environ[FOLDER] = _folder()  # read by the library when it is imported
from prometheus_client import (  # noqa: E402
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402
from prometheus_client.registry import Collector  # noqa: E402

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter("pcorg_requests", "Requests answered.", ("method", "route", "status"), registry=None)
DURATION = Histogram(
    "pcorg_request_seconds",
    "Time to answer, until the first byte.",
    ("method", "route"),
    buckets=SECONDS,
    registry=None,
)
REFUSALS = Counter("pcorg_refusals", "Requests refused, by problem code.", ("code", "status"), registry=None)


class Measured(Middleware):
    """Middleware that counts and times requests by the template of their route: never by what somebody wrote in an
    address, of which there is no end."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        method = request.method if request.method in METHODS else "other"
        route = _route(request)
        REQUESTS.labels(method, route, response.status_code).inc()
        DURATION.labels(method, route).observe(time.perf_counter() - began)
        if 400 <= response.status_code < 500 or response.status_code == 503:
            REFUSALS.labels(getattr(response, "problem_code", "page"), response.status_code).inc()
        return response


def _route(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return settings.STATIC_URL if request.path.startswith(settings.STATIC_URL) else "none"


class ServiceCollector(Collector):
    """Metrics worked out at each scrape: the build, whether the database answers, jobs by state."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures of this moment."""
        build = GaugeMetricFamily("pcorg_build_info", "The version that runs.", labels=("version", "profile"))
        build.add_metric((settings.VERSION, settings.PROFILE), 1)
        yield build
        jobs = _jobs()
        yield GaugeMetricFamily("pcorg_database_up", "1 where the database answers.", value=int(jobs is not None))
        if jobs is not None:
            family = GaugeMetricFamily("pcorg_jobs", "Jobs by state.", labels=("state",))
            for state, number in jobs.items():
                family.add_metric((state,), number)
            yield family


def _jobs() -> dict[str, int] | None:
    """How many jobs there are by state; None where the database does not answer."""
    from pcorg.core.jobs.models import Job, JobState  # noqa: PLC0415 - the middleware is loaded before the models

    try:
        found = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    except DatabaseError:
        return None
    return {state.value: found.get(state.value, 0) for state in JobState}


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of all processes of this server. To whoever does not know the token there is nothing here."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404("There is nothing at this address.")
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(ServiceCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
