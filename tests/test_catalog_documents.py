"""Catalogs of an organization: shape, which files count, licenses and products of one's own, several versions."""

import json
import shutil
from pathlib import Path
from typing import Any, get_args

import pytest
from in_process import run_here
from jsonschema import Draft202012Validator
from process import DAY, DEPLOYMENT, INVENTORY, ROOT, Ran, estate, git, result, run

from ocspolicy import terms
from ocspolicy.catalog import facts
from ocspolicy.documents import Placed
from ocspolicy.documents import catalog as documents
from ocspolicy.documents.deployment import Server
from ocspolicy.documents.shape import check
from ocspolicy.errors import Problem
from ocspolicy.schema import schema
from ocspolicy.source import Node, parse

DATA = sorted((ROOT / "ocspolicy" / "catalog" / "data").rglob("*.json"))
SCHEMA = Draft202012Validator(json.loads(schema("catalog")))

CATALOG = "apiVersion: ocspolicy/v1\nkind: Catalog\n"
NAMED = 'catalogs = ["catalog.yaml"]\n'
SQL = CATALOG + (
    "products:\n"
    "  - id: ocs-2007-r2\n"
    "    licenses:\n"
    "      - {id: sql-server, holders: [instance], source: [contract 12]}\n"
    "    roles:\n"
    "      - {id: back-end, licensing: counted, license: sql-server, source: [contract 12]}\n"
)
WITH_DATABASE = DEPLOYMENT.replace("users:", "  - {name: sql01, roles: [back-end]}\nusers:")
SQL_LINE = "  - {product: ocs-2007-r2, license: sql-server, quantity: 1}\n"


def root_of(text: str) -> Node:
    source = parse(text.encode(), "catalog.yaml")
    assert source.problem is None
    return source.documents[0].root


def problems_of(text: str) -> list[Problem]:
    found = check("Catalog", root_of(text))
    return found if isinstance(found, list) else []


def organization(
    folder: Path, catalog: str = SQL, configuration: str = NAMED, deployment: str = WITH_DATABASE, more: str = ""
) -> Path:
    estate(folder, deployment, INVENTORY + more)
    (folder / "catalog.yaml").write_text(catalog)
    (folder / "ocspolicy.toml").write_text(configuration)
    return folder


def here(folder: Path, day: str = DAY[1]) -> dict[str, Any]:
    """Judge without a process of its own, where many estates are judged."""
    outcome = run_here("check", "--as-of", day, "--format", "json", cwd=folder)
    read: dict[str, Any] = json.loads(outcome.out)
    assert (outcome.status == 2) is bool(read["problems"])
    return read


def shortages(read: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    return [
        (it["rule"], it["subject"], it["facts"]["license"], it["facts"]["short"])
        for it in read["findings"]
        if "short" in it["facts"]
    ]


def rows(read: dict[str, Any]) -> dict[tuple[str | None, str, str | None], tuple[int, int]]:
    return {(it["product"], it["license"], it["edition"]): (it["required"], it["owned"]) for it in read["position"]}


# The shape


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.stem)
def test_what_ships_with_the_program_is_such_a_document(path: Path) -> None:
    assert problems_of(path.read_text()) == []
    SCHEMA.validate(json.loads(path.read_text()))


@pytest.mark.parametrize(
    ("model", "key", "known"),
    [
        (documents.Role, "licensing", get_args(facts.RoleLicensing)),
        (documents.Role, "edition", get_args(facts.EditionUse)),
        (documents.Feature, "licensing", get_args(facts.FeatureLicensing)),
        (documents.ExternalUsers, "licensing", get_args(facts.ExternalLicensing)),
        (documents.License, "holders", get_args(facts.Holder)),
        (Server, "edition", facts.DECLARABLE),
    ],
)
def test_documents_can_say_what_the_catalog_understands(model: Any, key: str, known: tuple[str, ...]) -> None:
    field = model.model_json_schema(by_alias=True)["properties"][key]
    assert tuple(field.get("enum") or field["items"]["enum"]) == known


def entry(section: str, stated: str) -> str:
    return CATALOG + f"products:\n- id: ocs-2007-r2\n  {section}:\n  - {stated}\n"


