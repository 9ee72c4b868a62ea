"""What a person did who wrote what the parser refuses: one line, and the place where the hand slipped."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..errors import Problem
from .faults import cut
from .text import Text

_Answer = tuple[str, int, int]


class _Failure(NamedTuple):
    """What the parser says, and where; `began` is where the value that it was reading begins."""

    content: str
    context: str
    problem: str
    at: int
    began: int
    last_start: int
    last_end: int

    def line_start(self, at: int) -> int:
        return self.content.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        end = self.content.find("\n", at)
        return end if end >= 0 else len(self.content)

    def line(self, at: int) -> str:
        return self.content[self.line_start(at) : self.line_end(at)]

    def number(self, at: int) -> int:
        return self.content.count("\n", 0, at) + 1

    def indent(self, at: int) -> int:
        line = self.line(at)
        return len(line) - len(line.lstrip(" "))

    def word_end(self, at: int) -> int:
        found = _WORD.match(self.content, at)
        return found.end() if found else at

    def word(self, at: int) -> str:
        end = self.word_end(at)
        return (
            f"'{cut(self.content[at : min(end, at + 100)])}'"
            if end > at
            else ("the end of the file" if at >= len(self.content) else "the end of the line")
        )

    def answer(self, message: str, at: int | None = None, end: int | None = None) -> _Answer:
        start = self.at if at is None else at
        return message, start, self.word_end(start) if end is None else end


_WORD = re.compile(r"[^ \t\n]+")
_CONFLICT = re.compile(r"^<{7}(?= |$)", re.MULTILINE)
_TEMPLATE = re.compile(r"\{[{%]")
_PAIR = re.compile(r":(?: |$)")
_VERSION = re.compile(r"^%YAML[^\n]*", re.MULTILINE)
_GLUED = re.compile(r"\s*(?:- +)*([\w.-]+):(?=[^\s:/])")
_GLUED_DASH = re.compile(r"\s*(?:- +)*-(?=[^\s-])")
_WIDE_ESCAPE = re.compile(r"\\U([0-9A-Fa-f]{8})")
_LOOKED_AT = 200
_LONGEST_KEY = 1_024
_LAST_CHARACTER = 0x10FFFF


def explain(error: Exception, text: Text, last_start: int, last_end: int) -> Problem:
    """Say why a file cannot be parsed.

    Args:
        error: what the parser raised; marks and texts are used where it has them.
        text: the text of the file.
        last_start: where the last value begins that could be read.
        last_end: where it ends.
    """
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        message, start, end = _unmarked(error, text.content, last_end)
    else:
        began = getattr(error, "context_mark", None) or mark
        context, said = getattr(error, "context", None) or "", getattr(error, "problem", None) or ""
        failure = _Failure(text.content, str(context), str(said), mark.index, began.index, last_start, last_end)
        message, start, end = _diagnose(failure)
    return Problem("input", message, text.location(start, end))


def _unmarked(error: Exception, content: str, reached: int) -> _Answer:
    for escape in _WIDE_ESCAPE.finditer(content, reached):
        if int(escape[1], 16) > _LAST_CHARACTER:
            message = f"found the escape '{escape[0]}', expected a character that exists; the last is \\U0010FFFF"
            return message, escape.start(), escape.end()
    directive = _VERSION.search(content, reached)
    if directive:
        message = "found a directive that is not understood, expected '%YAML 1.2' or none; remove it"
        return message, directive.start(), directive.end()
    message = f"found something behind this place on which the parser fails ({type(error).__name__})"
    return f"{message}, expected YAML 1.2; simplify what follows", reached, reached


def _diagnose(failure: _Failure) -> _Answer:
    line_start, line_end = failure.line_start(failure.at), failure.line_end(failure.at)
    conflict = _CONFLICT.search(failure.content, 0, line_end)
    if conflict:
        message = f"found the mark of a merge conflict, '{conflict[0]}', expected YAML; resolve the conflict"
        return failure.answer(message, conflict.start(), conflict.end())
    template = _TEMPLATE.search(failure.content, line_start, line_end)
    if template:
        shown = cut(failure.content[template.start() : line_end])
        message = (
            f"found the template expression '{shown}', expected YAML; render the template first, or quote the text"
        )
        return failure.answer(message, template.start(), line_end)
    said = f"{failure.context}; {failure.problem}"
    for pattern, diagnosis in _DIAGNOSES:
        if re.search(pattern, said):
            return diagnosis(failure)
    return failure.answer(
        f"found {failure.word(failure.at)}, expected YAML 1.2; the parser says: {cut(failure.problem)}"
    )


def _open_quote(failure: _Failure) -> _Answer:
    quote = failure.content[failure.began]
    return failure.answer(f"found no closing {quote} for the text that begins here, expected one", failure.began)


def _bad_start(failure: _Failure) -> _Answer:
    character = failure.content[failure.at]
    if character == "\t":
        message = "found a tab, expected blanks; indent and separate with blanks only"
        return failure.answer(message, end=failure.at + 1)
    return failure.answer(
        f"found {failure.word(failure.at)}, expected quotes around a text that begins with {character}"
    )


def _bad_name(failure: _Failure) -> _Answer:
    sign = failure.content[failure.began]
    message = f"found {failure.word(failure.began)}, expected quotes around a text that begins with {sign}"
    return failure.answer(message, failure.began)


def _no_colon(failure: _Failure, at: int | None = None) -> _Answer:
    start = failure.began if at is None else at
    end = failure.line_end(start)
    line = failure.content[start:end]
    glued, glued_dash = _GLUED.match(line[:_LOOKED_AT]), _GLUED_DASH.match(line[:_LOOKED_AT])
    if len(line) > _LONGEST_KEY and _PAIR.search(line):
        return failure.answer("found a key of more than 1,024 characters, expected a shorter one", start, end)
    if glued:
        return failure.answer(f"found '{cut(line)}', expected a blank behind '{cut(glued[1])}:'", start, end)
    if glued_dash:
        return failure.answer(f"found '{cut(line)}', expected a blank behind '-'", start, end)
    return failure.answer(f"found '{cut(line)}' without a ':', expected 'key: value'", start, end)


def _stray_colon(failure: _Failure) -> _Answer:
    at, content = failure.at, failure.content
    start = failure.line_start(at)
    head = content[start:at]
    if at - start > _LONGEST_KEY and not _PAIR.search(head):
        return _no_colon(failure, start)
    if head.startswith("---") or _PAIR.search(head):
        return failure.answer("found a second ': ' in one line, expected one; put the value in quotes", end=at + 1)
    above = len(content[:start].rstrip(" \n")) - 1
    if above < 0 or head.rstrip().endswith(("'", '"')):
        return failure.answer("found ':' where no key can end, expected 'key: value' on one line", end=at + 1)
    if _PAIR.search(failure.line(above)) and failure.indent(at) > failure.indent(above):
        first = start + failure.indent(at)
        found = f"found {failure.word(first)} indented deeper than the line above, which has a value already"
        return failure.answer(f"{found}, expected the same indentation", first)
    return _no_colon(failure, failure.line_start(above) + failure.indent(above))


def _unexpected_in_block(failure: _Failure) -> _Answer:
    at, began = failure.at, failure.began
    start = failure.line_start(at)
    kind = "mapping" if "mapping" in failure.context else "list"
    place = f"the {kind} that begins in line {failure.number(began)}"
    column = began - failure.line_start(began)
    if failure.content[at : at + 1] in ("]", "}"):
        return _unopened(failure)
    if failure.content[start:at].strip(" -?"):
        return _behind_value(failure)
    if at - start == column and kind == "mapping":
        return failure.answer(f"found a list entry in {place}, expected 'key: value'")
    if at - start == column:
        return failure.answer(f"found {failure.word(at)} in {place}, expected '- ' before an entry")
    found = f"found an indentation of {at - start}, which is that of no line above"
    return failure.answer(f"{found}, expected {column} as in {place}")


def _behind_value(failure: _Failure) -> _Answer:
    content, start, end = failure.content, failure.last_start, failure.last_end
    word = failure.word(failure.at)
    quote = content[end - 1 : end]
    if quote not in ("'", '"') or end > failure.at:
        return failure.answer(f"found {word} behind a value, expected the end of the line")
    if "\n" in content[start:end]:
        found = f"found {word} behind a text in quotes that began in line {failure.number(start)}"
        return failure.answer(f"{found}, expected the end of the line; close the text with {quote} where it ends")
    step = "write '' for a quote inside single quotes" if quote == "'" else 'write \\" for a quote inside double quotes'
    return failure.answer(f"found {word} behind a text in quotes, expected the end of the line; {step}")


def _unopened(failure: _Failure) -> _Answer:
    closing = failure.content[failure.at]
    opening = "[" if closing == "]" else "{"
    return failure.answer(
        f"found '{closing}' without a '{opening}' before it, expected none; remove it", end=failure.at + 1
    )


def _unexpected_in_flow(failure: _Failure) -> _Answer:
    opening = failure.content[failure.began : failure.began + 1]
    closing = "]" if "sequence" in failure.context else "}"
    if "<stream end>" in failure.problem or "<document" in failure.problem:
        message = f"found no '{closing}' for the '{opening}' that stands here, expected one"
        return failure.answer(message, failure.began, failure.began + 1)
    line = failure.number(failure.began)
    found = f"found {failure.word(failure.at)} behind the '{opening}' of line {line}"
    return failure.answer(f"{found}, expected ',' or '{closing}'")


def _no_content(failure: _Failure) -> _Answer:
    if failure.content[failure.at : failure.at + 1] == ",":
        return failure.answer("found ',' without a value before it, expected a value", end=failure.at + 1)
    return failure.answer(f"found {failure.word(failure.at)}, expected a value")


def _bad_escape(failure: _Failure) -> _Answer:
    start = failure.at - 1
    shown = failure.content[start : failure.at + 1]
    step = "double the backslash, or use single quotes"
    return failure.answer(
        f"found '{shown}' in double quotes, expected an escape that exists; {step}", start, failure.at + 1
    )


def _behind_document(failure: _Failure) -> _Answer:
    if failure.content[failure.at : failure.at + 1] in ("]", "}"):
        return _unopened(failure)
    return failure.answer(f"found {failure.word(failure.at)}, expected '---' on a line of its own before a document")


def _at_problem(message: str) -> Callable[[_Failure], _Answer]:
    return lambda failure: failure.answer(message.format(word=failure.word(failure.at)))


def _at_context(message: str) -> Callable[[_Failure], _Answer]:
    return lambda failure: failure.answer(message.format(word=failure.word(failure.began)), failure.began)


# What the parser says, as a pattern on its context and its problem; the first that fits explains it.
_DIAGNOSES: tuple[tuple[str, Callable[[_Failure], _Answer]], ...] = (
    ("directive", _at_problem("found a directive that is not understood, expected '%YAML 1.2' or none; remove it")),
    ("incompatible YAML", _at_problem("found another version of YAML, expected '%YAML 1.2' or none; remove the line")),
    ("quoted scalar; found unexpected (?:end|document)", _open_quote),
    ("cannot start any token", _bad_start),
    ("scanning an (?:alias|anchor)", _bad_name),
    ("could not find expected ':'", _no_colon),
    ("mapping values are not allowed", _stray_colon),
    (
        "sequence entries are not allowed",
        _at_problem("found a list entry behind other text, expected it on a line of its own"),
    ),
    ("mapping keys are not allowed", _at_problem("found '?' behind other text, expected it on a line of its own")),
    ("expected <block end>", _unexpected_in_block),
    ("expected ',' or", _unexpected_in_flow),
    ("expected the node content", _no_content),
    ("unknown escape", _bad_escape),
    ("escape sequence", _at_problem("found {word} in an escape, expected hexadecimal digits")),
    ("block scalar", _at_problem("found {word} behind '|' or '>', expected the text on the next line")),
    (
        "more indented",
        _at_context("found an empty first line with more blanks than the text below, expected no blanks in it"),
    ),
    ("expected '<document start>'", _behind_document),
    ("after document end", _at_problem("found {word} behind '...', expected the end of the line")),
    ("tag handle", _at_context("found {word}, expected a tag that a %TAG line declares; leave the tag out")),
    ("tag", _at_context("found {word}, a tag that cannot be read, expected none; leave the tag out")),
    ("unexpected ':'", _at_problem("found ':' inside a text, expected a blank behind it, or quotes around the text")),
)
