"""The hostile workbooks by name: REFUSED, each with what is said of it, and HARMLESS, odd and yet a claim."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping

from tests.support.hostile import (
    BOOK,
    BOOK_RELATIONS,
    CENTRAL,
    EXPENSES,
    LOCAL,
    OLE,
    REVIEW,
    STRINGS,
    STYLES,
    TYPES,
    added,
    bomb_that_says_it_is_packed_less,
    bomb_that_says_it_is_small,
    cells,
    declared,
    expenses,
    formula,
    many_megabytes,
    million_strings,
    named,
    noise,
    one_cell,
    own_parts,
    own_workbook,
    part_that_says_it_is_large,
    patched,
    relation,
    relations_of,
    repacked,
    replaced,
    shared_formulas,
    sheet,
    small,
    stretched,
    with_tables,
    zip_bomb,
    zipped,
)

Make = Callable[[], bytes]

_TIGHT = "is packed too tightly"
_CONNECTION, _MACROS, _OTHER_BOOK = "holds a data connection", "holds macros", "links to another workbook"
_PATHS, _DAMAGED, _NOT_UTF8 = "holds path names", "is damaged", "holds XML that is not UTF-8"
_ENTITIES, _MUCH, _POINTS = "declares XML entities", "holds far more than a claim", "points out of the workbook"
_NUMBER, _CELLS, _MORE_FORMULAS = (
    "S!A1: is not a number",
    "has more than 100,000 cells",
    "has more formulas than a claim",
)
_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def _elsewhere() -> bytes:
    return own_parts()[BOOK_RELATIONS].replace(b"worksheets/sheet7.xml", b"x.txt")


REFUSED: Mapping[str, tuple[Make, str]] = {
    # other files
    "a table as text": (lambda: b"Date,Amount\n2026-10-04,159.00\n", "is not an .xlsx workbook"),
    "a PDF": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is a PDF under a new name"),
    "a web page": (lambda: b"\n<html><table></table></html>", "is a web page or XML under a new name"),
    "a letter": (lambda: b"{\\rtf1 Dear NASRO}", "is a text document under a new name"),
    "a Word document": (lambda: zipped([(TYPES, b"<Types/>"), ("word/document.xml", b"<x/>")]), "is a Word document"),
    "slides": (lambda: zipped([(TYPES, b"<Types/>"), ("ppt/presentation.xml", b"<x/>")]), "is a presentation"),
    "an .ods": (lambda: zipped([("mimetype", b"x"), ("content.xml", b"<x/>")]), "is an OpenDocument file"),
    "an .xlsb": (lambda: zipped([(TYPES, b"<Types/>"), ("xl/workbook.bin", b"x")]), "is a binary workbook (.xlsb)"),
    "a ZIP of receipts": (lambda: zipped([("folio.pdf", b"%PDF")]), "is a ZIP, but not an .xlsx workbook"),
    "an empty ZIP": (lambda: zipped([]), "is a ZIP, but not an .xlsx workbook"),
    "an old .xls": (lambda: OLE + b"\0" * 600, "is an old .xls workbook"),
    "a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "is encrypted"),
    "nothing": (lambda: b"", "is empty"),
    "more than 10 MB": (lambda: LOCAL + b"\0" * (10 << 20), "is larger than 10 MB"),
    "no ZIP after all": (lambda: LOCAL + b" broken", "its ZIP cannot be read"),
    # the ZIP
    "a zip bomb": (zip_bomb, _TIGHT),
    "a zip bomb that says it is small": (bomb_that_says_it_is_small, _DAMAGED),
    "a zip bomb that says it is packed less": (bomb_that_says_it_is_packed_less, _TIGHT),
    "a part that says it is large": (part_that_says_it_is_large, _DAMAGED),
    "many megabytes": (many_megabytes, "unpacks to more than 50 MB"),
    "more than 1,000 parts": (
        lambda: repacked({f"xl/media/{number}.bin": b"x" for number in range(1_000)}),
        "has more than 1,000 parts",
    ),
    "a part twice": (lambda: zipped([*own_parts().items(), (REVIEW, b"<x/>")]), f"it has the part '{REVIEW}' twice"),
    "a part twice in other letters": (lambda: repacked({REVIEW.upper(): b"<x/>"}), "twice"),
    "a path upwards": (lambda: repacked({"../../etc/x.xml": b"<x/>"}), _PATHS),
    "a path upwards inside": (lambda: repacked({"xl/../../x.xml": b"<x/>"}), _PATHS),
    "an absolute path": (lambda: repacked({"/etc/x.xml": b"<x/>"}), _PATHS),
    "a path with backslashes": (lambda: repacked({"..\\x.xml": b"<x/>"}), _PATHS),
    "a path on a drive": (lambda: repacked({"C:x.xml": b"<x/>"}), _PATHS),
    "an empty step in a path": (lambda: repacked({"xl//x.xml": b"<x/>"}), _PATHS),
    "a zero byte in a name": (
        lambda: patched(repacked({"xl/a.xml": b"<x/>"}), "xl/a.xml", (LOCAL, 33, b"\0"), (CENTRAL, 49, b"\0")),
        _PATHS,
    ),
    "two names of one part": (lambda: patched(own_workbook(), REVIEW, (LOCAL, 40, b"X")), "its ZIP cannot be read"),
    "a part with a password": (
        lambda: patched(own_workbook(), REVIEW, (LOCAL, 6, b"\1"), (CENTRAL, 8, b"\1")),
        "is encrypted",
    ),
    "another way of packing": (
        lambda: zipped(own_parts().items(), zipfile.ZIP_LZMA),
        "it is compressed as no workbook is",
    ),
    "an unknown way of packing": (
        lambda: patched(own_workbook(), REVIEW, (CENTRAL, 10, b"\x63")),
        "it is compressed as no workbook is",
    ),
    "bytes gone bad": (
        lambda: patched(own_workbook(), REVIEW, (LOCAL, 60, b"\xff" * 40)),
        "its ZIP cannot be read",
    ),
    # what a claim never holds
    "macros": (lambda: repacked({"xl/vbaProject.bin": b"x"}), _MACROS),
    "macros under another name": (lambda: relation(b"vbaProject", b"Internal"), _MACROS),
    "a macro workbook by its type": (
        lambda: replaced(TYPES, b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
        _MACROS,
    ),
    "a macro workbook by another declaration": (
        lambda: declared(b"application/vnd.ms-excel.sheet.macro&#69;nabled.main+xml"),
        _MACROS,
    ),
    "a macro sheet": (lambda: repacked({"xl/macrosheets/sheet1.xml": b"<x/>"}), _MACROS),
    "a macro sheet by its relation": (lambda: relation(b"xlMacrosheet", b"Internal"), _MACROS),
    "a name that is a macro": (lambda: named(b"Auto_Open", b"Days!$A$1", b' xlm="1" function="1"'), _MACROS),
    "another workbook": (lambda: repacked({"xl/externalLinks/externalLink1.xml": b"<x/>"}), _OTHER_BOOK),
    "another workbook by its relation": (lambda: relation(b"externalLink", b"Internal"), _OTHER_BOOK),
    "another workbook by its reference": (
        lambda: small(after='<externalReferences><externalReference r:id="rId9"/></externalReferences>'),
        _OTHER_BOOK,
    ),
    "a data connection": (lambda: repacked({"xl/connections.xml": b"<x/>"}), _CONNECTION),
    "a query": (lambda: repacked({"xl/queryTables/queryTable1.xml": b"<x/>"}), _CONNECTION),
    "a connection by its type": (
        lambda: declared(b"application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml"),
        _CONNECTION,
    ),
    "a data model": (lambda: repacked({"xl/model/item.data": b"x"}), "holds a data model"),
    "an embedded file": (lambda: repacked({"xl/embeddings/oleObject1.bin": b"x"}), "holds an embedded object"),
    "a control": (lambda: repacked({"xl/activeX/activeX1.xml": b"<x/>"}), "holds a control"),
    "an add-in": (lambda: repacked({"xl/webextensions/taskpanes.xml": b"<x/>"}), "holds an add-in"),
    "a picture from elsewhere": (lambda: relation(b"image"), "links to something outside itself"),
    "a picture from elsewhere, in other words": (
        lambda: relation(b"image", b"&#69;xternal"),
        "links to something outside itself",
    ),
    # XML
    "entities": (
        lambda: repacked({REVIEW: _LAUGHS + sheet("").replace(b"<sheetData>", b"<sheetData>&b;")}),
        _ENTITIES,
    ),
    "an entity that is a file": (
        lambda: repacked({STRINGS: b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'}),
        _ENTITIES,
    ),
    "entities in a part nobody reads": (lambda: repacked({"customXml/x.xml": _LAUGHS + b"<x>&b;</x>"}), _ENTITIES),
    "entities in a part of another name": (
        lambda: repacked({REVIEW: None, "xl/x.txt": _LAUGHS + b"<x>&b;</x>", BOOK_RELATIONS: _elsewhere()}),
        _ENTITIES,
    ),
    "an entity that is not there": (lambda: one_cell("<v>&a;</v>"), _DAMAGED),
    "UTF-16": (lambda: repacked({REVIEW: sheet("").decode().encode("utf-16")}), _NOT_UTF8),
    "UTF-16 without a mark": (lambda: repacked({REVIEW: sheet("").decode().encode("utf-16-le")}), _NOT_UTF8),
    "UTF-32": (lambda: repacked({REVIEW: sheet("").decode().encode("utf-32-be")}), _NOT_UTF8),
    "UTF-7": (lambda: repacked({REVIEW: b'<?xml version="1.0" encoding="utf-7"?>' + sheet("")}), _NOT_UTF8),
    "UTF-7 far behind": (
        lambda: repacked({REVIEW: b'<?xml version="1.0"' + b" " * 300 + b"encoding='utf-7'?>" + sheet("")}),
        _NOT_UTF8,
    ),
    "EBCDIC": (lambda: repacked({REVIEW: sheet("").decode().encode("cp037")}), _NOT_UTF8),
    "bytes that are no UTF-8": (lambda: small(b'<row r="1"><c r="A1" t="str"><v>caf\xe9</v></c></row>'), _DAMAGED),
    "zero bytes": (lambda: repacked({REVIEW: sheet("<row/>\0")}), _NOT_UTF8),
    "XML that ends early": (lambda: repacked({REVIEW: own_parts()[REVIEW][:-20]}), _DAMAGED),
    "deep nesting": (
        lambda: repacked({REVIEW: sheet("", after=noise(10_000) + b"<a>" * 3_000 + b"</a>" * 3_000)}),
        _DAMAGED,
    ),
    "a very long attribute": (
        lambda: repacked({REVIEW: sheet("", after=b'<a b="' + noise(10_100_000)[4:-3] + b'"/>')}),
        _DAMAGED,
    ),
    "more elements than fit": (
        lambda: repacked({REVIEW: sheet("", after=noise(300_000) + b"<a/>x" * 1_250_000)}),
        _MUCH,
    ),
    "a million shared strings": (million_strings, _MUCH),
    "a million rows": (lambda: small(noise(300_000) + b'<row r="1"/>' * 10**6), _MUCH),
    # the workbook
    "no workbook": (lambda: repacked({BOOK: None}), "is a ZIP, but not an .xlsx workbook"),
    "two workbooks": (
        lambda: repacked(
            {"_rels/.rels": relations_of({"a": ("officeDocument", BOOK), "b": ("officeDocument", REVIEW)})}
        ),
        _DAMAGED,
    ),
    "more than 20 sheets": (lambda: added(BOOK, b"</sheets>", b'<sheet name="x"/>' * 10), "more than 20 sheets"),
    "two sheets of one name": (
        lambda: added(BOOK, b"</sheets>", b'<sheet name="DAYS" sheetId="9" r:id="rId9"/>'),
        "a sheet named 'DAYS', or two",
    ),
    "two sheets of one part": (
        lambda: added(BOOK, b"</sheets>", b'<sheet name="Mine" sheetId="9" r:id="rId2"/>'),
        "the sheet Mine has no cells of its own",
    ),
    "a sheet without a part": (
        lambda: added(BOOK, b"</sheets>", b'<sheet name="Mine" sheetId="9" r:id="rId99"/>'),
        "the sheet Mine has no cells of its own",
    ),
    "a sheet whose part is gone": (lambda: repacked({REVIEW: None}), f"the part '{REVIEW}' is missing"),
    "a sheet without a name": (lambda: replaced(BOOK, b'name="Review"', b'name=""'), "a sheet named '', or two"),
    "a sheet that is another thing": (lambda: repacked({REVIEW: b"<worksheet/>"}), "is not a spreadsheet's"),
    "two tables of cells": (
        lambda: small(parts={"xl/worksheets/sheet1.xml": sheet("", after="<sheetData/>")}),
        "has not one table of cells",
    ),
    "two relations of one id": (
        lambda: added(BOOK_RELATIONS, b"</Relationships>", b'<Relationship Id="rId1" Type="x" Target="x"/>'),
        "have one id",
    ),
    "a name twice": (lambda: named(b"PAYABLE", b"Claim!$A$1"), "the name 'PAYABLE' is defined twice"),
    "a name of another workbook": (lambda: named(b"mine", b"[1]Sheet1!$A$1"), "has a name that points out"),
    "a name without end": (lambda: named(b"mine", b"'" * 9_000), "has a name that points out"),
    "a table twice": (lambda: with_tables("Costs", "COSTS"), "the table 'COSTS' appears twice"),
    "a table nowhere": (lambda: with_tables("Costs", at="nowhere"), "the table 'Costs' appears twice, or nowhere"),
    # styles and strings
    "thousands of number formats": (
        lambda: small(
            styles="<numFmts>"
            + '<numFmt numFmtId="164" formatCode="0"/>' * 5_001
            + f"</numFmts>{noise(5_000).decode()}",
        ),
        "more than 5,000 number formats",
    ),
    "a number format without end": (
        lambda: small(styles=f'<numFmts><numFmt numFmtId="164" formatCode="{"[" * 256}"/></numFmts>'),
        "a number format is longer",
    ),
    "a style that is not there": (lambda: one_cell("<v>1</v>", 's="7"'), "S!A1: has a style that does not exist"),
    "a text that is not there": (lambda: one_cell("<v>0</v>", 't="s"'), "S!A1: refers to a text that does not exist"),
    "the text before the first": (
        lambda: small('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', strings="<si><t>x</t></si>"),
        "S!A1: refers to a text that does not exist",
    ),
    "a text without end": (
        lambda: one_cell(f"<is><t>{'x' * 32_768}</t></is>{noise(900).decode()}", 't="inlineStr"'),
        "longer than Excel",
    ),
    # cells
    "more than 100,000 cells": (lambda: small(parts={"xl/worksheets/sheet1.xml": cells(100_001, b"<c/>")}), _CELLS),
    "more than 100,000 cells where nobody reads": (lambda: repacked({REVIEW: cells(100_001, b"<c/>")}), _CELLS),
    "more than 100,000 cells on two sheets": (
        lambda: repacked({EXPENSES: cells(60_000, b"<c/>"), REVIEW: cells(60_000, b"<c/>")}),
        _CELLS,
    ),
    "a cell twice": (lambda: small('<row r="1"><c r="A1"/><c r="A1"><v>1</v></c></row>'), "S!A1: appears twice"),
    "a cell twice, once without an address": (
        lambda: small('<row r="1"><c><v>1</v></c><c r="A1"><v>1</v></c></row>'),
        "S!A1: appears twice",
    ),
    "a row twice": (
        lambda: small('<row r="1"><c r="B1"/></row><row r="1"><c r="B1"/></row>'),
        "S!B1: appears twice",
    ),
    "a cell in another row": (lambda: small('<row r="1"><c r="A2"><v>1</v></c></row>'), "stands at 'A2' in row 1"),
    "a cell in a row that ends alike": (lambda: small('<row r="1"><c r="A11"><v>1</v></c></row>'), "stands at 'A11'"),
    "a cell nowhere": (lambda: small('<row r="1"><c r="1A"><v>1</v></c></row>'), "stands at '1A'"),
    "a cell in small letters": (lambda: small('<row r="1"><c r="a1"><v>1</v></c></row>'), "stands at 'a1'"),
    "a cell right of the sheet": (lambda: small('<row r="1"><c r="XFE1"><v>1</v></c></row>'), "stands at 'XFE1'"),
    "a row below the sheet": (lambda: small('<row r="1048577"/>'), "has the number '1048577'"),
    "a row above the sheet": (lambda: small('<row r="0"/>'), "has the number '0'"),
    "a row of another number": (lambda: small('<row r="two"/>'), "has the number 'two'"),
    "a row wider than what is read": (lambda: small("<row>" + "<c/>" * 101 + "</row>"), "does not say where"),
    "a number that is none": (lambda: one_cell("<v>12,50</v>"), _NUMBER),
    "a number of blanks": (lambda: one_cell("<v> </v>"), _NUMBER),
    "blanks without end before a number": (
        lambda: one_cell(f"{noise(9_000).decode()}<v>{' ' * 500_000}x</v>"),
        _NUMBER,
    ),
    "not a number": (lambda: one_cell("<v>NaN</v>"), _NUMBER),
    "a number without end": (lambda: one_cell("<v>1e999</v>"), _NUMBER),
    "a number of 5,000 digits": (lambda: one_cell(f"<v>{'9' * 5_000}</v>"), _NUMBER),
    "a yes that is none": (lambda: one_cell("<v>perhaps</v>", 't="b"'), "S!A1: holds what no spreadsheet writes"),
    "a date that is none": (lambda: one_cell("<v>2026-13-45T00:00:00</v>", 't="d"'), "S!A1: is not a date"),
    "a cell of another kind": (lambda: one_cell("<v>1</v>", 't="code"'), "S!A1: holds what no spreadsheet writes"),
    "an error without end": (lambda: one_cell(f"<v>#{'N' * 100}</v>", 't="e"'), "holds what no spreadsheet writes"),
    # formulas
    "a formula to another workbook": (lambda: formula("[1]Sheet1!A1*2"), f"S!A1: holds a formula that {_POINTS}"),
    "a formula to another workbook's name": (lambda: formula("[1]!rate"), _POINTS),
    "a formula to another workbook of two words": (lambda: formula("SUM('[2]My claims'!A1:A9)"), _POINTS),
    "a formula to a file": (lambda: formula("'C:\\claims\\[old.xlsx]Days'!A1"), _POINTS),
    "a formula to a table of text": (lambda: formula("'C:\\claims\\old.csv'!A1"), _POINTS),
    "a formula to a file as LibreOffice writes it": (lambda: formula("'file:///tmp/a.ods'#$Days.A1"), _POINTS),
    "a formula to another program": (lambda: formula("cmd|'/C calc'!A0"), _POINTS),
    "an array formula to another workbook": (lambda: formula("[1]S!A1:A9", ' t="array" ref="A1"'), _POINTS),
    "a formula to another workbook where nobody reads": (
        lambda: repacked({REVIEW: sheet('<row r="1"><c r="B1"><f>[1]S!A1</f></c></row>')}),
        f"Review!B1: holds a formula that {_POINTS}",
    ),
    "a formula without end": (lambda: formula("1+" * 4_097), "longer than Excel takes"),
    "a shared formula that is not there": (
        lambda: formula("", ' t="shared" si="3"'),
        "S!A1: shares a formula that does not exist",
    ),
    "a shared formula that leads off the sheet": (
        lambda: small(
            '<row r="5"><c r="B5"><f t="shared" si="0" ref="B1:B5">A1</f></c></row>'
            '<row r="4"><c r="B4"><f t="shared" si="0"/></c></row>'
        ),
        "S!B4: shares a formula that cannot be read",
    ),
    "a shared formula that is none": (
        lambda: small(
            '<row r="1"><c r="A1"><f t="shared" si="0" ref="A1:B1">A1)*2</f></c>'
            '<c r="B1"><f t="shared" si="0"/></c></row>'
        ),
        "S!B1: shares a formula that cannot be read",
    ),
    "a long formula shared by many cells": (
        lambda: repacked({EXPENSES: shared_formulas(8_000, 500)}),
        _MORE_FORMULAS,
    ),
    "a short formula shared by many cells": (
        lambda: repacked({EXPENSES: shared_formulas(30, 90_000)}),
        _MORE_FORMULAS,
    ),
    "formulas without end": (
        lambda: repacked({REVIEW: cells(700, b"<c><f>" + b"''" * 4_000 + b"</f></c>", rows=70)}),
        _MORE_FORMULAS,
    ),
    "a claim of nothing but wrong dates": (lambda: repacked({EXPENSES: expenses(b'<c t="b"><v>1</v></c>')}), "more"),
    "rows of wrong dates without end": (
        lambda: stretched({EXPENSES: expenses(b'<c t="b"><v>1</v></c>', rows=1_000)}),
        "more",
    ),
}
"""By name: what makes the file, and a piece of what is said of it."""


HARMLESS: Mapping[str, Make] = {
    "data of Power Query": lambda: repacked(
        {"customXml/item1.xml": '<?xml version="1.0" encoding="utf-16"?><DataMashup/>'.encode("utf-16")}
    ),
    "a million rows claimed in the dimension": lambda: replaced(
        EXPENSES, b'<dimension ref="', b'<dimension ref="A1:XFD1048576" was="'
    ),
    "a cell in the last row and column": lambda: added(
        EXPENSES, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "60,000 styles": lambda: added(STYLES, b"</cellXfs>", b'<xf numFmtId="14" fontId="0"/>' * 60_000 + noise(40_000)),
    "an address to click": lambda: relation(b"hyperlink"),
    "a formula that asks the web": lambda: replaced(
        REVIEW,
        b"</sheetData>",
        b'<row r="900"><c r="A900"><f>WEBSERVICE("http://x.example")</f></c></row></sheetData>',
    ),
    "200,000 elements nobody knows": lambda: replaced(
        REVIEW, b"</sheetData>", b"</sheetData>" + noise(300_000) + b"<a/>x" * 200_000
    ),
    "a folder as a part": lambda: repacked({"xl/media/": b""}),
    "a comment and an instruction in a number": lambda: replaced(EXPENSES, b"<v>", b"<?x y?><!-- z --><v>"),
}
"""By name: what makes a file that is odd, and that is the sample's claim all the same."""
