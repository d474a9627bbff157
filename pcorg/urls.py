"""Every address of the product."""

from django.contrib import admin
from django.urls import include, path

from pcorg import health

urlpatterns = [
    path("health/", health.health, name="health"),
    path("ready/", health.ready, name="ready"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("pcorg.api.urls")),
    path("", include("pcorg.accounts.urls")),
    path("", include("pcorg.pages.urls")),
]

handler400 = "pcorg.api.fallbacks.bad_request"
handler403 = "pcorg.api.fallbacks.forbidden"
handler404 = "pcorg.api.fallbacks.not_found"
handler500 = "pcorg.api.fallbacks.server_error"
