"""The page of a rule: what it finds, why, what to do, whose word it is, and examples that run."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, NamedTuple

from ..rule import summary
from .page import Block, Code, Heading, Pairs, Prose, Table
from .wording import capital, sources, statements

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..plugins import Registered
    from ..rule import Rule

SECTIONS = ("Why", "Remedy")


class Example(NamedTuple):
    """An input that shows a rule: its files by name, and the day on which it is judged.

    `place` is where it lies on this machine, None on a page for other machines. It is a folder where
    `whole` is true.
    """

    fires: bool
    files: tuple[tuple[str, str], ...]
    day: str
    whole: bool
    place: str | None = None


def rule_page(
    registered: Registered, catalog: Catalog, examples: Sequence[Example], *, alone: bool = True
) -> list[Block]:
    """Give the page of a rule; one that does not stand alone leaves out whose words its sources are."""
    rule = registered.rule
    blocks: list[Block] = [Heading(1, f"{rule.id} {rule.name}: a rule"), *_prose(rule)]
    blocks += [Heading(2, "Configuration"), *_configuration(registered)]
    blocks += (sources if alone else statements)(rule.sources, catalog)
    for example in examples:
        blocks += _example(rule, example)
    return blocks


def overview(rules: Sequence[Registered]) -> list[Block]:
    """Give the table of all rules."""
    rows = tuple((it.rule.id, it.rule.name, str(it.rule.severity), summary(it.rule)) for it in rules)
    return [Table(("rule", "name", "severity", "finds"), rows)]


def _prose(rule: type[Rule[Any]]) -> list[Block]:
    """Read the docstring: paragraphs, and sections that begin with `Why:` and `Remedy:`."""
    blocks: list[Block] = []
    for paragraph in cleandoc(rule.__doc__ or "").split("\n\n"):
        text = " ".join(paragraph.split())
        for line in _sections(text):
            title, _, rest = line.partition(": ")
            blocks += [Heading(2, title), Prose(capital(rest))] if title in SECTIONS else [Prose(line)]
    return blocks


def _sections(text: str) -> list[str]:
    """Split a paragraph where a section begins: two may stand on neighboring lines."""
    for title in SECTIONS:
        text = text.replace(f" {title}: ", f"\n{title}: ")
    return text.split("\n")


def _configuration(registered: Registered) -> list[Block]:
    rule = registered.rule
    severity = f"{rule.severity} by default"
    rows = [("severity", f"{severity}; always on, never waived or lowered" if rule.always_on else severity)]
    if not rule.waivable and not rule.always_on:
        rows.append(("waivers", "it cannot be waived"))
    rows.append(("plugin", registered.plugin))
    fields: Mapping[str, Any] = getattr(rule.options, "model_fields", {})
    options = [(f"rules.{rule.id}.{field.alias or name}", _option(field)) for name, field in fields.items()]
    return [Pairs((*rows, *options))]


def _option(field: Any) -> str:  # noqa: ANN401 -- pydantic's, which is imported only where a rule has options
    default = "needed" if field.is_required() else f"default: {field.get_default(call_default_factory=True)!r}"
    return f"{field.description} ({default})" if field.description else default


def _example(rule: type[Rule[Any]], example: Example) -> list[Block]:
    name = "An example that fires" if example.fires else "An example that stays silent"
    blocks: list[Block] = [Heading(2, name)]
    for file, text in example.files:
        label = [Prose(f"{file}:")] if len(example.files) > 1 or example.whole else []
        blocks += [*label, Code(text, "toml" if file.endswith(".toml") else "yaml")]
    lead, command = _run(rule, example)
    return [*blocks, Prose(lead), Code(command, "sh")]


def _run(rule: type[Rule[Any]], example: Example) -> tuple[str, str]:
    # A rule about the findings of others says nothing when it is alone.
    judged = f"--as-of {example.day}" if rule.needs_verdict else f"--select {rule.id} --as-of {example.day}"
    if example.place is None:
        if example.whole:
            return "Saved in a folder of their own, judged there:", f"ocspolicy check {judged}"
        return f"Saved as {example.files[0][0]}:", f"ocspolicy check {example.files[0][0]} {judged}"
    command = "ocspolicy test" if example.whole else f"ocspolicy check {judged}"
    # Only the path may be longer than a screen, and a shell goes on after the backslash.
    return "To run it:", f"{command} \\\n  {shlex.quote(example.place)}"
