"""Made-up requests against a served instance: run by hand (`make fuzz`), never by the tests."""
