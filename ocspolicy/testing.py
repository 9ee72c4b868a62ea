"""The kit for rule authors: cases that are examples, documentation and tests at once.

A case is an ordinary input of `ocspolicy check`: one YAML file, or a folder where it needs several files or a
configuration (`ocspolicy.toml`). It lies in `cases/<ID>/` inside the plugin's package. What the rule is to find
stands as a comment on the line of the finding, and a line without such a comment expects silence:

    servers:
      - {name: fe01, roles: [front-end], edition: standard}  # expect: ROL001 short=1

`fact=value` compares a fact of the finding (`certificate.owned=3` looks into it, a list is joined by commas,
blanks need quotes), or one of `severity`, `certainty`, `deployment` and `subject`. A line may expect several
findings, each after an `# expect:` of its own. A comment `# as-of: 2009-06-01` on the first line of a file sets
the day of judgement; without it the day is 2009-06-01, so that a case says the same for ever.

A test of a plugin needs no more than this:

    import pytest
    from ocspolicy.testing import Case, cases

    @pytest.mark.parametrize("case", cases("my_plugin"))
    def test_case(case: Case) -> None:
        case.check()
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .day import EXPECTED, read_day
from .finding import Finding, Report

if TYPE_CHECKING:
    from .load import Loaded

DAY = date(2009, 6, 1)
SUFFIXES = (".yaml", ".yml", ".json")
CONFIGURATIONS = ("ocspolicy.toml", "pyproject.toml")
RULE_ID = re.compile(r"[A-Z]{3}\d{3}")
EXPECTS = re.compile(r"#\s*expect:")
ABOUT = ("severity", "certainty", "deployment", "subject")


class Expected(NamedTuple):
    """A finding that a comment expects: of this rule, on this line (None: anywhere in the file), with these facts."""

    file: str
    line: int | None
    rule: str
    facts: Mapping[str, str]

    def __str__(self) -> str:
        """Give it as the comment does."""
        return " ".join((self.rule, *(f"{name}={value}" for name, value in self.facts.items())))


class Outcome(NamedTuple):
    """What running a case has shown: its faults, one line each, and the rules that found something."""

    faults: tuple[str, ...]
    fired: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a rule; `plugins` are packages to load besides the installed ones."""

    path: Path
    rule: str
    plugins: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name the case by its rule and what it shows."""
        return f"{self.rule}/{self.path.stem if self.path.is_file() else self.path.name}"

    def run(self) -> Outcome:
        """Judge the case with its rule alone, and compare what is found with what its comments expect."""
        loaded = self._load()
        wrong: list[str] = []
        expected = list(_expectations(loaded, self._root, wrong))
        report = self._judge(loaded, _day(loaded, wrong))
        wrong += [f"{problem.location or self.name}: {problem.message}" for problem in report.problems]
        wrong += _differences(report, expected)
        return Outcome(tuple(wrong), frozenset(finding.rule for finding in report.findings))

    def check(self) -> None:
        """Run the case and fail with all that differs.

        Raises:
            AssertionError: a finding is missing, or not expected, or the case could not be judged.
        """
        faults = self.run().faults
        if faults:
            raise AssertionError("\n".join((f"{self.path}:", *faults)))

    def report(self) -> Report:
        """Judge the case with its rule alone."""
        loaded = self._load()
        return self._judge(loaded, _day(loaded, []))

    @property
    def _root(self) -> Path:
        return self.path if self.path.is_dir() else self.path.parent

    def _load(self) -> Loaded:
        from . import load, settings
        from .snapshot import WorkTree

        root = str(self._root.resolve())
        worktree = WorkTree(root, is_git=False, cwd=root)
        found = settings.Settings()
        if self.path.is_dir():
            there = {name for name in CONFIGURATIONS if (self.path / name).is_file()}
            found = settings.find("", lambda file: worktree.read(file) if file in there else None)
        found = found._replace(select=(self.rule,), plugins=(*found.plugins, *self.plugins))
        paths = (".",) if self.path.is_dir() else (self.path.name,)
        return load.load(worktree, found, load.Request(paths, allow_local_plugins=True))

    @staticmethod
    def _judge(loaded: Loaded, day: date) -> Report:
        from .check import judged, situation

        return judged(loaded, situation(loaded, day))


def find_cases(folder: Path, plugins: Sequence[str] = ()) -> list[Case]:
    """Find the cases below a folder, sorted: whatever lies in a folder that is named like a rule."""
    folders = [it for it in (folder, *sorted(folder.rglob("*"))) if RULE_ID.fullmatch(it.name) and it.is_dir()]
    found = (
        Case(path, home.name, tuple(plugins))
        for home in folders
        for path in home.iterdir()
        if path.is_dir() or path.suffix in SUFFIXES
    )
    return sorted(found, key=lambda case: (case.path.parent, case.name))


def cases(package: str) -> list[Any]:
    """Give the cases in a plugin's package as pytest parameters, each a `Case` with an id.

    Args:
        package: the import name of the plugin.
    """
    import pytest

    return [pytest.param(case, id=case.name) for case in package_cases(package)]


def package_cases(package: str) -> list[Case]:
    """Give the cases in a plugin's package."""
    from importlib.util import find_spec

    spec = find_spec(package)
    homes = list(spec.submodule_search_locations or ()) if spec is not None else []
    return [case for home in homes for case in find_cases(Path(home) / "cases", (package,))]


