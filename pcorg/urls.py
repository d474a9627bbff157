"""Every address of the product."""

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from pcorg import health, views
from pcorg.core.jobs import urls as jobs


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of the service. What counts them is loaded only where somebody may read them."""
    if not settings.METRICS_TOKEN:
        raise Http404("There is nothing at this address.")
    from pcorg.core.http import metrics as figures  # noqa: PLC0415

    return figures.metrics(request)


api = [
    path("", include("pcorg.core.api.urls")),
    path("", include(jobs.api)),
    path("", include("organisations.api.urls")),
    path("", include("commissioning.api.urls")),
    path("", include("evaluation.api.urls")),
]

pages = [
    path("", include("pcorg.core.accounts.urls")),
    path("", include(jobs.pages)),
    path("", include("organisations.web.urls")),
    path("", include("commissioning.web.urls")),
    path("", include("evaluation.web.urls")),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("api-guide/", views.api_guide, name="api-guide"),
]

urlpatterns = [
    path("health/", health.health, name="health"),
    path("ready/", health.ready, name="ready"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", include((api, "api"))),
    *pages,
]

handler400 = "pcorg.core.http.errors.bad_request"
handler403 = "pcorg.core.http.errors.forbidden"
handler404 = "pcorg.core.http.errors.not_found"
handler500 = "pcorg.core.http.errors.server_error"
