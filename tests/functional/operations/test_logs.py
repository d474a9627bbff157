"""What the log says of a request that failed, and of one that was refused."""

from __future__ import annotations

import logging

import pytest
from structlog.stdlib import ProcessorFormatter


@pytest.mark.parametrize(("level", "traced"), [(logging.WARNING, False), (logging.ERROR, True)])
def test_a_traceback_is_for_a_failure_of_ours(level: int, traced: bool) -> None:
    (formatter,) = {
        each.formatter for each in logging.getLogger().handlers if isinstance(each.formatter, ProcessorFormatter)
    }
    try:
        raise ValueError("a year of five digits")
    except ValueError as error:
        raised = (type(error), error, error.__traceback__)
    record = logging.LogRecord("django.request", level, __file__, 1, "Bad Request: %s", ("/changes/",), raised)

    written = formatter.format(record)

    assert "Bad Request: /changes/" in written
    assert ("Traceback" in written) is traced
