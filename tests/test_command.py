"""The command as a user meets it: status, streams, options, wrong input."""

import json
import os
import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from process import COMMAND, DAY, DEPLOYMENT, INVENTORY, ROOT, environment, estate, git, result, run

from ocspolicy import __version__
from ocspolicy.commands import SUMMARIES

SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "result.schema.json").read_text()))


def test_version(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).out == f"ocspolicy {__version__}\n"


def test_help_names_every_command_and_the_statuses(tmp_path: Path) -> None:
    shown = run("--help", cwd=tmp_path)
    assert shown.status == 0
    assert "check" in shown.out
    assert "0 covered, 1 licenses are short, 2 could not judge" in shown.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "usage: ocspolicy"),
        (("chekc",), "found command 'chekc', expected one of check, position"),
        (("chekc",), "did you mean 'check'?"),
        (("--verson",), "usage: ocspolicy COMMAND"),
        (("check", "--fail-on", "eror"), "invalid choice: 'eror'"),
        (("check", "--format", "yaml"), "found format 'yaml', expected one of text"),
        (("check", "--as-of", "2009-02-30"), "found '2009-02-30', expected a day that exists"),
        (("check", "--as-of", "20090230"), "expected a day that exists"),
        (("check", "--inv", "x"), "unrecognized arguments: --inv"),
    ],
)
def test_wrong_usage_is_status_2(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = run(*arguments, cwd=tmp_path)
    assert ran.status == 2
    assert said in ran.err
    assert not ran.out


@pytest.mark.parametrize(
    ("deployment", "inventory", "status"),
    [
        pytest.param(DEPLOYMENT, INVENTORY, 0, id="covered"),
        pytest.param(DEPLOYMENT, INVENTORY.replace("quantity: 4", "quantity: 3"), 1, id="short"),
        pytest.param(DEPLOYMENT, INVENTORY.replace("quantity: 4", "quantity: 04"), 2, id="unclear"),
        pytest.param("", INVENTORY, 2, id="no-deployment"),
        pytest.param(DEPLOYMENT, "", 2, id="no-inventory"),
        pytest.param("", "", 2, id="nothing"),
        pytest.param(DEPLOYMENT + DEPLOYMENT.replace("api", "---\napi", 1), INVENTORY, 2, id="name-twice"),
        pytest.param(DEPLOYMENT.replace("front-end", "frontend", 1), INVENTORY, 1, id="unknown-role"),
        pytest.param(DEPLOYMENT.replace("    edition: enterprise\n", ""), INVENTORY, 2, id="no-edition"),
        pytest.param(DEPLOYMENT.replace("pools:", "product: ocs-2007-r3\npools:"), INVENTORY, 2, id="unknown-product"),
        pytest.param(DEPLOYMENT, INVENTORY.replace("server,", "serber,"), 2, id="unknown-license"),
        pytest.param(DEPLOYMENT, INVENTORY.replace("enterprise", "entreprise"), 2, id="unknown-edition"),
        pytest.param(DEPLOYMENT + "bad: [", INVENTORY, 2, id="syntax"),
    ],
)
@pytest.mark.parametrize("shown", ["text", "json"])
def test_status_is_the_same_in_every_format(
    tmp_path: Path, deployment: str, inventory: str, status: int, shown: str
) -> None:
    ran = run("check", *DAY, "--format", shown, cwd=estate(tmp_path, deployment, inventory))
    assert ran.status == status
    assert not ran.err
    if shown == "json":
        read = json.loads(ran.out)
        SCHEMA.validate(read)
        assert read["summary"]["passed"] is (status == 0)
        assert bool(read["problems"]) is (status == 2)
    else:
        assert ran.last.startswith({0: "covered: ", 1: "failed: ", 2: "could not judge: "}[status])
        assert ran.last.endswith("as of 2009-06-01")


def test_no_shortage_is_claimed_while_an_inventory_is_unreadable(tmp_path: Path) -> None:
    estate(tmp_path, inventory=INVENTORY.replace("quantity: 100", "quantity: many"))
    read = result(cwd=tmp_path)
    assert [problem["location"]["line"] for problem in read["problems"]] == [5]
    assert read["findings"] == []
    assert read["position"] == []


def test_what_the_unread_part_cannot_take_back_is_shown(tmp_path: Path) -> None:
    estate(tmp_path, inventory=INVENTORY.replace("quantity: 4", "quantity: 3"))
    (tmp_path / "other.yaml").write_text(DEPLOYMENT.replace("here", "there").replace("fe01", "[fe01]"))
    read = result(cwd=tmp_path)
    assert read["problems"]
    assert [found["rule"] for found in read["findings"]] == ["ROL001"]


@pytest.mark.parametrize(("fail_on", "status"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)])
def test_fail_on(tmp_path: Path, fail_on: str, status: int) -> None:
    federated = DEPLOYMENT.replace("count: 100}", "count: 100, authentication: federated}")
    estate(tmp_path, federated)
    assert run("check", *DAY, "--fail-on", fail_on, cwd=tmp_path).status == status
    (tmp_path / "ocspolicy.toml").write_text(f'fail-on = "{fail_on}"\n')
    assert run("check", *DAY, cwd=tmp_path).status == status
    assert run("check", *DAY, "--fail-on", "error", cwd=tmp_path).status == 0


