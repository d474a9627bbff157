"""What every test can ask for: a loaded database, people in their roles, clients, and the Hypothesis profiles.

Every test finds the reference records, the shipped portfolios and assessments; whatever it writes is undone.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from tests import databases

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from pytest_django import DjangoDbBlocker
    from rest_framework.test import APIClient

TESTS = Path(__file__).parent
BROWSER = "in_a_browser.py"
"""How the names of modules end whose tests drive a browser."""
WALK = "test_every_button_in_a_browser.py"

settings.register_profile(
    "ci", derandomize=True, max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "thorough", max_examples=1000, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure() -> None:
    """The tests themselves have settings of their own (`pcorg.settings.test`); processes that they start have those of
    the product."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "pcorg.settings"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Unit tests need no database, most pages only read what the API reads, and most exhaustive tests try more values
    of what others have tried: `make test-postgres` leaves them out, but for those marked `both_databases`. Tests in a
    browser have modules of their own, by whose names they are handed out together."""
    for item in items:
        if item.get_closest_marker("browser") and not item.path.name.endswith(BROWSER):
            raise pytest.UsageError(f"{item.nodeid} drives a browser: move it to a module test_…{BROWSER}")
        pages = item.path.is_relative_to(TESTS / "functional" / "pages")
        left = (pages or item.get_closest_marker("exhaustive")) and not item.get_closest_marker("both_databases")
        if left or item.path.is_relative_to(TESTS / "unit"):
            item.add_marker("one_database")


class BrowserTogether(LoadScopeScheduling):
    """Hands out the tests in a browser to one worker, first and all at once, for it keeps one browser and one server
    for them; all others one by one. The walk that presses every button takes as long as all of them and goes to
    another. The marks for this that xdist has do nothing under pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        if not module.endswith(BROWSER):
            return nodeid
        return "walk" if module.endswith(WALK) else "browser"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BrowserTogether:
    """How tests are handed out to workers."""
    return BrowserTogether(config, log)


def pytest_collection_finish() -> None:
    """The thousands of tests collected, and the product, stay to the end: the search for garbage leaves them out and
    comes less often. It took a quarter of the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database with the fixtures loaded, in place of the empty one that Django would make; after a test that
    commits they are put back."""
    with django_db_blocker.unblock():
        standing = databases.stand()
    yield
    with django_db_blocker.unblock():
        standing.close()


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Makes a user who holds the roles named: `person("ann", Role.APPROVER)`."""
    from django.contrib.auth.models import Group, User

    def make(username: str, *roles: str) -> User:
        user = User.objects.create_user(username, password="correct horse battery")
        user.groups.set(Group.objects.filter(name__in=[str(role) for role in roles]))
        return user

    return make


@pytest.fixture
def commissioner(person: Callable[..., User]) -> User:
    """Proposes, consults, withdraws."""
    from pcorg.core.accounts.roles import Role

    return person("a-commissioner", Role.COMMISSIONER)


@pytest.fixture
def approver(person: Callable[..., User]) -> User:
    """Approves, rejects and effects what others propose."""
    from pcorg.core.accounts.roles import Role

    return person("an-approver", Role.APPROVER)


@pytest.fixture
def administrator(person: Callable[..., User]) -> User:
    """Loads portfolios and edits reference records."""
    from pcorg.core.accounts.roles import Role

    return person("a-data-administrator", Role.DATA_ADMINISTRATOR)


@pytest.fixture
def token_for(db: None) -> Callable[[User], str]:
    """Gives a user an API token that may do all they may, and returns it."""
    from knox.models import AuthToken

    from pcorg.core.accounts.models import TokenDetails

    def make(user: User) -> str:
        token, text = AuthToken.objects.create(user=user)
        TokenDetails.objects.create(token=token, name="tests", scope="all")
        return text

    return make


@pytest.fixture
def api() -> APIClient:
    """The API as anyone sees it."""
    from tests.clients import SeeingClient

    return SeeingClient()


@pytest.fixture
def api_as(token_for: Callable[[User], str]) -> Callable[[User], APIClient]:
    """The API as a user reaches it with a token: `api_as(approver).post(…)`."""
    from tests.clients import SeeingClient

    def client(user: User) -> APIClient:
        made = SeeingClient()
        made.credentials(HTTP_AUTHORIZATION=f"Token {token_for(user)}")
        return made

    return client


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    """The pages as a signed-in user sees them: `signed_in(commissioner).get(…)`."""
    from django.utils import timezone

    from pcorg.core.accounts.models import SignIn
    from tests.clients import SeeingPages

    def client(user: User) -> Client:
        made = SeeingPages()
        made.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        now = timezone.now()
        SignIn.objects.create(session_id=made.session.session_key, user=user, began=now, seen=now, browser="Tests")
        return made

    return client


@pytest.fixture
def queries(db: None) -> Callable[[], CaptureQueriesContext]:
    """Counts queries: `with queries() as seen: …` and then `len(seen)`. The rules that every process soon keeps are
    there, whichever test came before."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from organisations.models.reference import rules_only

    rules_only()
    return lambda: CaptureQueriesContext(connection)
