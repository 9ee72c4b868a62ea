import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from golden_files import GOLDEN, compare
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from report_samples import EDGE02, EVIL, SAMPLES, json_values, report, reports, shortage

from ocspolicy.errors import JudgementError, Problem
from ocspolicy.finding import Certainty, Report, Severity, Summary
from ocspolicy.place import Location
from ocspolicy.report import FORMATS, render
from ocspolicy.report.load import read_result, read_saved
from ocspolicy.report.shape import schema

VALIDATOR = Draft202012Validator(schema())


def result_of(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(render(SAMPLES[name], "json"))
    return value


def test_the_committed_schema_is_the_one_that_is_made() -> None:
    path = Path(__file__).parents[1] / "schemas" / "result.schema.json"
    compare(path, json.dumps(schema(), indent=2) + "\n")


def test_the_schema_is_strict_and_describes_every_key() -> None:
    Draft202012Validator.check_schema(schema())
    shapes = [schema(), *schema()["$defs"].values()]
    for shape in shapes:
        assert shape["additionalProperties"] is False
        assert shape["required"] == list(shape["properties"])
        assert shape["description"]
        for key, value in shape["properties"].items():
            assert value.get("description"), key


@pytest.mark.parametrize("sample", SAMPLES)
def test_json(sample: str) -> None:
    text = render(SAMPLES[sample], "json")
    VALIDATOR.validate(json.loads(text))
    compare(GOLDEN / "report" / sample / "result.json", text)


def test_the_keys_of_the_contract() -> None:
    result = result_of("short")
    assert list(result) == [
        "schema", "asOf", "scope", "tool", "failOn", "plugins", "rules", "deployments", "findings", "position",
        "why", "waivers", "problems", "summary",
    ]  # fmt: skip
    assert result["findings"][1] == {
        "rule": "ROL001",
        "name": "server-license-shortage",
        "severity": "error",
        "certainty": "certain",
        "message": "1 of 4 server licenses is missing",
        "deployment": "contoso-emea",
        "subject": "edge02.contoso.example",
        "location": {
            "file": "emea.yaml", "line": 13, "column": 5, "endLine": 13, "endColumn": 50, "path": "/servers/2"
        },
        "excerpt": "  - {name: edge02.contoso.example, roles: [edge]}",
        "related": [
            {
                "message": "holds 3 licenses",
                "location": {
                    "file": "inventory.yaml", "line": 4, "column": 5, "endLine": 4, "endColumn": 98,
                    "path": "/licenses/0",
                },
            }
        ],
        "facts": {
            "license": "server", "required": 4, "owned": 3, "short": 1,
            "certificate": {
                "required": 4, "owned": 3, "short": 1,
                "deployments": ["contoso-emea"], "lines": ["inventory.yaml#/licenses/0"], "serves": [3],
            },
        },
        "remedy": shortage().remedy,
        "source": ["S 12", "P 13", "S 15"],
        "fingerprint": shortage().fingerprint,
        "waived": None,
    }  # fmt: skip
    assert result["position"][1] == {
        "product": "ocs-2007-r2", "license": "server", "edition": "standard", "metric": None,
        "required": 1, "owned": 0, "balance": -1,
    }  # fmt: skip
    assert result["summary"] == {
        "deployments": 1, "inventories": 1, "lines": 2, "rules": 4, "sharing": [],
        "skipped": {"files": 0, "documents": 0, "links": 0},
        "error": 2, "warning": 0, "info": 0, "waived": 0, "undetermined": 0, "passed": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sample", "passed"),
    [
        ("clean", True),
        ("waived", True),
        ("disputed", True),
        ("short", False),
        ("problem", False),
        ("never", True),
    ],
)
def test_passed_is_the_exit_status(sample: str, *, passed: bool) -> None:
    assert result_of(sample)["summary"]["passed"] is passed


def test_a_waiver_and_a_problem() -> None:
    waived = result_of("waived")
    assert waived["findings"][0]["waived"] == {
        "reason": "EA order 778 signed, delivery in June",
        "expires": "2009-06-30",
        "approvedBy": "it-finance",
        "location": waived["waivers"][0]["location"],
    }
    assert waived["waivers"][0]["state"] == "used"
    assert result_of("problem")["problems"][1] == {
        "kind": "git",
        "message": "found no git, expected it on the PATH; install git or name the files to judge",
        "location": None,
        "excerpt": None,
    }


def as_saved(of: Report) -> Report:
    """A report without what its findings are known by is made of: a result holds the fingerprint alone."""
    return of._replace(findings=tuple(it._replace(key=(), saved_fingerprint=it.fingerprint) for it in of.findings))


@settings(deadline=None, max_examples=120)
@given(reports)
def test_a_result_reads_back_as_the_report(any_report: Report) -> None:
    text = render(any_report, "json")
    assert read_saved(text) == (as_saved(any_report), ())


@settings(deadline=None, max_examples=60)
@given(reports)
def test_a_result_is_valid_ascii_and_inert(any_report: Report) -> None:
    text = render(any_report, "json")
    VALIDATOR.validate(json.loads(text))
    assert text.isascii()
    assert all(char.isprintable() or char == "\n" for char in text)
    assert "##[" not in text
    assert "##vso[" not in text.lower()
    assert not any(line.lstrip().startswith("::") for line in text.split("\n"))


def test_hostile_text_arrives_as_it_was() -> None:
    read = read_result(render(SAMPLES["hostile"], "json"))
    assert read.findings[-1].message == EVIL
    assert render(read, "json") == render(SAMPLES["hostile"], "json")


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("na\udce9ve.yaml", r"na\udce9ve.yaml"),
        ("\\\udce9", r"\\\udce9"),
        (r"\udce9", r"\\udce9"),
        (r"C:\new\udder \\host \udcE9", r"C:\new\udder \\host \udcE9"),
        ("😀\ud83d", "😀" + r"\ud83d"),
        ("\\😀", "\\😀"),
    ],
    ids=["no UTF-8", "after a backslash", "only looks like one", "looks like none", "after a real pair", "a real pair"],
)
def test_a_lone_surrogate_becomes_text_that_every_reader_takes_and_that_reads_back(name: str, saved: str) -> None:
    text = render(report(findings=(shortage(location=Location(name), facts={name: name}),)), "json")
    found = json.loads(text)["findings"][0]
    assert found["location"]["file"] == saved
    assert found["facts"] == {saved: saved}
    assert read_result(text).findings[0].location == Location(name)


