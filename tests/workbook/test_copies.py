"""The marked copy: what the agency sent stays as it was, Review is filled anew, and other programs read it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from openpyxl.comments import Comment

from perdiem_calc.checks.finding import Severity
from perdiem_calc.dated import Law
from perdiem_calc.errors import InputError, OutputError
from perdiem_calc.history.records import History, NearMatch
from perdiem_calc.rates.ratebook import Ratebook
from perdiem_calc.workbook.form.table import REVIEW, REVIEWED, SHEETS
from perdiem_calc.workbook.marking.copies import write_copy
from perdiem_calc.workbook.marking.grafting import OF_WORKSHEET
from perdiem_calc.workbook.marking.marks import BEGINNING
from perdiem_calc.workbook.reading.decisions import read_decisions
from perdiem_calc.workbook.reading.read import read_claim
from perdiem_calc.workbook.writing.severities import FILLS
from tests.golden import BUILT_ON
from tests.support.audited_claims import audited_of, not_computed, question
from tests.support.checking import edited
from tests.support.claim_data import sample
from tests.support.copying import (
    ALL,
    CEILING,
    PRIOR,
    CopyDesk,
    at,
    cells,
    comments,
    edit,
    fills,
    opened,
    parts,
    review_rows,
)
from tests.support.edits import after, name_gone, name_moved, typed
from tests.support.forms import random_forms
from tests.support.hostile import BOOK, BOOK_RELATIONS, MAIN, TYPES, own_parts, own_workbook, repacked, zip_bomb
from tests.support.libreoffice import recalculate, to_pdf
from tests.support.sheets import named
from tests.support.submissions import AuditDesk

CHECKS = [finding.check for finding in ALL]


def checks(content: bytes) -> list[Any]:
    """The checks that Review lists."""
    return [row["check"] for row in review_rows(content)]


# --- what stays -----------------------------------------------------------------------------------------------------


def test_values_and_formulas_are_those_of_the_submission(desk: CopyDesk) -> None:
    copy = desk.copy()
    for values in (True, False):
        assert cells(copy, values=values) == cells(own_workbook(), values=values)


def test_the_cells_of_the_sheets_are_the_same_to_the_letter(desk: CopyDesk) -> None:
    copy = parts(desk.copy())
    for number, sheet in enumerate(SHEETS, start=1):
        if sheet == REVIEW:
            continue
        before, after_it = (
            etree.fromstring(content[f"xl/worksheets/sheet{number}.xml"]) for content in (own_parts(), copy)
        )
        ours = {"conditionalFormatting", "legacyDrawing"}
        for tree in (before, after_it):
            for element in list(tree):
                if etree.QName(element).localname in ours:
                    tree.remove(element)
        assert etree.tostring(before, method="c14n") == etree.tostring(after_it, method="c14n"), sheet


def test_parts_that_are_not_touched_are_the_same_byte_for_byte(desk: CopyDesk) -> None:
    copy = parts(desk.copy())
    changed = {name for name, content in own_parts().items() if copy.get(name) != content}
    marked = {f"xl/worksheets/sheet{SHEETS.index(name) + 1}.xml" for name in ("Claim", "Days", "Expenses")}
    assert changed - {name for name in changed if name.endswith(".rels")} == {
        *marked, f"xl/worksheets/sheet{SHEETS.index(REVIEW) + 1}.xml", "xl/styles.xml", BOOK, TYPES
    }  # fmt: skip


def test_protection_validation_names_widths_and_print_set_up_stay(desk: CopyDesk) -> None:
    before, after_it = opened(own_workbook()), opened(desk.copy())
    for name, defined in before.defined_names.items():
        assert after_it.defined_names[name].attr_text == defined.attr_text
    for old in before:
        new = after_it[old.title]
        assert new.protection.sheet == old.protection.sheet
        assert (new.print_title_rows, new.freeze_panes) == (old.print_title_rows, old.freeze_panes)
        assert new.print_area == old.print_area
        assert len(new.data_validations.dataValidation) == len(old.data_validations.dataValidation)
        widths = {key: (dim.width, dim.hidden) for key, dim in old.column_dimensions.items()}
        assert {key: (dim.width, dim.hidden) for key, dim in new.column_dimensions.items()} == widths


def test_no_cell_of_the_submission_looks_different_under_its_mark(desk: CopyDesk) -> None:
    before, after_it = (etree.fromstring(content["xl/styles.xml"]) for content in (own_parts(), parts(desk.copy())))
    for group in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs", "numFmts"):
        old, new = (tree.find(f"{{{MAIN}}}{group}") for tree in (before, after_it))
        assert old is not None
        assert new is not None
        assert [etree.tostring(one) for one in list(new)[: len(old)]] == [etree.tostring(one) for one in old], group
        assert new.get("count") == str(len(new))
    numbers = [one.get("numFmtId") for one in after_it.iterfind(f"{{{MAIN}}}numFmts/{{{MAIN}}}numFmt")]
    assert len(numbers) == len(set(numbers))


def test_read_back_it_is_the_same_claim_and_audits_the_same(law: Law, ratebook: Ratebook, tmp_path: Path) -> None:
    desk = AuditDesk(law, ratebook, tmp_path)
    for form in random_forms(3, seed=8):
        audited = desk.audit(form.content)
        copy = tmp_path / "copy.xlsx"
        write_copy(tmp_path / "claim.xlsx", audited, copy, Ratebook.open, law, as_of=BUILT_ON, force=True)
        assert read_claim(copy) == audited.claim
        again = desk.audit(copy.read_bytes())
        assert again.findings == audited.findings
        assert again.itemized == audited.itemized


def test_the_same_submission_gives_the_same_bytes(desk: CopyDesk) -> None:
    assert desk.copy() == desk.copy()


# --- Review ---------------------------------------------------------------------------------------------------------


def test_review_is_filled_anew_with_words_amounts_and_decisions_to_choose(desk: CopyDesk) -> None:
    copy = desk.copy()
    rows = review_rows(copy)
    assert [row["check"] for row in rows] == CHECKS
    assert {key: rows[0][key] for key in ("no", "result", "asks", "where", "claimed", "allowed", "change")} == {
        "no": 1, "result": "Amount", "asks": "Edited.", "where": at("day_ceiling[1]"),
        "claimed": 199, "allowed": 145, "change": 0,
    }  # fmt: skip
    words = ["Amount", "To know", "To decide", "Not payable", "To decide", "To know", "Not checked"]
    assert [row["result"] for row in rows] == words
    assert [row["where"] for row in rows[2:5]] == [
        f"{at('day_room[2]')}, {at('day_tax[2]')}",
        at("exp_receipt[0]"),
        "Claim",
    ]
    assert [row["claimed"] for row in rows][-1] is None
    assert [(row["answer"], row["decision"], row["reason"]) for row in rows] == [(None, None, None)] * len(ALL)
    book = opened(copy)
    sheet = book[REVIEW]
    assert sheet["A2"].value.startswith(
        "Audit as of 2026-11-23: $1,000.00 is payable, suggested: adjust. 6 questioned, in order of payment effect."
    )
    (choices,) = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert (choices.formula1, str(choices.sqref)) == ("list_decisions", at("review_decision[0:12]").partition("!")[2])
    locked = {key: sheet.cell(5, place[0] + 1).protection.locked for key, place in REVIEWED.places.items()}
    assert [key for key, is_locked in locked.items() if not is_locked] == ["answer", "decision", "reason"]
    assert sheet["F5"].number_format.startswith("$")
    assert named(book, "review_asks[3]") == "=No receipt <E1> & none to come."
    assert book.defined_names["review_check"].attr_text.replace("$", "") == at("review_check[0:12]")


def test_more_findings_than_the_form_has_rows_have_a_row_each(desk: CopyDesk) -> None:
    copy = desk.copy([CEILING] * 30)
    assert len(review_rows(copy)) == 30
    assert opened(copy).defined_names["review_decision"].attr_text.replace("$", "") == at("review_decision[0:32]")


def test_the_note_promises_no_amount_while_the_officer_may_be_another(desk: CopyDesk) -> None:
    known = History("undecided", near=(NearMatch(1, "A", "Jordan Reyez", "same award, similar name"),))
    desk.audited = replace(desk.audited, known=known)
    note = opened(desk.copy(()))[REVIEW]["A2"].value
    assert note.startswith("Audit as of 2026-11-23: no amount is payable, suggested: decide. 0 questioned")


def test_a_claim_without_findings_has_blank_rows_and_no_marks(desk: CopyDesk) -> None:
    copy = desk.copy([])
    assert (review_rows(copy), comments(copy), fills(copy)) == ([], {}, {})


def test_the_agencys_answers_stay_with_their_checks_and_other_entries_go(desk: CopyDesk) -> None:
    """A question asked no more keeps its answer, which is a part of the claim; a decision is NASRO's to make."""
    first = desk.copy()
    answers = {"review_answer[2]": "The city raised its tax.", "review_answer[4]": "It was another course."}
    answered = after(first, typed({**answers, "review_decision[0]": "Accept", "review_reason[0]": "We agree."}))
    copy = desk.copy(content=answered)
    rows = {row["check"]: row for row in review_rows(copy)}
    assert rows["lodging-tax-high"]["answer"] == "The city raised its tax."
    assert rows["prior-course"]["answer"] == "It was another course."
    assert [row["decision"] or row["reason"] for row in rows.values()] == [None] * len(ALL)
    assert rows["receipt-missing"]["answer"] is None
    (kept,) = review_rows(desk.copy([CEILING, PRIOR], content=copy))[2:]
    said = {key: value for key, value in kept.items() if value is not None}
    assert said == {"no": 3, "check": "lodging-tax-high", "answer": "The city raised its tax."}
    assert read_claim(desk.folder / "copy.xlsx") == read_claim(desk.folder / "claim.xlsx")


