"""The settings file of letters: what it may say, and what is refused with its field."""

from __future__ import annotations

from pathlib import Path

import pytest

from perdiem_calc.auditing.letter_settings import read_sender, write_settings
from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.review.letters import Sender


def test_the_file_that_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "letters.toml"
    write_settings(path)
    assert read_sender(path) == Sender(
        "NASRO", ("Street", "City, State ZIP"), "claims@example.org", ("Name", "Title")
    )
    with pytest.raises(OutputError, match="already exists"):
        write_settings(path)
    path.write_text("# nothing is stated")
    assert read_sender(path) == Sender("NASRO", (), "", ())


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("organisation = 'NASRO'", "letters.settings.unknown", "organisation: is not a field of the settings; write"),
        (
            "address = 'Street'",
            "letters.settings.invalid",
            "address: is not a list of lines; write a list",
        ),
        ('signed_by = ["a\\u0007"]', "letters.settings.invalid", "signed_by: is not a list of lines"),
        ("reply_to = 3", "letters.settings.invalid", "reply_to: is not a line; write a line in quotation marks"),
        (f"organization = '{'x' * 71}'", "letters.settings.invalid", "organization: is not a line"),
        ("a = ", "letters.settings.syntax", "is not TOML"),
    ],
)
def test_what_is_no_setting_is_refused_with_its_field(tmp_path: Path, text: str, code: str, said: str) -> None:
    path = tmp_path / "letters.toml"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        read_sender(path)
    assert (refused.value.code, str(refused.value).startswith(f"{path}: {said}")) == (code, True)
