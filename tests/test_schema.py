import json
from pathlib import Path

import pytest
from golden_files import compare
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from ocspolicy.errors import JudgementError
from ocspolicy.schema import NAMES, schema

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", NAMES)
def test_committed_schema_is_the_generated_one(name: str) -> None:
    text = schema(name)
    compare(ROOT / "schemas" / f"{name}.schema.json", text)
    Draft202012Validator.check_schema(json.loads(text))


def examples() -> list[Path]:
    return sorted((ROOT / "examples").rglob("*.yaml"))


@pytest.mark.parametrize("path", examples(), ids=lambda path: str(path.relative_to(ROOT)))
def test_example_names_a_schema_that_it_satisfies(path: Path) -> None:
    first, _, _ = path.read_text().partition("\n")
    assert first.startswith("# yaml-language-server: $schema=")
    named = (path.parent / first.partition("=")[2]).resolve()
    yaml = YAML(typ="safe", pure=True)
    Draft202012Validator(json.loads(named.read_text())).validate(yaml.load(path.read_text()))


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"kind": "Deployment"}, id="nothing-else"),
        pytest.param({"users": [{"group": "a", "count": None}]}, id="null"),
        pytest.param({"users": [{"group": "a", "cuont": 1}]}, id="unknown-key"),
        pytest.param({"servers": [{"name": "a", "roles": []}]}, id="no-role"),
    ],
)
def test_schema_refuses(document: dict[str, object]) -> None:
    whole = {"apiVersion": "ocspolicy/v1", "kind": "Deployment", "metadata": {"name": "a"}, **document}
    if document == {"kind": "Deployment"}:
        whole = document
    assert not Draft202012Validator(json.loads(schema("deployment"))).is_valid(whole)


def test_unknown_schema_names_its_near_miss() -> None:
    with pytest.raises(JudgementError, match="did you mean 'deployment'"):
        schema("deploymnt")