SHAPES = [
    ("unknown key", CATALOG + "productz: []", (3, 1), "did you mean 'products'?"),
    ("unknown key of a role", entry("roles", "{id: x, licence: server, source: [a]}"), (6, 13), "mean 'license'"),
    ("unknown licensing", entry("roles", "{id: x, licensing: count, source: [a]}"), (6, 24), "did you mean 'counted'"),
    ("fact without source", entry("roles", "{id: x, licensing: free}"), (6, 5), "found no 'source' here"),
    ("feature without source", entry("features", "{id: x, tier: standard}"), (6, 5), "found no 'source' here"),
    ("tier without source", entry("tiers", "{id: x, base: true}"), (6, 5), "found no 'source' here"),
    ("license without source", entry("licenses", "{id: x, holders: [user]}"), (6, 5), "found no 'source' here"),
    ("empty source", entry("roles", "{id: x, licensing: free, source: []}"), (6, 38), "at least one entry"),
    ("half a limit", entry("limits", "{id: x, edition: standard, of: users, most: 1, source: [a]}"), (6, 5), "no 'per'"),
    ("version as text", CATALOG + "products: [{id: x, version: '2', source: [a]}]", (3, 29), "a whole number"),
    ("version zero", CATALOG + "products: [{id: x, version: 0, source: [a]}]", (3, 29), "at least 1"),
    ("family without version", CATALOG + "products: [{id: x, family: y, source: [a]}]", (3, 12), "no 'version' here"),
    ("external without source", CATALOG + "products: [{id: x, externalUsers: {licensing: included}}]", (3, 35), "source"),
    ("grant without source", CATALOG + "suites: [{id: x, grants: [{product: y, tiers: []}]}]", (3, 27), "no 'source'"),
    ("day", CATALOG + "suites: [{id: x, grants: [{product: y, tiers: [], validFrom: 2011-8-1, source: [a]}]}]", (3, 62), "a day that"),
    ("holder", entry("licenses", "{id: x, holders: [users], source: [a]}"), (6, 23), "did you mean 'user'?"),
    ("upper-case id", CATALOG + "products: [{id: OCS}]", (3, 17), "lower-case letters"),
    ("no id", CATALOG + "suites: [{name: x}]", (3, 10), "found no 'id' here"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message"), [it[1:] for it in SHAPES], ids=[it[0] for it in SHAPES])
def test_shape_error_stands_at_its_place(text: str, place: tuple[int, int], message: str) -> None:
    found = problems_of(text)
    spans = [it.location.span for it in found if it.location and it.location.span]
    assert [(span.line, span.column) for span in spans] == [place]
    assert message in found[0].message
    # The schema leaves days to the format.
    assert SCHEMA.is_valid(root_of(text).data()) is ("a day that" in message)


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param("{id: mediation, aliases: [gateway]}", id="alias"),
        pytest.param("{id: mediation, name: Mediation Server, note: beside the gateway}", id="name"),
        pytest.param("{id: x}", id="nothing"),
    ],
)
def test_a_name_needs_no_source(stated: str) -> None:
    assert problems_of(entry("roles", stated)) == []
    SCHEMA.validate(root_of(entry("roles", stated)).data())