@pytest.mark.parametrize("form", FORMATS)
@settings(deadline=None, max_examples=25)
@given(any_report=reports)
def test_every_format_of_a_saved_result_is_that_of_the_judgement(form: str, any_report: Report) -> None:
    assert render(read_result(render(any_report, "json")), form) == render(any_report, form)


@pytest.mark.parametrize(
    ("fact", "kind"),
    [
        ({1, 2}, "set"),
        (float("nan"), "float"),
        (float("inf"), "float"),
        (10**16, "int"),
        ({1: "a"}, "dict"),
        (b"x", "bytes"),
    ],
    ids=str,
)
def test_a_fact_that_is_no_json_is_a_problem_of_its_plugin(fact: object, kind: str) -> None:
    with pytest.raises(JudgementError, match=f"found a fact of type {kind} in a finding of ROL001") as caught:
        render(report(findings=(shortage(facts={"x": [fact]}),)), "json")
    assert caught.value.problems[0].kind == "plugin"


def test_facts_that_never_end_are_a_problem_of_their_plugin() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(JudgementError, match="nested at most 64 deep"):
        render(report(findings=(shortage(facts={"x": endless}),)), "json")


def test_tuples_and_enumerations_in_facts_are_plain_json() -> None:
    text = render(report(findings=(shortage(facts={"x": (Severity.ERROR, 1)}),)), "json")
    assert json.loads(text)["findings"][0]["facts"] == {"x": ["error", 1]}


