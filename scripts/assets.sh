#!/usr/bin/env bash
# Builds the style sheet and the scripts and collects all static files. Needs .venv. Does nothing when no source of
# theirs has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh
one_at_a_time

packages=$(fingerprint package.json package-lock.json .npmrc)
sources=$(fingerprint package.json package-lock.json .npmrc pcorg/assets scripts/build_assets.mjs)
collected=$(fingerprint requirements/run.txt package-lock.json pcorg/assets scripts/build_assets.mjs)

# The system's Node where it is recent enough for the compilers, else one from a Python package in .venv.
use_node() {
  local enough='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
  if command -v npm >/dev/null 2>&1 && node -e "$enough" >/dev/null 2>&1; then return; fi
  if [ ! -x .venv/bin/node ]; then
    say "No npm with Node 20.19 or later on this system: installing one into .venv ..."
    .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --no-input --require-hashes \
      --requirement requirements/assets.txt
  fi
  PATH="$PWD/.venv/bin:$PATH"
}

if [ ! -f pcorg/static_built/pcorg/app.css ] || ! is_current assets "$sources"; then
  use_node
  if [ ! -d node_modules ] || ! is_current node "$packages"; then
    say "Installing the packages of the assets ..."
    npm ci --loglevel=error --no-progress >/dev/null
    mark_current node "$packages"
  fi
  say "Building the assets ..."
  node scripts/build_assets.mjs >&2
  mark_current assets "$sources"
fi

if [ ! -f staticfiles/staticfiles.json ] || ! is_current static "$collected"; then
  say "Collecting the static files ..."
  .venv/bin/python manage.py collectstatic --noinput --clear --verbosity 0
  mark_current static "$collected"
fi
