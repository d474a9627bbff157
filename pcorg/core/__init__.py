"""What every app builds on, and what knows of none: periods, vocabularies, codes, people and what they may do, the
audit trail, and what the API, the pages and the jobs are made of."""