def test_an_answer_given_on_two_sheets_grows_no_more(desk: CopyDesk) -> None:
    """`extra-night` can be answered on Check before it is asked, and on Review once it is."""
    night = question("extra-night", Severity.REVIEW, message="Why one more?")
    sent = after(
        desk.copy([night]), typed({"answer_extra_night": "The flight left late.", "review_answer[0]": "Snow."})
    )
    for _ in range(2):
        sent = desk.copy([night], content=sent)
        assert [row["answer"] for row in review_rows(sent)] == ["The flight left late.; Snow."]
        assert read_claim(desk.folder / "copy.xlsx").explanations == {"extra-night": "The flight left late.; Snow."}
    assert review_rows(desk.copy([], content=after(sent, typed({"review_answer[0]": None})))) == []


def without_review() -> bytes:
    """The submission without its sheet Review, as openpyxl leaves it."""

    def change(book: Any) -> None:
        del book[REVIEW]
        for name in [name for name in book.defined_names if name.startswith("review_")]:
            del book.defined_names[name]

    return edit(own_workbook(), change)


def test_a_sheet_review_that_is_missing_comes_last(desk: CopyDesk) -> None:
    copy = desk.copy(content=without_review())
    assert opened(copy).sheetnames == [name for name in SHEETS if name != REVIEW] + [REVIEW]
    assert checks(copy) == CHECKS
    assert cells(copy, values=False) == cells(without_review(), values=False)


