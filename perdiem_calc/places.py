"""From the place a person typed to a per diem locality; never a guess.

>>> parse_place("St. Augustine, Florida 32084")
Place(city='St. Augustine', state='FL', county=None, zip='32084')
>>> parse_place("Orange County, FL")
Place(city=None, state='FL', county='Orange', zip=None)
>>> place_key("Saint  Louis") == place_key("St. Louis")
True

`resolve` asks a `Gazetteer` (the embedded ratebook is one) what it knows of a name, and answers with a
`Resolution`: `resolved` to one locality, `ambiguous` with the candidates by county, `unresolved` with close
names, or `oconus` where another department sets the rates. Two rules matter most. A city that is a whole part
of a destination's name takes that locality throughout its limits; every other city is looked up by the counties
it lies in, and a county's own rows are matched only by "X County".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import NamedTuple, Protocol

from perdiem_calc.errors import InputError, PlaceNotResolved

RESOLVED, AMBIGUOUS, UNRESOLVED, OCONUS = "resolved", "ambiguous", "unresolved", "oconus"
STANDARD_ID, STANDARD_NAME = 0, "Standard Rate"


@dataclass(frozen=True, slots=True)
class Place:
    """A place as a person named it: a city and state, a county and state, a ZIP, or a mix of them.

    `state` is the two-letter code; the other fields are as typed.
    """

    city: str | None = None
    state: str | None = None
    county: str | None = None
    zip: str | None = None


@dataclass(frozen=True, slots=True)
class Locality:
    """A per diem locality: GSA's destination id (0 is the standard rate), its name, and the state asked for."""

    id: int
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A locality that a place may belong to, and the county (as people write it) in which it would."""

    locality: Locality
    county: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a place came to in one fiscal year, and why.

    `status` is `resolved`, `ambiguous`, `unresolved` or `oconus`; `locality` is set only when resolved.
    `candidates` are the localities it may be (also when resolved, if several at equal rates);
    `suggestions` are ways of writing that would be understood; `reason` is one sentence, `mend` what to type.
    """

    status: str
    place: Place
    fiscal_year: int
    reason: str
    locality: Locality | None = None
    candidates: tuple[Candidate, ...] = ()
    suggestions: tuple[str, ...] = ()
    mend: str = ""


class Fact(NamedTuple):
    """One thing known of a name in a state and fiscal year.

    `kind` is `destination` (a whole part of a locality's name), `carve_in` (a city with a locality of its
    own), `excluded` (left out of `locality`), `place`, `town` or `alias` (lies in `county`), or `county`.
    `locality` is the county's own one for the last four, 0 where it has none.
    """

    kind: str
    key: str
    county: str
    locality: int


class Listed(NamedTuple):
    """A locality as a fiscal year lists it; `rates` are January to December and the M&IE total, dollars."""

    name: str
    state: str
    covers: str
    rates: tuple[int, ...]


class Gazetteer(Protocol):
    """What `resolve` needs to know about the country; names are given without spaces (`squashed`)."""

    def facts(self, squashed: str, state: str, fiscal_year: int) -> Sequence[Fact]:
        """Everything known of a name in a state."""

    def states(self, squashed: str) -> Sequence[str]:
        """The states that know a name."""

    def zip_rows(self, zip5: str, fiscal_year: int) -> Sequence[tuple[int, str]]:
        """The localities a ZIP lies in, each with its state (blank where the publisher left it blank)."""

    def listed(self, locality: int, fiscal_year: int) -> Listed | None:
        """A locality as listed in a fiscal year; None if it is not."""

    def names(self, state: str) -> Sequence[str]:
        """Every name known in a state, for suggestions."""


# ---- writing -------------------------------------------------------------------------------------------

