#!/usr/bin/env bash
# Makes .venv with the project in it: `python_environment.sh` for running, `python_environment.sh dev` with the tools
# of tests and checks as well. It installs the versions locked in requirements/, each held against its hash, and does
# nothing when those and pyproject.toml are as they were.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
one_at_a_time

tools=${1:-}
lock=requirements/${tools:-run}.txt
wanted=$(fingerprint pyproject.toml requirements)
if [ -x .venv/bin/python ] && is_current "python${tools:+-$tools}" "$wanted"; then
  exit 0
fi

# PYTHON, or python3 where it is 3.11 or later, or a later one by its own name.
suits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
python=
for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.14; do
  if suits "$candidate"; then python=$candidate; break; fi
done
[ -n "$python" ] || die "Python 3.11 or later is needed (as python3, or name it: make PYTHON=/path/to/python)."

if ! { [ -x .venv/bin/python ] && suits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1 &&
       [ "$(cat .build/venv 2>/dev/null)" = "$PWD" ]; }; then
  say "Making .venv with $("$python" --version) ..."
  "$python" -m venv --clear .venv || die "a virtual environment cannot be made; on Debian and Ubuntu: apt-get install python3-venv"
  mark_current venv "$PWD"
fi

say "Installing the Python packages${tools:+ (with those of tests and checks)} ..."
pip=(.venv/bin/python -m pip --quiet --quiet --disable-pip-version-check --no-input)
"${pip[@]}" install --require-hashes --requirement "$lock"
"${pip[@]}" install --no-deps --no-build-isolation --editable .

# What no lock names any longer goes, so that nothing works here that would fail on a new machine.
locked=$(sed -n 's/^\([A-Za-z0-9._-]*\)==.*/\1/p' requirements/*.txt)
others=$(.venv/bin/python - pip pcorg $locked <<'PYTHON'
import importlib.metadata, re, sys
named = {re.sub("[-_.]+", "-", name).lower() for name in sys.argv[1:]}
installed = {re.sub("[-_.]+", "-", each.name).lower() for each in importlib.metadata.distributions()}
print(*sorted(installed - named))
PYTHON
)
if [ -n "$others" ]; then "${pip[@]}" uninstall --yes $others; fi

mark_current python "$wanted"
if [ -n "$tools" ]; then mark_current "python-$tools" "$wanted"; fi