def test_inventory_named_outside_the_checked_path(tmp_path: Path) -> None:
    manifests = tmp_path / "manifests"
    manifests.mkdir()
    (manifests / "estate.yaml").write_text(DEPLOYMENT)
    owned = tmp_path / "owned.txt"
    owned.write_text(INVENTORY)
    assert run("check", *DAY, "manifests", cwd=tmp_path).status == 2
    assert run("check", *DAY, "manifests", "--inventory", "owned.txt", cwd=tmp_path).status == 0
    missing = run("check", *DAY, "manifests", "--inventory", "onwed.txt", cwd=tmp_path)
    assert missing.status == 2
    assert "onwed.txt" in missing.out


def test_named_inventory_that_holds_none(tmp_path: Path) -> None:
    estate(tmp_path)
    (tmp_path / "other.yaml").write_text("a: 1\n")
    ran = run("check", *DAY, "--inventory", "other.yaml", cwd=tmp_path)
    assert ran.status == 2
    assert "found no 'kind: LicenseInventory'" in ran.out


def test_foreign_documents_are_counted(tmp_path: Path) -> None:
    estate(tmp_path, DEPLOYMENT + "---\napiVersion: v1\nkind: ConfigMap\ndata: {a: !vault b}\n")
    (tmp_path / "helm.yaml").write_text("{{ if .Values }}\na: 1\n{{ end }}\n")
    (tmp_path / "compose.yml").write_text("services: {ocspolicy: {}}\n")
    assert result(cwd=tmp_path)["summary"]["skipped"] == {"files": 2, "documents": 1, "links": 0}


def test_unreadable_yaml_with_our_word_is_a_problem(tmp_path: Path) -> None:
    estate(tmp_path)
    (tmp_path / "broken.yaml").write_text("apiVersion: ocspolicy/v1\nkind: Deployment\nservers: [}\n")
    ran = run("check", *DAY, cwd=tmp_path)
    assert ran.status == 2
    assert "broken.yaml:3:" in ran.out


def test_people_are_read_and_merged(tmp_path: Path) -> None:
    groups = """users:
  - {group: a, from: {path: people.csv}}
  - {group: b, members: [ANN@example.com, 'sip:bob@example.com', eve@example.com], features: [desktop-sharing]}
"""
    estate(tmp_path, DEPLOYMENT.partition("users:")[0] + groups)
    (tmp_path / "people.csv").write_text("mail\nann@example.com\nbob@example.com\ncid@example.com\n")
    read = result(cwd=tmp_path)
    rows = {(row["license"], row["edition"]): row["required"] for row in read["position"]}
    assert rows["user-cal", "standard"] == 4
    assert rows["user-cal", "enterprise"] == 3


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("../people.csv", "leaves the root"),
        ("/etc/passwd", "absolute path"),
        ("link.csv", "link.csv"),
        ("nowhere.csv", "nowhere.csv"),
        ("empty.csv", "empty.csv"),
    ],
)
def test_people_file_that_cannot_be_read(tmp_path: Path, path: str, said: str) -> None:
    folder = tmp_path / "root"
    estate(folder, DEPLOYMENT.replace("count: 100", f"from: {{path: {path}}}"))
    (tmp_path / "people.csv").write_text("mail\nsecret@example.com\n")
    (folder / "link.csv").symlink_to(tmp_path / "people.csv")
    (folder / "empty.csv").write_text("")
    ran = run("check", *DAY, cwd=folder)
    assert ran.status == 2
    assert said in ran.out
    assert "secret" not in ran.out


