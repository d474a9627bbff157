"""Addresses of the evaluation app in the API."""

from rest_framework.routers import SimpleRouter

from evaluation.api import following_views, reference_views, views

router = SimpleRouter(use_regex_path=False)
router.register("frameworks", reference_views.Frameworks, basename="framework")
router.register("criteria", reference_views.Criteria, basename="criterion")
router.register("integration-options", reference_views.IntegrationOptions, basename="integration-option")
router.register("evidence", reference_views.EvidenceStatements, basename="evidence")
router.register("mitigations", reference_views.Mitigations, basename="mitigation")
router.register("assessments", views.Assessments, basename="assessment")
router.register("dispersals", following_views.Dispersals, basename="dispersal")
router.register("integration-profiles", following_views.Profiles, basename="integration-profile")
urlpatterns = router.urls
