"""Settings of pcorg, driven by the environment. A module for each profile: `local` (the default) and `production`.

PCORG_PROFILE   local | production
SECRET_KEY      required in production; local makes one and keeps it beside the database
SECRET_KEY_FALLBACKS  former keys, comma-separated: what they signed is still good
NAME_FILE       for every variable that is a secret: a file that holds it
PCORG_HOME      where the database of SQLite and the key of the local profile lie (the checkout; installed: here)
DATABASE_URL    sqlite:///path or postgres://…; absent: SQLite in PCORG_HOME
ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS    comma-separated, production
PCORG_ANCHOR_KEY  signs the checkpoints of audit_anchor; 32 characters at least; PCORG_ANCHOR_KEY_FALLBACKS  former ones
CACHE_URL       redis://… optional; absent: memory of the process
PCORG_TASKS     what carries out long work: thread (local), database (production: manage.py db_worker) or redis
PCORG_JOBS_LEASE, PCORG_JOBS_KEPT  seconds a silent worker keeps its job (60); days ended jobs are kept (90)
PCORG_PROXY_COUNT  reverse proxies in front, for throttles and lock-out (0)
PCORG_METRICS_TOKEN  bearer token that reads /metrics; without one there are none
PCORG_LOG_LEVEL INFO; PCORG_THROTTLE_READ 12000/min …
PCORG_SECOND_FACTOR  optional | approvers | everyone: who must give a code when signing in (local: optional)
PCORG_PASSWORD_WORDS  words that count for nothing in a password, comma-separated
EMAIL_HOST …, DEFAULT_FROM_EMAIL  a mail server, for forgotten passwords; local prints letters instead
PCORG_BUDGET_DRAWS, _PARTS, _POINTS, _RECORDS; PCORG_DEAR_AT_ONCE, _WAITING, _PATIENCE  what requests may cost
PCORG_ROBUST_FROM, PCORG_LEANING_FROM  shares from which an answer is called so (0.8, 0.5)
"""

from pcorg.settings.environment import one_of

if one_of("PCORG_PROFILE", "local", ("local", "production")) == "production":
    from pcorg.settings.production import *
else:
    from pcorg.settings.local import *