_STATES = """AL Alabama Ala|AK Alaska|AZ Arizona Ariz|AR Arkansas Ark|CA California Calif Cal|CO Colorado Colo
CT Connecticut Conn|DE Delaware Del|DC District_of_Columbia|FL Florida Fla|GA Georgia|HI Hawaii|ID Idaho
IL Illinois Ill|IN Indiana Ind|IA Iowa|KS Kansas Kan Kans|KY Kentucky|LA Louisiana|ME Maine|MD Maryland
MA Massachusetts Mass|MI Michigan Mich|MN Minnesota Minn|MS Mississippi Miss|MO Missouri|MT Montana Mont
NE Nebraska Neb Nebr|NV Nevada Nev|NH New_Hampshire|NJ New_Jersey|NM New_Mexico|NY New_York|NC North_Carolina
ND North_Dakota|OH Ohio|OK Oklahoma Okla|OR Oregon Ore|PA Pennsylvania Penn Penna|RI Rhode_Island
SC South_Carolina|SD South_Dakota|TN Tennessee Tenn|TX Texas Tex|UT Utah|VT Vermont|VA Virginia
WA Washington Wash|WV West_Virginia|WI Wisconsin Wis|WY Wyoming Wyo|PR Puerto_Rico|GU Guam
VI Virgin_Islands US_Virgin_Islands USVI|AS American_Samoa|MP Northern_Mariana_Islands CNMI Saipan
UM Midway Wake_Island"""

STATE_NAMES: dict[str, str] = {}
_STATE_CODES: dict[str, str] = {}
for _entry in _STATES.replace("\n", "|").split("|"):
    _code, *_names = _entry.split()
    STATE_NAMES[_code] = _names[0].replace("_", " ")
    _STATE_CODES |= {_name.replace("_", " ").lower(): _code for _name in (_code, *_names)}

OCONUS_STATES = frozenset({"AK", "HI", "PR", "GU", "VI", "AS", "MP", "UM"})
OCONUS_PREFIXES = frozenset({"006", "007", "008", "009", "967", "968", "969", *(str(n) for n in range(995, 1000))})

COUNTRIES = frozenset(
    """afghanistan albania algeria andorra angola argentina armenia aruba australia austria azerbaijan bahamas
    bahrain bangladesh barbados belgium belize benin bermuda bhutan bolivia bosnia botswana brazil britain brunei
    bulgaria burma cambodia cameroon canada cayman_islands chad chile china colombia congo costa_rica croatia cuba
    curacao cyprus czechia czech_republic denmark dominica dominican_republic ecuador egypt el_salvador england
    eritrea estonia eswatini ethiopia fiji finland france gabon gambia germany ghana greece greenland grenada
    guatemala guinea guyana haiti honduras hong_kong hungary iceland india indonesia iran iraq ireland israel italy
    ivory_coast jamaica japan jordan kazakhstan kenya korea kosovo kuwait kyrgyzstan laos latvia lesotho liberia libya
    liechtenstein lithuania luxembourg macau madagascar malawi malaysia maldives mali malta marshall_islands
    mauritania mauritius mexico micronesia moldova monaco mongolia montenegro morocco mozambique myanmar namibia nepal
    netherlands new_zealand nicaragua niger nigeria north_macedonia northern_ireland norway oman pakistan palau
    panama paraguay peru philippines poland portugal qatar romania russia rwanda samoa saudi_arabia scotland
    senegal serbia singapore slovakia slovenia somalia south_africa south_korea spain sri_lanka sudan suriname
    sweden switzerland syria taiwan tajikistan tanzania thailand togo tonga trinidad tunisia turkey turkiye uae
    uganda uk ukraine united_arab_emirates united_kingdom uruguay uzbekistan vanuatu venezuela vietnam wales
    yemen zambia zimbabwe alberta british_columbia manitoba new_brunswick newfoundland nova_scotia ontario
    quebec saskatchewan yukon""".replace("_", "~").split()
)

