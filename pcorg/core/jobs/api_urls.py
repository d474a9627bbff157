"""Addresses of jobs in the API."""

from rest_framework.routers import SimpleRouter

from pcorg.core.jobs.api import JobsViewSet

router = SimpleRouter(use_regex_path=False)
router.register("jobs", JobsViewSet, basename="job")
urlpatterns = router.urls
