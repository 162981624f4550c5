"""Forms made from the table of questions: a box each, read as the claim form reads its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from perdiem_calc.text import capitalized
from perdiem_calc.web.answers import Draft, shown, why_unfit
from perdiem_calc.web.judging import Judged, Problem
from perdiem_calc.web.questions import Question, Section, Sections, questions_in

MOST_RADIOS = 4
LONGEST = 1000


def html_id(name: str) -> str:
    """The id of the box of a question.

    >>> html_id("trip.departed_at:day"), html_id("2026-10-04.night.tax")
    ('trip-departed_at-day', 'on-2026-10-04-night-tax')
    """
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", name)
    return f"on-{plain}" if plain[:1].isdigit() else plain


class Answer(forms.CharField):
    """The box of a question. What cannot be read is an error with what to type; nothing is required to be saved."""

    def __init__(self, question: Question) -> None:
        self.question = question
        super().__init__(
            required=False,
            label=question.label,
            help_text=question.hint,
            widget=widget_of(question),
            max_length=LONGEST,
        )

    def clean(self, value: Any) -> str:
        """The text as it was typed."""
        text = str(super().clean(value))
        if why := why_unfit(self.question, text):
            raise forms.ValidationError(capitalized(why))
        return text


def widget_of(question: Question) -> forms.Widget:
    """How a question is answered: in a box, in several lines, or by choosing."""
    attributes = {"class": f"box {question.width}", "autocomplete": "off"}
    if question.kind == "lines":
        return forms.Textarea(attrs={**attributes, "rows": 3})
    if is_radio(question):
        return forms.RadioSelect(choices=list(question.options.items()))
    if question.options:
        blank = [] if question.default else [("", "Choose")]
        return forms.Select(attrs=attributes, choices=[*blank, *question.options.items()])
    if question.kind in ("amount", "miles"):
        attributes["inputmode"] = "decimal"
    if question.kind in ("count", "zip"):
        attributes["inputmode"] = "numeric"
    if question.path.endswith(".city"):
        attributes["list"] = "cities"
    return forms.TextInput(attrs=attributes)


def is_radio(question: Question) -> bool:
    """Whether all its choices are shown at once."""
    return 0 < len(question.options) <= MOST_RADIOS and "meals." not in question.path


class QuestionForm(forms.Form):
    """The questions of some sections, with the answers of a draft or what was typed just now.

    The names of the boxes are the paths of the claim's fields, below `prefix` where there is one.
    """

    def __init__(
        self, sections: Sections, draft: Draft, typed: Mapping[str, str] | None = None, *, below: str = ""
    ) -> None:
        self.sections, self._below = sections, f"{below}." if below else ""
        data = {}
        for question in questions_in(sections):
            name = self._below + question.path
            answer = typed.get(name) if typed is not None else None
            data[name] = shown(draft, question) if answer is None else answer
            data[name] = data[name] or question.default
        super().__init__(data, auto_id=False)
        for question in questions_in(sections):
            name = self._below + question.path
            field = Answer(question)
            field.widget.attrs["id"] = html_id(name)
            self.fields[name] = field

    def box(self, question: Question) -> Box:
        """A question as the page shows it."""
        return Box(self[self._below + question.path], question)

    @cached_property
    def parts(self) -> list[tuple[Section, list[list[Box]], bool]]:
        """The sections, each with its lines of boxes, and whether it is unfolded: where one is answered or wrong."""
        found = []
        for section in self.sections:
            boxes = [self.box(question) for question in section.questions]
            unfolded = not section.rare or any(box.is_answered or box.errors for box in boxes)
            lines: list[list[Box]] = []
            for box in boxes:
                if box.question.joins and lines:
                    lines[-1].append(box)
                else:
                    lines.append([box])
            found.append((section, lines, unfolded))
        return found

    @property
    def answers(self) -> dict[str, str]:
        """What was typed, by the path of the question, as it is."""
        return {name.removeprefix(self._below): str(value) for name, value in self.data.items()}

    def take(self, judged: Judged, *, missing: bool, at: str = "") -> list[Problem]:
        """Add what the rules refuse to the boxes it is about; those about no box of this form are given back.

        `missing` says whether unanswered questions are errors too; `at` is the path of what the form is about.
        """
        others = []
        for problem in judged.problems:
            if not problem.path.startswith(at):
                continue
            if problem.is_missing and not missing:
                continue
            path = problem.path.removeprefix(at).lstrip(".")
            question = self._about(path)
            if question is None:
                others.append(problem)
                continue
            name = self._below + question.path
            if name not in self.errors:
                self.add_error(name, wording(problem, question))
        return others

    def _about(self, path: str) -> Question | None:
        every = list(questions_in(self.sections))
        exact = [question for question in every if question.field == path]
        return next(
            iter(exact or [question for question in every if path and question.field.startswith(f"{path}.")]), None
        )


def wording(problem: Problem, question: Question | None) -> str:
    """A problem in the words of its question."""
    if problem.is_missing and problem.what == "is missing" and question is not None:
        return f"Answer this: {question.label}"
    said = f"{problem.what}. {capitalized(problem.fix)}" if problem.fix else problem.what
    return f"{capitalized(said)}." if not said.endswith((".", "?")) else capitalized(said)


class Box:
    """One question on a page, for the templates."""

    def __init__(self, bound: BoundField, question: Question) -> None:
        self.bound, self.question = bound, question
        self.id = html_id(bound.html_name)
        self.is_group = is_radio(question)

    @property
    def errors(self) -> Sequence[str]:
        """What is wrong with the answer."""
        return [str(one) for one in self.bound.errors]

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer that says something."""
        value = self.bound.value()
        return value not in ("", "0.00", None, self.question.default)

    @property
    def focus_id(self) -> str:
        """The id of what a link to this question focuses: the first choice of several."""
        return f"{self.id}_0" if self.is_group else self.id

    @property
    def described_by(self) -> str:
        """The ids of its hint and error."""
        return " ".join([f"{self.id}-hint"] * bool(self.question.hint) + [f"{self.id}-error"] * bool(self.errors))

    @property
    def html(self) -> SafeString:
        """The box itself, with what a screen reader needs. Written here: Django takes half a page's time for it."""
        widget, value = self.bound.field.widget, str(self.bound.value() or "")
        attributes = {**widget.attrs, "name": self.bound.html_name, "id": self.id}
        if self.described_by:
            attributes["aria-describedby"] = self.described_by
        if self.errors:
            attributes["aria-invalid"] = "true"
        if isinstance(widget, forms.Textarea):
            return format_html("<textarea{}>\n{}</textarea>", flatatt(attributes), value)
        if isinstance(widget, forms.Select):
            choices = (
                (stored, mark_safe(" selected") if stored == value else "", words) for stored, words in widget.choices
            )
            options = format_html_join("", '<option value="{}"{}>{}</option>', choices)
            return format_html("<select{}>{}</select>", flatatt(attributes), options)
        return format_html("<input{}>", flatatt({"type": "text", **attributes, "value": value}))


def summary(boxes: Iterable[Box]) -> list[tuple[str, str]]:
    """The errors of a page for its summary: the id that each link focuses, and the message."""
    return [(box.focus_id, error) for box in boxes for error in box.errors]
