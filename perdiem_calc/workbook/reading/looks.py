"""What cells look like, as far as it decides whether a person sees what they hold: number format, ink, ground, size.

Colors are six hexadecimal digits. White on white, or nearly, is not seen:

>>> hides("FFFFFF", ("FFFFFF",)), hides("EEEEEE", ("FFFFFF",)), hides("595959", ("FFFFFF",))
(True, True, False)
"""

from __future__ import annotations

from collections.abc import Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from functools import cached_property, lru_cache
from typing import NamedTuple

from lxml import etree
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.styles.numbers import BUILTIN_FORMATS

from perdiem_calc.workbook.reading.shapes import measure

BLACK, WHITE = "000000", "FFFFFF"
THEME = (
    *(WHITE, BLACK, "EEECE1", "1F497D"),
    *("4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646"),
    *("0000FF", "800080"),
)
"""The colors of a theme that a workbook does not state, in the order in which cells name them."""
THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
PALETTE = tuple(color[-6:] for color in COLOR_INDEX)
SYSTEM_COLORS = {64: BLACK, 65: WHITE}
"""The system's own ink and ground, by their number in the palette."""
LEAST_CONTRAST = 1.5
"""Between ink and ground; black on white has 21, the lightest gray that is still readable 1.6."""
USUAL_SIZE = 11.0
SYMBOLS = ("wingdings", "webdings", "symbol", "marlett", "bookshelf symbol", "zapf dingbats", "opensymbol")
"""How the names of fonts begin that show signs instead of digits and letters."""

_HEX = frozenset("0123456789abcdefABCDEF")


class Font(NamedTuple):
    """How letters look: their color, their size in points, and the font's name."""

    ink: str = BLACK
    size: float = USUAL_SIZE
    name: str = ""

    @property
    def is_symbols(self) -> bool:
        """Whether it shows signs instead of digits and letters."""
        return self.name.casefold().startswith(SYMBOLS)


class Look(NamedTuple):
    """How a cell looks. `grounds` are the colors behind its text, `repeats` that its content is repeated to the edge.

    `indent` is in steps of about one character.
    """

    code: str = "General"
    font: Font = Font()
    grounds: tuple[str, ...] = (WHITE,)
    repeats: bool = False
    indent: float = 0


class Changed(NamedTuple):
    """What a conditional format changes; None leaves what the cell has."""

    code: str | None = None
    ink: str | None = None
    grounds: tuple[str, ...] | None = None
    hides_value: bool = False


