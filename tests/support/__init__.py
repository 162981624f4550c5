"""What tests share, a module for each subject. An assertion in here explains itself as one in a test does."""

import pytest

pytest.register_assert_rewrite(f"{__name__}.single_edits")
