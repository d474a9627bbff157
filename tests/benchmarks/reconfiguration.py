"""How long the reconfiguration of 2013 takes as a proposal over HTTP: 151 trusts to 211 groups.

Run `python -m tests.benchmarks.reconfiguration`; with DATABASE_URL on that database's server, in a test database that
is made and removed. Prints seconds and queries of each step.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcorg.settings")
os.environ.setdefault("PCORG_LOG_LEVEL", "ERROR")
django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402 - Django must be set up first
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from organisations.services.load_portfolio import load_portfolio  # noqa: E402
from organisations.services.load_reference import load_reference  # noqa: E402
from pcorg.core.accounts.roles import Role  # noqa: E402
from tests import proposed_history  # noqa: E402

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
REFERENCE = "2013-clinical-commissioning-groups"


def client(role: Role) -> APIClient:
    """The API as somebody with a role reaches it."""
    user = User.objects.create_user(role.value)
    user.groups.set(Group.objects.filter(name=role.value))
    made = APIClient()
    made.force_authenticate(user)
    return made


def main() -> None:
    """Load England as it was before, then preview, propose, approve and carry out the change."""
    england = proposed_history.read(FIXTURES / "portfolios" / "england-2006-2015.yaml")
    number = next(at for at, change in enumerate(england.changes) if change["reference"] == REFERENCE)
    load_reference(folder=FIXTURES / "reference", by="benchmark")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "england.yaml"
        path.write_text(proposed_history.plain(england.before(number)))
        load_portfolio(path=path, by="benchmark")
    asked = england.proposal(number)
    commissioner, approver = client(Role.COMMISSIONER), client(Role.APPROVER)

    def timed(name: str, by: APIClient, address: str, body: object) -> dict:
        with CaptureQueriesContext(connection) as queries:
            begun = time.perf_counter()
            response = by.post(f"/api/v1/{address}", body, format="json")
            taken = time.perf_counter() - begun
        print(f"{name:8} {response.status_code}  {taken:6.2f} s  {len(queries):4} queries")
        return dict(response.json())

    seen = timed("preview", commissioner, "changes/preview/", asked)
    print(f"{'':8} {len(seen['effects'])} effects, {seen['before']['bodies']} bodies to {seen['after']['bodies']}")
    print(
        f"{'':8} blocked by: {[check['code'] for check in seen['checks'] if check['outcome'] == 'block'] or 'nothing'}"
    )
    made = timed("propose", commissioner, "changes/", asked)
    for step in ("approve", "effect"):
        timed(step, approver, f"changes/{made.get('id')}/{step}/", {})


if __name__ == "__main__":
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        main()
    finally:
        teardown_databases(kept, verbosity=0)