def test_validate_checks_catalogs(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text(SQL)
    assert run("validate", "catalog.yaml", cwd=tmp_path).out == "valid; looked at 1 document of ours; 0 passed over\n"
    (tmp_path / "catalog.yaml").write_text(SQL.replace("kind: Catalog", "kind: Catalgo"))
    ran = run("validate", "catalog.yaml", cwd=tmp_path)
    assert ran.status == 2
    assert "did you mean 'Catalog'?" in ran.out.replace("\n ", "")


# Which catalogs count


def test_catalog_counts_where_the_configuration_names_it(tmp_path: Path) -> None:
    organization(tmp_path)
    read = result(cwd=tmp_path)
    assert read["problems"] == []
    assert shortages(read) == [("ROL001", "sql01", "sql-server", 1)]
    assert rows(read)["ocs-2007-r2", "sql-server", None] == (1, 0)
    organization(tmp_path, more=SQL_LINE)
    assert result(cwd=tmp_path)["summary"]["passed"] is True


def test_paths_are_relative_to_the_configuration(tmp_path: Path) -> None:
    git("init", "-q", cwd=tmp_path)
    organization(tmp_path / "emea", configuration='catalogs = ["terms/**/*.yaml"]\n')
    (tmp_path / "emea" / "terms" / "deep").mkdir(parents=True)
    (tmp_path / "emea" / "catalog.yaml").rename(tmp_path / "emea" / "terms" / "deep" / "sql.yaml")
    ran = run("check", *DAY, "emea/estate.yaml", "emea/licenses.yaml", cwd=tmp_path)
    assert (ran.status, "1 of 1 sql-server license is missing" in ran.out) == (1, True)


WRONG = [
    ("not-named", SQL, "", "catalog.yaml:2:7", "found a catalog that 'catalogs' in the configuration does not name"),
    ("not-named-and-wrong", SQL.replace("id: back-end, ", ""), "", "catalog.yaml:8:9", "found no 'id' here"),
    ("not-named-and-doubtful", SQL + "products: []\n", "", "catalog.yaml:9:1", "products"),
    ("missing", SQL, 'catalogs = ["catalogue.yaml"]', "ocspolicy.toml", "no file that matches 'catalogue.yaml'"),
    ("outside", SQL, 'catalogs = ["../catalog.yaml"]', "ocspolicy.toml", "expected a path inside the root"),
    ("absolute", SQL, 'catalogs = ["/etc/catalog.yaml"]', "ocspolicy.toml", "expected a path inside the root"),
    ("costly", SQL, f'catalogs = ["{"**/" * 300}x"]', "ocspolicy.toml", "found no file that matches"),
    ("strange", SQL, 'catalogs = ["\\u0000"]', "ocspolicy.toml", "no file that matches"),
    ("holds-none", "a: 1\n", NAMED, "catalog.yaml", "found no 'kind: Catalog' in a file named as a catalog"),
    ("no-yaml", "a: [\n", NAMED, "catalog.yaml:2:1", "expected"),
    ("shape", SQL.replace("licensing", "licencing"), NAMED, "catalog.yaml:8:24", "did you mean 'licensing'"),
    ("key-twice", SQL + "products: []\n", NAMED, "catalog.yaml:9:1", "products"),
    ("dangling", SQL.replace("license: sql-server", "license: sql"), NAMED, "catalog.yaml:8:53", "'sql' is not known here, expected one of"),
    ("said-twice", SQL + "---\n" + SQL, NAMED, "catalog.yaml:15:14", "'sql-server' is stated twice"),
    ("half-of-it", SQL + "---\n" + SQL.replace("Catalog", "Catalgo"), NAMED, "catalog.yaml:11:7", "'Catalog'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("catalog", "configuration", "place", "message"), [it[1:] for it in WRONG], ids=[it[0] for it in WRONG]
)
def test_nothing_is_judged_under_terms_that_are_not_known(
    tmp_path: Path, catalog: str, configuration: str, place: str, message: str
) -> None:
    inventory = INVENTORY.replace("quantity: 4", "quantity: 1")
    organization(tmp_path, catalog, configuration)
    (tmp_path / "licenses.yaml").write_text(inventory)
    read = here(tmp_path)
    places = {
        ":".join(str(it["location"][key]) for key in ("file", "line", "column") if it["location"].get(key))
        for it in read["problems"]
    }
    assert place in places
    assert any(message in it["message"] for it in read["problems"]), read["problems"]
    assert read["findings"] == []
    assert read["position"] == []


def test_stray_catalog_may_be_excluded(tmp_path: Path) -> None:
    organization(tmp_path, configuration='exclude = ["catalog.yaml"]\n')
    assert run("check", *DAY, cwd=tmp_path).status == 0


def test_link_out_of_the_tree_is_not_followed(tmp_path: Path) -> None:
    root = organization(tmp_path / "root")
    (root / "catalog.yaml").rename(tmp_path / "elsewhere.yaml")
    (root / "catalog.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    ran = run("check", *DAY, cwd=root)
    assert ran.status == 2
    assert "link" in ran.out


def test_order_of_files_changes_nothing(tmp_path: Path) -> None:
    head, tail = SQL.split("    roles:\n")
    (tmp_path / "terms").mkdir()
    outs = set()
    for first, second in (("a", "b"), ("b", "a")):
        organization(tmp_path, configuration='catalogs = ["terms/b.yaml", "terms/a.yaml"]\n')
        (tmp_path / "catalog.yaml").unlink()
        (tmp_path / "terms" / f"{first}.yaml").write_text(head)
        (tmp_path / "terms" / f"{second}.yaml").write_text(
            CATALOG + "products:\n  - id: ocs-2007-r2\n    roles:\n" + tail
        )
        outs.add(run("check", *DAY, "--format", "json", cwd=tmp_path).out)
    assert len(outs) == 1
    assert shortages(json.loads(outs.pop())) == [("ROL001", "sql01", "sql-server", 1)]


def test_revision_of_the_policy_decides(tmp_path: Path) -> None:
    organization(tmp_path)
    git("init", "-q", cwd=tmp_path)
    git("add", ".", cwd=tmp_path)
    git("commit", "-qm", "a", cwd=tmp_path)
    (tmp_path / "catalog.yaml").write_text(SQL.replace("counted, license: sql-server", "free"))
    assert run("check", *DAY, cwd=tmp_path).status == 0
    read = result("--policy-from", "main", cwd=tmp_path)
    assert shortages(read) == [("ROL001", "sql01", "sql-server", 1)]
    (tmp_path / "another.yaml").write_text(CATALOG + "sources: [{id: x, meaning: y}]\n")
    assert result("--policy-from", "main", cwd=tmp_path)["problems"] == []
    (tmp_path / "ocspolicy.toml").write_text('catalogs = ["another.yaml"]\n')
    assert shortages(result("--policy-from", "main", cwd=tmp_path)) == [("ROL001", "sql01", "sql-server", 1)]


PLUGIN = """
from ocspolicy.api import hookimpl


@hookimpl
def ocspolicy_catalogs():
    return [{texts}]
"""


def with_plugin(tmp_path: Path, texts: str, **changed: str) -> Ran:
    site = tmp_path / "site"
    info = site / "acme_terms-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (site / "acme_terms.py").write_text(PLUGIN.replace("{texts}", texts))
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme_terms\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ocspolicy]\nacme = acme_terms\n")
    root = organization(tmp_path / "root", **changed)
    if not changed:
        (root / "catalog.yaml").unlink()
        (root / "ocspolicy.toml").unlink()
    return run("check", *DAY, "--format", "json", cwd=root, PYTHONPATH=str(site))


def test_plugin_adds_to_the_terms(tmp_path: Path) -> None:
    ran = with_plugin(tmp_path, repr(SQL))
    assert ran.status == 1
    assert shortages(json.loads(ran.out)) == [("ROL001", "sql01", "sql-server", 1)]


def test_configuration_lies_over_plugins(tmp_path: Path) -> None:
    theirs = "{id: back-end, licensing: free, source: [contract 13]}"
    ran = with_plugin(tmp_path, repr(SQL), catalog=entry("roles", theirs))
    assert ran.status == 0, ran.out


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([5], "catalog of plugin acme: found int, expected a YAML or JSON text"),
        ([""], "catalog of plugin acme: found nothing, expected a document of 'kind: Catalog'"),
        (["a: 1"], "catalog of plugin acme, line 1: found another document, expected 'apiVersion: ocspolicy/v1' and"),
        (["a: ["], "catalog of plugin acme, line 1: "),
        (["\ud800"], "catalog of plugin acme"),
        ([DEPLOYMENT], "catalog of plugin acme, line 1: found another document"),
        ([SQL.replace("Catalog", "Catalgo")], "catalog of plugin acme, line 2: found kind 'Catalgo'"),
        ([SQL + "products: []"], "catalog of plugin acme, line 9: found"),
        ([SQL.replace("id: back-end, ", "")], "catalog of plugin acme, line 8: found no 'id' here"),
        ([SQL.replace("license: sql-server", "license: sql")], "catalog of plugin acme, line 8: 'sql' is not known"),
        ([SQL, SQL], "catalog of plugin acme, line 6: 'sql-server' is stated twice"),
    ],
    ids=["number", "empty", "foreign", "syntax", "surrogate", "kind", "near-miss", "key-twice", "shape", "dangling", "twice"],
)  # fmt: skip
def test_text_of_a_plugin_that_is_wrong(texts: list[object], message: str) -> None:
    catalog, problems = terms.assemble([("plugin acme", text) for text in texts], [])
    assert catalog is None
    assert problems[0].message.startswith(message)
    assert {(it.kind, it.location) for it in problems} == {("plugin", None)}