def changed(path: str, value: Any, sample: str = "short") -> str:
    """Give a saved result with one value changed, or taken away where the value is `...`."""
    result = result_of(sample)
    *way, last = (int(token) if token.isdigit() else token for token in path.split("/")[1:])
    inner: Any = result
    for token in way:
        inner = inner[token]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(result, indent=2)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            "/schema",
            "ocspolicy/result/v2",
            "found 'ocspolicy/result/v2' at /schema, expected 'ocspolicy/result/v1'",
        ),
        ("/asOf", "1 June", "found '1 June' at /asOf, expected a day such as 2009-06-01"),
        ("/failOn", "fatal", "found 'fatal' at /failOn, expected 'error', 'warning', 'info' or 'never'"),
        ("/findings", {}, "found an object at /findings, expected a list"),
        (
            "/findings/0/severity",
            "off",
            "found 'off' at /findings/0/severity, expected 'error', 'warning' or 'info'",
        ),
        (
            "/findings/0/fingerprint",
            "x",
            "found 'x' at /findings/0/fingerprint, expected 32 digits of 0 to 9 and a to f",
        ),
        (
            "/findings/0/location/line",
            0,
            "found 0 at /findings/0/location/line, expected greater than or equal to 1",
        ),
        (
            "/findings/0/location/line",
            True,
            "found true at /findings/0/location/line, expected a whole number",
        ),
        (
            "/findings/0/location/line",
            "7",
            "found '7' at /findings/0/location/line, expected a whole number",
        ),
        (
            "/findings/0/location/line",
            None,
            "found an object at /findings/0/location, expected four numbers or",
        ),
        ("/findings/0/message", None, "found null at /findings/0/message, expected a text"),
        ("/findings/0/message", ..., "found no key 'message' at /findings/0, expected one in a result"),
        (
            "/findings/0/remady",
            "x",
            "found the unknown key 'remady' at /findings/0; did you mean 'remedy' or ",
        ),
        ("/findings/0/facts/x", 1e300, "found the number 1.000e+300, expected at most 1000000000000000"),
        ("/position/1/balance", 0, "found 0 at /position/1/balance, expected owned less required, -1"),
        ("/summary/error", 0, "found 0 at /summary/error, expected 2, as the findings and problems"),
        (
            "/summary/passed",
            True,
            "found true at /summary/passed, expected false, as the findings and problems",
        ),
        ("/summary/undetermined", 1, "found 1 at /summary/undetermined, expected 0"),
        (
            "/summary/skipped/links",
            -1,
            "found -1 at /summary/skipped/links, expected greater than or equal to 0",
        ),
        ("/tool/name", "other", "found 'other' at /tool/name, expected 'ocspolicy'"),
        ("/tool", [], "found a list at /tool, expected an object"),
        ("/scope", "x", "found 'x' at /scope, expected a list"),
    ],
)
def test_a_wrong_result_is_told_with_its_place(path: str, value: Any, message: str) -> None:
    with pytest.raises(JudgementError) as caught:
        read_result(changed(path, value), "saved.json")
    problem = caught.value.problems[0]
    assert problem.kind == "input"
    assert problem.message.startswith(message)
    assert problem.location is not None
    assert problem.location.file == "saved.json"
    assert problem.location.span is not None
    assert path.startswith(problem.location.pointer)


def test_the_place_of_a_wrong_value() -> None:
    text = changed("/findings/0/severity", "fatal")
    with pytest.raises(JudgementError) as caught:
        read_result(text)
    place = caught.value.problems[0].location
    assert place is not None
    assert place.span is not None
    line = text.split("\n")[place.span.line - 1]
    assert line[place.span.column - 1 : place.span.end_column - 1] == '"fatal"'
    assert place.pointer == "/findings/0/severity"


def test_all_that_is_wrong_is_told_at_once() -> None:
    result = result_of("short")
    result["asOf"] = 1
    result["findings"][0]["severity"] = "x"
    del result["tool"]
    with pytest.raises(JudgementError) as caught:
        read_result(json.dumps(result))
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("", "found no JSON (expecting value), expected a result that", 1),
        ("{\n 'a': 1}", "found no JSON (expecting property name enclosed in double quotes)", 2),
        ('{"a": 1, "a": 2}', "found the key 'a' twice in one object", 1),
        ('{"a": NaN}', "found NaN, expected a number", 1),
        ('{"a": 1e999}', "found the number inf, expected at most", 1),
        ("[" * 50_000, "found values nested too deep", 1),
        ("[" * 200 + "]" * 200, "found values nested too deep", 1),
        ("1" * 5_000, "found a number of too many digits", 1),
        ("[]", "found a list at the top, expected", 1),
        ("null", "found null at the top, expected", 1),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_result(text: str, message: str, line: int) -> None:
    with pytest.raises(JudgementError) as caught:
        read_result(text)
    problem = caught.value.problems[0]
    assert problem.message.startswith(message)
    assert problem.location is not None
    assert problem.location.span is not None
    assert problem.location.span.line == line


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_changed_byte_never_ends_in_anything_but_a_problem(data: st.DataObject) -> None:
    text = render(SAMPLES["short"], "json")
    at = data.draw(st.integers(0, len(text) - 1))
    broken = text[:at] + data.draw(st.text(max_size=2)) + text[at + 1 :]
    problems: tuple[Problem, ...] = ()
    try:
        read_result(broken)
    except JudgementError as error:
        problems = error.problems
    assert all(len(problem.message.splitlines()) == 1 for problem in problems)