_TOKENS = {
    "saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft", "hts": "heights", "spgs": "springs",
    "jct": "junction", "twp": "township", "natl": "national", "intl": "international",
}  # fmt: skip
_DIRECTIONS = {"n": "north", "s": "south", "e": "east", "w": "west", "no": "north", "so": "south"}
_POSTS = re.compile(r"\bair force base\b")
_BEFORE = re.compile(r"^(city|town|township|village|borough) of |^the ")
_AFTER = re.compile(r" (city|town|township|village|borough|cdp)$")
_COUNTY = re.compile(r"^(.+?)\s+(?:county|co\.?|parish)$", re.IGNORECASE)
_COUNTY_OF = re.compile(r"^county\s+of\s+(.+)$", re.IGNORECASE)
_NATION = re.compile(r"[\s,]+(?:u\.?\s?s\.?\s?a\.?|u\.s\.|united states(?: of america)?)$", re.IGNORECASE)
_ZIP_END = re.compile(r"(?:^|[\s,]+)(\d{5})(?:-\d{4})?$")


def place_key(name: str) -> str:
    """A name as names are compared: lower case, ASCII, no punctuation, Saint/Mount/Fort as St/Mt/Ft.

    >>> place_key("Coeur d'Alene"), place_key("Winston-Salem"), place_key("Fort  Walton Bch.")
    ('coeur dalene', 'winston salem', 'ft walton bch')
    >>> place_key("Española"), place_key("W. Palm Beach")
    ('espanola', 'west palm beach')
    """
    if not name.isascii():
        folded = unicodedata.normalize("NFKD", name.replace("’", "'").replace("–", "-"))
        name = "".join(letter for letter in folded if letter.isascii())
    name = re.sub(r"['.`]", "", name.lower().replace("&", " and "))
    words = re.sub(r"[^a-z0-9]+", " ", name).split()
    if len(words) > 1:
        words[0] = _DIRECTIONS.get(words[0], words[0])
    return _POSTS.sub("afb", " ".join([_TOKENS.get(word, word) for word in words]))


def squash(key: str) -> str:
    """A key without its spaces, so that "De Kalb" and "DeKalb" are one."""
    return key.replace(" ", "")


def state_code(text: str) -> str | None:
    """The two-letter code of a state or territory by code, name or usual abbreviation; None if it is none.

    >>> state_code("fla."), state_code("D.C."), state_code("West  Virginia"), state_code("Ontario")
    ('FL', 'DC', 'WV', None)
    """
    return _STATE_CODES.get(" ".join(text.replace(".", "").lower().split()))


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
    "st": "St.", "ste": "Ste.", "mt": "Mount", "ft": "Fort", "afb": "AFB", "and": "and", "of": "of", "the": "the",
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


def _county_name(key: str, state: str) -> str:
    """A county key as people write it; an independent city keeps a small "city"."""
    whole = (state, key) in {("VA", "james city"), ("VA", "charles city"), ("NV", "carson city")}
    if key.endswith(" city") and not whole:
        return f"{spelled(key.removesuffix(' city'))} city"
    return spelled(key)


# ---- reading what was typed ----------------------------------------------------------------------------


def parse_place(text: str) -> Place:
    """The place that a line of text names: "City, ST", "City, X County, ST", "X County, ST", with or without a ZIP.

    A state may be spelled out; a city without a state is kept as it is. Raises InputError for an empty text and
    for a number that is no ZIP.

    >>> parse_place("Washington, D.C.")
    Place(city='Washington', state='DC', county=None, zip=None)
    >>> parse_place("McLean, Fairfax County, Virginia")
    Place(city='McLean', state='VA', county='Fairfax', zip=None)
    >>> parse_place("8544")
    Traceback (most recent call last):
    ...
    perdiem_calc.errors.InputError: '8544' is not a ZIP; write its five digits, with any leading zero
    """
    cleaned = _NATION.sub("", " ".join(text.split()).strip(" ,;"))
    if not cleaned:
        raise InputError("the place is empty", mend='write a city and state like "Orlando, FL", or a ZIP')
    if re.fullmatch(r"[\d -]+", cleaned):
        return Place(zip=zip_code(cleaned))
    digits = _ZIP_END.search(cleaned)
    found = digits.group(1) if digits else None
    parts = [part.strip() for part in cleaned[: digits.start() if digits else None].split(",") if part.strip()]
    parts, state = _without_state(parts)
    county = None
    if parts and (match := _COUNTY.match(parts[-1]) or _COUNTY_OF.match(parts[-1])):
        county = match.group(1)
        parts.pop()
    if not parts and not county and state == "DC":
        parts = ["Washington"]
    return Place(", ".join(parts) or None, state, county, found)