def test_what_leans_on_a_plugin_that_is_wrong_is_not_blamed() -> None:
    root = root_of(entry("roles", "{id: mediation, licensing: counted, license: sql-server, source: [contract 13]}"))
    model = check("Catalog", root)
    assert isinstance(model, documents.Catalog)
    catalog, problems = terms.assemble([("plugin acme", SQL + "x: [")], [Placed(model, root)])
    assert catalog is None
    assert [it.kind for it in problems] == ["plugin"]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (repr(SQL.replace("license: sql-server", "license: sql")), "catalog of plugin acme_terms of acme-terms 1.0, line 8"),
        ("1 / 0", "plugin acme_terms of acme-terms 1.0 could not be loaded: its hook ocspolicy_catalogs raised"),
    ],
    ids=["wrong", "raises"],
)  # fmt: skip
def test_nothing_is_judged_while_a_plugin_hands_over_no_terms(tmp_path: Path, texts: str, message: str) -> None:
    ran = with_plugin(tmp_path, texts)
    read = json.loads(ran.out)
    assert ran.status == 2
    assert [it["message"].startswith(message) for it in read["problems"]] == [True]
    assert read["findings"] == []


# A license of one's own

EXAMPLE = ROOT / "examples" / "sql-server"


def changed_example(folder: Path, file: str, old: str, new: str) -> dict[str, Any]:
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    text = (folder / file).read_text()
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new))
    return here(folder)


