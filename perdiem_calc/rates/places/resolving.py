"""From a place to its per diem locality, by what a gazetteer knows; never a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from perdiem_calc.errors import InputError, PlaceNotResolved
from perdiem_calc.rates.places.model import (
    AMBIGUOUS,
    OCONUS,
    RESOLVED,
    STANDARD_ID,
    UNRESOLVED,
    Candidate,
    Gazetteer,
    Locality,
    Place,
    Resolution,
)
from perdiem_calc.rates.places.names import (
    COUNTRIES,
    COUNTY,
    OCONUS_PREFIXES,
    OCONUS_STATES,
    STATE_NAMES,
    bare_county,
    county_title,
    place_key,
    spelled,
    squash,
    state_code,
)
from perdiem_calc.rates.places.parsing import zip_code
from perdiem_calc.rates.places.readings import (
    WHICH,
    Question,
    Reading,
    by_city,
    by_county,
    by_zip,
    county_fact,
    localities_in_words,
)

_DTMO = "get its file of rates and import it: perdiem ratebook import-dtmo FILE"
_STATE_DEPARTMENT = "take the rate from the Department of State's foreign per diem table"


def resolve(place: Place, fiscal_year: int, gazetteer: Gazetteer) -> Resolution:
    """The locality of `place` in a fiscal year, or why there is not one.

    Raises InputError where the place names nothing, or contradicts itself: a ZIP in another state than the
    city, a county the city does not lie in, a ZIP whose localities have nothing in common with the city's.
    """
    _require_text(place)
    if place.city and not place.county and COUNTY.match(place.city):
        place = replace(place, city=None, county=place.city)
    zip5 = zip_code(place.zip) if place.zip else ""
    city = (place_key(place.city) or place.city) if place.city else ""
    county = place_key(bare_county(place.county)) if place.county else ""
    state = state_code(place.state) if place.state else ""
    question = Question(place, fiscal_year, gazetteer, city, state or "", county, zip5)
    if state is None:
        return _unknown_state(question)
    if outside := _outside(question):
        return outside
    if not (city or county or zip5):
        return _state_alone(question)
    if not state and (city or county):
        return _in_any_state(question)
    return _in_the_state(question)


def _require_text(place: Place) -> None:
    """A command line may hold bytes that are no text; no table of places knows them, and none can be printed."""
    for part in (place.city, place.county, place.state):
        if part and not part.replace("\u00a0", " ").isprintable():
            raise InputError(
                "place.text.unreadable", f"{part[:40]!a} is not readable text", fix="type the place again"
            )
        if part and len(part) > LONGEST_NAME:
            raise InputError(
                "place.text.too-long",
                f"{part[:40]!a}... is longer than a place's name",
                fix="write a city and state, or a ZIP",
            )


ADD_STATE = "add the state"
LONGEST_NAME = 200
MOST_STATES = 5
"""With more states than these a place's name says too little to name them all in one sentence."""


def demand(resolution: Resolution) -> Locality:
    """The locality of a resolution; where there is none, PlaceNotResolved says what to type instead."""
    if resolution.locality is not None:
        return resolution.locality
    fix = resolution.fix
    if resolution.status == UNRESOLVED and resolution.suggestions:
        fix = f"perhaps {' or '.join(resolution.suggestions)}; {fix}"
    if fix == ADD_STATE and len(resolution.suggestions) <= MOST_STATES:
        fix = f"{fix}: {' or '.join(resolution.suggestions)}"
    raise PlaceNotResolved(
        resolution.reason,
        status=resolution.status,
        candidates=resolution.candidates,
        suggestions=resolution.suggestions,
        fix=fix,
    )


def _unknown_state(question: Question) -> Resolution:
    given = question.place.state or ""
    if place_key(given) in COUNTRIES:
        return _foreign(question, given)
    name = question.city or question.county
    known = [code for code in question.gazetteer.states(squash(name)) if _knows_county(question, code)][:5]
    return question.answer(
        UNRESOLVED,
        f"{given!r} is not a state",
        suggestions=tuple(_typed_in(question, state) for state in known),
        fix="write the state's two letters, like FL",
    )


def _foreign(question: Question, country: str) -> Resolution:
    reason = f"{country} is a foreign area: the Department of State sets its rates, not GSA"
    return question.answer(OCONUS, reason, fix=_STATE_DEPARTMENT)