def zip_code(text: str) -> str:
    """The five digits of a ZIP or ZIP+4. Raises InputError for anything else.

    >>> zip_code("32801-1234")
    '32801'
    """
    match = re.fullmatch(r"\s*(\d{5})(?:-?\d{4})?\s*", text, re.ASCII)
    if not match:
        raise InputError(f"{text[:40]!r} is not a ZIP", mend="write its five digits, with any leading zero")
    return match.group(1)


def _without_state(parts: list[str]) -> tuple[list[str], str | None]:
    """The parts less the state at their end, and the state's code (or what stands in its place)."""
    if len(parts) > 1:
        last = parts[-1]
        if code := state_code(last):
            return parts[:-1], code
        if not _COUNTY.match(last):
            return parts[:-1], last
        return parts, None
    words = parts[0].split() if parts else []
    if len(words) > 1:
        dashed = 1 if words[-2] in ("-", "/") else 0
        for count in (3, 2, 1):
            code = state_code(" ".join(words[-count:])) if len(words) >= count else None
            if code and len(words) > count:
                return [" ".join(words[: len(words) - count - (dashed if count == 1 else 0)])], code
            if code == "DC":
                return [], code
    elif words and state_code(words[0]) == "DC":
        return [], "DC"
    return parts, None


# ---- resolving -----------------------------------------------------------------------------------------


class _Question(NamedTuple):
    """A place being resolved: names as keys, the state's code."""

    place: Place
    fiscal_year: int
    gazetteer: Gazetteer
    city: str
    state: str
    county: str
    zip: str

    def locality(self, locality: int, state: str = "") -> Locality:
        state = state or self.state
        if locality == STANDARD_ID:
            return Locality(STANDARD_ID, STANDARD_NAME, state)
        listed = self.gazetteer.listed(locality, self.fiscal_year)
        assert listed is not None, f"locality {locality} is not listed in {self.fiscal_year}"
        return Locality(locality, listed.name, state or listed.state)

    def answer(self, status: str, reason: str, **more: object) -> Resolution:
        return Resolution(status, self.place, self.fiscal_year, reason, **more)  # type: ignore[arg-type]

    def said(self) -> str:
        """The place in words."""
        place = self.place
        county = place.county and county_title(_bare_county(place.county), self.state)
        return ", ".join(part for part in (place.city, county, self.state, place.zip) if part)


class _Reading(NamedTuple):
    """What one of the things given (city, county, ZIP) says: the localities, and why in words."""

    candidates: tuple[Candidate, ...]
    why: str


def resolve(place: Place, fiscal_year: int, gazetteer: Gazetteer) -> Resolution:
    """The locality of `place` in a fiscal year, or why there is not one.

    Raises InputError where the place says nothing, or contradicts itself: a ZIP in another state than the city,
    a county the city does not lie in, a ZIP whose localities have nothing in common with the city's.
    """
    zip5 = zip_code(place.zip) if place.zip else ""
    city, county = place_key(place.city or ""), place_key(_bare_county(place.county or ""))
    if not (city or county or zip5):
        return _nothing_named(place, fiscal_year)
    state = state_code(place.state) if place.state else ""
    question = _Question(place, fiscal_year, gazetteer, city, state or "", county, zip5)
    if state is None:
        return _unknown_state(question)
    if outside := _outside(question):
        return outside
    if not state and (city or county):
        return _in_any_state(question)
    return _resolve_in_state(question)