def test_example_is_covered_and_has_its_rows() -> None:
    read = result("examples/sql-server", cwd=ROOT)
    assert read["summary"]["passed"] is True
    assert read["findings"] == []
    shown = run("position", *DAY, "examples/sql-server", "--format", "json", cwd=ROOT)
    assert rows(json.loads(shown.out)) == {
        ("ocs-2007-r2", "server", "enterprise"): (3, 3),
        ("ocs-2007-r2", "server", "standard"): (1, 1),
        ("ocs-2007-r2", "sql-server", "enterprise"): (1, 1),
        ("ocs-2007-r2", "sql-server", "standard"): (1, 1),
        ("ocs-2007-r2", "user-cal", "standard"): (900, 900),
    }


@pytest.mark.parametrize(
    ("old", "new", "found", "edition"),
    [
        ("edition: standard, quantity: 1, agr", "edition: standard, quantity: 0, agr", ("ROL001", "sql01"), "standard"),
        ("edition: enterprise, quantity: 1,", "edition: enterprise, quantity: 0,", ("ROL001", "sql02"), "enterprise"),
        ("edition: enterprise, quantity: 1,", "edition: standard, quantity: 1,", ("ROL002", "sql02"), "enterprise"),
    ],
    ids=["one-fewer", "one-fewer-enterprise", "of-the-wrong-edition"],
)
def test_one_license_fewer_is_short_at_its_server(
    tmp_path: Path, old: str, new: str, found: tuple[str, str], edition: str
) -> None:
    read = changed_example(tmp_path, "licenses.yaml", old, new)
    rule, server = found
    assert shortages(read) == [(rule, f"{server}.adatum.example", "sql-server", 1)]
    # Monitoring and archiving stay covered: their condition is about Front Ends and Edges.
    assert [it["rule"] for it in read["findings"]] == [rule]
    assert f"({edition})" in read["findings"][0]["remedy"]
    assert "contract 12" in read["findings"][0]["source"]


def test_back_end_on_a_front_end_needs_both(tmp_path: Path) -> None:
    read = changed_example(tmp_path, "estate.yaml", "{name: fe03.adatum.example, roles: [front-end]}",
                           "{name: fe03.adatum.example, roles: [front-end, back-end]}")  # fmt: skip
    # Any edition serves its database: the pool's is that of the Front Ends.
    assert shortages(read) == [("ROL001", "sql01.adatum.example", "sql-server", 1)]
    assert "(standard)" in read["findings"][0]["remedy"]


def test_edition_in_which_the_license_is_not_sold(tmp_path: Path) -> None:
    catalog = SQL.replace("holders: [instance],", "holders: [instance], editions: [{id: web}, {id: standard}],")
    catalog = catalog.replace("license: sql-server,", "license: sql-server, edition: optional,")
    organization(tmp_path, catalog, deployment=WITH_DATABASE.replace("[back-end]", "[back-end], edition: enterprise"))
    assert [it["message"] for it in here(tmp_path)["problems"]] == [
        "found edition 'enterprise' for server 'sql01', expected 'web' or 'standard' for its role back-end"
    ]


