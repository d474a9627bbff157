# Shared by the set-up scripts, which all start in the root of the project.
# Stamps in .build/ say for which sources something was made. They speak of the virtual environment and the assets
# alone, never of a database: several databases may be set up from one clone.

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# fingerprint FILE-OR-FOLDER… : one hash over names and contents, and over where the project stands (a virtual
# environment holds absolute paths and does not survive a move).
fingerprint() {
  { printf '%s\n' "$PWD"; find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 cksum; } | cksum | tr ' ' '-'
}

is_current() { [ -f ".build/$1" ] && [ "$(cat ".build/$1")" = "$2" ]; }
mark_current() { mkdir -p .build && printf '%s\n' "$2" > ".build/$1"; }

# Two set-ups of one clone wait for each other (where flock exists, which is everywhere but on macOS).
one_at_a_time() {
  mkdir -p .build
  if command -v flock >/dev/null 2>&1; then
    exec 9> .build/lock
    flock 9
  fi
}
