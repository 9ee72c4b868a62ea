import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

import pytest
from golden_files import GOLDEN, compare
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import validators
from read_back import Link, message_of, unshown
from report_samples import EDGE02, SAMPLES, WAIVER, report, reports, shortage, texts

from ocspolicy.errors import Problem
from ocspolicy.finding import Certainty, Related, Report, RuleInfo, Severity, Waived
from ocspolicy.place import Location, Span
from ocspolicy.report import render
from ocspolicy.report.sanitize import shown

STANDARD = Path(os.environ.get("SARIF_SCHEMA", "sarif-2.1.0.json"))


def run_of(any_report: Report) -> Any:
    log = json.loads(render(any_report, "sarif"))
    assert log["$schema"] == "https://json.schemastore.org/sarif-2.1.0.json"
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def result_of(**changed: Any) -> Any:
    (result,) = run_of(report(findings=(shortage(**changed),)))["results"]
    return result


@pytest.mark.parametrize("sample", SAMPLES)
def test_sarif(sample: str) -> None:
    compare(GOLDEN / "report" / sample / "sarif.json", render(SAMPLES[sample], "sarif"))


@pytest.mark.skipif(not STANDARD.is_file(), reason="$SARIF_SCHEMA does not name sarif-2.1.0.json")
@settings(deadline=None, max_examples=10)
@given(st.sampled_from(list(SAMPLES.values())) | reports)
def test_the_schema_of_the_standard_holds(any_report: Report) -> None:
    schema = json.loads(STANDARD.read_text("utf-8"))
    validators.validator_for(schema)(schema).validate(json.loads(render(any_report, "sarif")))


@settings(deadline=None, max_examples=100)
@given(reports)
def test_what_github_needs_is_there(any_report: Report) -> None:
    run = run_of(any_report)
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(any_report.findings)
    assert [rule["id"] for rule in rules] == list(dict.fromkeys(rule["id"] for rule in rules))
    for rule in rules:
        assert 1 <= len(rule["shortDescription"]["text"]) <= 1024
        assert 1 <= len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
    for result, found in zip(run["results"], any_report.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == shown(found.rule)
        (location,) = result["locations"]
        place = location["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert unquote(uri, errors="surrogateescape") == (found.location.file if found.location else ".")
        region = place.get("region", {"startLine": 1})
        assert all(number >= 1 for number in region.values())
        assert region.get("endLine", region["startLine"]) == region["startLine"]
        assert [place["id"] for place in result["relatedLocations"]] == list(range(1, len(found.related) + 1))
        assert bool(result.get("suppressions")) == bool(found.waived)


@settings(deadline=None, max_examples=200)
@given(texts, texts)
def test_any_text_reads_back_and_is_no_link(message: str, remedy: str) -> None:
    result = result_of(message=message, remedy=remedy, related=())
    expected = f"{message}; {remedy}" if remedy else message
    assert [unshown(str(part)) for part in message_of(result["message"]["text"])] == ([expected] if expected else [])
    (notification,) = run_of(report(problems=(Problem("input", message),)))["invocations"][0][
        "toolExecutionNotifications"
    ]
    assert [unshown(str(part)) for part in message_of(notification["message"]["text"])] == (
        [message] if message else []
    )


@settings(deadline=None, max_examples=100)
@given(st.lists(texts, min_size=1, max_size=3))
def test_only_related_places_are_links(messages: list[str]) -> None:
    related = tuple(Related(message, EDGE02) for message in messages)
    parts = message_of(result_of(message="[a](1)", remedy="", related=related)["message"]["text"])
    assert parts[0] == "[a](1); see "
    links = [part for part in parts if isinstance(part, Link)]
    assert [(unshown(link.text), link.destination) for link in links] == [
        (f"emea.yaml:13:5: {message}", str(number)) for number, message in enumerate(messages, start=1)
    ]


@pytest.mark.parametrize("text", [r"[x\](http://evil.example)", r"[x\\](http://evil.example)", "[x](1)", "x](1)", "[x"])
def test_no_backslash_of_a_name_sets_a_link_free(text: str) -> None:
    assert message_of(result_of(message=text, remedy="", related=())["message"]["text"]) == [text]


@settings(deadline=None)
@given(texts.filter(str.strip))
def test_what_a_rule_says_is_inert_markdown(text: str) -> None:
    rules = (RuleInfo("ROL001", "n", Severity.ERROR, "p", text, text),)
    (rule,) = run_of(report(rules=rules))["tool"]["driver"]["rules"]
    head, _, foot = rule["help"]["markdown"].partition("\n\n")
    assert foot == r"For examples and sources run\: ocspolicy explain ROL001"
    assert head[:2] == head[-2:] == "**"
    acting = r"[-!#$&()*+.:<=>@\[\\\]_`{|}~]"
    assert all(len(mark) == 2 for mark in re.findall(rf"\\[!-/:-@\[-`{{-~]|{acting}", head[2:-2]))
    plain = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", head[2:-2])
    assert plain == " ".join(" ".join(map(shown, text.split("\n"))).split())


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ((), "ocspolicy/"),
        ((".",), "ocspolicy/./"),
        (("estates/emea",), "ocspolicy/estates/emea/"),
        (("a", "b"), "ocspolicy/a+b/"),
    ],
    ids=str,
)
def test_two_uses_on_different_paths_have_different_categories(scope: tuple[str, ...], expected: str) -> None:
    assert run_of(report(scope=scope))["automationDetails"]["id"] == expected