def _outside(question: Question) -> Resolution | None:
    """Alaska, Hawaii and the territories, by state or by ZIP; None for everywhere else."""
    zip5, state = question.zip, question.state
    outside_zip, outside_state = zip5[:3] in OCONUS_PREFIXES, state in OCONUS_STATES
    if outside_zip and state and not outside_state:
        raise InputError(
            "place.zip.contradictory", f"ZIP {zip5} lies outside the contiguous states, not in {state}", fix=WHICH
        )
    if outside_state and zip5 and not outside_zip:
        raise InputError("place.zip.contradictory", f"ZIP {zip5} does not lie in {STATE_NAMES[state]}", fix=WHICH)
    if not (outside_zip or outside_state):
        return None
    where = STATE_NAMES[state] if outside_state else f"ZIP {zip5}"
    reason = f"{where} is outside the contiguous states: the Department of Defense (DTMO) sets its rates, not GSA"
    return question.answer(OCONUS, reason, fix=_DTMO)


def _state_alone(question: Question) -> Resolution:
    if not question.state:
        raise InputError(
            "place.empty", "no place is named", fix="give a city and state, a county and state, or a ZIP"
        )
    likely = {"NY": ("New York City, NY",), "WA": ("Washington, DC",)}.get(question.state, ())
    reason = f"{STATE_NAMES[question.state]} is a state, not a place in it"
    fix = f'add the city: "City, {question.state}"'
    return question.answer(UNRESOLVED, reason, suggestions=likely, fix=fix)


def _in_any_state(question: Question) -> Resolution:
    """A place without a state: answered only where one state knows it."""
    name = question.city or question.county
    states = [state for state in question.gazetteer.states(squash(name)) if _knows_county(question, state)]
    foreign = question.city in COUNTRIES
    if question.zip:
        states, foreign = _states_of_zip(question, states), False
    if not states and foreign:
        return _foreign(question, question.said())
    if not states:
        reason = f"no place named {question.said()!r} is known"
        near = tuple(spelled(key) for key in _close_keys(name, question.gazetteer.names("")))
        return question.answer(UNRESOLVED, reason, suggestions=near, fix='write "City, ST", or the ZIP')
    found = [resolve(replace(question.place, state=s), question.fiscal_year, question.gazetteer) for s in states]
    if len(found) == 1 and not foreign:
        return found[0]
    abroad = "a foreign area, and " if foreign else ""
    return question.answer(
        AMBIGUOUS,
        f"{question.said()} is {abroad}in {len(states)} state{'s' * (len(states) > 1)}",
        candidates=tuple(candidate for one in found for candidate in _candidates_of(one)),
        suggestions=tuple(_typed_in(question, state) for state in states),
        fix=ADD_STATE,
    )


def _typed_in(question: Question, state: str) -> str:
    """What to type for the same place in a state."""
    county = question.county and question._replace(state=state).county_title(question.county)
    return ", ".join(part for part in (spelled(question.city), county, state) if part)


def _knows_county(question: Question, state: str) -> bool:
    """Whether a state has the county named, and in it the city named; yes where no county is."""
    if not question.county:
        return True
    here = question._replace(state=state)
    county = county_fact(here)
    try:
        return county is not None and (not question.city or by_city(here, county) is not None)
    except InputError:
        return False


def _states_of_zip(question: Question, known: list[str]) -> list[str]:
    """Those of the states that know a place in which its ZIP lies. Raises InputError where there is none."""
    rows = question.gazetteer.zip_rows(question.zip, question.fiscal_year)
    of_zip = sorted({state for _, state in rows if state})
    if not (known and of_zip):
        return of_zip or known
    if both := [state for state in of_zip if state in known]:
        return both
    where, what = " and ".join(of_zip), question._replace(zip="").said()
    fix = "correct the ZIP or the place, or add the state"
    raise InputError(
        "place.zip.contradictory", f"ZIP {question.zip} lies in {where}, where {what} is not known", fix=fix
    )


def _candidates_of(resolution: Resolution) -> tuple[Candidate, ...]:
    if resolution.candidates or resolution.locality is None:
        return resolution.candidates
    return (Candidate(resolution.locality, ""),)


def _in_the_state(question: Question) -> Resolution:
    """A place whose state is known, or a bare ZIP."""
    zip_reading = by_zip(question) if question.zip else None
    place: Reading | None = None
    county = county_fact(question) if question.county else None
    if question.county and county is None:
        if question.city or not (place := by_city(_named_like_a_county(question), None)):
            return _unknown_county(question)
    elif question.city:
        place = by_city(question, county)
    note = ""
    if question.city and place is None:
        note = f" ({question.place.city} itself is not in the tables)"
    elif question.zip and zip_reading is None:
        note = f" (ZIP {question.zip} itself is not in the tables)"
    if county and place is None:
        place = by_county(question, county)
    if place and zip_reading:
        reading = _common(question, place, zip_reading)
    elif found := place or zip_reading:
        reading = found
    else:
        return _unknown(question)
    return _settle(question, reading._replace(why=reading.why + note) if note else reading)


