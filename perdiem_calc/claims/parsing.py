"""What was refused when a claim was read: each field's path, what is wrong with it, how to fix it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from perdiem_calc.claims.fields import shortened, shown, without_ssn
from perdiem_calc.claims.model import Claim
from perdiem_calc.errors import InputError, InputErrors

FIXES = {  # by pydantic's kind of error: code, what, fix
    "missing": ("claim.field.missing", "is missing", "add it"),
    "extra_forbidden": ("claim.field.unknown", "is not a field of a claim", "check the spelling, or leave it out"),
    "string_type": ("claim.text.no-text", "is not text", "write it in quotation marks"),
    "string_unicode": ("claim.text.unreadable", "is not readable text", "type it again"),
    "string_too_short": ("claim.text.empty", "is empty", "fill it in, or leave the field out"),
    "string_too_long": ("claim.text.too-long", "is too long", "shorten it"),
    "too_long": ("claim.list.too-long", "is too long", "shorten it"),
    "too_short": ("claim.list.empty", "is an empty list", "add at least one entry"),
    "model_type": ("claim.group.invalid", "is not a group of fields", "write its fields in braces"),
    "tuple_type": ("claim.list.invalid", "is not a list", "write the entries in square brackets"),
    "dict_type": ("claim.group.invalid", "is not a group of fields", "write its fields in braces"),
}
_PATTERNS = {
    "claim_id": "use letters, digits, points, hyphens and underscores, like 2026-ORL-0001",
    "zip": "write five digits, like 32801",
    "line": "write the capital N of a night, T of its tax or E of an expense with its number, like N2, T2 or E1; a "
    "credit against M&IE names no line",
}


def parse_claim(data: object) -> Claim:
    """The claim that `data` (as from JSON or TOML) states.

    Raises InputErrors with every refusal: the field's path, what is wrong, how to fix it. A Social Security
    number is never repeated.

    >>> parse_claim({"schema": "perdiem-claim/1"})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    perdiem_calc.errors.InputErrors: claim_id: is missing; add it...
    """
    try:
        return Claim.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        refused = [_refusal(detail) for detail in details if not _only_follows(detail, details)]
    raise InputErrors(refused)


def path_of(parts: Iterable[int | str]) -> str:
    """A field's path as people read it.

    >>> path_of(("lodging", 0, "room_rate")), path_of(("agency", "na\\nme"))
    ('lodging[0].room_rate', "agency.'na\\\\nme'")
    """
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            name = shortened(without_ssn(part))
            path += f".{name if name.isprintable() else ascii(name)}"
    return path.removeprefix(".")


def _only_follows(detail: ErrorDetails, details: Sequence[ErrorDetails]) -> bool:
    """Whether a list is refused as too short only because its entries are refused."""
    at = detail["loc"]
    return detail["type"] == "too_short" and any(other["loc"][: len(at)] == at < other["loc"] for other in details)


def _refusal(detail: ErrorDetails) -> InputError:
    """One of pydantic's errors as ours, without any Social Security number that was given."""
    said = _describe(detail)
    refused = InputError(said.code, without_ssn(said.what), where=without_ssn(said.where), fix=said.fix)
    refused.check = str(detail.get("ctx", {}).get("check", ""))
    return refused


def _describe(detail: ErrorDetails) -> InputError:
    parts = [part for part in detail["loc"] if part != "[key]"]
    where = path_of(parts) or "the claim"
    context: Mapping[str, object] = detail.get("ctx", {})
    kind = detail["type"]
    if kind == "claim":
        return InputError(
            str(context["code"]), str(context["what"]), where=path_of([*parts, *_inner(context)]) or "the claim"
        )
    if kind in FIXES:
        code, what, fix = FIXES[kind]
        return InputError(code, what, where=where, fix=fix)
    given = shown(detail["input"])
    if kind == "literal_error":
        what = f"{given} is none of the possible values"
        return InputError("claim.choice.unknown", what, where=where, fix=f"write {context['expected']}")
    if kind == "string_pattern_mismatch":
        return InputError(
            "claim.pattern.mismatch", f"{given} has the wrong shape", where=where, fix=_PATTERNS[str(parts[-1])]
        )
    if kind == "value_error":
        return InputError("claim.value.invalid", detail["msg"].removeprefix("Value error, "), where=where)
    return InputError(
        "claim.value.impossible", f"{given} is not possible: {detail['msg'].removeprefix('Input ')}", where=where
    )


def _inner(context: Mapping[str, object]) -> list[str]:
    inner = str(context["where"])
    return [inner] if inner else []