def test_a_category_of_many_paths_stays_short() -> None:
    found = [run_of(report(scope=(*"x" * 300, last)))["automationDetails"]["id"] for last in "ab"]
    assert found[0] != found[1]
    assert all(re.fullmatch("ocspolicy/[0-9a-f]{32}/", one) for one in found)


def test_the_exact_texts_are_there_beside_what_is_shown() -> None:
    given = {"deployment": "a\u202eb", "subject": "x\ny", "remedy": "[z]\x1b"}
    properties = result_of(**given)["properties"]
    assert {key: properties[key] for key in given} == given


def test_a_place_of_several_lines_keeps_to_the_first() -> None:
    location = result_of(location=Location("a b/ü:%.yaml", Span(4, 3, 9, 2), "/pools/0"), excerpt="- a\n  b")[
        "locations"
    ][0]
    assert location == {
        "physicalLocation": {
            "artifactLocation": {"uri": "a%20b/%C3%BC%3A%25.yaml"},
            "region": {"startLine": 4, "startColumn": 3, "endLine": 4},
            "contextRegion": {"startLine": 4, "endLine": 5, "snippet": {"text": "- a\n  b"}},
        },
        "logicalLocations": [{"fullyQualifiedName": "/pools/0"}],
    }


def test_a_name_that_is_no_utf8_keeps_its_bytes() -> None:
    uri = result_of(location=Location("na\udce9ve.yaml"))["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote_to_bytes(uri) == b"na\xe9ve.yaml"


@pytest.mark.parametrize("name", ["x\ud800y", "x\ud83d\udce9"], ids=ascii)
def test_other_surrogates_end_in_no_error(name: str) -> None:
    assert result_of(location=Location(name))["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].isascii()


def test_related_places_are_linked_from_the_message() -> None:
    related = tuple(Related(f"[also] {number}", EDGE02) for number in range(5))
    result = result_of(related=related, remedy="", message="short (see [x](1))")
    assert result["message"]["text"] == (
        "short (see \\[x\\](1)); see [emea.yaml:13:5: \\[also\\] 0](1), [emea.yaml:13:5: \\[also\\] 1](2),"
        " [emea.yaml:13:5: \\[also\\] 2](3) and 2 more"
    )
    assert len(result["relatedLocations"]) == 5


def test_at_most_a_hundred_related_places() -> None:
    assert len(result_of(related=(Related("x", EDGE02),) * 150)["relatedLocations"]) == 100


@pytest.mark.parametrize(
    ("place", "kind"),
    [(WAIVER, "external"), (Location("emea.yaml", Span(13, 40, 13, 80), "/servers/2"), "inSource")],
    ids=["a document", "a comment"],
)
def test_a_waived_finding_is_suppressed(place: Location, kind: str) -> None:
    (suppression,) = result_of(waived=Waived("ordered", "2009-06-30", "it-finance", place))["suppressions"]
    assert suppression["kind"] == kind
    assert suppression["status"] == "accepted"
    assert suppression["justification"] == "until 2009-06-30 by it-finance: ordered"
    assert suppression["properties"] == {"approvedBy": "it-finance", "expiryUtc": "2009-06-30T23:59:59Z"}


def test_problems_are_the_failure_of_the_tool() -> None:
    assert run_of(SAMPLES["short"])["invocations"] == [
        {"executionSuccessful": True, "exitCode": 1, "toolExecutionNotifications": []}
    ]
    (invocation,) = run_of(SAMPLES["problem"])["invocations"]
    assert not invocation["executionSuccessful"]
    assert [note["descriptor"]["id"] for note in invocation["toolExecutionNotifications"]] == ["input", "git"]
    assert invocation["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 16


@pytest.mark.parametrize(
    ("severity", "level", "problem"),
    [
        (Severity.ERROR, "error", "error"),
        (Severity.WARNING, "warning", "warning"),
        (Severity.INFO, "note", "recommendation"),
    ],
)
def test_severities(severity: Severity, level: str, problem: str) -> None:
    rules = (RuleInfo("ROL001", "n", severity, "p"),)
    run = run_of(report(rules=rules, findings=(shortage(severity=severity),)))
    assert run["results"][0]["level"] == level
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["defaultConfiguration"]["level"] == level
    assert rule["properties"]["problem.severity"] == problem


@pytest.mark.parametrize(
    ("certainties", "precision"),
    [
        ([], "very-high"),
        ([Certainty.CERTAIN], "very-high"),
        ([Certainty.CERTAIN, Certainty.DISPUTED], "medium"),
        ([Certainty.UNDETERMINED, Certainty.DISPUTED], "low"),
    ],
    ids=str,
)
def test_the_precision_of_a_rule_is_that_of_its_least_certain_finding(
    certainties: list[Certainty], precision: str
) -> None:
    findings = tuple(shortage(certainty=certainty) for certainty in certainties)
    rules = {rule["id"]: rule for rule in run_of(report(findings=findings))["tool"]["driver"]["rules"]}
    assert rules["ROL001"]["properties"]["precision"] == precision


def test_the_fingerprint_is_ours() -> None:
    assert result_of()["partialFingerprints"] == {"ocspolicyFindingId/v1": shortage().fingerprint}