@pytest.mark.parametrize("name", ["Prüfung", "REVIEW", "Review (2)"])
def test_a_sheet_review_that_was_renamed_has_its_name_again(desk: CopyDesk, name: str) -> None:
    book = own_parts()[BOOK].replace(b'name="Review"', f'name="{name}"'.encode())
    quoted = f"'{name}'!" if " " in name else f"{name}!"
    copy = desk.copy(content=repacked({BOOK: book.replace(b">Review!", f">{quoted}".encode())}))
    assert opened(copy).sheetnames == list(SHEETS)
    assert checks(copy) == CHECKS


@pytest.mark.parametrize("change", [name_gone("review_check"), name_moved("review_decision", "Claim!$A$1")])
def test_names_of_review_that_are_gone_or_moved_are_its_own_again(desk: CopyDesk, change: Any) -> None:
    copy = desk.copy(content=after(own_workbook(), change))
    assert opened(copy).sheetnames == list(SHEETS)
    assert checks(copy) == CHECKS
    names = opened(copy).defined_names
    for key in REVIEWED.places:
        assert names[f"review_{key}"].attr_text.replace("$", "") == at(f"review_{key}[0:12]")


def test_a_sheet_review_that_is_damaged_or_hidden_is_made_anew(desk: CopyDesk) -> None:
    def change(book: Any) -> None:
        sheet = book[REVIEW]
        sheet.sheet_state = "hidden"
        sheet.delete_rows(1, 4)
        sheet["K6"], sheet["Z90"] = "Accept", "=1+1"
        sheet["A1"].comment = Comment("Look here", "Agency")

    copy = desk.copy(content=edit(own_workbook(), change))
    sheet = opened(copy)[REVIEW]
    assert (sheet.sheet_state, sheet["Z90"].value, sheet["K6"].value) == ("visible", None, None)
    assert "Review!A1" not in comments(copy)
    assert checks(copy) == CHECKS
    assert not any(b"Look here" in content for content in parts(copy).values())


