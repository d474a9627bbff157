"""The shipped reference files: everything they name exists, and everything they say is loaded."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from organisations.domain.checks import CHECKS
from organisations.domain.vocabulary import Family, Nature, Route
from organisations.models import Form, GlossaryTerm, PolicyCheck, Source, TransitionRule
from tests.databases import FIXTURES, load


def read(name: str) -> dict[str, Any]:
    return yaml.safe_load((FIXTURES / "reference" / f"{name}.yaml").read_text(encoding="utf-8"))


FORMS = read("forms")["forms"]
CHECKED = read("checks")["checks"]
RULES = read("transition-rules")
SOURCES = read("sources")["sources"]
GLOSSARY = next(value for value in read("glossary").values() if isinstance(value, list))
SLUGS = {form["slug"] for form in FORMS}
CODES = {check["code"] for check in CHECKED}


class TestFiles:
    def test_slugs_and_codes_are_given_once(self) -> None:
        for records, key in ((FORMS, "slug"), (CHECKED, "code"), (SOURCES, "slug"), (GLOSSARY, "term")):
            names = [record[key] for record in records]
            assert sorted(set(names)) == sorted(names)

    @pytest.mark.parametrize("form", FORMS, ids=[form["slug"] for form in FORMS])
    def test_a_form_names_what_exists(self, form: dict[str, Any]) -> None:
        assert form["family"] in list(Family)
        assert form["nature"] in list(Nature)
        assert set(form.get("accountable_to", ())) <= SLUGS

    def test_a_rule_names_what_exists(self) -> None:
        for rule in RULES["rules"]:
            assert {rule["from"], rule["to"]} <= SLUGS
            assert rule["route"] in list(Route)
            assert set(rule["checks"]) <= CODES
        assert set(RULES["same_form_mergers"]["checks"]) <= CODES

    def test_everything_has_a_known_source(self) -> None:
        known = {source["slug"] for source in SOURCES}
        for record in (*FORMS, *CHECKED, *RULES["rules"], RULES["same_form_mergers"], *GLOSSARY):
            assert record["source"].split()[0] in known, record

    def test_every_check_that_is_worked_out_is_declared(self) -> None:
        assert CHECKS.keys() <= CODES


@pytest.mark.django_db
class TestLoaded:
    def test_as_many_as_the_files_hold(self) -> None:
        assert Form.objects.count() == len(FORMS)
        assert PolicyCheck.objects.count() == len(CHECKED)
        assert Source.objects.count() == len(SOURCES)
        assert GlossaryTerm.objects.count() == len(GLOSSARY)

    def test_the_rules_are_those_stated_and_one_for_merging_within_each_free_body(self) -> None:
        stated = {(rule["from"], rule["to"], rule["route"]) for rule in RULES["rules"]}
        own = {
            (form["slug"], form["slug"], "merger")
            for form in FORMS
            if form["nature"] == "body" and not form.get("pilot", False)
        }
        loaded = set(TransitionRule.objects.values_list("from_form", "to_form", "route"))
        assert loaded == stated | own

    def test_the_graph_runs_forward_only(self) -> None:
        """Apart from merging within one form, no way leads back to a form once left by its level."""
        groups = Form.objects.filter(family=Family.GROUPS_AND_TRUSTS, level__isnull=False)
        levels = dict(groups.values_list("slug", "level"))
        for rule in TransitionRule.objects.filter(from_form__in=levels, to_form__in=levels):
            assert levels[rule.to_form_id] > levels[rule.from_form_id] or rule.from_form_id == rule.to_form_id

    def test_the_domain_has_them_all(self) -> None:
        facts, graph = Form.objects.facts(), TransitionRule.objects.graph()
        assert facts.keys() == SLUGS
        assert sum(len(rules) for rules in graph.rules.values()) == TransitionRule.objects.count()
        (rule,) = graph.between("pct-3", "pct-4", Route.LEVEL)
        assert rule.allows(date(2002, 4, 1))
        assert rule.checks <= CODES

    def test_loading_again_changes_nothing(self) -> None:
        from pcorg.core.audit.trail import data_version

        before = data_version()
        load()
        assert data_version() == before
