"""The formats that a CI system reads from standard output or as its own report, parsed back as it does."""

import json
import re
from typing import Any, NamedTuple

import pytest
from golden_files import GOLDEN, compare
from hypothesis import given, settings
from read_back import unshown
from report_samples import DISPUTED, EDGE02, PARTNERS, SAMPLES, WAIVED, WAIVER, report, reports, shortage, texts

from ocspolicy.errors import Problem
from ocspolicy.finding import Related, Report, RuleInfo, Severity, Waived
from ocspolicy.place import Location, Span
from ocspolicy.report import View, render, renderer
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
    (command,) = commands
    assert {key: unshown(value) for key, value in command.properties.items()} == {
        "file": f"a{text}",
        "line": "13",
        "endLine": "13",
        "col": "5",
        "endColumn": "50",
        "title": f"ROL001 {name}",
    }
    assert (command.kind, unshown(command.message)) == ("error", text)
    assert len(plain) == 1


@settings(deadline=None)
@given(texts, texts)
def test_a_waiver_and_a_problem_read_back(text: str, who: str) -> None:
    waived = shortage(message="m", waived=Waived(text, "2009-06-30", who or "a", WAIVER), remedy="", related=())
    told = f"waived until 2009-06-30 by {who or 'a'}: {text}"
    made = report(findings=(waived,), problems=(Problem("input", text),))
    annotations, _ = github_commands(render(made, "github"))
    assert [unshown(one.message) for one in annotations] == [f"could not judge: {text}", f"m\n{told}"]
    problem, item = items_of(made)
    assert unshown(problem["description"]) == f"could not judge: {text}"
    assert unshown(item["description"]) == f"ROL001: m ({told})"
    for form in ("azure", "concise"):
        line = render(made, form).split("\n")[1]
        assert unshown(line) == f"emea.yaml:13:5: waived[ROL001] m ({told})"


@settings(deadline=None, max_examples=100)
@given(reports)
def test_github_is_given_our_commands_and_no_others(any_report: Report) -> None:
    text = render(any_report, "github")
    commands, plain = github_commands(text)
    assert len(commands) == len(any_report.findings) + len(any_report.problems)
    assert plain[-1] == last_line(any_report)
    assert len(plain) == 1
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
    ("count", "commands", "last"),
    [(10, 10, None), (11, 10, "and 2 more, named in the log of this step"), (40, 10, "and 31 more, named in")],
)
def test_github_shows_ten_of_a_kind_and_is_told_of_the_rest(count: int, commands: int, last: str | None) -> None:
    findings = tuple(
        shortage(message=f"1 of 4, {number}", key=(str(number),), subject=f"{number:02}") for number in range(count)
    )
    found, plain = github_commands(render(report(findings=(*findings, DISPUTED)), "github"))
    errors = [command for command in found if command.kind == "error"]
    assert len(errors) == commands
    assert len(found) == commands + 1
    assert (last is None) == errors[-1].message.startswith("1 of 4")
    assert last is None or errors[-1].message.startswith(last)
    assert plain[-1].startswith(f"failed: {count} errors")
    assert len(plain) == 1 + (0 if last is None else count - 9)
    told = "\n".join([*(command.message for command in found), *plain])
    assert all(f"1 of 4, {number}\n" in f"{told}\n" for number in range(count))


@pytest.mark.parametrize(
    ("count", "last"), [(10, "see "), (11, "and 1 more related place"), (19, "and 9 more related places")]
)
def test_github_is_told_how_many_related_places_are_left_out(count: int, last: str) -> None:
    related = tuple(Related("is uncovered too", EDGE02) for _ in range(count))
    ((command,), _) = github_commands(render(report(findings=(shortage(related=related, remedy=""),)), "github"))
    assert command.message.split("\n")[-1].startswith(last)


def test_github_log_lines_are_no_commands() -> None:
    place = Location("::error::x", EDGE02.span)
    found = tuple(shortage(message="##[error]", key=(str(number),), location=place) for number in range(12))
    commands, plain = github_commands(render(report(findings=found), "github"))
    assert len(commands) == 10
    assert plain[0] == r"\u003a:error::x:13:5: error[ROL001] \u0023#[error]"


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
    assert {key: unshown(value) for key, value in command.properties.items()} == {
        "type": "error",
        "sourcepath": f"a{text}",
        "linenumber": "13",
        "columnnumber": "5",
        "code": name,
    }
    assert unshown(command.message) == f"{name} server-license-shortage: {text}"
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
    assert unshown(item["description"]) == f"ROL001: {text}"
    assert unshown(item["location"].pop("path")) == f"a{text}"
    assert item["location"] == {"lines": {"begin": 1}}


@pytest.mark.parametrize(
    ("base", "file", "path", "aside"),
    [
        ("", "estate.yaml", "estate.yaml", ""),
        ("est", "estate.yaml", "est/estate.yaml", ""),
        ("a/b", "../c d.yaml", "a/c d.yaml", ""),
        ("", "../outside/lic enses.yaml", ".", " (../outside/lic enses.yaml:13:5)"),
        ("est", "../../x.yaml", ".", " (../../x.yaml:13:5)"),
        ("../other", "estate.yaml", ".", " (estate.yaml:13:5)"),
        ("", "/etc/x.yaml", ".", " (/etc/x.yaml:13:5)"),
    ],
)
def test_gitlab_paths_are_those_of_the_project(base: str, file: str, path: str, aside: str) -> None:
    place = Location(file, EDGE02.span)
    made = report(findings=(shortage(message="m", location=place),), problems=(Problem("input", "p", place),))
    problem, item = json.loads(renderer("gitlab")(made, View(base=base)))
    assert item["location"] == problem["location"] == {"path": path, "lines": {"begin": 1 if aside else 13}}
    assert item["description"] == f"ROL001: m{aside}"
    assert problem["description"] == f"could not judge: p{aside}"


def test_gitlab_keeps_the_fingerprint_of_a_problem_when_lines_and_numbers_change() -> None:
    def fingerprint(message: str, line: int, file: str = "b.yaml") -> str:
        place = Location(file, Span(line, 1, line, 2))
        (item,) = items_of(report(problems=(Problem("input", message, place),)))
        return str(item["fingerprint"])

    before = fingerprint("found fe01 twice, first at a.yaml:3:18, expected at most 1,000", 4)
    assert fingerprint("found fe01 twice, first at a.yaml:13:1, expected at most 2,000", 9) == before
    assert fingerprint("found fe02 twice, first at a.yaml:3:18, expected at most 1,000", 4) != before
    assert fingerprint("found fe01 twice, first at a.yaml:3:18, expected at most 1,000", 4, "c.yaml") != before


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
