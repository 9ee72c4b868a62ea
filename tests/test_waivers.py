"""Waivers as people write them: in files, in place, by the command; and those who try to waive themselves."""

import json
from pathlib import Path
from typing import Any

import pytest
from process import DAY, DEPLOYMENT, INVENTORY, estate, git, result, run

HEAD = "apiVersion: ocspolicy/v1\nkind: Waivers\nwaivers:\n"
WHOLE = "{rule: ROL001, deployment: here, reason: EA order 778, expires: 2009-06-30"


def short(folder: Path, *waivers: str, quantity: int = 3, comment: str = "") -> Path:
    """An estate of four counted servers with `quantity` licenses, and a file of waivers."""
    manifest = DEPLOYMENT.replace("[edge]}", f"[edge]}} {comment}") if comment else DEPLOYMENT
    estate(folder, manifest, INVENTORY.replace("quantity: 4", f"quantity: {quantity}"))
    if waivers:
        (folder / "waivers.yaml").write_text(HEAD + "".join(f"  - {waiver}\n" for waiver in waivers))
    return folder


def rules(read: dict[str, Any], *, waived: bool = False) -> list[str]:
    return [found["rule"] for found in read["findings"] if (found["waived"] is not None) is waived]


FILES = [
    ("whole", [WHOLE + ", maxShort: 1}"], 3, 0, ["WVR004"]),
    ("inclusive last day", [WHOLE.replace("06-30", "06-01") + "}"], 3, 0, ["WVR004"]),
    ("past its last day", [WHOLE.replace("06-30", "05-31") + "}"], 3, 1, ["ROL001", "WVR003"]),
    ("far end", [WHOLE.replace("06-30", "07-02") + "}"], 3, 0, []),
    ("growth fails again", [WHOLE + ", maxShort: 1}"], 2, 1, ["ROL001"]),
    ("growth within the limit", [WHOLE + ", maxShort: 2}"], 2, 0, ["WVR004"]),
    ("no limit", [WHOLE + "}"], 0, 0, ["WVR004"]),
    ("other deployment", [WHOLE.replace("here", "there") + "}"], 3, 1, ["ROL001", "WVR001"]),
    ("name ignores case", [WHOLE.replace("here", "HERE") + "}"], 3, 0, ["WVR004"]),
    ("subject", [WHOLE + ", subject: edge02}"], 3, 0, ["WVR004"]),
    ("other subject", [WHOLE + ", subject: edge01}"], 3, 1, ["ROL001", "WVR001"]),
    ("file", [WHOLE + ", file: estate.yaml}"], 3, 0, ["WVR004"]),
    ("other file", [WHOLE + ", file: licenses.yaml}"], 3, 1, ["ROL001", "WVR001"]),
    ("earlier end wins", [WHOLE + "}", WHOLE.replace("06-30", "05-31") + "}"], 3, 1, ["ROL001", "WVR003"]),
    ("unneeded", [WHOLE + "}"], 4, 0, ["WVR001"]),
    ("no reason", ["{rule: ROL001, expires: 2009-06-30}"], 3, 1, ["ROL001", "WVR002"]),
    ("empty reason", ["{rule: ROL001, reason: ' ', expires: 2009-06-30}"], 3, 1, ["ROL001", "WVR002"]),
    ("no end", ["{rule: ROL001, reason: x}"], 3, 1, ["ROL001", "WVR002"]),
    ("no rule", ["{reason: x, expires: 2009-06-30}"], 3, 1, ["ROL001", "WVR002"]),
    ("unknown rule", ["{rule: ROL01, reason: x, expires: 2009-06-30}"], 3, 1, ["ROL001", "WVR002"]),
    ("what can never be waived", ["{rule: ROL004, reason: x, expires: 2009-06-30}"], 3, 1, ["ROL001", "WVR002"]),
    ("a rule about waivers", ["{rule: WVR002, reason: x, expires: 2009-06-30}"], 3, 1, ["ROL001", "WVR002"]),
    ("expired and too small", [WHOLE.replace("06-30", "05-31") + ", maxShort: 0}"], 3, 1, ["ROL001", "WVR003"]),
    ("what is wrong with a waiver", [WHOLE + "}", "{rule: WVR004, reason: x, expires: 2009-12-30}"], 3, 0, []),
    ("expired and too small beside one that holds", [WHOLE.replace("06-30", "05-31") + ", maxShort: 0}", WHOLE.replace("06-30", "12-31") + "}"], 3, 0, []),
    ("that it is unneeded", [WHOLE + "}", "{rule: WVR001, reason: x, expires: 2009-12-30}"], 4, 0, []),
    ("a waiver for nothing wrong", [WHOLE + "}", "{rule: WVR001, reason: x, expires: 2009-12-30}"], 3, 0, ["WVR001", "WVR004"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("waivers", "quantity", "status", "left"), [case[1:] for case in FILES], ids=[case[0] for case in FILES]
)
def test_waiver_in_a_file(tmp_path: Path, waivers: list[str], quantity: int, status: int, left: list[str]) -> None:
    read = result(cwd=short(tmp_path, *waivers, quantity=quantity))
    assert sorted(rules(read)) == sorted(left)
    assert read["problems"] == []
    assert run("check", *DAY, cwd=tmp_path).status == status
    assert len(read["waivers"]) == len(waivers)


@pytest.mark.parametrize(
    ("day", "said"),
    [("06-01", "2009-06-01, today"), ("06-02", "2009-06-02, in 1 day"), ("06-03", "2009-06-03, in 2 days")],
)
def test_end_is_said_as_people_say_it(tmp_path: Path, day: str, said: str) -> None:
    read = result(cwd=short(tmp_path, WHOLE.replace("06-30", day) + "}"))
    messages = [found["message"] for found in read["findings"] if found["rule"] == "WVR004"]
    assert messages == [f"the waiver for ROL001 ends on {said}"]


def test_waived_finding_stays_visible(tmp_path: Path) -> None:
    read = result(cwd=short(tmp_path, WHOLE + ", approvedBy: it-finance, maxShort: 2}"))
    (found,) = [found for found in read["findings"] if found["waived"]]
    assert (found["waived"]["reason"], found["waived"]["expires"], found["waived"]["approvedBy"]) == (
        "EA order 778",
        "2009-06-30",
        "it-finance",
    )
    assert (read["summary"]["error"], read["summary"]["waived"], read["summary"]["passed"]) == (0, 1, True)
    text = run("check", *DAY, cwd=tmp_path).out
    assert "until 2009-06-30 by it-finance: EA order 778" in text
    assert "1 waived" in text.splitlines()[-1]


@pytest.mark.parametrize(
    ("waiver", "said"),
    [
        ("{rule: ROL001, reason: x, expires: 2009-06-31}", "expected a day that exists"),
        ("{rule: ROL001, reason: x, expires: 2009-06-30, maxshort: 1}", "did you mean 'maxShort'?"),
        ("{rule: ROL001, reason: x, expires: 2009-06-30, maxShort: -1}", "at least 0"),
        ("ROL001", "expected a mapping"),
    ],
)
def test_other_fault_of_shape_is_an_invalid_document(tmp_path: Path, waiver: str, said: str) -> None:
    read = result(cwd=short(tmp_path, waiver))
    assert [said in problem["message"] for problem in read["problems"]] == [True]


COMMENTS = [
    ("at the end of the line", '# ocspolicy: ignore[ROL001] expires=2009-12-31 reason="EA order 778"', 0, []),
    ("with all keys", '# ocspolicy: ignore[ROL001] expires=2009-12-31 reason="a \\"b\\"" approved-by=me max-short=1', 0, []),
    ("several rules", "# ocspolicy: ignore[ROL001, CAL001] expires=2009-12-31 reason=x", 0, ["WVR001"]),
    ("without reason", "# ocspolicy: ignore[ROL001] expires=2009-12-31", 1, ["ROL001", "WVR002"]),
    ("without rule", "# ocspolicy: ignore[] expires=2009-12-31 reason=x", 1, ["ROL001", "WVR002"]),
    ("past its day", "# ocspolicy: ignore[ROL001] expires=2009-05-31 reason=x", 1, ["ROL001", "WVR003"]),
    ("growth", "# ocspolicy: ignore[ROL001] expires=2009-12-31 reason=x max-short=0", 1, ["ROL001"]),
    ("another comment", "# ocspolicy is what checks this", 1, ["ROL001"]),
    ("unknown key", "# ocspolicy: ignore[ROL001] expire=2009-12-31", 2, None),
    ("open quote", '# ocspolicy: ignore[ROL001] reason="x', 2, None),
    ("no brackets", "# ocspolicy: ignore ROL001", 2, None),
    ("misspelled", "# ocspolicy: ignor[ROL001] expires=2009-12-31 reason=x", 2, None),
    ("no colon", "# ocspolicy ignore[ROL001] expires=2009-12-31 reason=x", 2, None),
    ("capitals", "# OCSPOLICY: IGNORE[ROL001] expires=2009-12-31 reason=x", 2, None),
    ("other name", "# ocspolcy: ignore[ROL001] expires=2009-12-31 reason=x", 2, None),
    ("no verb", "# ocspolicy: [ROL001] expires=2009-12-31 reason=x", 2, None),
    ("a list in words", "# ocspolicy [see the wiki]", 1, ["ROL001"]),
    ("a list of servers", "# servers: [edge03] are ignored", 1, ["ROL001"]),
    ("bad day", "# ocspolicy: ignore[ROL001] expires=2009-12-32 reason=x", 2, None),
    ("bad number", "# ocspolicy: ignore[ROL001] expires=2009-12-31 reason=x max-short=01", 2, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("comment", "status", "left"), [case[1:] for case in COMMENTS], ids=[case[0] for case in COMMENTS]
)
def test_waiver_in_place(tmp_path: Path, comment: str, status: int, left: list[str] | None) -> None:
    short(tmp_path)
    manifest = tmp_path / "estate.yaml"
    manifest.write_text(
        manifest.read_text().replace("{name: edge02, roles: [edge]}", "{name: edge02, roles: [edge]} " + comment)
    )
    read = result(cwd=tmp_path)
    assert run("check", *DAY, cwd=tmp_path).status == status
    if left is None:
        (problem,) = read["problems"]
        assert problem["location"]["line"] == 12
    else:
        assert sorted(set(rules(read))) == sorted(left)


@pytest.mark.parametrize(
    ("above", "line", "status"),
    [
        ("  # ocspolicy: ignore[ROL001] expires=2009-12-31 reason=x\n", "edge02", 0),
        ("  # ocspolicy: ignore[ROL001] expires=2009-12-31 reason=x\n  # another\n", "edge02", 0),
        ("  # ocspolicy: ignore[ROL001] expires=2009-12-31 reason=x\n", "edge01", 1),
    ],
)
def test_waiver_alone_above(tmp_path: Path, above: str, line: str, status: int) -> None:
    short(tmp_path)
    manifest = tmp_path / "estate.yaml"
    manifest.write_text(manifest.read_text().replace(f"  - {{name: {line}", above + f"  - {{name: {line}"))
    assert run("check", *DAY, cwd=tmp_path).status == status


def test_any_uncovered_server_will_do_but_no_inventory_line(tmp_path: Path) -> None:
    comment = "# ocspolicy: ignore[ROL001] expires=2009-12-31 reason=x"
    short(tmp_path, quantity=2)
    manifest = tmp_path / "estate.yaml"
    whole = manifest.read_text()
    manifest.write_text(whole.replace("{name: edge02, roles: [edge]}", "{name: edge02, roles: [edge]} " + comment))
    assert run("check", *DAY, cwd=tmp_path).status == 0, "edge02 is the second uncovered server"
    manifest.write_text(whole)
    inventory = tmp_path / "licenses.yaml"
    inventory.write_text(inventory.read_text().replace("quantity: 2}", "quantity: 2} " + comment))
    assert run("check", *DAY, cwd=tmp_path).status == 1


def test_text_inside_a_scalar_is_no_waiver(tmp_path: Path) -> None:
    short(tmp_path)
    manifest = tmp_path / "estate.yaml"
    label = 'labels: {a: "x # ocspolicy: ignore[ROL001] expires=2009-12-31 reason=x"}'
    manifest.write_text(
        manifest.read_text().replace("{name: edge02, roles: [edge]}", f"{{name: edge02, roles: [edge], {label}}}")
    )
    assert run("check", *DAY, cwd=tmp_path).status == 1


def test_no_waivers_and_non_waivable(tmp_path: Path) -> None:
    short(tmp_path, WHOLE + "}")
    assert run("check", *DAY, "--no-waivers", cwd=tmp_path).status == 1
    (tmp_path / "ocspolicy.toml").write_text('non-waivable = ["ROL001"]\n')
    read = result(cwd=tmp_path)
    assert sorted(rules(read)) == ["ROL001", "WVR002"]


def test_warning_days_are_configured(tmp_path: Path) -> None:
    short(tmp_path, WHOLE + "}")
    (tmp_path / "ocspolicy.toml").write_text("waiver-warning-days = 28\n")
    assert rules(result(cwd=tmp_path)) == []
    (tmp_path / "ocspolicy.toml").write_text("waiver-warning-days = 29\n")
    assert rules(result(cwd=tmp_path)) == ["WVR004"]


# --- the command

WRITE = ("waive", *DAY, "--reason", "order signed", "--expires", "2009-12-31")


def test_waive_makes_the_build_pass_until_it_grows(tmp_path: Path) -> None:
    short(tmp_path, quantity=2)
    assert run(*WRITE, cwd=tmp_path).status == 0
    assert run("check", *DAY, cwd=tmp_path).status == 0
    (tmp_path / "licenses.yaml").write_text(INVENTORY.replace("quantity: 4", "quantity: 1"))
    assert run("check", *DAY, cwd=tmp_path).status == 1


@pytest.mark.parametrize(
    "before",
    [
        HEAD + "  # why\n  - {rule: CAL001, reason: x, expires: 2010-01-01} # kept\n",
        HEAD + "- rule: CAL001\n  reason: x\n  expires: 2010-01-01\n",
        HEAD + "- rule: CAL001\n  reason: x\n  expires: 2010-01-01",
        (HEAD + "- rule: CAL001\n  reason: x\n  expires: 2010-01-01\n").replace("\n", "\r\n"),
        "\ufeff" + HEAD + "- {rule: CAL001, reason: x, expires: 2010-01-01}\n",
        HEAD.rstrip() + " []\n",
        HEAD.rstrip() + " [{rule: CAL001, reason: x, expires: 2010-01-01}]\n# the end\n",
        HEAD + "- {rule: CAL001, reason: x, expires: 2010-01-01}\n---\nother: 1\n",
    ],
)
def test_waive_touches_nothing_that_stands_there(tmp_path: Path, before: str) -> None:
    short(tmp_path)
    target = tmp_path / "ocspolicy-waivers.yaml"
    target.write_bytes(before.encode())
    ran = run(*WRITE, "--approved-by", 'me: "x"', cwd=tmp_path)
    assert ran.status == 0, ran.err
    after = target.read_bytes().decode()
    rest = iter(after)
    assert all(character in rest for character in before), "what stood there is still there, in its order"
    read = result(cwd=tmp_path)
    assert rules(read, waived=True) == ["ROL001"]
    assert [found["waived"]["approvedBy"] for found in read["findings"] if found["waived"]] == ['me: "x"']


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--reason", "x"), "--expires"),
        (("--expires", "2009-12-31"), "--reason"),
        (("--reason", " ", "--expires", "2009-12-31"), "found an empty text"),
        (("--reason", "x", "--expires", "2009-05-31"), "a day before 2009-06-01"),
        (("--reason", "x", "--expires", "soon"), "--expires: found 'soon'"),
    ],
)
def test_waive_refuses(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = run("waive", *DAY, *arguments, cwd=short(tmp_path))
    assert ran.status == 2
    assert said in ran.err
    assert not (tmp_path / "ocspolicy-waivers.yaml").exists()


def test_waive_writes_nothing_into_a_file_that_it_cannot_read(tmp_path: Path) -> None:
    short(tmp_path)
    target = tmp_path / "other.yaml"
    target.write_text("a: [\n")
    assert run(*WRITE, "--output", "other.yaml", cwd=tmp_path).status == 2
    assert target.read_text() == "a: [\n"


def test_waive_leaves_alone_what_can_not_be_waived(tmp_path: Path) -> None:
    short(tmp_path)
    manifest = tmp_path / "estate.yaml"
    manifest.write_text(manifest.read_text().replace("front-end", "frontend", 1))
    ran = run(*WRITE, cwd=tmp_path)
    assert "left alone: ROL004" in ran.err
    assert run("check", *DAY, cwd=tmp_path).status == 1


TIERS = (
    DEPLOYMENT.partition("pools:")[0]
    + """\
product: lync-2010
users:
  - {group: voice, count: 20, features: [enterprise-voice]}
  - {group: video, count: 5, features: [web-conferencing]}
"""
)
OWNED = "apiVersion: ocspolicy/v1\nkind: LicenseInventory\nlicenses:\n  - {product: lync-2010, license: user-cal, edition: standard, quantity: 25}\n"


def test_waive_lets_no_shortage_hide_behind_another(tmp_path: Path) -> None:
    estate(tmp_path, TIERS, OWNED)
    shortages = {found["subject"]: found["facts"]["short"] for found in result(cwd=tmp_path)["findings"]}
    assert sorted(shortages.values()) == [5, 20]
    assert run(*WRITE, cwd=tmp_path).status == 0
    assert run("check", *DAY, cwd=tmp_path).status == 0
    estate(tmp_path, TIERS.replace("count: 5", "count: 6"), OWNED)
    assert run("check", *DAY, cwd=tmp_path).status == 1


def test_waivers_in_the_root_count_whatever_is_checked(tmp_path: Path) -> None:
    short(tmp_path / "estates")
    git("init", "-q", cwd=tmp_path)
    ran = run(*WRITE, "estates", cwd=tmp_path)
    assert "does not read" not in ran.err
    assert run("check", *DAY, "estates", cwd=tmp_path).status == 0
    assert run("check", *DAY, ".", cwd=tmp_path / "estates").status == 0
    assert run(*WRITE, "estates", cwd=tmp_path).err == "nothing to waive\n"
    assert (
        run(
            "check", *DAY, "--tracked", "--inventory", "estates/licenses.yaml", "estates/estate.yaml", cwd=tmp_path
        ).status
        == 1
    )
    estate(tmp_path / "estates")
    assert rules(result("estates", cwd=tmp_path)) == [], "whether others need it, part of the tree does not show"
    assert rules(result(".", cwd=tmp_path)) == ["WVR001"]


def test_waivers_in_the_root_of_the_revision_count_with_its_policy(tmp_path: Path) -> None:
    short(tmp_path / "estates")
    git("init", "-q", cwd=tmp_path)
    assert run(*WRITE, "estates", cwd=tmp_path).status == 0
    git("add", ".", cwd=tmp_path)
    git("commit", "-qm", "main", cwd=tmp_path)
    git("rm", "-q", "ocspolicy-waivers.yaml", cwd=tmp_path)
    assert run("check", *DAY, "estates", cwd=tmp_path).status == 1
    assert run("check", *DAY, "--policy-from", "main", "estates", cwd=tmp_path).status == 0


@pytest.mark.parametrize(
    ("output", "also"), [("notes.txt", ()), ("w.yaml", ("--tracked",)), ("out/w.yaml", ())], ids=str
)
def test_waive_says_where_no_check_reads(tmp_path: Path, output: str, also: tuple[str, ...]) -> None:
    short(tmp_path)
    (tmp_path / "ocspolicy.toml").write_text('exclude = ["out/"]\n')
    (tmp_path / "out").mkdir()
    git("init", "-q", cwd=tmp_path)
    git("add", "*.yaml", cwd=tmp_path)
    assert f"does not read {output}" in run(*WRITE, "--output", output, *also, cwd=tmp_path).err


def test_waive_writes_nothing_where_an_expired_waiver_decides(tmp_path: Path) -> None:
    short(tmp_path, WHOLE.replace("06-30", "05-31") + "}")
    ran = run(*WRITE, cwd=tmp_path)
    assert "waivers.yaml:4:5: the expired waiver for ROL001 still decides" in ran.err
    assert ran.err.endswith("wrote nothing: 1 still failing, for the reasons above\n")
    assert not (tmp_path / "ocspolicy-waivers.yaml").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--reason", "x" * 2001),
        ("--reason", "a \u2028 b"),
        ("--approved-by", "x" * 2001),
        ("--approved-by", "\udcff"),
    ],
    ids=["long", "line separator", "long name", "no text"],
)
def test_waive_writes_nothing_that_no_check_would_read(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = run("waive", *DAY, "--reason", "x", "--expires", "2009-12-31", *arguments, cwd=short(tmp_path))
    assert ran.status == 2
    assert ran.err.startswith("error: --reason or --approved-by: ")
    assert not (tmp_path / "ocspolicy-waivers.yaml").exists()


def test_waive_writes_words_as_they_are(tmp_path: Path) -> None:
    run("waive", *DAY, "--reason", 'größer "als" \\', "--expires", "2009-12-31", cwd=short(tmp_path))
    assert r'reason: "größer \"als\" \\"' in (tmp_path / "ocspolicy-waivers.yaml").read_text(encoding="utf-8")
    (waiver,) = result(cwd=tmp_path)["waivers"]
    assert waiver["reason"] == 'größer "als" \\'


def test_waive_changes_no_value_at_the_end_of_a_file(tmp_path: Path) -> None:
    short(tmp_path)
    file = tmp_path / "ocspolicy-waivers.yaml"
    before = HEAD + "  - rule: CAL001\n    expires: 2009-12-31\n    reason: |\n      line"
    file.write_text(before)
    ran = run(*WRITE, cwd=tmp_path)
    assert ran.status == 2
    assert "ending inside a value" in ran.err
    assert file.read_text() == before


def test_a_waiver_that_accepts_too_few_is_named(tmp_path: Path) -> None:
    ran = run("check", *DAY, cwd=short(tmp_path, WHOLE + ", maxShort: 0}"))
    assert "note: the waiver for ROL001 at waivers.yaml:4:5 accepts fewer than are short" in ran.out


def test_the_last_line_names_what_ends_soon(tmp_path: Path) -> None:
    ran = run("check", *DAY, "--quiet", cwd=short(tmp_path, WHOLE + "}"))
    assert "; 1 waiver (ROL001 on 2009-06-30 ends soon); as of" in ran.last


def test_nothing_to_waive(tmp_path: Path) -> None:
    ran = run(*WRITE, cwd=short(tmp_path, quantity=4))
    assert (ran.status, ran.err) == (0, "nothing to waive\n")


# --- a pull request that changes everything in the tree


def branch(folder: Path, *waivers: str) -> Path:
    """A repository whose main branch is short by one and whose tree somebody else has changed."""
    short(folder, *waivers)
    (folder / "ocspolicy.toml").write_text('severity = {CAL010 = "error"}\n')
    git("init", "-q", cwd=folder)
    git("add", ".", cwd=folder)
    git("commit", "-qm", "main", cwd=folder)
    return folder


PROTECTED = ("--policy-from", "main", "--inventory-from", "main")


def test_pull_request_that_waives_itself(tmp_path: Path) -> None:
    branch(tmp_path)
    (tmp_path / "waivers.yaml").write_text(HEAD + f"  - {WHOLE}}}\n")
    assert run("check", *DAY, cwd=tmp_path).status == 0
    assert run("check", *DAY, "--policy-from", "main", cwd=tmp_path).status == 1


def test_pull_request_that_waives_itself_in_place(tmp_path: Path) -> None:
    branch(tmp_path)
    manifest = tmp_path / "estate.yaml"
    comment = " # ocspolicy: ignore[ROL001] expires=2009-12-31 reason=x"
    manifest.write_text(
        manifest.read_text().replace("{name: edge02, roles: [edge]}", "{name: edge02, roles: [edge]}" + comment)
    )
    assert run("check", *DAY, cwd=tmp_path).status == 0
    assert run("check", *DAY, "--policy-from", "main", cwd=tmp_path).status == 1
    git("commit", "-qam", "approved", cwd=tmp_path)
    assert run("check", *DAY, "--policy-from", "main", cwd=tmp_path).status == 0
    manifest.write_text("# a new first line\n" + manifest.read_text())
    assert run("check", *DAY, "--policy-from", "main", cwd=tmp_path).status == 0, "the pointer is the same"
    manifest.write_text(manifest.read_text().replace("reason=x", "reason=y"))
    assert run("check", *DAY, "--policy-from", "main", cwd=tmp_path).status == 1


def test_pull_request_that_moves_an_approved_comment(tmp_path: Path) -> None:
    """Where no value begins on a line, what stands around it tells where the comment is."""
    comment = "# ocspolicy: ignore[ROL001] expires=2009-12-31 reason=x"
    spread = "  - {name: edge02, roles: [edge]\n    } " + comment + "\n"
    manifest = DEPLOYMENT.replace("  - {name: edge02, roles: [edge]}\n", spread)
    estate(tmp_path, manifest, INVENTORY.replace("quantity: 4", "quantity: 3"))
    git("init", "-q", cwd=tmp_path)
    git("add", ".", cwd=tmp_path)
    git("commit", "-qm", "main", cwd=tmp_path)
    assert run("check", *DAY, *PROTECTED, cwd=tmp_path).status == 0
    other = spread.replace("edge02", "edge03")
    (tmp_path / "estate.yaml").write_text(manifest.replace(spread, spread.replace(comment, "") + other))
    assert run("check", *DAY, *PROTECTED, cwd=tmp_path).status == 1, "moved"
    (tmp_path / "estate.yaml").write_text(manifest.replace(spread, spread + other))
    assert rules(result(*PROTECTED, cwd=tmp_path), waived=True) == ["ROL001"], "copied: only its own place counts"


def test_pull_request_that_leads_past_a_configuration(tmp_path: Path) -> None:
    staff = DEPLOYMENT.replace(
        "{group: staff, count: 100}",
        "{group: partners, count: 5, relationship: external, authentication: active-directory}",
    )
    estate(tmp_path / "estates", staff)
    (tmp_path / "estates" / "ocspolicy.toml").write_text('severity = {CAL003 = "error"}\n')
    (tmp_path / "weak.toml").write_text("")
    (tmp_path / "strict.toml").write_text('severity = {CAL003 = "error"}\n')
    git("init", "-q", cwd=tmp_path)
    git("add", ".", cwd=tmp_path)
    git("commit", "-qm", "main", cwd=tmp_path)
    assert run("check", *DAY, "estates", *PROTECTED, cwd=tmp_path).status == 1
    (tmp_path / "strict.toml").unlink()
    (tmp_path / "strict.toml").symlink_to("weak.toml")
    assert run("check", *DAY, "estates", *PROTECTED, "--config", "strict.toml", cwd=tmp_path).status == 1
    git("mv", "estates", "elsewhere", cwd=tmp_path)
    (tmp_path / "estates").symlink_to("elsewhere")
    assert run("check", *DAY, "estates", *PROTECTED[:2], cwd=tmp_path).status == 1
    (tmp_path / "elsewhere" / "ocspolicy.toml").unlink()
    assert run("check", *DAY, "estates", *PROTECTED[:2], cwd=tmp_path).status == 1


def test_named_inventory_that_the_revision_lacks(tmp_path: Path) -> None:
    branch(tmp_path / "root")
    (tmp_path / "outside.yaml").write_text(INVENTORY)
    (tmp_path / "root" / "more.yaml").write_text(INVENTORY)
    for named in ("../outside.yaml", "more.yaml"):
        ran = run("check", *DAY, "--inventory-from", "main", "--inventory", named, cwd=tmp_path / "root")
        assert ran.status == 2
        assert "found no such file in revision 'main'" in " ".join(ran.out.split())
    git("rm", "-q", "licenses.yaml", cwd=tmp_path / "root")
    assert (
        run("check", *DAY, "--inventory-from", "main", "--inventory", "licenses.yaml", cwd=tmp_path / "root").status
        == 1
    )


def test_pull_request_that_removes_the_rules_from_its_way(tmp_path: Path) -> None:
    branch(tmp_path)
    for change in (
        'ignore = ["ROL"]',
        'severity = {ROL001 = "info"}',
        'exclude = ["estate.yaml"]',
        'fail-on = "never"',
    ):
        (tmp_path / "ocspolicy.toml").write_text(change + "\n")
        assert run("check", *DAY, "--policy-from", "main", cwd=tmp_path).status == 1, change
    (tmp_path / "ocspolicy.toml").unlink()
    assert run("check", *DAY, "--policy-from", "main", cwd=tmp_path).status == 1


def test_pull_request_that_removes_a_stricter_rule(tmp_path: Path) -> None:
    manifest = DEPLOYMENT.replace("staff, count: 100", "staff, count: 100, authentication: federated")
    estate(tmp_path, manifest)
    assert run("check", *DAY, cwd=tmp_path).status == 0
    (tmp_path / "ocspolicy.toml").write_text('severity = {CAL010 = "error"}\n')
    git("init", "-q", cwd=tmp_path)
    git("add", ".", cwd=tmp_path)
    git("commit", "-qm", "main", cwd=tmp_path)
    (tmp_path / "ocspolicy.toml").unlink()
    assert run("check", *DAY, cwd=tmp_path).status == 0
    assert run("check", *DAY, "--policy-from", "main", cwd=tmp_path).status == 1


def test_pull_request_that_enlarges_the_inventory(tmp_path: Path) -> None:
    branch(tmp_path)
    (tmp_path / "licenses.yaml").write_text(INVENTORY)
    (tmp_path / "more.yaml").write_text(INVENTORY)
    assert run("check", *DAY, cwd=tmp_path).status == 0
    assert run("check", *DAY, *PROTECTED, cwd=tmp_path).status == 1


def test_waivers_of_the_revision_hold(tmp_path: Path) -> None:
    branch(tmp_path, WHOLE + "}")
    git("rm", "-q", "waivers.yaml", cwd=tmp_path)
    assert run("check", *DAY, cwd=tmp_path).status == 1
    assert run("check", *DAY, *PROTECTED, cwd=tmp_path).status == 0


@pytest.mark.parametrize("option", ["--policy-from", "--inventory-from"])
@pytest.mark.parametrize("revision", ["nowhere", "--all", "main:estate.yaml", ""])
def test_unreadable_revision_is_status_2(tmp_path: Path, option: str, revision: str) -> None:
    ran = run("check", *DAY, f"{option}={revision}", cwd=branch(tmp_path))
    assert ran.status == 2
    assert "revision" in ran.out + ran.err


def test_revision_without_a_repository(tmp_path: Path) -> None:
    ran = run("check", *DAY, "--policy-from", "main", "--format", "json", cwd=short(tmp_path))
    assert ran.status == 2
    assert [problem["kind"] for problem in json.loads(ran.out)["problems"]] == ["git"]


def test_a_missing_inventory_makes_no_waiver_unneeded(tmp_path: Path) -> None:
    (short(tmp_path, WHOLE + "}") / "licenses.yaml").unlink()
    assert rules(result(cwd=tmp_path)) == []


def test_pull_request_that_shifts_a_line_under_an_approved_waiver(tmp_path: Path) -> None:
    """With inventories of the revision, places are those of the revision: a waiver must be for the same line there."""
    waiver = '  # ocspolicy: ignore[ROL006] expires=2009-12-31 reason="ok"\n'
    line = "  - {product: ocs-2007-r2, license: server, edition: %s, quantity: 1, assignedTo: [%s]}\n"
    owned = INVENTORY.partition("  - ")[0] + waiver
    owned += line % ("enterprise", "fe01, fe02") + line % ("standard", "edge01")
    estate(tmp_path, DEPLOYMENT, owned)
    git("init", "-q", cwd=tmp_path)
    git("add", ".", cwd=tmp_path)
    git("commit", "-qm", "main", cwd=tmp_path)
    only = (*PROTECTED, "--select", "ROL006,WVR002")
    assert rules(result(*only, cwd=tmp_path), waived=True) == ["ROL006"]
    more = DEPLOYMENT.replace("{name: edge01,", "{name: edge01, count: 3,").replace(
        "      - {name: fe02, roles: [front-end]}\n", ""
    )
    estate(tmp_path, more, owned)
    assert run("check", *DAY, *only, cwd=tmp_path).status == 1
    estate(tmp_path, more, owned.replace("licenses:\n", "licenses:\n\n"))
    found = result(*only, cwd=tmp_path)
    assert (rules(found), found["findings"][0]["excerpt"]) == (["ROL006"], None), "and no text of the tree is shown"
