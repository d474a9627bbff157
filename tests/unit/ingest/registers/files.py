"""Small registers written by the tests: the layouts and quirks of the published ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

COLUMNS = {
    "code": 0,
    "name": 1,
    "grouping": 2,
    "opened": 10,
    "closed": 11,
    "status": 12,
    "subtype": 13,
    "parent": 14,
    "joined": 15,
    "left": 16,
    "region": 23,
    "setting": 25,
}


def row(code: str, name: str, **given: str) -> list[str]:
    """A row of the 27-column layout."""
    fields = [""] * 27
    for column, value in {"code": code, "name": name, **given}.items():
        fields[COLUMNS[column]] = value
    return fields


def practice(code: str, name: str = "", **given: str) -> list[str]:
    """A row of the register of practices."""
    usual = {"grouping": "Y54", "opened": "19740401", "status": "A", "subtype": "B", "setting": "4"}
    return row(code, name or f"SURGERY {code}", **{**usual, **given})


def trust(code: str, name: str, opened: str = "19940401", **given: str) -> list[str]:
    """A row of the register of trusts."""
    return row(code, name, **{"grouping": "Y56", "opened": opened, "region": "H", **given})


def group(code: str, name: str = "", **given: str) -> list[str]:
    """A row of the register of clinical commissioning groups."""
    return row(code, name or f"NHS {code} CCG", **{"grouping": "Y54", "opened": "20130401", **given})


def written(path: Path, rows: list[list[str]], *, encoding: str = "utf-8", newline: str = "\r\n") -> Path:
    """Write rows as the registers do: every field in quotes."""
    text = "".join(",".join(f'"{field}"' for field in fields) + newline for fields in rows)
    path.write_bytes(text.encode(encoding))
    return path


def organisation_xml(code: str, name: str, **given: Any) -> str:
    """An organisation of the reference data. `succs` and `rels` are lists of XML fragments."""
    end = f'<End value="{given["end"]}"/>' if "end" in given else ""
    roles = "".join(f'<Role id="{role}"/>' for role in given.get("roles", ["RO98"]))
    return (
        f'<Organisation orgRecordClass="RC1"><Name>{name}</Name>'
        f'<Date><Type value="Operational"/><Start value="{given.get("start", "2013-04-01")}"/>{end}</Date>'
        f"{given.get('legal', '')}"
        f'<OrgId root="2.16" extension="{code}"/><Status value="Active"/>'
        f"<Roles>{roles}</Roles><Rels>{''.join(given.get('rels', []))}</Rels>"
        f"<Succs>{''.join(given.get('succs', []))}</Succs></Organisation>"
    )


def link_xml(tag: str, target: str, kind: str = "", start: str = "", **attributes: str) -> str:
    """A relationship or a succession, with a target that repeats another body's name and dates."""
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    type_ = f"<Type>{kind}</Type>" if kind else ""
    dates = f'<Date><Type value="Legal"/><Start value="{start}"/></Date>' if start else ""
    nested = f'<Organisation><OrgId extension="{target}"/><Name>NESTED</Name></Organisation>'
    return f'<{tag}{given}>{dates}{type_}<Target><OrgId extension="{target}"/>{nested}</Target></{tag}>'


def reference_xml(*organisations: str) -> str:
    """A file of reference data."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<HSCOrgRefData:HSCOrgRefData xmlns:HSCOrgRefData="http://refdata.hscic.gov.uk/org/v2-0-0">'
        '<Manifest><Version value="2-0-0"/></Manifest>'
        '<CodeSystems><CodeSystem name="x"><concept id="RO98"/></CodeSystem></CodeSystems>'
        f"<Organisations>{''.join(organisations)}</Organisations></HSCOrgRefData:HSCOrgRefData>"
    )
