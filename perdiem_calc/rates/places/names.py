"""How names of places, counties and states are written, and how two writings are the same name."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_STATES = """AL Alabama Ala|AK Alaska|AZ Arizona Ariz|AR Arkansas Ark|CA California Calif Cal|CO Colorado Colo
CT Connecticut Conn|DE Delaware Del|DC District_of_Columbia|FL Florida Fla|GA Georgia|HI Hawaii|ID Idaho
IL Illinois Ill|IN Indiana Ind|IA Iowa|KS Kansas Kan Kans|KY Kentucky|LA Louisiana|ME Maine|MD Maryland
MA Massachusetts Mass|MI Michigan Mich|MN Minnesota Minn|MS Mississippi Miss|MO Missouri|MT Montana Mont
NE Nebraska Neb Nebr|NV Nevada Nev|NH New_Hampshire|NJ New_Jersey|NM New_Mexico N_Mex|NY New_York
NC North_Carolina N_Carolina|ND North_Dakota N_Dakota N_Dak|OH Ohio|OK Oklahoma Okla|OR Oregon Ore
PA Pennsylvania Penn Penna|RI Rhode_Island|SC South_Carolina S_Carolina|SD South_Dakota S_Dakota S_Dak
TN Tennessee Tenn|TX Texas Tex|UT Utah|VT Vermont|VA Virginia
WA Washington Wash|WV West_Virginia W_Virginia W_Va|WI Wisconsin Wis|WY Wyoming Wyo|PR Puerto_Rico|GU Guam
VI Virgin_Islands US_Virgin_Islands USVI|AS American_Samoa|MP Northern_Mariana_Islands CNMI Saipan
UM Midway Wake_Island"""

STATE_NAMES: dict[str, str] = {}
_STATE_CODES: dict[str, str] = {}
for _entry in _STATES.replace("\n", "|").split("|"):
    _code, *_names = _entry.split()
    STATE_NAMES[_code] = _names[0].replace("_", " ")
    _STATE_CODES |= {_name.replace("_", "").lower(): _code for _name in (_code, *_names)}

OCONUS_STATES = frozenset({"AK", "HI", "PR", "GU", "VI", "AS", "MP", "UM"})
OCONUS_PREFIXES = frozenset({"006", "007", "008", "009", "967", "968", "969", *(str(n) for n in range(995, 1000))})

COUNTRIES = frozenset(
    """afghanistan, albania, algeria, andorra, angola, argentina, armenia, aruba, australia, austria,