class Looks:
    """The looks of a workbook: its part with styles, and the colors of its theme."""

    def __init__(self, styles: etree._Element | None = None, theme: tuple[str, ...] = THEME) -> None:
        self._styles = etree.Element("styleSheet") if styles is None else styles
        self._theme = theme
        self._looks: dict[str, Look] = {}
        self._changed: dict[etree._Element, Changed] = {}

    def of(self, style: str) -> Look:
        """The look of a cell, by the number of its style."""
        found = self._looks.get(style)
        if found is None:
            found = self._looks[style] = self._look(style)
        return found

    def run(self, element: etree._Element, font: Font) -> Font:
        """The letters of a part of a text that has a look of its own; `font` is the cell's."""
        return self._font(element, font, "rFont")

    def changed(self, rule: etree._Element) -> Changed:
        """What a conditional format changes."""
        found = self._changed.get(rule)
        if found is None:
            found = self._changed[rule] = self._change(rule)
        return found

    def _change(self, rule: etree._Element) -> Changed:
        shades = tuple(self.color(color, WHITE) for color in rule.iterfind("{*}colorScale/{*}color"))
        if shades:
            return Changed(grounds=shades)
        for kind in ("dataBar", "iconSet"):
            part = rule.find(f"{{*}}{kind}")
            if part is not None and part.get("showValue") in ("0", "false"):
                return Changed(hides_value=True)
        own = rule.find("{*}dxf")
        found = _numbered(self._changes, rule.get("dxfId", "")) if own is None else own
        if found is None:
            return Changed()
        code, ink, fill = found.find("{*}numFmt"), found.find("{*}font/{*}color"), found.find("{*}fill")
        return Changed(
            None if code is None else code.get("formatCode", ""),
            None if ink is None else self.color(ink, BLACK),
            None if fill is None else self._grounds(fill, is_change=True),
        )

    def palette(self, number: int) -> str:
        """A color of the palette, which a workbook may state itself."""
        if number in SYSTEM_COLORS:
            return SYSTEM_COLORS[number]
        own = _numbered(self._palette, str(number))
        stated = "" if own is None else _hex(own.get("rgb", ""))
        return stated or (PALETTE[number] if number < len(PALETTE) else BLACK)

    def color(self, element: etree._Element, automatic: str) -> str:
        """The color that an element names: by its parts, of the theme, or of the palette; with its tint."""
        color = _hex(element.get("rgb", ""))
        theme, indexed = _whole(element.get("theme", "")), _whole(element.get("indexed", ""))
        if not color and theme is not None and theme < len(self._theme):
            color = self._theme[theme]
        elif not color and indexed is not None:
            color = self.palette(indexed)
        return tinted(color or automatic, measure(element, "tint", 0))

    # --- the part with styles --------------------------------------------------------------------------------------

    @cached_property
    def _cells(self) -> list[etree._Element]:
        return self._styles.findall("{*}cellXfs/{*}xf")

    @cached_property
    def _fonts(self) -> list[etree._Element]:
        return self._styles.findall("{*}fonts/{*}font")

    @cached_property
    def _fills(self) -> list[etree._Element]:
        return self._styles.findall("{*}fills/{*}fill")

    @cached_property
    def _changes(self) -> list[etree._Element]:
        return self._styles.findall("{*}dxfs/{*}dxf")

    @cached_property
    def _palette(self) -> list[etree._Element]:
        return self._styles.findall("{*}colors/{*}indexedColors/{*}rgbColor")

    @cached_property
    def _codes(self) -> dict[str, str]:
        own = self._styles.iterfind("{*}numFmts/{*}numFmt")
        built_in = {str(number): code for number, code in BUILTIN_FORMATS.items()}
        return built_in | {one.get("numFmtId", ""): one.get("formatCode", "") for one in own}

    def _look(self, style: str) -> Look:
        cell = _numbered(self._cells, style)
        if cell is None:
            return Look()
        fill, place = _numbered(self._fills, cell.get("fillId", "0")), cell.find("{*}alignment")
        return Look(
            self._codes.get(cell.get("numFmtId", "0")) or "General",
            self._font(_numbered(self._fonts, cell.get("fontId", "0")), Font(), "name"),
            (WHITE,) if fill is None else self._grounds(fill),
            place is not None and place.get("horizontal") == "fill",
            measure(place, "indent", 0),
        )

    def _font(self, element: etree._Element | None, font: Font, named: str) -> Font:
        """The letters that an element states; what it leaves out is that of `font`."""
        if element is None:
            return font
        ink, name = element.find("{*}color"), element.find(f"{{*}}{named}")
        return Font(
            font.ink if ink is None else self.color(ink, BLACK),
            measure(element.find("{*}sz"), "val", font.size),
            font.name if name is None else name.get("val", ""),
        )

    def _grounds(self, fill: etree._Element, *, is_change: bool = False) -> tuple[str, ...]:
        """The colors of a fill: of a pattern both, of a gradient all; a change names that of a plain one second."""
        stops = tuple(self.color(color, WHITE) for color in fill.iterfind("{*}gradientFill/{*}stop/{*}color"))
        if stops:
            return stops
        pattern = fill.find("{*}patternFill")
        kind = "none" if pattern is None else pattern.get("patternType", "solid" if is_change else "none")
        if pattern is None or kind == "none":
            return (WHITE,)
        front, back = pattern.find("{*}fgColor"), pattern.find("{*}bgColor")
        named = [back if is_change else front] if kind == "solid" else [front, back]
        return tuple(WHITE if one is None else self.color(one, WHITE) for one in named)


def theme_of(tree: etree._Element) -> tuple[str, ...]:
    """The colors of a theme, in the order in which cells name them."""
    found = []
    for name, usual in zip(THEME_ORDER, THEME, strict=True):
        color = tree.find(f".//{{*}}clrScheme/{{*}}{name}/*")
        found.append(usual if color is None else _hex(color.get("lastClr", color.get("val", ""))) or usual)
    return tuple(found)


@lru_cache(maxsize=1024)
def hides(ink: str, grounds: Sequence[str]) -> bool:
    """Whether a text is not seen on its ground; of several grounds on none of them.

    >>> hides("FFFFFF", ("FFFFFF", "000000")), hides("000000", ("101030",))
    (False, True)
    """
    return all(_contrast(ink, ground) < LEAST_CONTRAST for ground in grounds)


def _contrast(one: str, other: str) -> float:
    """The contrast of two colors as the Web's guidelines (WCAG 2) define it, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def tinted(color: str, tint: float) -> str:
    """A color made lighter (up to 1) or darker (down to -1).

    >>> tinted("000000", 1), tinted("FFFFFF", -1), tinted("1F497D", 0)
    ('FFFFFF', '000000', '1F497D')
    """
    if not tint:
        return color
    hue, light, saturation = rgb_to_hls(*_parts(color))
    light = light * (1 + max(tint, -1.0)) if tint < 0 else light + (1 - light) * min(tint, 1.0)
    return "".join(f"{round(part * 255):02X}" for part in hls_to_rgb(hue, light, saturation))


def _parts(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _hex(text: str) -> str:
    """The six digits of a color, with or without how much shines through; nothing for what is none."""
    return text[-6:].upper() if len(text) in (6, 8) and _HEX.issuperset(text) else ""


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None


def _numbered(elements: Sequence[etree._Element], number: str) -> etree._Element | None:
    place = _whole(number)
    return elements[place] if place is not None and place < len(elements) else None