def demand(resolution: Resolution) -> Locality:
    """The locality of a resolution. Raises PlaceNotResolved, saying what to type instead, when there is none."""
    if resolution.locality is not None:
        return resolution.locality
    raise PlaceNotResolved(
        resolution.reason,
        status=resolution.status,
        candidates=resolution.candidates,
        suggestions=resolution.suggestions,
        mend=resolution.mend,
    )


def _nothing_named(place: Place, fiscal_year: int) -> Resolution:
    if not place.state:
        raise InputError("no place is named", mend="give a city and state, a county and state, or a ZIP")
    code = state_code(place.state)
    name = STATE_NAMES[code] if code else place.state
    if code in OCONUS_STATES:
        return Resolution(OCONUS, place, fiscal_year, _department(name), mend=_DTMO)
    if name.lower().replace(" ", "~") in COUNTRIES:
        return Resolution(OCONUS, place, fiscal_year, _foreign(name), mend=_STATE_DEPARTMENT)
    likely = {"NY": ("New York City, NY",), "WA": ("Washington, DC",)}.get(code or "", ())
    mend = f'add the city: "City, {code or "ST"}"'
    return Resolution(UNRESOLVED, place, fiscal_year, f"{name} is a state, not a place in it", suggestions=likely, mend=mend)


_DTMO = "take the rate from the Defense Travel Management Office"
_STATE_DEPARTMENT = "take the rate from the Department of State's foreign per diem table"


def _department(name: str) -> str:
    return f"{name} is outside the contiguous United States: its rates are set by the Department of Defense (DTMO)"


def _foreign(name: str) -> str:
    return f"{name} is a foreign area: its rates are set by the Department of State"


def _unknown_state(question: _Question) -> Resolution:
    given = question.place.state or ""
    if place_key(given).replace(" ", "~") in COUNTRIES:
        return question.answer(OCONUS, _foreign(given), mend=_STATE_DEPARTMENT)
    name = question.city or question.county
    known = question.gazetteer.states(squash(name))[:5]
    suggestions = tuple(f"{spelled(name)}, {state}" for state in known)
    return question.answer(
        UNRESOLVED, f"{given!r} is not a state", suggestions=suggestions, mend="write the state's two letters, like FL"
    )


def _outside(question: _Question) -> Resolution | None:
    """Alaska, Hawaii and the territories, by state or by ZIP."""
    by_zip = question.zip[:3] in OCONUS_PREFIXES
    by_state = question.state in OCONUS_STATES
    if by_zip and question.state and not by_state:
        raise InputError(
            f"ZIP {question.zip} lies outside the contiguous states, not in {question.state}", mend=_WHICH
        )
    if by_state and question.zip and not by_zip:
        raise InputError(f"ZIP {question.zip} does not lie in {STATE_NAMES[question.state]}", mend=_WHICH)
    if by_state:
        return question.answer(OCONUS, _department(STATE_NAMES[question.state]), mend=_DTMO)
    if by_zip:
        return question.answer(OCONUS, _department(f"ZIP {question.zip}"), mend=_DTMO)
    return None


_WHICH = "correct the ZIP or the place, or give only one of them"


def _in_any_state(question: _Question) -> Resolution:
    """A place without a state: answered only where one state knows the name."""
    name = squash(question.city or question.county)
    states = list(question.gazetteer.states(name))
    if question.zip:
        rows = question.gazetteer.zip_rows(question.zip, question.fiscal_year)
        states = sorted({state for _, state in rows if state}) or states
    if len(states) == 1:
        return resolve(replace(question.place, state=states[0]), question.fiscal_year, question.gazetteer)
    if not states:
        suggestions = () if question.place.state else _close(question, question.gazetteer.names(""))
        reason = f"no place named {question.said()!r} is known"
        return question.answer(UNRESOLVED, reason, suggestions=suggestions, mend='write "City, ST", or give the ZIP')
    found = [resolve(replace(question.place, state=s), question.fiscal_year, question.gazetteer) for s in states]
    candidates = tuple(candidate for one in found for candidate in _candidates_of(one))
    suggestions = tuple(f"{spelled(question.city or question.county)}, {state}" for state in states)
    reason = f"{question.said()} is in {len(states)} states"
    return question.answer(AMBIGUOUS, reason, candidates=candidates, suggestions=suggestions, mend="add the state")