def test_output_file_is_whole_or_absent(tmp_path: Path) -> None:
    estate(tmp_path)
    ran = run("check", *DAY, "--format", "json", "--output", "result.json", cwd=tmp_path)
    assert (ran.status, ran.out) == (0, "")
    SCHEMA.validate(json.loads((tmp_path / "result.json").read_text()))
    ran = run("check", *DAY, "--output", "no/such/folder/result.json", cwd=tmp_path)
    assert ran.status == 2
    assert "could not write the report" in ran.err
    assert sorted(it.name for it in tmp_path.iterdir()) == ["estate.yaml", "licenses.yaml", "result.json"]


def test_full_disk_is_status_2_even_when_covered(tmp_path: Path) -> None:
    estate(tmp_path)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [COMMAND, "check", *DAY], cwd=tmp_path, env=environment(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert b"could not write" in done.stderr
    assert b"Traceback" not in done.stderr


def test_closed_standard_output_is_status_2(tmp_path: Path) -> None:
    estate(tmp_path)
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" check --as-of 2009-06-01 >&-', COMMAND],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        check=False,
    )
    assert done.returncode == 2
    assert b"closed" in done.stderr


def test_reader_that_leaves_early_changes_no_status(tmp_path: Path) -> None:
    estate(tmp_path, inventory=INVENTORY.replace("quantity: 4", "quantity: 3"))
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [COMMAND, "check", *DAY], cwd=tmp_path, env=environment(), stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_same_bytes_for_any_order_seed_locale_and_zone(tmp_path: Path) -> None:
    estate(tmp_path, inventory=INVENTORY.replace("quantity: 4", "quantity: 1"))
    (tmp_path / "b.yaml").write_text(DEPLOYMENT.replace("here", "Älmhult"))
    arguments = ["b.yaml", "estate.yaml", "licenses.yaml"]
    first = run("check", *DAY, "--format", "json", *arguments, cwd=tmp_path)
    assert first.status == 1
    for changed in ({"PYTHONHASHSEED": "1"}, {"LC_ALL": "C"}, {"TZ": "Asia/Tokyo"}, {"PYTHONUTF8": "0"}):
        again = run("check", *DAY, "--format", "json", *reversed(arguments), cwd=tmp_path, **changed)
        assert again.out == first.out


def test_color_only_where_asked(tmp_path: Path) -> None:
    estate(tmp_path, inventory=INVENTORY.replace("quantity: 4", "quantity: 3"))
    assert "\x1b" not in run("check", *DAY, cwd=tmp_path).out
    assert "\x1b[" in run("check", *DAY, "--color", "always", cwd=tmp_path).out
    assert "\x1b[" in run("check", *DAY, cwd=tmp_path, FORCE_COLOR="1").out
    assert "\x1b" not in run("check", *DAY, cwd=tmp_path, FORCE_COLOR="1", NO_COLOR="1").out


def test_quiet_shows_what_fails_and_the_last_line(tmp_path: Path) -> None:
    estate(tmp_path, inventory=INVENTORY.replace("quantity: 4", "quantity: 3"))
    loud, quiet = run("check", *DAY, cwd=tmp_path), run("check", *DAY, "--quiet", cwd=tmp_path)
    assert len(quiet.out) < len(loud.out)
    assert quiet.last == loud.last
    assert "ROL001" in quiet.out


COVERED = ("announcement", "before-r2", "contoso", "shared-inventory", "sql-server", "virtual-machines")


@pytest.mark.parametrize("name", COVERED)
def test_covered_example(name: str) -> None:
    ran = run("check", *DAY, f"examples/{name}", cwd=ROOT)
    assert ran.status == 0, ran.out
    assert ran.out.startswith("covered: no findings;")


