"""python -m pcorg.serving [--host HOST] [--port PORT]: what `manage.py serve` becomes."""

from __future__ import annotations

import argparse
import sys

from pcorg.serving.limits import BadLimit, Limits
from pcorg.serving.supervisor import CannotServe, Supervisor, listening


def main() -> int:
    """Serve. Answers with the status to end with."""
    parser = argparse.ArgumentParser(prog="serve")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    try:
        limits = Limits.of_environment()
        sock = listening(options.host, options.port)
        print(f"Serving on http://{_named(options.host)}:{options.port}/ (Ctrl-C stops)", flush=True)
        return Supervisor(sock, limits).run()
    except (BadLimit, CannotServe) as reason:
        print(reason, file=sys.stderr)
        return 1


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    sys.exit(main())