def _candidates_of(resolution: Resolution) -> tuple[Candidate, ...]:
    if resolution.candidates or resolution.locality is None:
        return resolution.candidates
    return (Candidate(resolution.locality, ""),)


def _resolve_in_state(question: _Question) -> Resolution:
    """A place whose state is known, or a bare ZIP."""
    by_zip = _by_zip(question) if question.zip else None
    county = _county_fact(question) if question.county else None
    if question.county and county is None:
        return _unknown_county(question)
    by_city = _by_city(question, county) if question.city else None
    by_county = _by_county(question, county) if county and not by_city else None
    place = by_city or by_county
    if place is None and by_zip is None:
        return _unknown(question)
    note = ""
    if question.city and by_city is None:
        note = f" ({question.place.city} itself is not in the tables)"
    elif question.zip and by_zip is None:
        note = f" (ZIP {question.zip} itself is not in the tables)"
    reading = _common(question, place, by_zip)
    return _settle(question, reading._replace(why=reading.why + note))


def _common(question: _Question, place: _Reading | None, by_zip: _Reading | None) -> _Reading:
    """What the place and the ZIP have in common. Raises InputError where that is nothing."""
    if place is None or by_zip is None:
        reading = place or by_zip
        assert reading is not None
        return reading
    allowed = {candidate.locality.id for candidate in by_zip.candidates}
    common = tuple(candidate for candidate in place.candidates if candidate.locality.id in allowed)
    if not common:
        raise InputError(
            f"ZIP {question.zip} and {_words(question.place.city or question.place.county)} contradict each other: "
            f"{by_zip.why}, but {place.why}",
            mend=_WHICH,
        )
    return _Reading(common, place.why if len(common) == len(place.candidates) else f"{by_zip.why}, and {place.why}")


def _words(name: str | None) -> str:
    return name or "the place"


def _by_zip(question: _Question) -> _Reading | None:
    rows = question.gazetteer.zip_rows(question.zip, question.fiscal_year)
    if not rows:
        return None
    here = [row for row in rows if not question.state or row[1] in (question.state, "")]
    if not here:
        states = " and ".join(sorted({state for _, state in rows}))
        raise InputError(f"ZIP {question.zip} lies in {states}, not in {question.state}", mend=_WHICH)
    candidates = []
    for did, state in here:
        listed = question.gazetteer.listed(did, question.fiscal_year)
        covers = listed.covers if listed and did else "outside every listed locality"
        candidates.append(Candidate(question.locality(did, question.state or state), covers))
    return _Reading(tuple(candidates), f"ZIP {question.zip} is listed under {_named(candidates)}")


def _named(candidates: Iterable[Candidate]) -> str:
    names = [f"{c.locality.name}, {c.locality.state}".rstrip(", ") for c in candidates]
    return " and ".join(dict.fromkeys(names))


def _known(question: _Question, key: str) -> list[Fact]:
    """What is known of a name in the state: as spelled, else but for spaces."""
    facts = question.gazetteer.facts(squash(key), question.state, question.fiscal_year)
    return [fact for fact in facts if fact.key == key] or list(facts)


def _city_facts(question: _Question) -> list[Fact]:
    """What is known of the city: by its name, else without "City of", "Township" and the like."""
    bare = _BEFORE.sub("", question.city)
    for key in dict.fromkeys((question.city, bare, _AFTER.sub("", bare))):
        if facts := [fact for fact in _known(question, key) if fact.kind != "county"]:
            return facts
    return []