# A product of one's own

PHONE = (
    CATALOG
    + """\
products:
  - id: contoso-phone
    name: Contoso Phone
    family: contoso-phone
    version: 2
    source: [contract 7]
    licenses:
      - {id: gateway, name: gateway license, holders: [instance], source: [contract 7]}
      - id: phone-cal
        holders: [user]
        editions: [{id: basic}, {id: full, serves: [full]}]
        source: [contract 7]
      - {id: fax, name: fax license, holders: [user], source: [contract 7]}
    tiers:
      - {id: basic, base: true, source: [contract 7]}
      - {id: full, requires: [basic], source: [contract 7]}
    roles:
      - {id: phone-gateway, aliases: [pbx], licensing: counted, license: gateway, source: [contract 7]}
      - {id: voicemail-store, licensing: additional, source: [contract 7]}
      - {id: recorder}
    features:
      - {id: calls, licensing: tier, tier: basic, source: [contract 7]}
      - {id: voicemail, licensing: tier, tier: full, source: [contract 7]}
      - {id: fax, licensing: license, license: fax, source: [contract 7]}
      - {id: video}
    externalUsers: {licensing: included, source: [contract 7]}
  - id: contoso-phone-1
    family: contoso-phone
    version: 1
    source: [contract 5]
    licenses:
      - {id: gateway, holders: [instance], source: [contract 5]}
suites:
  - id: phone-bundle
    source: [contract 7]
    grants: [{product: contoso-phone, tiers: [basic, full], source: [contract 7]}]
sources:
  - {id: contract, meaning: contracts of the telephone department}
"""
)
PHONES = """\
apiVersion: ocspolicy/v1
kind: Deployment
metadata: {name: phones}
product: contoso-phone
servers:
  - {name: gw01, roles: [pbx], count: 2}
  - {name: vm01, roles: [voicemail-store]}
users:
  - {group: desk, count: 10, features: [calls]}
  - {group: lead, count: 4, features: [voicemail, fax]}
"""
PHONE_LINES = """\
apiVersion: ocspolicy/v1
kind: LicenseInventory
licenses:
  - {product: contoso-phone, license: gateway, quantity: 2}
  - {product: contoso-phone, license: phone-cal, edition: basic, quantity: 10}
  - {product: contoso-phone, license: fax, quantity: 4}
  - {license: phone-bundle, quantity: 4}
"""


def phones(folder: Path, deployment: str = PHONES, inventory: str = PHONE_LINES, configuration: str = NAMED) -> Path:
    estate(folder, deployment, inventory)
    (folder / "catalog.yaml").write_text(PHONE)
    (folder / "ocspolicy.toml").write_text(configuration)
    return folder


