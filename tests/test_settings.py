import itertools
import json
import tomllib

import pytest
from jsonschema import Draft202012Validator

from ocspolicy.errors import JudgementError
from ocspolicy.schema import schema
from ocspolicy.settings import KEYS, Settings, find, load, split_ids


def reader(**files: str) -> object:
    contents = {name.replace("__", "/").replace("_toml", ".toml"): text.encode() for name, text in files.items()}
    return contents.get


def test_nothing_found_is_the_default() -> None:
    assert find("a/b", lambda _file: None) == Settings()


@pytest.mark.parametrize(
    ("files", "start", "expected"),
    [
        ({"ocspolicy_toml": "fail-on = 'info'"}, "", "ocspolicy.toml"),
        ({"pyproject_toml": "[tool.ocspolicy]\nfail-on = 'info'"}, "", "pyproject.toml"),
        ({"pyproject_toml": "[tool.ocspolicy]", "ocspolicy_toml": ""}, "", "ocspolicy.toml"),
        ({"a__ocspolicy_toml": "", "ocspolicy_toml": ""}, "a/b", "a/ocspolicy.toml"),
        ({"a__b__pyproject_toml": "[tool.ocspolicy]", "a__ocspolicy_toml": ""}, "a/b", "a/b/pyproject.toml"),
        ({"a__pyproject_toml": "[tool.ruff]\n# ocspolicy", "ocspolicy_toml": ""}, "a", "ocspolicy.toml"),
        ({"a__ocspolicy_toml": ""}, "b", None),
    ],
)
def test_configuration_is_found_upward(files: dict[str, str], start: str, expected: str | None) -> None:
    assert find(start, reader(**files)).file == expected  # type: ignore[arg-type]


WHOLE = """
inventory = ["licenses/*.yaml"]
select = ["ROL", "CAL001"]
ignore = ["INV"]
severity = {ROL005 = "error"}
fail-on = "warning"
exclude = ["vendor/"]
catalogs = ["catalog.yaml"]
external-authenticated = "count"
undetermined = {remote-call-control = "enterprise", director = "free"}
non-waivable = ["ROL001"]
waiver-warning-days = 14
headroom = {"user-cal/enterprise" = 20, "user-cal/standard" = "10%"}
plugins = ["acme_rules"]
required-plugins = {acme-rules = ">=1.0"}
[rules.ROL005]
limit = 3
"""


def test_schema_and_checks_agree() -> None:
    validator = Draft202012Validator(json.loads(schema("configuration")))
    assert set(KEYS) == {field.replace("_", "-") for field in Settings._fields if field != "file"}
    assert validator.is_valid(tomllib.loads(WHOLE))
    samples = [1, 1.5, True, "", "x", "error", "10%", "110%", "07%", -1, [], ["x"], [1], [""], {}, {"a": "x"}, {"a": 1}]
    for key, sample in itertools.product(KEYS, samples):
        try:
            KEYS[key].check(sample)
        except Exception:  # noqa: BLE001 -- the module's own error is private
            accepted = False
        else:
            accepted = True
        assert validator.is_valid({key: sample}) is accepted, (key, sample)


def test_every_key_is_read() -> None:
    settings = find("", reader(ocspolicy_toml=WHOLE))  # type: ignore[arg-type]
    assert all(value != default for value, default in zip(settings, Settings(), strict=True))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fial-on = 'error'", "fial-on: found an unknown key, expected one of inventory"),
        ("fial-on = 'error'", "did you mean 'fail-on'?"),
        (
            "fail-on = 'eror'",
            "fail-on: found 'eror', expected 'error' or 'warning' or 'info' or 'never'; did you mean 'error'",
        ),
        ("select = 'ROL'", "select: found 'ROL', expected a list of texts"),
        ("select = ['ROL', 1]", "select[1]: found 1, expected a text"),
        ("severity = {ROL001 = 'fatal'}", "severity.ROL001: found 'fatal'"),
        ("severity = 'error'", "severity: found 'error', expected a table"),
        ("waiver-warning-days = true", "waiver-warning-days: found true, expected a whole number of days"),
        ("waiver-warning-days = -1", "waiver-warning-days: found -1"),
        (
            "headroom = {server = '110%'}",
            "headroom.server: found '110%', expected a whole number or a percentage",
        ),
        ("headroom = {server = 1.5}", "headroom.server: found 1.5"),
        ("exclude = [" + "'x'," * 1001 + "]", "exclude: found 1,001 entries, expected at most 1,000"),
        ("waiver-warning-days = 0x" + "f" * 9000, "waiver-warning-days: found a number beyond 1000000000, expected"),
        ("#" * (256 * 1024 + 1), "found a configuration of 262,145 bytes, expected at most 262,144"),
        (".".join("a" * 33) + " = 1", "found a key of more than 32 parts"),
        ("rules = {ROL001 = 1}", "rules.ROL001: found 1, expected a table"),
        ("undetermined = {edge = 1}", "undetermined.edge: found 1, expected a text"),
        ("a = ", "found what is not TOML"),
        ("external-authenticated = 'maybe'", "expected 'warn' or 'count'"),
    ],
)
def test_error_names_the_path_of_the_key(text: str, message: str) -> None:
    with pytest.raises(JudgementError) as caught:
        find("", reader(ocspolicy_toml=text))  # type: ignore[arg-type]
    assert message in str(caught.value)
    assert all(it.location and it.location.file == "ocspolicy.toml" for it in caught.value.problems)


def test_all_errors_of_the_file_are_shown() -> None:
    with pytest.raises(JudgementError) as caught:
        find("", reader(pyproject_toml="[tool.ocspolicy]\nselct = []\nfail-on = 1\n"))  # type: ignore[arg-type]
    assert [it.message.split(":")[0] for it in caught.value.problems] == [
        "tool.ocspolicy.selct",
        "tool.ocspolicy.fail-on",
    ]


def test_configuration_asked_for_by_name_is_there() -> None:
    with pytest.raises(JudgementError, match="found no such file"):
        load("other.toml", lambda _file: None)


def test_ids_are_split_and_unique() -> None:
    assert split_ids(["ROL, CAL001", "ROL", ""]) == ("ROL", "CAL001")
