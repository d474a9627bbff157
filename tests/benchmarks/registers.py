"""What ingesting registers costs: rows, seconds and peak memory, each command in a process of its own.

`python -m tests.benchmarks.registers FILE…` ingests the files together, then again, in a database that is made beside
that of DATABASE_URL and removed. `python -m tests.benchmarks.registers --postcodes 2700000` writes a postcode directory
of so many lines and derives its shares. `--practices 13000` ingests a register of so many practices instead of files.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from tests.unit.ingest.registers.files import group, practice, written

REPOSITORY = Path(__file__).resolve().parents[2]


def measured(environment: dict[str, str], *words: str) -> None:
    """Run a command of manage.py; print its seconds, peak memory and what it said first."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *words], cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = [line.rstrip() for line in process.stdout]
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    print(
        f"{words[0]}: {seconds:.1f} s, of which {used.ru_utime + used.ru_stime:.1f} s of processor; "
        f"{used.ru_maxrss / 1024:.0f} MB; ended with {os.waitstatus_to_exitcode(status)}"
    )
    for line in said[:8]:
        print(f"    {line}")


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The address of an empty database, on the server of DATABASE_URL or as a SQLite file."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    name = f"pcorg_bench_{os.getpid()}"
    parts = urlsplit(given)
    server = psycopg2.connect(
        host=parts.hostname, port=parts.port or 5432, user=parts.username, password=parts.password, dbname="postgres"
    )
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{given.rsplit('/', 1)[0]}/{name}"
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    server.close()


def registers_of(practices: int, folder: Path) -> list[Path]:
    """A register of 200 groups and one of practices that belong to them."""
    groups = [f"{number // 26 + 10}{chr(65 + number % 26)}" for number in range(200)]
    rows = [
        practice(f"B{number:05}", parent=groups[number % len(groups)], joined="20130401") for number in range(practices)
    ]
    return [
        written(folder / "eccg.csv", [group(code) for code in groups]),
        written(folder / "epraccur.csv", rows),
    ]


def postcodes_of(lines: int, path: Path) -> Path:
    """A directory of so many lines: 300 trusts of 2002, 150 of 2006, 200 groups, 42 boards; a third terminated."""
    chance = random.Random(2006)
    old = [f"5{chr(65 + number // 26)}{chr(65 + number % 26)}" for number in range(300)]
    groups = [f"{number // 26 + 10}{chr(65 + number % 26)}" for number in range(200)]
    with path.open("w", encoding="ascii", newline="") as out:
        for number in range(lines):
            trust = chance.randrange(300)
            place = (trust * 2 // 3 + chance.randrange(3)) % 200
            fields = ["W99999999"] * 49
            fields[0:4] = ["AB1 2CD", "AB1 2CD", "199001", "201001" if number % 3 == 0 else ""]
            fields[12], fields[13], fields[15], fields[17] = "E92000001", f"Q3{trust % 10}", "QC3", groups[place]
            fields[30], fields[31], fields[35] = f"Q{trust % 28 + 1:02}", old[trust], f"5N{chr(65 + trust % 26)}"
            fields[42] = f"Q{chr(65 + place % 26)}{place % 9}"
            out.write(",".join(f'"{field}"' for field in fields) + "\r\n")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--postcodes", type=int, default=0)
    parser.add_argument("--practices", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = asked.files or (registers_of(asked.practices, folder) if asked.practices else [])
        with database(folder) as address:
            environment = {**os.environ, "DATABASE_URL": address, "PCORG_LOG_LEVEL": "ERROR"}
            if files:
                for words in (["migrate", "--noinput", "-v0"], ["load_reference"]):
                    subprocess.run([sys.executable, "manage.py", *words], cwd=REPOSITORY, env=environment, check=True)
                for _ in range(2):
                    measured(environment, "ingest_ods", *map(str, files))
            if asked.postcodes:
                path = postcodes_of(asked.postcodes, folder / "nhspd.csv")
                measured(environment, "ingest_nhspd", str(path))


if __name__ == "__main__":
    main()
