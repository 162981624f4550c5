"""How a line's amount came about, in sentences, with the citation and the source of the rate."""

from __future__ import annotations

from calendar import month_name

from perdiem_calc.dated import Law
from perdiem_calc.money import in_dollars
from perdiem_calc.rates.model import PerDiemRate
from perdiem_calc.rules.itemize import ItemizedClaim
from perdiem_calc.rules.lines import Line
from perdiem_calc.text import capitalized


def explain(itemized: ItemizedClaim, line_id: str, law: Law) -> tuple[str, ...]:
    """The sentences that explain one line of an itemized claim.

    Raises InputError for a line that is not there, naming those that are.
    """
    line = itemized.line(line_id)
    sentences = [_opening(line), _sentence(line.basis)]
    if line.rate is not None:
        sentences += _describe_rate(line, line.rate)
    for step in line.steps:
        citation = law.citation(step.rule, line.on)
        after = f"{in_dollars(step.before)} becomes {in_dollars(step.after)}"
        sentences.append(f"{_sentence(step.why)} {after} (rule {step.rule}: {citation}).")
    if not line.steps:
        sentences.append(f"{_sentence(line.reason)} Nothing is taken off.")
    rule = law.rules[line.rule]
    sentences.append(f"The rule: {_sentence(rule.title)} In force on {line.on}: {line.citation}.")
    return tuple(sentences)


def _opening(line: Line) -> str:
    claimed, allowed = in_dollars(line.amount_claimed), in_dollars(line.amount_allowed)
    kind = line.category.replace("_", " ")
    if line.group == "cap" or line.category in ("credit", "over_constructive_cost"):
        return f"Line {line.id}, {kind}: an adjustment of {allowed}."
    paid = ""
    if line.credit:
        paid = f"{in_dollars(line.cost_stated)} paid, {in_dollars(line.credit)} credited, "
    return f"Line {line.id}, {kind} on {line.on}: {paid}{claimed} claimed, {allowed} allowed."


def _describe_rate(line: Line, rate: PerDiemRate) -> list[str]:
    where = rate.locality.in_words
    year = rate.fiscal_year - (rate.month >= 10)
    when = f"{month_name[rate.month]} {year}"
    if line.group == "mie":
        tier = rate.mie
        meals = (
            f"breakfast {in_dollars(tier.breakfast)}, lunch {in_dollars(tier.lunch)}, "
            f"dinner {in_dollars(tier.dinner)}, incidentals {in_dollars(tier.incidental)}"
        )
        said = f"M&IE for {where}, {when}: {in_dollars(tier.total)} a day ({meals})."
    else:
        said = f"The lodging rate for {where}, {when}: {in_dollars(rate.lodging)} a night."
    source = rate.source
    return [
        said,
        *([f"Source of the rate: {source.published_as}."] if source.published_as else []),
        f"Read from: {source.kind} {source.name}, retrieved {source.retrieved_at}, SHA-256 {source.sha256}.",
        *(_sentence(doubt) for doubt in source.doubts),
    ]


def _sentence(text: str) -> str:
    text = capitalized(text)
    return text if text.endswith(".") else f"{text}."
