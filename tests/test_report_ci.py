"""The formats that a CI system reads from standard output or as its own report, parsed back as it does."""

import json
import re
from typing import Any, NamedTuple

import pytest
from golden_files import GOLDEN, compare
from hypothesis import given, settings
from report_samples import DISPUTED, EDGE02, PARTNERS, SAMPLES, WAIVED, report, reports, shortage, texts

from ocspolicy.errors import Problem
from ocspolicy.finding import Report, RuleInfo, Severity
from ocspolicy.place import Location
from ocspolicy.report import render
from ocspolicy.report.sanitize import shown
from ocspolicy.report.wording import last_line


class Command(NamedTuple):
    kind: str
    properties: dict[str, str]
    message: str


def github_commands(text: str) -> tuple[list[Command], list[str]]:
    """Read the lines as the runner does: trimmed, up to the second pair of colons, unescaped afterwards."""
    commands, plain = [], []
    for line in text.split("\n")[:-1]:
        trimmed = line.lstrip()
        head, separator, data = trimmed[2:].partition("::")
        if not trimmed.startswith("::") or not separator:
            plain.append(line)
            continue
        kind, _, given_properties = head.partition(" ")
        pairs = (pair.split("=", 1) for pair in given_properties.split(",") if "=" in pair)
        properties = {name: unescaped(value, {"%3A": ":", "%2C": ","}) for name, value in pairs}
        commands.append(Command(kind, properties, unescaped(data, {})))
    return commands, plain


def unescaped(text: str, more: dict[str, str], percent: str = "%25") -> str:
    for escape, char in ({"%0D": "\r", "%0A": "\n"} | more).items():
        text = text.replace(escape, char)
    return text.replace(percent, "%")


def azure_commands(text: str) -> tuple[list[Command], list[str]]:
    """Read the lines as the agent does: a command anywhere in a line, its properties up to the first bracket."""
    commands, plain = [], []
    for line in text.split("\n")[:-1]:
        at = line.lower().find("##vso[")
        if at < 0:
            plain.append(line)
            continue
        head, _, data = line[at + 6 :].partition("]")
        kind, _, given_properties = head.partition(" ")
        pairs = (pair.split("=", 1) for pair in given_properties.split(";") if "=" in pair)
        properties = {name: unescaped(value, {"%5D": "]", "%3B": ";"}, "%AZP25") for name, value in pairs}
        commands.append(Command(kind, properties, unescaped(data, {}, "%AZP25")))
    return commands, plain


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize(
    ("name", "file"), [("github", "github.txt"), ("gitlab", "gitlab.json"), ("azure", "azure.txt")]
)
def test_ci(sample: str, name: str, file: str) -> None:
    compare(GOLDEN / "report" / sample / file, render(SAMPLES[sample], name))


@settings(deadline=None, max_examples=200)
@given(texts, texts)
def test_github_reads_any_text_back(text: str, name: str) -> None:
    place = Location(f"a{text}", EDGE02.span)
    found = shortage(message=text, name=name, location=place, related=(), remedy="")
    commands, plain = github_commands(render(report(findings=(found,), deployments=(text,)), "github"))
    assert commands == [
        Command(
            "error",
            {
                "file": shown(f"a{text}"),
                "line": "13",
                "endLine": "13",
                "col": "5",
                "endColumn": "50",
                "title": f"ROL001 {shown(name)}",
            },
            shown(text),
        )
    ]
    assert len(plain) == 1


@settings(deadline=None, max_examples=100)
@given(reports)
def test_github_is_given_our_commands_and_no_others(any_report: Report) -> None:
    text = render(any_report, "github")
    commands, plain = github_commands(text)
    assert len(commands) == len(any_report.findings) + len(any_report.problems)
    assert plain == [last_line(any_report)]
    assert {command.kind for command in commands} <= {"error", "warning", "notice"}
    assert "##[" not in text
    kinds = [command.kind for command in commands]
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index)


def test_github_takes_no_columns_for_a_place_of_several_lines() -> None:
    commands, _ = github_commands(render(report(findings=(DISPUTED,)), "github"))
    assert PARTNERS.span is not None
    assert commands[0].properties == {
        "file": "emea.yaml",
        "line": "18",
        "endLine": "21",
        "title": "CAL003 external-authenticated-access",
    }


@pytest.mark.parametrize(
    ("count", "commands", "last"), [(10, 10, None), (11, 10, "and 2 more"), (40, 10, "and 31 more")]
)
def test_github_shows_ten_of_a_kind_and_is_told_of_the_rest(count: int, commands: int, last: str | None) -> None:
    findings = tuple(shortage(key=(str(number),), subject=str(number)) for number in range(count))
    found, plain = github_commands(render(report(findings=(*findings, DISPUTED)), "github"))
    errors = [command for command in found if command.kind == "error"]
    assert len(errors) == commands
    assert len(found) == commands + 1
    assert (last is None) == errors[-1].message.startswith("1 of 4")
    assert last is None or errors[-1].message.startswith(last)
    assert plain[0].startswith(f"failed: {count} errors")