def test_product_of_ones_own_is_judged_with_no_code(tmp_path: Path) -> None:
    read = result(cwd=phones(tmp_path))
    assert (read["problems"], read["findings"]) == ([], [])
    assert rows(read) == {
        ("contoso-phone", "gateway", None): (2, 2),
        ("contoso-phone", "phone-cal", "basic"): (10, 10),
        ("contoso-phone", "fax", None): (4, 4),
        (None, "phone-bundle", None): (4, 4),
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("licenses.yaml", "gateway, quantity: 2", "gateway, quantity: 1", ["ROL001", "ROL003"]),
        ("licenses.yaml", "contoso-phone, license: gateway", "contoso-phone-1, license: gateway", ["ROL001", "ROL003", "ROL011"]),
        ("licenses.yaml", "basic, quantity: 10", "basic, quantity: 9", ["CAL001"]),
        ("licenses.yaml", "fax, quantity: 4", "fax, quantity: 3", ["CAL002"]),
        ("licenses.yaml", "bundle, quantity: 4", "bundle, quantity: 3", ["CAL001", "CAL002"]),
        ("estate.yaml", "[pbx]", "[recorder]", ["INV002", "ROL003", "ROL009"]),
        ("estate.yaml", "[calls]", "[video]", ["CAL007"]),
        ("estate.yaml", "[pbx]", "[front-end]", ["INV002", "ROL003", "ROL010"]),
        ("estate.yaml", "[pbx]", "[pxb]", ["ROL004"]),
        ("estate.yaml", "[calls]", "[presence]", ["CAL008"]),
        ("estate.yaml", "product: contoso-phone", "product: contoso-phone-1", ["CAL008", "ROL010"]),
    ],
    ids=["server", "old-server", "base", "own-kind", "bundle", "open-role", "open-feature", "no-role", "typo", "no-feature", "older"],
)  # fmt: skip
def test_rules_speak_of_a_product_of_ones_own(
    tmp_path: Path, file: str, old: str, new: str, expected: list[str]
) -> None:
    text = {"estate.yaml": PHONES, "licenses.yaml": PHONE_LINES}
    assert old in text[file]
    text[file] = text[file].replace(old, new)
    read = here(phones(tmp_path, text["estate.yaml"], text["licenses.yaml"]))
    assert read["problems"] == []
    assert set(expected) <= {it["rule"] for it in read["findings"]}


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        ("undetermined = {recorder = 'counted', video = 'full'}", None),
        ("undetermined = {video = 'none'}", None),
        ("headroom = {'contoso-phone/phone-cal/full' = 0, 'phone-bundle' = '0%', fax = 0}", None),
        ("undetermined = {recordr = 'counted'}", "undetermined.recordr: found an unknown id, expected that of a role or feature; did you mean 'recorder'"),
        ("undetermined = {recorder = 'full'}", "undetermined.recorder: found 'full', expected one of counted, free"),
        ("undetermined = {video = 'ful'}", "undetermined.video: found 'ful', expected one of "),
        ("undetermined = {video = 'plus'}", "undetermined.video: found 'plus', expected for contoso-phone one of basic, full, none"),
        ("headroom = {'phone-cal/ful' = 1}", "headroom.phone-cal/ful: found an unknown license kind, expected one such as user-cal/enterprise; did you mean 'phone-cal/full'"),
    ],
    ids=["known", "none", "headroom", "id", "role-value", "tier", "tier-of-another-product", "kind"],
)  # fmt: skip
def test_policy_names_what_the_catalog_adds(tmp_path: Path, configuration: str, message: str | None) -> None:
    deployment = PHONES.replace("[calls]", "[calls, video]")
    read = here(phones(tmp_path, deployment, configuration=NAMED + configuration))
    if message is None:
        assert read["problems"] == []
    else:
        (problem,) = read["problems"]
        assert problem["location"]["file"] == "ocspolicy.toml"
        assert problem["message"].startswith(message)


def test_license_of_ones_own_that_people_lack(tmp_path: Path) -> None:
    (found,) = here(phones(tmp_path, inventory=PHONE_LINES.replace("fax, quantity: 4", "fax, quantity: 1")))["findings"]
    assert (found["rule"], found["subject"]) == ("CAL002", "lead")
    assert found["message"] == "3 of 4 fax licenses are missing"
    assert (found["facts"]["required"], found["facts"]["owned"], found["facts"]["short"]) == (4, 1, 3)
    assert "contract 7" in found["source"]


def test_what_people_hold_serves_no_device(tmp_path: Path) -> None:
    deployment = PHONES.replace("count: 4,", "count: 0, licenseBy: device, devices: 4,")
    phones(tmp_path, deployment, PHONE_LINES.replace("phone-bundle, ", "phone-bundle, metric: device, "))
    (tmp_path / "catalog.yaml").write_text(PHONE.replace("holders: [user]\n", "holders: [user, device]\n"))
    assert shortages(here(tmp_path)) == [("CAL002", "lead", "fax", 4)]


def test_devices_where_nobody_sells_a_device_cal(tmp_path: Path) -> None:
    read = here(phones(tmp_path, PHONES.replace("count: 10,", "count: 10, licenseBy: device, devices: 3,")))
    assert [it["message"] for it in read["problems"]] == [
        "found 'licenseBy: device', but contoso-phone has no CAL that a device holds"
    ]


# Several versions


def versions(folder: Path, licenses: str) -> dict[str, Any]:
    """Judge one estate of three versions; Ann and Bob use two of them."""
    folder.mkdir(exist_ok=True)
    (folder / "licenses.yaml").write_text(INVENTORY.partition("licenses:")[0] + "licenses:\n" + licenses)
    for product, name, members in (
        ("ocs-2007", "a-old", "[ann@x.example, bob@x.example]"),
        ("ocs-2007-r2", "b-new", "[ann@x.example, cid@x.example]"),
    ):
        (folder / f"{name}.yaml").write_text(
            "apiVersion: ocspolicy/v1\nkind: Deployment\n"
            f"metadata: {{name: {name}}}\nproduct: {product}\n"
            f"servers: [{{name: {name}-fe, roles: [front-end], edition: standard}}]\n"
            f"users: [{{group: staff, members: {members}}}]\n"
        )
    read = here(folder)
    assert read["problems"] == []
    return read


