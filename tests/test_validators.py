"""The compiled schemas say what the models say: the same values, the same errors, and they are up to date."""

import json
from pathlib import Path
from typing import Any

import pytest
from golden_files import compare
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic_core import SchemaError

from ocspolicy.documents import model_of, validators
from ocspolicy.documents.validators import Kind, validate

ROOT = Path(__file__).parents[1]
KINDS: tuple[Kind, ...] = ("Deployment", "LicenseInventory", "Waivers")

# What describes a field to people, and what pydantic alone needs.
ASIDE = {"metadata", "computed_fields", "serialization_alias", "custom_init", "root_model", "model_name", "post_init"}


def compiled(part: Any) -> Any:
    """A core schema as data: classes and functions are left to `validators`."""
    if isinstance(part, list | tuple):
        return [compiled(it) for it in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "function-before":
        assert part["function"]["function"] is validators.checked_day
        return {"type": "day"}
    if part.get("type") == "model-fields":
        fields = {name: compiled(field) for name, field in part["fields"].items()}
        return {key: compiled(value) for key, value in part.items() if key not in ASIDE} | {"fields": fields}
    left = {key: value for key, value in part.items() if key not in {*ASIDE, "cls"}}
    for key in {"ref", "schema_ref"} & set(left):
        left[key] = left[key].rpartition(":")[0].rpartition(".")[2]
    if "config" in left:
        left["config"] = {key: value for key, value in left["config"].items() if key != "title"}
    return {key: compiled(value) for key, value in left.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_compiled_schemas_are_those_of_the_models(kind: Kind) -> None:
    model = model_of(kind)
    model.model_rebuild(force=True)
    text = json.dumps(compiled(model.__pydantic_core_schema__), indent=1) + "\n"
    compare(ROOT / "ocspolicy" / "documents" / "compiled" / f"{kind}.json", text)


def plain(value: Any) -> Any:
    if isinstance(value, BaseModel | validators.Record):
        return {name: plain(it) for name, it in vars(value).items()}
    if isinstance(value, list):
        return [plain(it) for it in value]
    return value


def outcome(check: Any, data: Any) -> Any:
    try:
        return plain(check(data))
    except ValidationError as invalid:
        # That a mapping is wanted is said with the name of its class, which no message of ours shows.
        errors = (it | {"msg": "", "ctx": {}} if it["type"] == "model_type" else it for it in invalid.errors())
        return [(it["type"], it["loc"], it["msg"], it.get("ctx")) for it in errors]


def keys_of(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(keys_of, schema))
    if not isinstance(schema, dict):
        return set()
    return set(schema.get("properties", ())).union(*map(keys_of, schema.values()))


KEYS = sorted(set().union(*(keys_of(model_of(kind).model_json_schema()) for kind in KINDS)))
WORDS = ["standard", "enterprise", "virtual", "running", "2009-06-01", "2009-02-30", "ocs-2007-r2", " a", "", "x" * 300]
VALUES = st.recursive(
    st.sampled_from([None, True, 0, 1, -1, 10**9, 10**9 + 1, 1.5, *WORDS]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)
HEADS = {
    "Deployment": {"metadata": {"name": "a"}, "servers": [{"name": "s", "roles": ["edge"]}], "users": [{"group": "g"}]},
    "LicenseInventory": {"licenses": [{"license": "server", "quantity": 1, "scope": {"deployments": ["a"]}}]},
    "Waivers": {"waivers": [{"rule": "ROL001", "expires": "2009-06-01", "maxShort": 1}]},
}


def mixed(head: Any, changes: list[tuple[str, Any]]) -> Any:
    if isinstance(head, list):
        return [mixed(it, changes) for it in head]
    if isinstance(head, dict):
        inner = {key: mixed(value, changes[1:]) for key, value in head.items()}
        return inner | dict(changes[:1])
    return head


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=150)
@example([])
@given(st.lists(st.tuples(st.sampled_from(KEYS), VALUES), max_size=4))
def test_values_and_errors_are_those_of_the_models(kind: Kind, changes: list[tuple[str, Any]]) -> None:
    data = mixed({"apiVersion": "ocspolicy/v1", "kind": kind, **HEADS[kind]}, changes)
    assert outcome(lambda it: validate(kind, it), data) == outcome(model_of(kind).model_validate, data)


def test_what_was_checked_is_frozen() -> None:
    checked = validate("Waivers", {"apiVersion": "ocspolicy/v1", "kind": "Waivers", "waivers": []})
    with pytest.raises(AttributeError):
        checked.waivers = []


def test_models_stand_in_where_a_schema_is_not_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise SchemaError("of another version")

    monkeypatch.setattr(validators, "_BUILT", {})
    monkeypatch.setattr(validators, "SchemaValidator", refuse)
    checked = validate("Waivers", {"apiVersion": "ocspolicy/v1", "kind": "Waivers", "waivers": []})
    assert isinstance(checked, model_of("Waivers"))
