import pytest

# What the model and its machine find is told with its values, as a test's own.
pytest.register_assert_rewrite("tests.handoff.model", "tests.handoff.machine")
