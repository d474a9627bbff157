#!/usr/bin/env bash
# Makes .venv with the project in it: `python_environment.sh` for running, `python_environment.sh dev` with the tools
# of tests and checks as well. Does nothing when pyproject.toml is as it was.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
one_at_a_time

extra=${1:-}
wanted=$(fingerprint pyproject.toml)
if [ -x .venv/bin/python ] && is_current "python${extra:+-$extra}" "$wanted"; then
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

say "Installing the Python packages${extra:+ (with those of tests and checks)} ..."
.venv/bin/pip install --quiet --quiet --disable-pip-version-check --no-input -e ".${extra:+[$extra]}"
mark_current python "$wanted"
if [ -n "$extra" ]; then mark_current "python-$extra" "$wanted"; fi