def test_every_example_is_tried() -> None:
    folders = {it.name for it in (ROOT / "examples").iterdir() if it.is_dir()}
    assert folders == {*COVERED, "announcement-short", "virtual-machines-short"}


def test_fourth_virtual_machine_is_short() -> None:
    read = result("examples/virtual-machines-short", cwd=ROOT)
    assert [(it["rule"], it["subject"], it["facts"]["short"]) for it in read["findings"]] == [
        ("ROL001", "fe04.adatum.example", 1)
    ]


def test_deployments_share_inventory_and_people() -> None:
    read = result("examples/shared-inventory", cwd=ROOT)
    assert read["summary"]["sharing"] == ["asia", "europe"]
    rows = {(row["license"], row["edition"]): row["required"] for row in read["position"]}
    # Five people and ten devices; Ana, Ben and Mei organize conferences, and one who is in both counts once.
    assert rows["user-cal", "standard"] + rows["enterprise-cal-suite", None] == 5
    assert rows["user-cal", "enterprise"] + rows["enterprise-cal-suite", None] == 3
    assert rows["device-cal", "standard"] == 10


def test_short_example() -> None:
    read = result("examples/announcement-short", cwd=ROOT)
    assert [found["rule"] for found in read["findings"]] == ["ROL001", "GCH001", "ROL003"]
    facts = read["findings"][0]["facts"]
    assert (facts["required"], facts["owned"], facts["short"]) == (4, 3, 1)
    assert read["findings"][0]["subject"] == "edge02.fabrikam.example"


def test_real_people_take_the_place_of_the_example(tmp_path: Path) -> None:
    real = ROOT.parent / "shared" / "data" / "real" / "skype-lab" / "new-ad-users.csv"
    if not real.is_file():
        pytest.skip("the real file is not here")
    for source in (ROOT / "examples" / "contoso").rglob("*.*"):
        target = tmp_path / source.relative_to(ROOT / "examples" / "contoso")
        target.parent.mkdir(exist_ok=True, parents=True)
        target.write_bytes(source.read_bytes())
    (tmp_path / "people" / "directory.csv").write_bytes(real.read_bytes())
    rows = {(row["license"], row["edition"]): row["required"] for row in result(cwd=tmp_path)["position"]}
    assert rows["server", "enterprise"] + rows["server", "standard"] == 7
    # Nine people, three of them in sales.
    assert rows["user-cal", "standard"] + rows["enterprise-cal-suite", None] == 9
    assert rows["enterprise-cal-suite", None] == 3


def test_real_topology_has_the_servers_of_the_example() -> None:
    real = ROOT.parent / "shared" / "data" / "real" / "topology-builder" / "contoso.tbxml"
    if not real.is_file():
        pytest.skip("the real file is not here")
    import re
    from collections import Counter

    text = real.read_text(encoding="utf-8-sig")
    clusters = re.findall(r"<Cluster .*?</Cluster>", text, re.DOTALL)
    machines = Counter(
        cluster_name
        for cluster in clusters
        for cluster_name in [re.findall(r'Fqdn="([^"]*)"', cluster)[0]]
        for _ in re.findall("<Machine ", cluster)
    )
    assert machines["frontendpool.contoso.com"] == 4
    assert machines["edgepool.contoso.com"] == 3
    manifest = (ROOT / "examples" / "contoso" / "estate.yaml").read_text()
    named = re.findall(r'<Machine Fqdn="(x(?:frontend|edge)\d[^"]*)"', text)
    assert len(named) == 7
    assert all(name in manifest for name in named)


def test_tracked_judges_only_what_git_tracks(tmp_path: Path) -> None:
    estate(tmp_path)
    git("init", "-q", cwd=tmp_path)
    git("add", ".", cwd=tmp_path)
    (tmp_path / "more.yaml").write_text(DEPLOYMENT.replace("here", "there"))
    assert run("check", *DAY, "--tracked", cwd=tmp_path).status == 0
    assert run("check", *DAY, cwd=tmp_path).status == 1


