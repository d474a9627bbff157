#!/usr/bin/env bash
# Prints the path of the Chromium that the browser tests drive. Installs Debian's where it is missing and may be
# installed. Where there is none: prints nothing and says what will be left out; an error under CI=true.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/lib.sh

found() {
  local name
  for name in ${PCORG_CHROMIUM:+"$PCORG_CHROMIUM"} /usr/bin/chromium chromium; do
    if command -v "$name" 2>/dev/null; then return 0; fi
  done
  return 1
}

if found; then exit 0; fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  say "Installing Chromium for the browser tests ..."
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  if { apt-get update && apt-get install -y --no-install-recommends chromium; } >"$log" 2>&1 </dev/null; then
    rm -f "$log"
    if found; then exit 0; fi
  else
    tail -n 3 "$log" >&2
    rm -f "$log"
  fi
fi

message="no Chromium: install it (Debian: apt-get install chromium) or name one in PCORG_CHROMIUM"
if [ "${CI:-}" = true ]; then die "$message"; fi
say "warning: $message. The browser tests are left out of this run."
