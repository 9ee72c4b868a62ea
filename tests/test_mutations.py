"""Everything that ships, with its bytes changed: a status, never a traceback, and covered only where it is.

`OCSPOLICY_MUTATIONS` is how many changed inputs a run tries for each seed, `OCSPOLICY_MUTATION_SEEDS` how many seeds.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from in_process import run_here
from jsonschema import Draft202012Validator
from mutation import mutated
from process import ROOT, run
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from ocspolicy.report import FORMATS

RUNS = int(os.environ.get("OCSPOLICY_MUTATIONS", "600"))
SEEDS = range(int(os.environ.get("OCSPOLICY_MUTATION_SEEDS", "4")))
PROCESSES = 24
READ = (".yaml", ".yml", ".json")
CATALOG = ROOT / "ocspolicy" / "catalog" / "data" / "products"
SCHEMAS = {
    schema["properties"]["kind"]["const"]: Draft202012Validator(schema)
    for path in sorted((ROOT / "schemas").glob("*.json"))
    for schema in [json.loads(path.read_text())]
    if "const" in schema.get("properties", {}).get("kind", {})
}


class Shipped(NamedTuple):
    """Files that are judged together, by name."""

    name: str
    files: dict[str, bytes]


def _folder(folder: Path) -> Shipped:
    files = {str(it.relative_to(folder)): it.read_bytes() for it in sorted(folder.rglob("*")) if it.is_file()}
    return Shipped(str(folder.relative_to(ROOT)), files)


def _shipped() -> Iterator[Shipped]:
    for folder in sorted((ROOT / "examples").iterdir()):
        if folder.is_dir():
            yield _folder(folder)
    for rule in sorted((ROOT / "plugins").glob("*/cases/*")):
        for case in sorted(rule.iterdir()):
            if case.is_dir():
                yield _folder(case)
            else:
                yield Shipped(str(case.relative_to(ROOT)), {case.name: case.read_bytes()})


SHIPPED = list(_shipped())
BYTES = [data for it in SHIPPED for data in it.files.values()]


def _day(shipped: Shipped) -> str:
    stated = (re.match(rb"# as-of: (\d{4}-\d\d-\d\d)\s", data) for data in shipped.files.values())
    return next((found[1].decode() for found in stated if found), "2009-06-01")


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


class _Plain(SafeConstructor):
    """Reads as the core schema of YAML 1.2 says, which ruamel.yaml's own resolver extends: days and 1_000 are text."""

    def core(self, node: Any) -> Any:
        plain = self.construct_scalar(node)
        return float(plain) if re.fullmatch(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?", plain, re.ASCII) else plain

    def core_int(self, node: Any) -> Any:
        plain = self.construct_scalar(node)
        based = re.fullmatch(r"0o[0-7]+|0x[0-9a-fA-F]+", plain)
        return int(plain, 0) if based else int(plain) if re.fullmatch(r"[-+]?\d+", plain, re.ASCII) else plain


_Plain.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)
_Plain.add_constructor("tag:yaml.org,2002:float", _Plain.core)
_Plain.add_constructor("tag:yaml.org,2002:int", _Plain.core_int)