def test_nothing_in_the_tree_is_imported(tmp_path: Path) -> None:
    estate(tmp_path)
    for name in ("ocspolicy_cal", "yaml", "sitecustomize", "pluggy", "pydantic"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w').close()\n")
    info = tmp_path / "evil-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[ocspolicy]\nevil = evil\n")
    (tmp_path / "evil.py").write_text("open('ran', 'w').close()\n")
    assert run("check", *DAY, cwd=tmp_path).status == 0
    assert not (tmp_path / "ran").exists()


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    import pty

    estate(tmp_path, DEPLOYMENT.replace("count: 100", "from: {path: people.txt}"))
    (tmp_path / "people.txt").write_text("".join(f"person{number}@example.com\n" for number in range(200_000)))
    assert run("check", *DAY, cwd=tmp_path).err == ""
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [COMMAND, "check", *DAY], cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=theirs, check=False
    )
    os.close(theirs)
    said = os.read(ours, 10_000).decode()
    os.close(ours)
    assert done.returncode == 1
    assert re.search(r"reading people\.txt: [0-9,]+ lines", said)
    assert said.endswith("\x1b[2K"), "the line is cleared"


def test_absence_is_not_claimed_while_a_document_is_unread(tmp_path: Path) -> None:
    chat = "apiVersion: ocspolicy/v1\nkind: Deployment\nmetadata: {name: chat}\nservers: [{name: gc, roles: [group-chat]}, {name: m, roles: [monitoring]}]\n"
    estate(tmp_path, chat)
    assert [found["rule"] for found in result(cwd=tmp_path)["findings"]][:2] == ["GCH001", "ROL003"]
    (tmp_path / "other.yaml").write_text(DEPLOYMENT.replace("fe01", "[fe01]"))
    assert result(cwd=tmp_path)["findings"] == []


def test_every_bad_member_is_shown(tmp_path: Path) -> None:
    estate(tmp_path, DEPLOYMENT.replace("count: 100", "members: ['', ann@example.com, 'sip:', ' ']"))
    problems = result(cwd=tmp_path)["problems"]
    assert [problem["location"]["path"] for problem in problems] == [f"/users/0/members/{index}" for index in (0, 2, 3)]


def test_sources_are_those_of_the_terms_at_hand(tmp_path: Path) -> None:
    """Under the first release a Mediation server needs a license; what R2 says of it would be the opposite."""
    server = "product: ocs-2007\nservers: [{name: med, roles: [mediation]}]\n"
    short = INVENTORY.replace("quantity: 4", "quantity: 0")
    estate(tmp_path, "apiVersion: ocspolicy/v1\nkind: Deployment\nmetadata: {name: a}\n" + server, short)
    (found,) = [it for it in result(cwd=tmp_path)["findings"] if it["rule"] == "ROL001"]
    assert "D 25" in found["source"]
    assert not {"S 12", "S 15", "S 16"} & set(found["source"])
    assert found["certainty"] == "disputed"


PEOPLE = "from: {path: people.csv, where: {office: Zürich}}"


@pytest.mark.parametrize(
    ("office", "options", "said"),
    [
        pytest.param("Zürich", (), "", id="read"),
        pytest.param("Zürich", ("-v",), "note: read people.csv: 1 person in group 'staff' of here\n", id="verbose"),
        pytest.param("Zurich", (), "people in group 'staff' of here; its 'where' keeps no row\n", id="nobody"),
        pytest.param("Zurich", ("-q",), "", id="quiet"),
    ],
)
def test_who_was_read_is_told(tmp_path: Path, office: str, options: tuple[str, ...], said: str) -> None:
    root = estate(tmp_path, DEPLOYMENT.replace("count: 100", PEOPLE))
    (root / "people.csv").write_text(f"mail,office\na@x.example,{office}\nb@x.example,Bern\n", encoding="utf-8")
    ran = run("check", *DAY, *options, cwd=root)
    assert (ran.status, ran.err) == (0, said) if not said.startswith("people") else ran.err.endswith(said)


@pytest.mark.parametrize(
    ("deployment", "also"),
    [
        pytest.param(DEPLOYMENT.replace("fe02", "fe01"), "found server 'fe01' again", id="server"),
        pytest.param(DEPLOYMENT.replace("users:", "users:\n  - {group: Staff, count: 100}"), "found group", id="group"),
        pytest.param(
            DEPLOYMENT.replace("fe02, roles: [front-end]", "fe01, roles: [front-end], edition: basic"),
            "in 'edition' found 'basic'",
            id="shape",
        ),
    ],
)
def test_what_contradicts_itself_is_not_judged_but_said(tmp_path: Path, deployment: str, also: str) -> None:
    other = DEPLOYMENT.replace("here", "other")
    found = result(cwd=estate(tmp_path, f"{other}---\n{deployment}"))
    assert also in " ".join(problem["message"] for problem in found["problems"])
    assert found["deployments"] == ["other"]
    assert not found["findings"]


