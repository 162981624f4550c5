"""Letters as Word documents: what they hold, that hostile text breaks none, and that nothing in them is by chance."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from perdiem_calc.auditing import letter_document
from perdiem_calc.auditing.batch import Basis, audit_files
from perdiem_calc.auditing.letter_document import MARK, as_document
from perdiem_calc.auditing.outputs import Places, items_of, letters_of, write
from perdiem_calc.auditing.receiving import received
from perdiem_calc.checks.finding import Severity
from perdiem_calc.errors import InputError
from perdiem_calc.files import Extra
from perdiem_calc.review.letters import AgencyLetter, Decided, Sender, agency_letter, as_text
from perdiem_calc.review.result import AuditedClaim, Origin, Unreadable
from perdiem_calc.rules.law import load_law
from tests.golden import BUILT_ON
from tests.support.audited_claims import audited_of, question
from tests.support.claim_data import sample
from tests.support.command import Perdiem
from tests.support.drafted_letters import ON, of
from tests.support.inbox import put_json, record

docx = pytest.importorskip("docx", reason="python-docx, the extra letters, is not installed")

SENDER = Sender(
    "NASRO Awards", ("1 Main Street", "Hoover, AL 35244"), "claims@nasro.example", ("R. Viewer", "Grants")
)
LETTER = "Floyd-County-Police-Department"


def letter_on(*claims: tuple[AuditedClaim, Decided | None], files: tuple[Unreadable, ...] = ()) -> AgencyLetter:
    return agency_letter(claims, files, SENDER, load_law(), ON)


def paid(audited: AuditedClaim) -> Decided:
    return Decided("accept", audited.payable, audited.payable - audited.payable)


def words(content: bytes) -> list[str]:
    """Every paragraph and every row of a document, in the order of the page."""
    found = []
    for block in docx.Document(BytesIO(content)).element.body.iterchildren():
        if block.tag.endswith("}p"):
            found.append("".join(node.text or "" for node in block.iter() if node.tag.endswith("}t")))
        for row in block.iter(f"{block.tag[:-3]}tr") if block.tag.endswith("}tbl") else ():
            cells = [cell for cell in row.iterchildren() if cell.tag.endswith("}tc")]
            found.append(
                " | ".join("".join(node.text or "" for node in c.iter() if node.tag.endswith("}t")) for c in cells)
            )
    return [text for text in found if text]


def test_the_document_says_what_the_text_says() -> None:
    """Each of the text's sentences is one of its paragraphs: of two claims, one sent back, and a file."""
    back = of({"claim_id": "A-2", "attachments.certificate": "missing"})
    above = audited_of(sample("2026-ORL-0001"), "a.xlsx")
    error = InputError("archive.encrypted", "is encrypted", fix="ask for it again")
    letter = letter_on((above, paid(above)), (back, None), files=(Unreadable("in/b.zip", error, Origin()),))
    found = words(as_document(letter))
    assert found[:5] == [
        letter.status,
        "NASRO Awards",
        "1 Main Street",
        "Hoover, AL 35244",
        "November 23, 2026",
    ]
    assert "2026-ORL-0001 | Jordan Reyes | 1,820.56 | 1,000.00 | paid" in found
    assert "Together |  |  | 1,000.00 | " in found
    assert "Above what is left of the officer's limit | -$741.81" in found
    assert "N2 | 2026-10-05 | 159.00 | 145.00 | 14.00" in found
    assert "1.Documentation gap: The course certificate is not attached: attach it and mark it attached." in found
    assert "1.b.zip is encrypted. Please send it again without a password." in found
    assert found[-4:] == ["Please send your answer to claims@nasro.example.", "Sincerely,", "R. Viewer", "Grants"]
    text = " ".join(as_text(letter).split())
    for claim in letter.claims:
        for said in (claim.opening, claim.limit, claim.by_when, *(why for why, _ in claim.reduced)):
            assert said in text
            assert not said or said in found


def test_one_claim_has_no_total_and_a_decided_letter_no_word_of_a_draft() -> None:
    one = of({})
    found = words(as_document(letter_on((one, paid(one)))))
    assert found[0] == "NASRO Awards"
    assert not any(text.startswith("Together") for text in found)