def _named_like_a_county(question: Question) -> Question:
    """ "Macon-Bibb County" as the name of a city, where no such county is known."""
    place = replace(question.place, city=f"{question.place.county} County")
    return question._replace(place=place, city=f"{question.county} county")


def _common(question: Question, place: Reading, zip_reading: Reading) -> Reading:
    """What the place and the ZIP have in common. Raises InputError where that is nothing."""
    allowed = {candidate.locality.id for candidate in zip_reading.candidates}
    if place.beside & allowed:
        return place
    common = tuple(candidate for candidate in place.candidates if candidate.locality.id in allowed)
    if not common:
        raise InputError(
            "place.zip.contradictory",
            f"ZIP {question.zip} and {question.place.city or question.place.county} contradict each other: "
            f"{zip_reading.why}, but {place.why}",
            fix=WHICH,
        )
    narrowed = len(common) < len(place.candidates)
    return Reading(common, f"{place.why}, and {zip_reading.why}" if narrowed else place.why)


def _settle(question: Question, reading: Reading) -> Resolution:
    """One locality, or several at equal rates, or the candidates."""
    by_id = {candidate.locality.id: candidate.locality for candidate in reading.candidates}
    if len(by_id) == 1:
        (locality,) = by_id.values()
        standard = ": the standard rate applies" if locality.id == STANDARD_ID else ""
        return question.answer(RESOLVED, reading.why + standard, locality=locality)
    if len({question.gazetteer.listed(did, question.fiscal_year).rates for did in by_id}) == 1:
        why = f"{reading.why}; its localities have equal rates in every month"
        chosen = by_id[min(did for did in by_id if did != STANDARD_ID)]
        return question.answer(RESOLVED, why, locality=chosen, candidates=reading.candidates)
    typed = _typed(question, reading.candidates)
    fix = "add the city, or the county and the state"
    if typed:
        fix = "add the county: " + " or ".join(f'"{text}"' for text in typed[:6])
    where = localities_in_words(reading.candidates)
    reason = f"{question.said()} is in more than one locality at different rates: {where}"
    return question.answer(AMBIGUOUS, reason, candidates=reading.candidates, suggestions=typed, fix=fix)


def _typed(question: Question, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """What to type for each candidate of a city."""
    if not question.city:
        return ()
    city, state = question.place.city, question.state
    return tuple(f"{city}, {county_title(candidate.county, state)}, {state}" for candidate in candidates)


def _unknown_county(question: Question) -> Resolution:
    name = county_title(bare_county(question.place.county or ""), question.state)
    reason = f"{name} is not known in {STATE_NAMES[question.state]}"
    near = _close_keys(question.county, question.gazetteer.names(question.state))
    known = [key for key in near if question.facts(key, county=True)]
    suggestions = tuple(f"{question.county_title(key)}, {question.state}" for key in known)
    return question.answer(UNRESOLVED, reason, suggestions=suggestions, fix="check the county's spelling")


def _unknown(question: Question) -> Resolution:
    if not question.city:
        reason = f"ZIP {question.zip} is not in the list of fiscal year {question.fiscal_year}"
        return question.answer(UNRESOLVED, reason, fix='check it, or give "City, ST" or the county')
    state = question.state
    keys = [key for key in _close_keys(question.city, question.gazetteer.names(state)) if key != question.city]
    suggestions = [f"{spelled(key)}, {state}" for key in keys]
    if question.facts(question.city, county=True):
        suggestions.insert(0, f"{question.county_title(question.city)}, {state}")
    if question.city.endswith(" city") and question.facts(without_city := question.city.removesuffix(" city")):
        suggestions.insert(0, f"{spelled(without_city)}, {state}")
    return question.answer(
        UNRESOLVED,
        f"{question.place.city} is not known in {STATE_NAMES[state]}",
        suggestions=tuple(suggestions),
        fix="check the spelling, or give the ZIP or the county",
    )


def _close_keys(key: str, names: Sequence[str]) -> list[str]:
    """Known names close to one that is not known; never an answer, only an offer."""
    from difflib import get_close_matches  # only who mistyped waits for it

    return get_close_matches(key, names, n=5, cutoff=0.75)