def test_of_deployments_with_one_name_none_is_judged(tmp_path: Path) -> None:
    found = result(cwd=estate(tmp_path, "---\n".join([DEPLOYMENT, DEPLOYMENT.replace("here", "HERE"), DEPLOYMENT])))
    assert [problem["location"]["line"] for problem in found["problems"]] == [18, 33]
    assert (found["deployments"], found["findings"]) == ([], [])


def options_with_a_value(command: str) -> list[str]:
    """Name the long options of a command that take a value."""
    parser = import_module(f"ocspolicy.commands.{command}").parser()
    return [name for it in parser._actions if it.nargs != 0 for name in it.option_strings if name.startswith("--")]  # noqa: SLF001 -- argparse has no other list


VALUED = [(command, name) for command in SUMMARIES for name in options_with_a_value(command)]


@pytest.mark.parametrize(("command", "option"), VALUED)
def test_two_hyphens_are_no_value_of_an_option(capsys: pytest.CaptureFixture[str], command: str, option: str) -> None:
    parser = import_module(f"ocspolicy.commands.{command}").parser()
    with pytest.raises(SystemExit) as left:
        parser.parse_args([f"{option}=--"])
    assert left.value.code == 2
    assert (
        capsys.readouterr()
        .err.splitlines()[-1]
        .endswith(f"error: found '{option}=--', expected a value: '--' is none, it ends the options")
    )


