"""Every address of the product."""

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from pcorg import health


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures of the service. What counts them is loaded only where somebody may read them."""
    if not settings.METRICS_TOKEN:
        raise Http404("There is nothing at this address.")
    from pcorg import metrics as figures  # noqa: PLC0415

    return figures.metrics(request)


urlpatterns = [
    path("health/", health.health, name="health"),
    path("ready/", health.ready, name="ready"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("pcorg.api.urls")),
    path("", include("pcorg.accounts.urls")),
    path("", include("pcorg.pages.urls")),
]

handler400 = "pcorg.api.fallbacks.bad_request"
handler403 = "pcorg.api.fallbacks.forbidden"
handler404 = "pcorg.api.fallbacks.not_found"
handler500 = "pcorg.api.fallbacks.server_error"
