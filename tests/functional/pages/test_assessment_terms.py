"""The gate, the mitigations and the bounds of weights of an assessment, as people fill them in."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from evaluation.models import Assessment
from evaluation.selectors.appraisals import weights_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(proposer: Client) -> Assessment:
    body = {
        "title": "Which way for the county",
        "as_of": "2009-06-01",
        "scope": "all-services",
        "option": ["community-and-social-care", "virtual-integration", "community-and-acute-care"],
        "weights": "equal",
    }
    assert proposer.post("/assessments/new/", body).status_code == 302
    return Assessment.objects.get(title=body["title"])


def page(client: Client, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).content, "html.parser")


def filled(form: BeautifulSoup) -> dict[str, Any]:
    """What the form would send as it stands."""
    said = {each["name"]: each.get("value", "") for each in form.select("main input[type=text]")}
    said |= {each["name"]: each["value"] for each in form.select("main input[type=radio][checked]")}
    for select in form.select("main select"):
        chosen = select.select_one("option[selected]")
        said[select["name"]] = chosen["value"] if chosen else ""
    return said


def test_an_option_is_left_out_and_a_weakness_answered(proposer: Client, held: Assessment) -> None:
    path = f"/assessments/{held.pk}/terms/"
    assert page(proposer, f"/assessments/{held.pk}/").select_one(f'a[href*="{path}"]')
    form = filled(page(proposer, path))
    place = "community-and-acute-care"
    row = {"text": "Pool the budgets", "criterion": "key-resources", "transform": "raise-by", "amount": "1"}
    form |= {f"gate-{place}": "no", f"reason-{place}": "The hospital is in deficit."}
    form |= {f"mitigations-0-{name}": text for name, text in row.items()}
    form["mitigations-0-for"] = "virtual-integration"
    assert proposer.post(path, form).status_code == 302
    out = held.options.get(passes_gate=False)
    assert (out.key, out.gate_reason) == ("community-and-acute-care", "The hospital is in deficit.")
    plan = held.mitigations.get()
    assert (plan.text, plan.amount, plan.delivery) == ("Pool the budgets", 1, 1)
    assert [option.key for option in plan.options.all()] == ["virtual-integration"]

    again = filled(page(proposer, path))
    assert again["mitigations-0-text"] == "Pool the budgets"
    assert again["mitigations-1-text"] == ""
    assert proposer.post(path, again | {f"gate-{place}": "yes"}).status_code == 302
    assert held.mitigations.get().text == "Pool the budgets"
    assert held.options.filter(passes_gate=False).count() == 0
    assert proposer.post(path, again | {"mitigations-0-text": ""}).status_code == 302
    assert held.mitigations.count() == 0


def test_every_fault_is_told_by_its_field_and_nothing_is_kept(proposer: Client, held: Assessment) -> None:
    path = f"/assessments/{held.pk}/terms/"
    gate = {"gate-virtual-integration": "no", "reason-virtual-integration": ""}
    form = filled(page(proposer, path)) | gate
    form |= {"mitigations-2-text": "Pool", "mitigations-2-amount": "9", "mitigations-2-transform": "raise-by"}
    answer = proposer.post(path, form)
    told = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    links = {link["href"] for link in told.select(".nhsuk-error-summary a")}
    assert links == {"#mitigations-2-amount", "#mitigations-2-criterion"}
    assert told.select_one("#mitigations-2-text")["value"] == "Pool"  # type: ignore[index]
    answer = proposer.post(path, filled(page(proposer, path)) | gate)
    told = BeautifulSoup(answer.content, "html.parser")
    assert {link["href"] for link in told.select(".nhsuk-error-summary a")} == {"#reason-virtual-integration"}
    assert held.mitigations.count() == 0
    assert held.options.filter(passes_gate=False).count() == 0


def test_weights_lie_between_bounds_typed_in_per_cent(proposer: Client, held: Assessment) -> None:
    path = f"/assessments/{held.pk}/edit/"
    form = {"title": held.title, "option": ["virtual-integration"], "weights": "bounds"}
    wrong = proposer.post(path, form | {"low-key-resources": "many", "low-value-for-money": "120"})
    told = BeautifulSoup(wrong.content, "html.parser")
    assert {link["href"] for link in told.select(".nhsuk-error-summary a")} == {
        "#low-key-resources",
        "#low-value-for-money",
    }
    assert proposer.post(path, form | {"low-key-resources": "30", "high-value-for-money": "12.5"}).status_code == 302
    held.refresh_from_db()
    bounds = weights_of(held).bounds
    assert (bounds["key-resources"].low, bounds["key-resources"].high) == (0.3, 1)
    assert (bounds["value-for-money"].low, bounds["value-for-money"].high) == (0, 0.125)
    again = page(proposer, path)
    assert again.select_one("#low-key-resources")["value"] == "30"  # type: ignore[index]
    assert again.select_one("#high-value-for-money")["value"] == "12.5"  # type: ignore[index]


def test_only_those_who_may_alter_it(client: Client, reader: Client, held: Assessment) -> None:
    path = f"/assessments/{held.pk}/terms/"
    assert client.get(path).status_code == 302
    assert reader.get(path).status_code == 403
    said = {"gate-virtual-integration": "no", "reason-virtual-integration": "Not lawful."}
    assert reader.post(path, said).status_code == 403
    assert held.options.filter(passes_gate=False).count() == 0


@pytest.fixture
def reader(signed_in: Any, person: Any) -> Client:
    """Somebody who holds no role."""
    client: Client = signed_in(person("reader"))
    return client


def test_who_was_overtaken_sees_how_it_stands_and_saves_again(proposer: Client, held: Assessment) -> None:
    path = f"/assessments/{held.pk}/terms/"
    overtaken = filled(page(proposer, path)) | {"mitigations-0-text": "Pool the budgets"}
    overtaken |= {"mitigations-0-criterion": "key-resources", "mitigations-0-transform": "raise-by"}
    overtaken |= {"mitigations-0-amount": "1", "version": str(held.version - 1)}
    answer = proposer.post(path, overtaken)
    assert answer.status_code == 409
    shown = BeautifulSoup(answer.content, "html.parser")
    version = shown.select_one("main input[name=version]")["value"]  # type: ignore[index]
    again = filled(shown)
    assert again["mitigations-0-text"] == "Pool the budgets"
    assert proposer.post(path, again | {"version": version}).status_code == 302
    assert held.mitigations.get().text == "Pool the budgets"