def test_github_sees_a_waived_finding_as_a_notice() -> None:
    commands, _ = github_commands(render(report(findings=(shortage(waived=WAIVED),)), "github"))
    assert commands[0].kind == "notice"
    assert commands[0].message.split("\n")[1].startswith("waived until 2009-06-30 by it-finance: ")


def test_github_sees_a_problem_first() -> None:
    broken = report(problems=(Problem("git", "no git"),), findings=(shortage(),))
    commands, _ = github_commands(render(broken, "github"))
    assert commands[0] == Command("error", {"title": "could not judge"}, "could not judge: no git")


@settings(deadline=None, max_examples=200)
@given(texts, texts)
def test_azure_reads_any_text_back(text: str, name: str) -> None:
    place = Location(f"a{text}", EDGE02.span)
    found = shortage(message=text, rule=name, location=place, remedy="")
    (command,), plain = azure_commands(render(report(findings=(found,), rules=()), "azure"))
    assert command.kind == "task.logissue"
    assert command.properties == {
        "type": "error",
        "sourcepath": shown(f"a{text}"),
        "linenumber": "13",
        "columnnumber": "5",
        "code": shown(name),
    }
    assert command.message == shown(f"{name} server-license-shortage: {text}")
    assert len(plain) == 1


@settings(deadline=None, max_examples=100)
@given(reports)
def test_azure_is_given_our_commands_and_no_others(any_report: Report) -> None:
    text = render(any_report, "azure")
    commands, plain = azure_commands(text)
    errors = any_report.count(Severity.ERROR) + len(any_report.problems)
    assert [command.properties["type"] for command in commands].count("error") == errors
    assert len(commands) == errors + any_report.count(Severity.WARNING)
    assert len(commands) + len(plain) == len(any_report.findings) + len(any_report.problems) + 1
    assert plain[-1] == last_line(any_report)
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in text.split("\n"))


def items_of(any_report: Report) -> Any:
    return json.loads(render(any_report, "gitlab"))


@settings(deadline=None, max_examples=100)
@given(reports)
def test_gitlab_is_given_an_item_for_all(any_report: Report) -> None:
    items = items_of(any_report)
    assert len(items) == len(any_report.findings) + len(any_report.problems)
    fingerprints = [item["fingerprint"] for item in items]
    assert len(set(fingerprints)) == len(items)
    assert all(re.fullmatch("[0-9a-f]{32}", fingerprint) for fingerprint in fingerprints)
    for item in items:
        assert set(item) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert item["severity"] in {"info", "minor", "major", "blocker"}
        assert item["location"]["lines"]["begin"] >= 1


def test_gitlab_is_given_an_empty_array_when_nothing_was_found() -> None:
    assert render(SAMPLES["clean"], "gitlab") == "[]\n"


@settings(deadline=None)
@given(texts)
def test_gitlab_reads_any_text_back(text: str) -> None:
    (item,) = items_of(report(findings=(shortage(message=text, location=Location(f"a{text}")),)))
    assert item["description"] == shown(f"ROL001: {text}")
    assert item["location"] == {"path": shown(f"a{text}"), "lines": {"begin": 1}}


def test_gitlab_is_given_no_fingerprint_twice() -> None:
    items = items_of(report(findings=(shortage(), shortage(message="again"), shortage(message="once more"))))
    assert items[0]["fingerprint"] == shortage().fingerprint
    assert len({item["fingerprint"] for item in items}) == 3


def test_gitlab_keeps_a_fingerprint_when_numbers_and_lines_change() -> None:
    (before,) = items_of(report(findings=(shortage(),)))
    changed = shortage(message="2 of 5 server licenses are missing", location=Location("emea.yaml"), facts={})
    (after,) = items_of(report(findings=(changed,)))
    assert before["fingerprint"] == after["fingerprint"]


@pytest.mark.parametrize(
    ("severity", "waivable", "waived", "expected"),
    [
        (Severity.ERROR, True, None, "major"),
        (Severity.ERROR, False, None, "blocker"),
        (Severity.ERROR, True, WAIVED, "info"),
        (Severity.WARNING, True, None, "minor"),
        (Severity.WARNING, False, None, "minor"),
        (Severity.INFO, True, None, "info"),
    ],
)
def test_gitlab_severities(severity: Severity, *, waivable: bool, waived: Any, expected: str) -> None:
    rules = (RuleInfo("ROL001", "server-license-shortage", Severity.ERROR, "ocspolicy", waivable=waivable),)
    (item,) = items_of(report(rules=rules, findings=(shortage(severity=severity, waived=waived),)))
    assert item["severity"] == expected


def test_gitlab_sees_a_problem_as_a_blocker() -> None:
    (item,) = items_of(report(problems=(Problem("git", "no git"),)))
    assert item["severity"] == "blocker"
    assert item["location"] == {"path": ".", "lines": {"begin": 1}}