azerbaijan, bahamas, bahrain, bangladesh, barbados, belgium, belize, benin, bermuda, bhutan,
bolivia, bosnia, botswana, brazil, britain, brunei, bulgaria, burma, cambodia, cameroon, canada,
cayman islands, chad, chile, china, colombia, congo, costa rica, croatia, cuba, curacao, cyprus,
czechia, czech republic, denmark, dominica, dominican republic, ecuador, egypt, el salvador,
england, eritrea, estonia, eswatini, ethiopia, fiji, finland, france, gabon, gambia, germany, ghana,
greece, greenland, grenada, guatemala, guinea, guyana, haiti, honduras, hong kong, hungary, iceland,
india, indonesia, iran, iraq, ireland, israel, italy, ivory coast, jamaica, japan, jordan,
kazakhstan, kenya, korea, kosovo, kuwait, kyrgyzstan, laos, latvia, lesotho, liberia, libya,
liechtenstein, lithuania, luxembourg, macau, madagascar, malawi, malaysia, maldives, mali, malta,
marshall islands, mauritania, mauritius, mexico, micronesia, moldova, monaco, mongolia, montenegro,
morocco, mozambique, myanmar, namibia, nepal, netherlands, new zealand, nicaragua, niger, nigeria,
north macedonia, northern ireland, norway, oman, pakistan, palau, panama, paraguay, peru,
philippines, poland, portugal, qatar, romania, russia, rwanda, samoa, saudi arabia, scotland,
senegal, serbia, singapore, slovakia, slovenia, somalia, south africa, south korea, spain, sri
lanka, sudan, suriname, sweden, switzerland, syria, taiwan, tajikistan, tanzania, thailand, togo,
tonga, trinidad, tunisia, turkey, turkiye, uae, uganda, uk, ukraine, united arab emirates, united
kingdom, uruguay, uzbekistan, vanuatu, venezuela, vietnam, wales, yemen, zambia, zimbabwe, alberta,
british columbia, manitoba, new brunswick, newfoundland, nova scotia, ontario, quebec, saskatchewan,
yukon""".replace("\n", " ").split(", ")
)

_TYPOGRAPHIC = {0x2018: "'", 0x2019: "'", 0x2013: "-", 0x2014: "-"}
_TOKENS = {
    "saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft", "hts": "heights", "spgs": "springs",
    "jct": "junction", "twp": "township", "natl": "national", "intl": "international",
}  # fmt: skip
_DIRECTIONS = {"n": "north", "s": "south", "e": "east", "w": "west", "no": "north", "so": "south"}
COUNTY = re.compile(r"^(.+?)\s+(?:county|co\.?|parish)$", re.IGNORECASE)
COUNTY_OF = re.compile(r"^county\s+of\s+(.+)$", re.IGNORECASE)
_SILENT = re.compile(r"['.`]")
_OTHER = re.compile(r"[^a-z0-9]+")
_POSTS = re.compile(r"\bair force base\b")


def place_key(name: str) -> str:
    """A name as names are compared: lower case, ASCII, no punctuation, Saint/Mount/Fort as St/Mt/Ft.

    >>> place_key("Coeur d'Alene"), place_key("Winston-Salem"), place_key("Fort  Walton Bch.")
    ('coeur dalene', 'winston salem', 'ft walton bch')
    >>> place_key("Española"), place_key("W. Palm Beach")
    ('espanola', 'west palm beach')
    """
    if not name.isascii():
        folded = unicodedata.normalize("NFKD", name.translate(_TYPOGRAPHIC))
        name = "".join(letter for letter in folded if letter.isascii())
    words = _OTHER.sub(" ", _SILENT.sub("", name.lower().replace("&", " and "))).split()
    if len(words) > 1:
        words[0] = _DIRECTIONS.get(words[0], words[0])
    return _POSTS.sub("afb", " ".join([_TOKENS.get(word, word) for word in words]))


def squash(key: str) -> str:
    """A key without its spaces, so that "De Kalb" and "DeKalb" are one."""
    return key.replace(" ", "")


def state_code(text: str) -> str | None:
    """The two-letter code of a state or territory by code, name or usual abbreviation; None if it is none.

    >>> state_code("fla."), state_code("D. C."), state_code("W. Virginia"), state_code("Ontario")
    ('FL', 'DC', 'WV', None)
    """
    return _STATE_CODES.get("".join(text.replace(".", "").lower().split()))


def is_outside_conus(state: str | None, zip_code: str | None) -> bool:
    """Whether a state as typed, or a ZIP, is Alaska's, Hawaii's or a territory's.

    >>> is_outside_conus("Alaska", None), is_outside_conus(None, "96813"), is_outside_conus("FL", "32801")
    (True, True, False)
    """
    return state_code(state or "") in OCONUS_STATES or (zip_code or "")[:3] in OCONUS_PREFIXES


def spelled(key: str) -> str:
    """A key as people write it.

    >>> spelled("prince georges"), spelled("st louis"), spelled("mclean"), spelled("king and queen")
    ("Prince George's", 'St. Louis', 'McLean', 'King and Queen')
    """
    if key in _SPELLED:
        return _SPELLED[key]
    return " ".join(_SPELLED.get(word) or _mac(word) for word in key.split())


_SPELLED = {
    "prince georges": "Prince George's", "queen annes": "Queen Anne's", "st marys": "St. Mary's",
    "obrien": "O'Brien", "ofallon": "O'Fallon", "dona ana": "Doña Ana", "miami dade": "Miami-Dade",
    "st": "St.", "ste": "Ste.", "mt": "Mount", "ft": "Fort", "afb": "AFB", "and": "and", "of": "of",
    "the": "the",
    "dekalb": "DeKalb", "dupage": "DuPage", "desoto": "DeSoto", "dewitt": "DeWitt", "lasalle": "LaSalle",
}  # fmt: skip


def _mac(word: str) -> str:
    return "Mc" + word[2:].capitalize() if word.startswith("mc") and len(word) > 4 else word.capitalize()


def county_title(county: str, state: str) -> str:
    """A county (as in `Candidate.county`) with what it is called in its state.

    >>> county_title("Orange", "FL"), county_title("Orleans", "LA"), county_title("Fairfax city", "VA")
    ('Orange County', 'Orleans Parish', 'Fairfax city')
    """
    if county.endswith(" city") or county in ("Carson City", "District of Columbia"):
        return county
    return f"{county} {'Parish' if state == 'LA' else 'County'}"


@lru_cache(maxsize=4096)
def county_name(key: str, state: str) -> str:
    """A county key as people write it; an independent city keeps a small "city"."""
    whole = (state, key) in {("VA", "james city"), ("VA", "charles city"), ("NV", "carson city")}
    if key.endswith(" city") and not whole:
        return f"{spelled(key.removesuffix(' city'))} city"
    return spelled(key)


def bare_county(text: str) -> str:
    """A county's name without "County", "Parish" or "City of" (which becomes "... city")."""
    text = " ".join(text.split())
    match = COUNTY.match(text) or COUNTY_OF.match(text)
    name = match.group(1) if match else text
    return f"{name[8:]} city" if name.lower().startswith("city of ") else name