def _by_city(question: _Question, county: Fact | None) -> _Reading | None:
    facts = _city_facts(question)
    if not facts:
        return None
    rows = _rows_in_counties(facts)
    own = sorted({fact.locality for fact in facts if fact.kind == "carve_in"})
    if own and (county is None or not rows or any(row.county == county.key for row in rows)):
        return _Reading(_plain(question, own), f"{question.place.city} has a locality of its own within its city limits")
    named = sorted({fact.locality for fact in facts if fact.kind == "destination"})
    if named and (county is None or _within(named, rows, county)):
        why = f"{question.place.city} is named in the destination {_named(_plain(question, named))}"
        return _Reading(_plain(question, named), why + _namesakes(question, named, rows))
    if county is not None:
        rows = [row for row in rows if row.county == county.key]
        if not rows:
            title = county_title(_county_name(county.key, question.state), question.state)
            raise InputError(
                f"{question.place.city} does not lie in {title}, {question.state}",
                mend=f"known there: {_counties_of(question, facts)}" if _rows_in_counties(facts) else "leave out the county",
            )
    return _by_rows(question, rows)


def _rows_in_counties(facts: Sequence[Fact]) -> list[Fact]:
    """The facts that say in which county a city lies, less the localities that leave the city out."""
    excluded = {fact.locality for fact in facts if fact.kind == "excluded"}
    rows = [fact for fact in facts if fact.kind in ("place", "town", "alias")]
    return [row._replace(locality=STANDARD_ID) if row.locality in excluded else row for row in rows]


def _within(named: Sequence[int], rows: Sequence[Fact], county: Fact) -> bool:
    """Whether the part of a destination's city in `county` is that city, and not a namesake elsewhere."""
    if county.locality in named:
        return True
    same_city = any(row.kind == "place" and row.locality in named for row in rows)
    return same_city and any(row.kind == "place" and row.county == county.key for row in rows)


def _namesakes(question: _Question, named: Sequence[int], rows: Sequence[Fact]) -> str:
    """A warning about other municipalities of the name, outside the destination."""
    other = {r.county for r in rows if not _within(named, rows, Fact("county", r.county, r.county, r.locality))}
    if not other:
        return ""
    titles = [county_title(_county_name(key, question.state), question.state) for key in sorted(other)]
    return f" (for the {question.place.city} in {' or '.join(titles)}, add the county)"


def _plain(question: _Question, localities: Iterable[int]) -> tuple[Candidate, ...]:
    listed = [(did, question.gazetteer.listed(did, question.fiscal_year)) for did in localities]
    return tuple(Candidate(question.locality(did), row.covers if row else "") for did, row in listed)


def _counties_of(question: _Question, facts: Sequence[Fact]) -> str:
    keys = dict.fromkeys(row.county for row in sorted(_rows_in_counties(facts), key=lambda row: row.county))
    return ", ".join(county_title(_county_name(key, question.state), question.state) for key in keys)


def _by_rows(question: _Question, rows: Sequence[Fact]) -> _Reading:
    """A city by the counties it lies in."""
    by_county = {row.county: row.locality for row in sorted(rows, key=lambda row: row.county)}
    candidates = tuple(
        Candidate(question.locality(did), _county_name(key, question.state)) for key, did in by_county.items()
    )
    return _Reading(candidates, f"{question.place.city} lies in {_counties_of(question, rows)}, {question.state}")


def _bare_county(text: str) -> str:
    """A county's name without "County", "Parish" or "City of" (which becomes "... city")."""
    text = " ".join(text.split())
    match = _COUNTY.match(text) or _COUNTY_OF.match(text)
    name = match.group(1) if match else text
    return f"{name[8:]} city" if name.lower().startswith("city of ") else name


def _county_fact(question: _Question) -> Fact | None:
    """The county named; an independent city also without its "city"."""
    for key in (question.county, f"{question.county} city"):
        for fact in _known(question, key):
            if fact.kind == "county":
                return fact
    return None