def test_every_sheet_keeps_the_order_of_its_elements(desk: CopyDesk) -> None:
    order = OF_WORKSHEET.split()
    for name, content in parts(desk.copy()).items():
        if "worksheets/sheet" in name and name.endswith(".xml"):
            found = [order.index(etree.QName(element).localname) for element in etree.fromstring(content)]
            assert found == sorted(found), name


def test_the_order_of_computing_and_the_part_of_the_old_sheet_are_gone(desk: CopyDesk) -> None:
    chain = f'<calcChain xmlns="{MAIN}"><c r="A5" i="5"/></calcChain>'.encode()
    relations = own_parts()[BOOK_RELATIONS].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"'
        b' Target="calcChain.xml"/></Relationships>',
    )
    types = own_parts()[TYPES].replace(
        b"</Types>",
        b'<Override PartName="/xl/calcChain.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.calcChain+xml"/></Types>',
    )
    copy = parts(desk.copy(content=repacked({"xl/calcChain.xml": chain, BOOK_RELATIONS: relations, TYPES: types})))
    assert "xl/calcChain.xml" not in copy
    assert b"calcChain" not in copy[TYPES] + copy[BOOK_RELATIONS]
    declared = re.findall(rb'PartName="/([^"]*)"', copy[TYPES])
    assert {name.decode() for name in declared} <= copy.keys()
    assert sum("worksheets/sheet" in name and name.endswith(".xml") for name in copy) == len(SHEETS)


def test_the_sheet_that_was_open_is_open(desk: CopyDesk) -> None:
    copy = opened(desk.copy())
    assert (copy.active.title, copy[REVIEW].sheet_view.tabSelected) == ("Claim", False)

    def change(book: Any) -> None:
        book.active = book.sheetnames.index(REVIEW)

    chosen = opened(desk.copy(content=edit(own_workbook(), change)))
    assert (chosen.active.title, chosen[REVIEW].sheet_view.tabSelected) == (REVIEW, True)


# --- NASRO's box ----------------------------------------------------------------------------------------------------


def test_what_stood_in_the_box_of_nasro_is_cleared_and_told(desk: CopyDesk) -> None:
    """Or the agency could approve its own claim."""
    filled_in = typed({"nasro_amount": 1000, "nasro_by": "R. Viewer"})
    decided = typed({"review_check[0]": "claim-late", "review_decision[0]": "Accept"})
    sent = after(own_workbook(), filled_in, decided)
    (desk.folder / "sent.xlsx").write_bytes(sent)
    before = read_decisions(desk.folder / "sent.xlsx")
    assert (before.approved_amount, before.approved_by) == (Decimal(1000), "R. Viewer")
    assert len(before.decisions) == 1
    copy = desk.copy([], content=sent)
    found = read_decisions(desk.folder / "copy.xlsx")
    assert (found.approved_amount, found.approved_by, found.decisions) == (None, "", ())
    told = comments(copy)
    assert len(told) == 2
    assert any("'R. Viewer' stood here when the claim came in" in said for said in told.values())
    assert cells(copy, values=False) == cells(own_workbook(), values=False)


@pytest.mark.parametrize("name", ["payable", "officer_name"])
def test_a_name_of_the_box_that_points_elsewhere_clears_nothing_else(desk: CopyDesk, name: str) -> None:
    where = opened(own_workbook()).defined_names[name].attr_text
    copy = desk.copy([], content=after(own_workbook(), name_moved("nasro_amount", where)))
    assert cells(copy, values=False) == cells(own_workbook(), values=False)


def test_the_day_that_a_mail_states_is_typed_in_and_what_follows_is_computed_again(desk: CopyDesk) -> None:
    """Excel had computed the checks without it."""
    received = edited(sample("2026-ORL-0001"), {"received_on": "2026-11-20"})
    desk.audited = audited_of(received, "inbox/claim.xlsx")
    book = own_parts()[BOOK].replace(b' fullCalcOnLoad="1"', b"")
    copy = desk.copy([], content=repacked({BOOK: book}))
    assert read_claim(desk.folder / "copy.xlsx") == desk.audited.claim
    assert b' fullCalcOnLoad="1"' in parts(copy)[BOOK]


# --- JSON, TOML, refusals -------------------------------------------------------------------------------------------