def _day(loaded: Loaded, wrong: list[str]) -> date:
    """Read the day off the first lines of the case's files."""
    days: dict[str, str] = {}
    for file, source in sorted(loaded.sources.items()):
        first = source.comments[0] if len(source.comments) else None
        if first is not None and first.line == 1 and first.text[1:].strip().startswith("as-of:"):
            days[first.text.partition(":")[2].strip()] = file
    if len(days) > 1:
        wrong.append(f"found several days ({', '.join(sorted(days))}), expected one '# as-of:' for a case")
    for written, file in days.items():
        day = read_day(written)
        if day is not None:
            return day
        wrong.append(f"{file}:1: found '# as-of: {written}', {EXPECTED}")
    return DAY


def _expectations(loaded: Loaded, root: Path, wrong: list[str]) -> Iterator[Expected]:
    for file, source in sorted(loaded.sources.items()):
        for comment in source.comments:
            yield from _read(file, comment.line, comment.text, wrong)
    for file in CONFIGURATIONS:
        if root != Path() and loaded.settings.file == file:
            for number, line in enumerate((root / file).read_text(encoding="utf-8").splitlines(), 1):
                for expected in _read(file, number, line, wrong):
                    yield expected._replace(line=None)


def _read(file: str, line: int, text: str, wrong: list[str]) -> Iterator[Expected]:
    for said in EXPECTS.split(text)[1:]:
        try:
            rule, *facts = shlex.split(said)
            pairs = dict(fact.split("=", 1) for fact in facts)
        except ValueError:
            wrong.append(f"{file}:{line}: found '# expect:{said}', expected '# expect: ID fact=value'")
            continue
        yield Expected(file, line, rule, pairs)


def _differences(report: Report, expected: Iterable[Expected]) -> Iterator[str]:
    """Say which findings are missing and which are not expected; the most exact expectation is met first."""
    left = list(report.findings)
    for wanted in sorted(expected, key=lambda it: -len(it.facts)):
        here = [it for it in left if it.rule == wanted.rule and _stands_at(it, wanted)]
        met = next((it for it in here if not list(_unlike(it, wanted))), None)
        if met is not None:
            left.remove(met)
            continue
        found = "; ".join(f"{name}={value}" for name, value in _unlike(here[0], wanted)) if here else "none"
        yield f"{wanted.file}:{wanted.line or ''}: expected {wanted}, found {found}"
    for finding in left:
        yield f"{finding.location}: found {finding.rule} ({finding.message}), expected no such finding"


def _stands_at(finding: Finding, wanted: Expected) -> bool:
    where = finding.location
    if where is None or where.file != wanted.file:
        return False
    return wanted.line is None or (where.span is not None and where.span.line == wanted.line)


def _unlike(finding: Finding, wanted: Expected) -> Iterator[tuple[str, str]]:
    """Give the facts that differ from what is wanted, as they are."""
    for name, value in wanted.facts.items():
        found = _spelled(_fact(finding, name))
        if found != value:
            yield name, found


def _fact(finding: Finding, name: str) -> Any:  # noqa: ANN401 -- a fact is any JSON value
    value: Any = finding.facts
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return getattr(finding, name) if value is None and name in ABOUT else value


def _spelled(value: Any) -> str:  # noqa: ANN401 -- likewise
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ",".join(map(_spelled, value))
    return str(value)
