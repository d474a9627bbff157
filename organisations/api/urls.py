"""Addresses of the organisations app in the API."""

from rest_framework.routers import SimpleRouter

from organisations.api import change_views, portfolio_views, reference_views, views, waiting_load_views

router = SimpleRouter(use_regex_path=False)
router.register("organisations", views.Organisations, basename="organisation")
router.register("configuration", views.Configuration, basename="configuration")
router.register("changes", change_views.Changes, basename="change")
router.register("transitions", change_views.Transitions, basename="transition")
router.register("mergers", change_views.Mergers, basename="merger")
router.register("forms", reference_views.Forms, basename="form")
router.register("transition-rules", reference_views.TransitionRules, basename="transition-rule")
router.register("checks", reference_views.Checks, basename="check")
router.register("portfolios/loads", waiting_load_views.WaitingLoads, basename="waiting-load")
router.register("portfolios", portfolio_views.Portfolios, basename="portfolio")
router.register("sources", reference_views.Sources, basename="source")
router.register("glossary", reference_views.Glossary, basename="glossary")
urlpatterns = router.urls
