"""Addresses of the organisations app in the API."""

from rest_framework.routers import SimpleRouter

from organisations.api import change_views, portfolio_views, reference_views, views, waiting_load_views

router = SimpleRouter(use_regex_path=False)
router.register("organisations", views.OrganisationsViewSet, basename="organisation")
router.register("configuration", views.ConfigurationViewSet, basename="configuration")
router.register("changes", change_views.ChangesViewSet, basename="change")
router.register("transitions", change_views.TransitionsViewSet, basename="transition")
router.register("mergers", change_views.MergersViewSet, basename="merger")
router.register("forms", reference_views.FormsViewSet, basename="form")
router.register("transition-rules", reference_views.TransitionRulesViewSet, basename="transition-rule")
router.register("checks", reference_views.ChecksViewSet, basename="check")
router.register("portfolios/loads", waiting_load_views.WaitingLoadsViewSet, basename="waiting-load")
router.register("portfolios", portfolio_views.PortfoliosViewSet, basename="portfolio")
router.register("sources", reference_views.SourcesViewSet, basename="source")
router.register("glossary", reference_views.GlossaryViewSet, basename="glossary")
urlpatterns = router.urls