def _by_county(question: _Question, county: Fact) -> _Reading:
    name = _county_name(county.key, question.state)
    locality = question.locality(county.locality)
    why = f"{county_title(name, question.state)}, {question.state} belongs to {locality.name}"
    if county.locality == STANDARD_ID:
        why = f"{county_title(name, question.state)}, {question.state} is in no listed locality"
    elif (listed := question.gazetteer.listed(county.locality, question.fiscal_year)) and listed.covers:
        why += f" ({listed.covers})"
    return _Reading((Candidate(locality, name),), why)


def _settle(question: _Question, reading: _Reading) -> Resolution:
    """One locality, or several at equal rates, or the candidates."""
    by_id = {candidate.locality.id: candidate.locality for candidate in reading.candidates}
    if len(by_id) == 1:
        locality = next(iter(by_id.values()))
        standard = "; it is outside every listed locality, so the standard rate applies"
        why = reading.why + (standard if locality.id == STANDARD_ID else "")
        return question.answer(RESOLVED, why, locality=locality)
    rates = {listed.rates for did in by_id if (listed := question.gazetteer.listed(did, question.fiscal_year))}
    if len(rates) == 1:
        why = f"{reading.why}; its localities have equal rates in every month"
        chosen = by_id[min(did for did in by_id if did != STANDARD_ID)]
        return question.answer(RESOLVED, why, locality=chosen, candidates=reading.candidates)
    return question.answer(
        AMBIGUOUS,
        f"{question.said()} is in more than one locality at different rates: {_named(reading.candidates)}",
        candidates=reading.candidates,
        suggestions=_by_county_typed(question, reading.candidates),
        mend=_mend_ambiguous(question, reading.candidates),
    )


def _by_county_typed(question: _Question, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """What to type for each candidate."""
    if not question.city:
        return ()
    state = question.state
    return tuple(f"{question.place.city}, {county_title(c.county, state)}, {state}" for c in candidates)


def _mend_ambiguous(question: _Question, candidates: Sequence[Candidate]) -> str:
    typed = _by_county_typed(question, candidates)
    if typed:
        return "add the county: " + " or ".join(f'"{text}"' for text in typed[:6])
    return "add the city or the county and the state"


def _unknown_county(question: _Question) -> Resolution:
    name = county_title(_bare_county(question.place.county or ""), question.state)
    reason = f"{name} is not known in {STATE_NAMES[question.state]}"
    near = _close_keys(question.county, question.gazetteer.names(question.state))
    known = [key for key in near if any(fact.kind == "county" for fact in _known(question, key))]
    suggestions = tuple(
        f"{county_title(_county_name(key, question.state), question.state)}, {question.state}" for key in known
    )
    return question.answer(UNRESOLVED, reason, suggestions=suggestions, mend="check the county's spelling")


def _unknown(question: _Question) -> Resolution:
    if not question.city:
        reason = f"ZIP {question.zip} is not in the list of fiscal year {question.fiscal_year}"
        return question.answer(UNRESOLVED, reason, mend='check it, or give "City, ST" or the county')
    suggestions = _close(question, question.gazetteer.names(question.state))
    if any(fact.kind == "county" for fact in _known(question, question.city)):
        title = county_title(_county_name(question.city, question.state), question.state)
        suggestions = (f"{title}, {question.state}", *suggestions)
    return question.answer(
        UNRESOLVED,
        f"{question.place.city} is not known in {STATE_NAMES[question.state]}",
        suggestions=suggestions,
        mend="check the spelling, or give the ZIP or the county",
    )


def _close(question: _Question, names: Sequence[str]) -> tuple[str, ...]:
    """Known places with a name close to the one asked for; never an answer, only an offer."""
    near = _close_keys(question.city or question.county, names)
    return tuple(f"{spelled(name)}, {question.state}" if question.state else spelled(name) for name in near)


def _close_keys(key: str, names: Sequence[str]) -> list[str]:
    return get_close_matches(key, names, n=5, cutoff=0.75)