@settings(deadline=None, max_examples=200)
@given(
    json_values,
    st.sampled_from(["/findings/0", "/findings", "/summary", "/position/0", "/rules/0/id", "/waivers"]),
)
def test_any_value_in_the_wrong_place_is_a_problem_or_a_report(value: Any, path: str) -> None:
    with suppress(JudgementError):
        read_result(changed(path, value, "waived"))


def test_what_an_older_result_lacks_is_named() -> None:
    result = result_of("waived")
    del result["failOn"]
    for found in result["findings"]:
        del found["excerpt"]
    for key in ("lines", "rules", "sharing", "undetermined"):
        del result["summary"][key]
    saved = read_saved(json.dumps(result))
    assert saved.lacks == (
        "/failOn",
        "/findings/*/excerpt",
        "/summary/lines",
        "/summary/rules",
        "/summary/sharing",
        "/summary/undetermined",
    )
    assert saved.report.fail_on is Severity.ERROR
    assert saved.report.summary == Summary(deployments=1, inventories=1, lines=None, rules=None)
    assert render(saved.report, "concise").endswith(
        "judged 1 deployment (contoso-emea) against 1 inventory; nothing passed over; 1 waiver; as of 2009-06-01\n"
    )
    assert "no lines" not in render(saved.report, "html")
    assert "no rules" not in render(saved.report, "html")
    assert not {"lines", "rules"} & set(json.loads(render(saved.report, "json"))["summary"])


@pytest.mark.parametrize(
    ("sample", "fail_on"),
    [
        ("waived", Severity.ERROR),
        ("disputed", Severity.ERROR),
        ("short", Severity.ERROR),
        ("never", None),
        ("problem", Severity.ERROR),
    ],
)
def test_what_failed_the_build_is_read_off_the_verdict_where_it_is_not_said(
    sample: str, fail_on: Severity | None
) -> None:
    saved = read_saved(changed("/failOn", ..., sample))
    assert saved.lacks == ("/failOn",)
    assert saved.report.fail_on is fail_on
    assert saved.report.status == SAMPLES[sample].status


def test_a_warning_that_failed_the_build_is_seen_without_what_fails_it() -> None:
    result = json.loads(render(SAMPLES["disputed"]._replace(fail_on=Severity.INFO), "json"))
    del result["failOn"]
    assert read_result(json.dumps(result)).fail_on is Severity.WARNING


@pytest.mark.parametrize("key", ["deployments", "inventories"])
def test_a_result_that_passed_with_nothing_judged_is_refused(key: str) -> None:
    with pytest.raises(JudgementError, match=f"found 0 at /summary/{key}, expected at least 1 in a result that passed"):
        read_result(changed(f"/summary/{key}", 0, "clean"))
    assert read_result(changed(f"/summary/{key}", 0, "problem")).status == 2


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read_result("\ufeff" + render(SAMPLES["short"], "json")) == as_saved(SAMPLES["short"])


def test_the_trace_of_a_problem_is_not_saved() -> None:
    broken = report(problems=(Problem("internal", "x", EDGE02, None, "Traceback"),))
    assert "Traceback" not in render(broken, "json")


def test_certainties_are_those_of_the_schema() -> None:
    assert schema()["$defs"]["Finding"]["properties"]["certainty"]["enum"] == [*Certainty]


@pytest.mark.parametrize("char", ["\x7f", "\x1b", "\x9b", "\u2028", "\u202e"], ids=ascii)
def test_no_control_character_stands_in_the_text(char: str) -> None:
    text = render(report(findings=(shortage(message=f"a\\{char}b"),)), "json")
    assert f"a\\\\\\u{ord(char):04x}b" in text
    assert read_result(text).findings[0].message == f"a\\{char}b"