def test_the_same_letter_is_the_same_bytes_and_states_no_time() -> None:
    letter = letter_on((of({}), None))
    content = as_document(letter)
    assert as_document(letter) == content
    with zipfile.ZipFile(BytesIO(content)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = docx.Document(BytesIO(content)).core_properties
    assert (properties.category, properties.author, f"{properties.created:%Y-%m-%d}") == (
        MARK,
        "NASRO Awards",
        "2026-11-23",
    )


@pytest.mark.parametrize(
    "sign", ["\x00", "\x07", "\x1f", "\u202e", "\ufffe", "\ud800", "\r\n", "]]>", "<w:p/>", "{{ 7 * 7 }}"]
)
def test_no_text_of_a_submission_breaks_the_document(sign: str) -> None:
    finding = replace(question("formula-overwritten", Severity.ADJUSTS, "Claim!H80"), message=f"Lee{sign}County")
    one = replace(of({}), findings=(finding,), source=f"in/{sign}.xlsx", claim=None, itemized=None)
    found = words(as_document(letter_on((one, None))))
    assert any("Lee" in text and "County" in text for text in found)
    assert "49" not in "".join(found)


def test_without_the_library_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(letter_document, "extra", lambda name: Extra(name, "", ("no_such_library",)))
    with pytest.raises(InputError, match=r"Word letters need python-docx; run: .* -m pip install"):
        Places(letters=tmp_path / "letters", as_word=True).check()


def test_both_files_of_a_letter_are_written_for_their_owner_and_replaced_only_with_force(tmp_path: Path) -> None:
    run = audit_files([put_json(tmp_path, record("A-1"))], Basis(BUILT_ON, "ratebook"))
    places = Places(letters=tmp_path / "letters", as_word=True)
    items = items_of(run.audited, places)
    assert write(items, (), places, as_of=BUILT_ON) == []
    files = sorted((tmp_path / "letters").iterdir())
    assert [path.name for path in files] == [f"{LETTER}.docx", f"{LETTER}.txt"]
    if os.name == "posix":
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    (tmp_path / "letters" / f"{LETTER}.txt").unlink()
    with pytest.raises(Exception, match=rf"{LETTER}\.docx: already exists"):
        items_of(run.audited, places)
    (new,) = letters_of(items, places, {run.audited[0].source})
    assert new.letter == tmp_path / "letters" / f"{LETTER}_2.txt"


def test_a_letter_in_the_inbox_is_passed_over_also_when_it_was_edited(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    put_json(inbox, record("A-1"))
    document: Any = docx.Document(BytesIO(as_document(letter_on((of({}), None)))))
    document.add_paragraph("Thank you.")
    document.save(inbox / "letter.docx")
    docx.Document().save(inbox / "other.docx")
    with received([inbox]) as intake:
        assert [what for _, what in intake.passed_over] == ["a letter of an audit"]
        results = intake.accounted(audit_files(intake.files, Basis(BUILT_ON, "ratebook")).results)
    assert [Path(one.source).name for one in results if isinstance(one, Unreadable)] == ["other.docx"]


def test_the_command_writes_both_and_names_the_head_of_the_ledger(perdiem: Perdiem, tmp_path: Path) -> None:
    claim, ledger = put_json(tmp_path, record("A-1")), tmp_path / "l.sqlite"
    (tmp_path / "roster.csv").write_text("award,officer\n2026ULWX0021,Avery O'Neal\n")
    assert perdiem("ledger", "import-roster", tmp_path / "roster.csv", "--ledger", ledger, "--create").code == 0
    out = ("--letters", tmp_path / "letters", "--word", "--as-of", f"{BUILT_ON}", "--source", "ratebook")
    run = perdiem("audit", claim, "--ledger", ledger, *out)
    head = perdiem("ledger", "head", "--ledger", ledger).out
    assert run.out.endswith(f"Draft letters, one for each agency, as text and in Word: {tmp_path}/letters\n{head}")
    assert (tmp_path / "letters" / f"{LETTER}.docx").is_file()
    alone = perdiem("audit", claim, "--word")
    assert (alone.code, "--letters: is missing; name the folder" in alone.err) == (2, True)