def _documents(folder: Path) -> list[dict[str, Any]]:
    """Read all documents of ours with another reader; it raises on what is no YAML or holds a key twice."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in READ:
            try:
                everything = _load(path.read_bytes(), doubled=True)
            except Exception:
                if re.search(rb"^apiVersion: ocspolicy", path.read_bytes(), re.MULTILINE):
                    raise
                continue
            ours = [it for it in everything if isinstance(it, dict) and it.get("apiVersion") == "ocspolicy/v1"]
            if ours and len(ours) == len(everything):
                ours = _load(path.read_bytes(), doubled=False)
            found += ours
    return found


def _load(data: bytes, *, doubled: bool) -> list[Any]:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Plain
    yaml.allow_duplicate_keys = doubled
    return list(yaml.load_all(data))


def _counted_roles() -> dict[str, set[str]]:
    products = [it for path in CATALOG.glob("*.json") for it in json.loads(path.read_text())["products"]]
    return {
        product["id"]: {
            name
            for role in product["roles"]
            if role["licensing"] == "counted" and role["license"] == "server"
            for name in (role["id"], *role.get("aliases", []))
        }
        for product in products
    }


COUNTED = _counted_roles()


def _servers(deployment: dict[str, Any]) -> int:
    pooled = [server for pool in deployment.get("pools", []) for server in pool.get("servers", [])]
    counted = COUNTED[deployment.get("product", "ocs-2007-r2")]
    return sum(
        server.get("count", 1)
        for server in [*pooled, *deployment.get("servers", [])]
        if server.get("state", "running") == "running" and counted.intersection(server["roles"])
    )


def _people(deployment: dict[str, Any]) -> int:
    groups = [it for it in deployment.get("users", []) if it.get("relationship", "internal") == "internal"]
    known = [it for it in groups if it.get("authentication", "active-directory") == "active-directory"]
    return sum(group.get("count", 0) for group in known if group.get("licenseBy", "user") == "user")


def assert_covered(folder: Path, read: dict[str, Any]) -> None:
    """Check a verdict of "covered" by other means: all was read, is valid, and enough is owned for what is plain."""
    assert read["problems"] == []
    assert [it for it in read["findings"] if it["severity"] == "error" and not it["waived"]] == []
    documents = _documents(folder)
    for document in documents:
        SCHEMAS[document["kind"]].validate(document)
    deployments = [it for it in documents if it["kind"] == "Deployment"]
    lines = [line for it in documents if it["kind"] == "LicenseInventory" for line in it.get("licenses", [])]
    assert sorted(it["metadata"]["name"] for it in deployments) == sorted(read["deployments"])
    if read["waivers"]:
        return
    owned = sum(line["quantity"] for line in lines if line["license"] == "server")
    assert sum(map(_servers, deployments)) <= owned
    cals = sum(line["quantity"] for line in lines if "cal" in line["license"].split("-"))
    assert sum(map(_people, deployments)) <= cals


def assert_sound(folder: Path, day: str, form: str = "concise") -> int:
    arguments = ("check", "--as-of", day, "--format")
    ran = run_here(*arguments, form, cwd=folder)
    assert ran.status in {0, 1, 2}
    said = ran.out + ran.err
    assert "Traceback" not in said
    assert "bug of ocspolicy" not in said
    assert "report it to its author" not in said, "a rule of ours crashed"
    assert "\x1b" not in said
    if ran.status == 0:
        assert_covered(folder, json.loads(run_here(*arguments, "json", cwd=folder).out))
    return ran.status


@pytest.mark.parametrize("seed", SEEDS)
def test_changed_bytes(tmp_path: Path, seed: int) -> None:
    random = Random(seed)  # noqa: S311 -- the same changes for the same seed
    met = set()
    for number in range(RUNS):
        shipped = random.choice(SHIPPED)
        name = random.choice(list(shipped.files))
        data = mutated(shipped.files[name], random, BYTES)
        folder = tmp_path / "one"
        _write(folder, shipped.files | {name: data})
        form = random.choice(list(FORMATS)) if number % 8 == 0 else "concise"
        try:
            met.add(assert_sound(folder, _day(shipped), form))
        except BaseException as error:
            error.add_note(f"{shipped.name}: {name}, format {form}, kept in {folder}:\n{data!r}")
            raise
        shutil.rmtree(folder)
    assert met == {0, 1, 2}, "some change leaves everything covered, some makes it short, some breaks it"


def test_changed_bytes_in_a_real_process(tmp_path: Path) -> None:
    random = Random("processes")  # noqa: S311 -- likewise
    for number in range(PROCESSES):
        shipped = random.choice(SHIPPED)
        name = random.choice(list(shipped.files))
        folder = tmp_path / str(number)
        _write(folder, shipped.files | {name: mutated(shipped.files[name], random, BYTES)})
        arguments = ("check", "--as-of", _day(shipped), "--format", random.choice(list(FORMATS)))
        ran = run(*arguments, cwd=folder)
        assert ran == run_here(*arguments, cwd=folder), "what the other test sees is what a user sees"


ESTATE = b"""\
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {name: here}
servers: [{name: e, roles: [edge], count: 2}]
users: [{group: staff, count: 3}]
---
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
  - {product: ocs-2007-r2, license: server, edition: standard, quantity: 2}
  - {product: ocs-2007-r2, license: user-cal, edition: standard, quantity: 3}
"""
LIES = [
    ("a server", b"count: 2", b"count: 3"),
    ("a person", b"count: 3", b"count: 4"),
    ("a deployment", b"name: here", b"name: there"),
    ("a quantity", b"quantity: 2", b"quantity: 1_0"),
    ("a key", b"license: server", b"license: server, licence: server"),
    ("a key given twice", b"quantity: 3", b"quantity: 3, quantity: 3"),
    ("the end", b"---", b"...\n: ]"),
]


@pytest.mark.parametrize(("before", "after"), [it[1:] for it in LIES], ids=[it[0] for it in LIES])
def test_the_other_means_see_a_wrong_verdict(tmp_path: Path, before: bytes, after: bytes) -> None:
    _write(tmp_path, {"estate.yaml": ESTATE})
    read = json.loads(run_here("check", "--as-of", "2009-06-01", "--format", "json", cwd=tmp_path).out)
    assert_covered(tmp_path, read)
    assert before in ESTATE
    _write(tmp_path, {"estate.yaml": ESTATE.replace(before, after, 1)})
    with pytest.raises(Exception):  # noqa: B017, PT011 -- whichever means sees it
        assert_covered(tmp_path, read)
