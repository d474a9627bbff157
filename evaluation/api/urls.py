"""Addresses of the evaluation app in the API."""

from rest_framework.routers import SimpleRouter

from evaluation.api import following_views, reference_views, views

router = SimpleRouter(use_regex_path=False)
router.register("frameworks", reference_views.FrameworksViewSet, basename="framework")
router.register("criteria", reference_views.CriteriaViewSet, basename="criterion")
router.register("integration-options", reference_views.IntegrationOptionsViewSet, basename="integration-option")
router.register("evidence", reference_views.EvidenceStatementsViewSet, basename="evidence")
router.register("mitigations", reference_views.MitigationsViewSet, basename="mitigation")
router.register("assessments", views.AssessmentsViewSet, basename="assessment")
router.register("dispersals", following_views.DispersalsViewSet, basename="dispersal")
router.register("integration-profiles", following_views.ProfilesViewSet, basename="integration-profile")
urlpatterns = router.urls