def test_of_a_claim_in_json_the_copy_is_its_workbook_marked_the_same(law: Law, tmp_path: Path) -> None:
    record = sample("2026-ORL-0001")
    record["lodging"][2]["receipt"] = None
    audited = audited_of(record, "claim.json")
    write_copy(tmp_path / "claim.json", audited, tmp_path / "copy.xlsx", Ratebook.open, law, as_of=BUILT_ON)
    copy = (tmp_path / "copy.xlsx").read_bytes()
    assert read_claim(tmp_path / "copy.xlsx") == audited.claim
    assert named(opened(copy, values=True), "payable") == float(audited.payable)
    places = {row["check"]: row["where"] for row in review_rows(copy)}
    receipt = at("day_receipt[2]")
    assert places["lodging-receipt-missing"] == receipt
    # The lunch of October 7, the fourth day: the first entry of the claim, which has none for other days.
    assert places["furnished-meal-deduction"] == at("day_lunch[3]")
    assert comments(copy)[receipt].startswith(f"{BEGINNING}2026-11-23\n\nNot payable, lodging-receipt-missing: ")
    assert fills(copy)[receipt] == FILLS[Severity.BLOCKS]


def test_a_claim_in_json_that_cannot_be_computed_has_no_workbook(law: Law, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"c\.toml: the claim cannot be computed, so there is no workbook to mark"):
        write_copy(
            tmp_path / "c.toml", not_computed("c.toml"), tmp_path / "copy.xlsx", Ratebook.open, law, as_of=BUILT_ON
        )
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_of_which_no_claim_can_be_read_is_marked_all_the_same(desk: CopyDesk) -> None:
    desk.audited = not_computed("claim.xlsx")
    copy = desk.copy(desk.audited.findings)
    assert comments(copy)["Days!K5"].endswith("Not payable, malformed: Room rate is no amount: type it like 159.00.")


def test_what_is_not_safe_to_read_is_refused_and_nothing_is_written(desk: CopyDesk) -> None:
    for content, said in ((zip_bomb(), "packed too tightly"), (b"PK\x03\x04", "damaged"), (b"", "empty")):
        with pytest.raises(InputError, match=said):
            desk.copy(content=content)
    macros = desk.folder / "claim.xlsm"
    macros.write_bytes(own_workbook())
    with pytest.raises(InputError, match=r"not an \.xlsx workbook but \.xlsm"):
        write_copy(macros, desk.audited, desk.folder / "copy.xlsx", Ratebook.open, desk.law, as_of=BUILT_ON)
    assert {path.name for path in desk.folder.iterdir()} == {"claim.xlsx", "claim.xlsm"}


def test_a_copy_that_exists_is_kept_unless_forced(desk: CopyDesk) -> None:
    (desk.folder / "copy.xlsx").write_text("decided")
    (desk.folder / "claim.xlsx").write_bytes(own_workbook())
    with pytest.raises(OutputError, match="already exists"):
        write_copy(
            desk.folder / "claim.xlsx",
            desk.audited,
            desk.folder / "copy.xlsx",
            Ratebook.open,
            desk.law,
            as_of=date(2026, 12, 1),
        )
    assert (desk.folder / "copy.xlsx").read_text() == "decided"


# --- other programs -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("soffice")
def test_another_program_opens_it_computes_the_same_and_keeps_the_marks(desk: CopyDesk, tmp_path: Path) -> None:
    (tmp_path / "ours.xlsx").write_bytes(desk.copy())
    (tmp_path / "own.xlsx").write_bytes(own_workbook())
    ours, own = recalculate([tmp_path / "ours.xlsx", tmp_path / "own.xlsx"], tmp_path / "saved")
    content = ours.read_bytes()
    assert cells(content, values=True) == cells(own.read_bytes(), values=True)
    assert comments(content) == comments(desk.copy())
    assert fills(content) == fills(desk.copy())
    again = desk.copy([CEILING], content=content)
    assert list(comments(again)) == [at("day_ceiling[1]")]
    assert list(fills(again)) == [at("day_ceiling[1]")]
    of_own = desk.copy(content=own.read_bytes())
    assert comments(of_own) == comments(desk.copy())
    assert cells(of_own, values=True) == cells(own.read_bytes(), values=True)
    (pdf,) = to_pdf([tmp_path / "ours.xlsx"], tmp_path / "printed")
    assert pdf.stat().st_size > 20_000
