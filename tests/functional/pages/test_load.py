"""The Load page: who may, checking a file, its faults, what it would change, loading it, and past loads."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from organisations.models import Organisation, Portfolio, PortfolioLoad
from pcorg.core.uploads import files
from pcorg.core.uploads.models import KeptUpload
from tests.functional.api.test_portfolios import VALLEY

Read = Callable[..., BeautifulSoup]
SOUND = json.dumps(VALLEY).encode()


def faulty(bodies: int) -> bytes:
    """A document whose bodies each have a form that does not exist."""
    stated = [VALLEY["bodies"][0] | {"code": f"X-V{number}", "form": "pcg-9"} for number in range(bodies)]
    return json.dumps(VALLEY | {"bodies": stated, "relationships": []}, indent=1).encode()


@pytest.fixture
def loader(signed_in: Callable[[User], Client], administrator: User) -> Client:
    """The pages as a data administrator sees them."""
    return signed_in(administrator)


def check(client: Client, content: bytes, name: str = "valley.json") -> HttpResponse:
    """Send a file; the answer is the page that follows."""
    answer = client.post("/load/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content[-2000:]
    return client.get(answer["Location"])


def page(answer: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def text(found: Any) -> str:
    return " ".join(found.get_text(" ").split())


def test_everybody_sees_what_is_loaded_and_who_may_load(
    read: Read, signed_in: Callable[[User], Client], commissioner: User
) -> None:
    seen = read("/load/")
    assert "Only data administrators load portfolios" in text(seen.main)
    assert seen.select_one('a[href="/sign-in/?next=/load/"]')
    assert not seen.select('input[type="file"]')
    links = {link["href"] for link in seen.main.select("a[download]")}
    assert {f"/api/v1/portfolios/england-2006-2015/?format={form}" for form in ("yaml", "json", "xlsx", "zip")} <= links
    assert seen.select_one('a[href="/api/v1/portfolios/template/?format=xlsx"]')
    assert "england-2006-2015.yaml" in text(seen.main)
    own = page(signed_in(commissioner).get("/load/"))
    assert "gives out that role" in text(own.main)
    assert not own.select('input[type="file"]')


def test_others_cannot_send_a_file(client: Client, signed_in: Callable[[User], Client], commissioner: User) -> None:
    for other in (client, signed_in(commissioner)):
        answer = other.post("/load/", {"file": SimpleUploadedFile("valley.json", SOUND)})
        assert answer.status_code == 403
        assert "Only data administrators" in text(page(answer))
    assert not KeptUpload.objects.exists()


def test_a_sound_file_shows_what_it_would_change_and_is_loaded_when_confirmed(loader: Client) -> None:
    seen = page(check(loader, SOUND))
    assert "Nothing is loaded yet" in text(seen.main)
    assert text(seen.h1) == "File checked: valley.json Little valley Illustrative"
    rows = {text(row.th): [text(cell) for cell in row.select("td")] for row in seen.select("tbody tr")}
    assert rows == {"Portfolio": ["1", "0", "0"], "Bodies": ["2", "0", "0"], "Relationships": ["1", "0", "0"]}
    assert not Organisation.objects.filter(portfolio="little-valley").exists()

    address = seen.select_one("form[data-progress-form]")["action"]
    answer = loader.post(address)
    assert Organisation.objects.filter(portfolio="little-valley").count() == 2
    assert not KeptUpload.objects.exists()
    done = page(loader.get(answer["Location"]))
    assert "Little valley is loaded: 4 new records" in text(done.select_one(".nhsuk-notification-banner"))
    past = text(done.find(id="past").find_next("tbody").tr)
    assert "valley.json" in past
    assert "a-data-administrator" in past

    again = page(check(loader, SOUND))
    assert "nothing new" in text(again.main)
    assert not again.select("form[data-progress-form]")


def test_the_review_names_what_would_be_new_and_what_would_change(loader: Client) -> None:
    seen = page(check(loader, SOUND))
    named = [text(item) for item in seen.find(id="review").find_all_next("li")]
    assert any(item.startswith("X-V1 Upper Valley") for item in named)
    rows = b"".join(loader.get(seen.select_one('a[href$="review.csv"]')["href"])).decode().splitlines()
    assert rows[0] == "section,what,code,title,detail,field,before,after"
    assert len(rows) == 5

    loader.post(seen.select_one("form[data-progress-form]")["action"])
    altered = VALLEY | {"portfolio": VALLEY["portfolio"] | {"title": "Lesser valley"}}
    seen = page(check(loader, json.dumps(altered).encode()))
    assert "Little valley becomes Lesser valley" in text(seen.main)
    rows = b"".join(loader.get(seen.select_one('a[href$="review.csv"]')["href"])).decode().splitlines()
    assert rows[1:] == ["portfolio,changed,little-valley,Lesser valley,,title,Little valley,Lesser valley"]


def test_a_long_review_names_the_first_and_counts_the_rest(loader: Client) -> None:
    bodies = [VALLEY["bodies"][0] | {"code": f"X-V{number}"} for number in range(50)]
    seen = page(check(loader, json.dumps(VALLEY | {"bodies": bodies, "relationships": []}).encode()))
    assert "and 30 more" in text(seen.main)
    rows = b"".join(loader.get(seen.select_one('a[href$="review.csv"]')["href"])).decode().splitlines()
    assert len(rows) == 52


def test_a_file_with_faults_has_no_review(loader: Client) -> None:
    seen = page(check(loader, faulty(1)))
    assert loader.get(seen.select_one('a[href$="faults.csv"]')["href"].replace("faults", "review")).status_code == 404


def test_faults_are_listed_all_at_once_by_place_field_and_value(loader: Client) -> None:
    content = faulty(130)
    seen = page(check(loader, content))
    assert "130 faults" in text(seen.h1)
    first = seen.select_one(".pc-faults tbody tr")
    line = next(number for number, each in enumerate(content.splitlines(), start=1) if b"pcg-9" in each)
    assert f"Bodies, line {line} " in text(first)
    assert "form" in text(first)
    assert "pcg-9" in text(first)
    assert "There is no form called pcg-9." in text(first)
    assert len(seen.select(".pc-faults tbody tr")) == 100
    assert text(seen.select_one(".pc-places")) == "All : 130 Bodies : 130"
    assert not Organisation.objects.filter(portfolio="little-valley").exists()

    second = page(loader.get(seen.select_one('a[rel="next"]')["href"]))
    assert len(second.select(".pc-faults tbody tr")) == 30
    rows = b"".join(loader.get(seen.select_one('a[href$="faults.csv"]')["href"])).decode().splitlines()
    assert len(rows) == 131


def test_faults_can_be_narrowed_to_a_part_and_put_in_another_order(loader: Client) -> None:
    stated = VALLEY["bodies"][0] | {"form": "pcg-9", "basis": "guessed"}
    relationship = VALLEY["relationships"][0] | {"kind": "friend-of"}
    seen = page(
        check(loader, json.dumps(VALLEY | {"bodies": [stated], "relationships": [relationship]}, indent=1).encode())
    )
    link = next(each for each in seen.select(".pc-places a") if each.get_text() == "Relationships")
    narrowed = page(loader.get(link["href"]))
    assert {text(row)[:25] for row in narrowed.select(".pc-faults tbody tr")} == {"Where Relationships, line"}
    by_field = page(loader.get(f"{link['href'].split('?')[0]}?order=field"))
    fields = [row.select("td")[1].get_text() for row in by_field.select(".pc-faults tbody tr")]
    assert fields == sorted(fields)


@pytest.mark.parametrize(("name", "content", "words"), [("", b"", "Choose a file"), ("empty.xlsx", b"", "empty")])
def test_no_file_is_said_at_the_field(loader: Client, name: str, content: bytes, words: str) -> None:
    answer = loader.post("/load/", {"file": SimpleUploadedFile(name, content)} if name else {})
    assert answer.status_code == 422
    seen = page(answer)
    assert words in text(seen.select_one(".nhsuk-error-summary"))
    assert seen.select_one('.nhsuk-error-summary a[href="#file"]')
    assert seen.title.get_text().startswith("Error: ")


def test_a_file_that_cannot_be_read_says_why(loader: Client) -> None:
    seen = page(check(loader, b"PK\x03\x04", "valley.xlsx"))
    assert "1 fault" in text(seen.h1)
    assert "cannot be opened" in text(seen.select_one(".pc-faults tbody"))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(loader: Client, settings: Any) -> None:
    settings.PCORG_LARGEST_UPLOAD = 1_000
    answer = loader.post("/load/", {"file": SimpleUploadedFile("valley.json", b" " * 2_000)})
    assert answer.status_code == 413
    assert "at most 1,000" in text(page(answer))


def test_a_checked_file_is_its_owners_alone_and_expires(
    loader: Client, person: Callable[..., User], signed_in: Callable[[User], Client]
) -> None:
    check(loader, SOUND)
    kept = KeptUpload.objects.get()
    address = f"/load/{kept.pk}/"
    other = signed_in(person("another", "data-administrator"))
    assert other.get(address).status_code == 404
    assert other.post(address).status_code == 404
    assert other.post(f"{address}discard/").status_code == 404
    assert loader.get(f"{address}faults.csv").status_code == 404
    KeptUpload.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert loader.get(address).status_code == 404
    check(loader, SOUND)
    assert not KeptUpload.objects.filter(pk=kept.pk).exists()


def test_a_file_can_be_discarded(loader: Client) -> None:
    check(loader, SOUND)
    answer = loader.post(f"/load/{KeptUpload.objects.get().pk}/discard/")
    assert (answer.status_code, answer["Location"]) == (302, "/load/")
    assert not KeptUpload.objects.exists()


def test_only_the_last_files_of_a_person_are_kept(loader: Client) -> None:
    for _ in range(files.MOST + 2):
        check(loader, faulty(1))
    assert KeptUpload.objects.count() == files.MOST


def test_what_changed_between_check_and_confirmation_is_told(loader: Client, administrator: User) -> None:
    """Somebody else loads another version meanwhile: the file is checked again when it is loaded."""
    seen = page(check(loader, SOUND))
    other = VALLEY | {"bodies": [VALLEY["bodies"][0] | {"form": "pcg-2"}, VALLEY["bodies"][1]]}
    from organisations.services.load_portfolio import load_content

    load_content(content=json.dumps(other).encode(), name="other.json", by="somebody")
    answer = loader.post(seen.select_one("form[data-progress-form]")["action"])
    told = page(loader.get(answer["Location"]))
    assert "loaded already and says something else" in text(told.select_one(".pc-faults tbody"))
    assert PortfolioLoad.objects.get(portfolio="little-valley").loaded_by == "somebody"


@pytest.fixture
def decider(signed_in: Callable[[User], Client], approver: User) -> Client:
    """The pages as an approver sees them."""
    return signed_in(approver)


def press(client: Client, seen: BeautifulSoup, words: str, **typed: str) -> HttpResponse:
    """Press a button of a page as it stands, with what its form holds."""
    button = next(each for each in seen.main.select("button") if text(each) == words)
    form = button.find_parent("form")
    said = {each["name"]: each.get("value", "") for each in form.select("input[name]")}
    return client.post(form["action"], said | typed)


LESSER = json.dumps(VALLEY | {"portfolio": VALLEY["portfolio"] | {"title": "Lesser valley"}}).encode()


def asked_for(loader: Client) -> tuple[str, BeautifulSoup]:
    """The address and the page of a file that waits, by the buttons that lead there."""
    press(loader, page(check(loader, SOUND)), "Load this portfolio")
    seen = page(check(loader, LESSER))
    assert "an approver confirms or refuses exactly what is shown here" in text(seen.main)
    answer = press(loader, seen, "Ask for confirmation")
    return answer["Location"], page(loader.get(answer["Location"]))


def test_a_file_that_alters_what_is_recorded_is_confirmed_by_somebody_else(loader: Client, decider: Client) -> None:
    address, own = asked_for(loader)
    assert "nothing of it is loaded until an approver" in text(own.main)
    assert [text(each) for each in own.main.select("button")] == ["Withdraw the file"]
    assert Portfolio.objects.get(pk="little-valley").title == "Little valley"
    assert f'href="{address}"' in loader.get("/load/").content.decode()

    assert "1 file waits for your decision" in text(page(decider.get("/")))
    inbox = page(decider.get("/decisions/"))
    assert "a-data-administrator asked" in text(inbox.find(id="files").find_next("ul"))
    seen = page(decider.get(inbox.select_one(f'a[href="{address}"]')["href"]))
    assert "Little valley becomes Lesser valley" in text(seen.main)
    rows = b"".join(decider.get(seen.select_one('a[href$="review.csv"]')["href"])).decode().splitlines()
    assert rows[1:] == ["portfolio,changed,little-valley,Lesser valley,,title,Little valley,Lesser valley"]

    answer = press(decider, seen, "Confirm and load")
    done = page(decider.get(answer["Location"]))
    assert "Confirmed and loaded by an-approver" in text(done.main)
    assert not done.main.select("form[method=post]")
    assert Portfolio.objects.get(pk="little-valley").title == "Lesser valley"
    assert "confirmed by an-approver" in text(page(loader.get("/load/")).find(id="past").find_next("tbody").tr)
    assert "Files that need your decision" not in text(page(decider.get("/decisions/")))


def test_what_changed_since_it_was_looked_at_is_shown_anew(loader: Client, decider: Client) -> None:
    from organisations.services.load_portfolio import load_content

    address, _ = asked_for(loader)
    seen = page(decider.get(address))
    other = VALLEY | {"portfolio": VALLEY["portfolio"] | {"title": "Middle valley"}}
    load_content(content=json.dumps(other).encode(), name="other.json", by="somebody")
    answer = press(decider, seen, "Confirm and load")
    assert answer.status_code == 409
    anew = page(answer)
    assert "look at it again" in text(anew.select_one(".nhsuk-error-summary"))
    assert "Middle valley becomes Lesser valley" in text(anew.main)
    assert press(decider, anew, "Confirm and load").status_code == 302
    assert Portfolio.objects.get(pk="little-valley").title == "Lesser valley"


def test_a_waiting_file_is_refused_with_a_reason(loader: Client, decider: Client) -> None:
    address, _ = asked_for(loader)
    empty = press(decider, page(decider.get(address)), "Refuse the file")
    assert empty.status_code == 422
    assert page(empty).select_one('.nhsuk-error-summary a[href="#reason"]')
    assert "Say why" in text(page(empty).select_one(".nhsuk-error-message"))
    press(decider, page(empty), "Refuse the file", reason="Not so.")
    assert "Refused by an-approver" in text(page(loader.get(address)).main)
    assert "Reason: Not so." in text(page(loader.get(address)).main)


def test_a_waiting_file_is_taken_back_and_seen_by_nobody_else(
    loader: Client, decider: Client, client: Client, signed_in: Callable[[User], Client], commissioner: User
) -> None:
    address, own = asked_for(loader)
    for other in (client, signed_in(commissioner)):
        assert other.get(address).status_code == 403
        assert other.post(address, {"step": "confirm"}).status_code == 403
    assert loader.post(address, {"step": "confirm", "seen": "x"}).status_code == 403
    assert decider.post(address, {"step": "withdraw"}).status_code == 403
    assert decider.post(address, {"step": "else"}).status_code == 409
    assert decider.post(address, {"step": "refuse", "reason": "a\0"}).status_code == 400
    assert decider.post(address, {"step": "refuse", "reason": "a" * 5001}).status_code == 422
    assert decider.get("/load/waiting/999999/").status_code == 404
    press(loader, own, "Withdraw the file")
    assert "Withdrawn by" in text(page(loader.get(address)).main)
    assert decider.post(address, {"step": "confirm", "seen": "x"}).status_code == 409