def test_a_configuration_that_is_named_is_never_dropped(tmp_path: Path) -> None:
    estate(tmp_path)
    ran = run("check", "--config=--", cwd=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert "found '--config=--'" in ran.err
    (tmp_path / "--config=--").mkdir()
    estate(tmp_path / "--config=--")
    assert run("check", *DAY, "--", "--config=--", cwd=tmp_path).status == 0


@pytest.mark.parametrize("command", ["", *SUMMARIES])
def test_help_has_an_example_and_fits_80_columns(tmp_path: Path, command: str) -> None:
    ran = run(*command.split(), "--help", cwd=tmp_path, COLUMNS="80")
    assert ran.status == 0
    assert re.search(rf"^examples:\n(  .*\n)*.*ocspolicy {command}", ran.out, re.MULTILINE)
    assert [line for line in ran.out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "json:x", "--format", "sarif:./x"),
        ("--format", "json:x", "--output", "HERE/x"),
        ("--format", "json:x", "--format", "sarif:HERE/../here/x"),
        ("--format", "json:link", "--format", "sarif:x"),
    ],
    ids=["a dot", "absolute", "up and down", "a link"],
)
def test_one_file_for_two_formats_is_refused_however_it_is_spelled(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    root = estate(tmp_path / "here")
    (root / "link").symlink_to("x")
    ran = run("check", *(it.replace("HERE", str(root)) for it in arguments), cwd=root)
    assert ran.status == 2
    assert "found one file for two formats, expected one file each" in ran.err
    assert not (root / "x").exists()


def test_gitlab_is_told_paths_from_the_project_on(tmp_path: Path) -> None:
    estate(tmp_path / "project" / "est", inventory=INVENTORY.replace("quantity: 4", "quantity: 3"))
    outside = estate(tmp_path / "outside") / "lic enses.yaml"
    outside.write_text(INVENTORY.replace("ocs-2007-r2, license: user-cal", "no-such-product, license: user-cal"))

    def places(*arguments: str, project: Path) -> set[tuple[str, int]]:
        ran = run(
            "check", *DAY, "--format", "gitlab", *arguments, cwd=tmp_path / "project", CI_PROJECT_DIR=str(project)
        )
        return {(item["location"]["path"], item["location"]["lines"]["begin"]) for item in json.loads(ran.out)}

    assert {path for path, _ in places("est", project=tmp_path / "project")} == {"est/estate.yaml"}
    assert {path for path, _ in places("est", project=tmp_path / "project" / "est")} == {"estate.yaml"}
    told = run("check", *DAY, "--format", "gitlab", "est", "--inventory", str(outside), cwd=tmp_path / "project").out
    (problem,) = [item for item in json.loads(told) if item["severity"] == "blocker"]
    assert problem["location"] == {"path": ".", "lines": {"begin": 1}}
    assert "(../../outside/lic enses.yaml:5:" in problem["description"]


def test_two_uses_in_one_workflow_have_two_categories(tmp_path: Path) -> None:
    git("init", "-q", cwd=tmp_path)
    estate(tmp_path / "estates" / "emea")
    estate(tmp_path / "estates" / "apac")

    def category(*paths: str, cwd: Path) -> str:
        ran = run("check", *DAY, "--format", "sarif", *paths, cwd=cwd)
        return str(json.loads(ran.out)["runs"][0]["automationDetails"]["id"])

    assert category("estates/emea", cwd=tmp_path) == "ocspolicy/estates/emea/"
    assert category("emea", cwd=tmp_path / "estates") == "ocspolicy/estates/emea/"
    assert category("estates/apac", cwd=tmp_path) == "ocspolicy/estates/apac/"
    assert category(cwd=tmp_path) == category(str(tmp_path), cwd=tmp_path / "estates") == "ocspolicy/./"


def test_a_saved_result_gives_what_the_check_gave_also_for_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    estate(tmp_path, inventory=INVENTORY.replace("quantity: 4", "quantity: 3"))
    os.rename(os.fsencode(tmp_path / "estate.yaml"), os.fsencode(tmp_path) + b"/est\xe9.yaml")
    forms = ("sarif", "gitlab", "junit", "text", "html", "json")
    pairs = [f"--format={form}:{form}.out" for form in forms]
    assert run("check", *DAY, *pairs, cwd=tmp_path).status == 1
    assert "est%E9.yaml" in (tmp_path / "sarif.out").read_text()
    for form in forms:
        assert run("report", "json.out", "--format", form, cwd=tmp_path).out == (tmp_path / f"{form}.out").read_text()


@pytest.mark.parametrize(
    "head",
    ["apiVersion: v1\napiVersion: ocspolicy/v1", "apiVersion: [ocspolicy/v1]", "apiVersion:\n  - ocspolicy/v1"],
    ids=["twice", "list", "block"],
)
def test_a_slip_in_the_version_opens_no_gate(tmp_path: Path, head: str) -> None:
    root = estate(tmp_path)
    (root / "more.yaml").write_text(DEPLOYMENT.replace("apiVersion: ocspolicy/v1", head).replace("here", "more"))
    assert run("check", *DAY, cwd=root).status == 2


def test_with_tracked_nothing_counts_that_git_does_not_track(tmp_path: Path) -> None:
    root = estate(tmp_path, inventory=INVENTORY.replace("quantity: 4", "quantity: 3"))
    git("init", "-q", cwd=root)
    git("add", ".", cwd=root)
    assert run("check", *DAY, "--tracked", cwd=root).status == 1
    configuration = root / "ocspolicy.toml"
    configuration.write_text('severity = {ROL001 = "off"}\n')
    assert run("check", *DAY, cwd=root).status == 0
    assert run("check", *DAY, "--tracked", cwd=root).status == 1, "an untracked configuration"
    configuration.write_text('inventory = ["more.yml"]\nexclude = ["licenses.yaml"]\n')
    (root / "more.yml").write_text(INVENTORY)
    git("add", "ocspolicy.toml", cwd=root)
    assert run("check", *DAY, cwd=root).status == 0
    assert run("check", *DAY, "--tracked", cwd=root).status == 2, "an untracked inventory"
    git("add", "more.yml", cwd=root)
    (root / "estate.yaml").write_text(DEPLOYMENT.replace("count: 100", "from: {path: people.txt}"))
    (root / "people.txt").write_text("a@x.example\n")
    assert run("check", *DAY, cwd=root).status == 0
    ran = run("check", *DAY, "--tracked", cwd=root)
    assert (ran.status, "that git does not track" in " ".join(ran.out.split())) == (2, True)