def line(product: str, license_: str, quantity: int, more: str = "") -> str:
    return f"  - {{product: {product}, license: {license_}, edition: standard, quantity: {quantity}{more}}}\n"


NEW, OLD = "ocs-2007-r2", "ocs-2007"


@pytest.mark.parametrize(
    ("licenses", "expected"),
    [
        (line(NEW, "server", 2) + line(NEW, "user-cal", 3), []),
        (line(NEW, "server", 1) + line(OLD, "server", 1) + line(NEW, "user-cal", 2) + line(OLD, "user-cal", 1), []),
        (
            line(OLD, "server", 2) + line(NEW, "user-cal", 3),
            [("ROL001", "b-new-fe", "server", 1)],
        ),
        (
            line(NEW, "server", 2) + line(OLD, "user-cal", 3),
            [("CAL001", "staff", "user-cal", 2)],
        ),
        # Ann needs one for each version, and one new CAL serves both.
        (line(NEW, "server", 2) + line(NEW, "user-cal", 2), [("CAL001", "staff", "user-cal", 1)]),
        (line("lync-2010", "server", 2) + line("lync-2010", "user-cal", 3), []),
    ],
    ids=["newer-serves-both", "each-its-own", "old-servers", "old-cals", "one-person-in-both", "still-newer"],
)
def test_newer_serves_older_and_not_the_other_way(
    tmp_path: Path, licenses: str, expected: list[tuple[str, str, str, int]]
) -> None:
    assert shortages(versions(tmp_path, licenses)) == expected


def test_lines_that_are_too_old_for_their_scope_are_pointed_out(tmp_path: Path) -> None:
    scope = ", scope: {deployments: [b-new]}"
    licenses = line(NEW, "server", 2) + line(NEW, "user-cal", 3)
    read = versions(tmp_path, licenses + line(OLD, "server", 1, scope) + line(OLD, "user-cal", 1, scope))
    assert [(it["rule"], it["location"]["path"]) for it in read["findings"]] == [
        ("ROL011", "/licenses/2"),
        ("CAL006", "/licenses/3"),
    ]
    assert versions(tmp_path, licenses + line(OLD, "server", 1))["summary"]["warning"] == 0


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2011-07-31", [("CAL001", "staff", "user-cal", 5)]), ("2011-08-01", [])],
    ids=["the-day-before", "the-day"],
)
def test_suite_grants_from_its_day_on(tmp_path: Path, day: str, expected: list[tuple[str, str, str, int]]) -> None:
    deployment = (
        "apiVersion: ocspolicy/v1\nkind: Deployment\nmetadata: {name: here}\nproduct: lync-2010\n"
        "users: [{group: staff, count: 5}]\n"
    )
    inventory = INVENTORY.partition("licenses:")[0] + "licenses:\n  - {license: core-cal-suite, quantity: 5}\n"
    estate(tmp_path, deployment, inventory)
    assert shortages(here(tmp_path, day)) == expected
    # It grants the CAL of the successor, which serves the older version too.
    estate(tmp_path, deployment.replace("lync-2010", "ocs-2007-r2"), inventory)
    assert shortages(here(tmp_path, day)) == expected


def test_organization_moves_the_day_of_a_suite(tmp_path: Path) -> None:
    granted = "{product: lync-2010, tiers: [standard], validFrom: 2011-01-01, source: [contract 3]}"
    organization(
        tmp_path,
        CATALOG + f"suites: [{{id: core-cal-suite, grants: [{granted}]}}]\n",
        deployment=DEPLOYMENT.partition("pools:")[0] + "product: lync-2010\nusers: [{group: staff, count: 5}]\n",
    )
    (tmp_path / "licenses.yaml").write_text(
        INVENTORY.partition("licenses:")[0] + "licenses:\n  - {license: core-cal-suite, quantity: 5}\n"
    )
    assert shortages(here(tmp_path, "2010-12-31")) == [("CAL001", "staff", "user-cal", 5)]
    assert shortages(here(tmp_path, "2011-01-01")) == []
