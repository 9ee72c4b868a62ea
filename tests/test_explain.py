"""`ocspolicy explain`: what stands on its pages, as a person and a terminal meet them."""

import json
import os
import re
import shlex
import subprocess
from functools import cache
from pathlib import Path

import pytest
from golden_files import compare
from in_process import run_here
from process import COMMAND, ROOT, Ran, environment, estate, run

from ocspolicy import plugins
from ocspolicy.catalog import Catalog
from ocspolicy.explain import Known, explain, listing
from ocspolicy.explain.examples import find_examples
from ocspolicy.explain.page import Code, Heading, Pairs, Prose, Table, as_markdown, as_text

CATALOG = Catalog.builtin()
DISPUTED = "disputed; inferred from what other statements say"
UNDETERMINED = "undetermined; the terms do not settle it"


def explained(tmp_path: Path, *arguments: str, **changed: str) -> Ran:
    ran = run("explain", *arguments, cwd=tmp_path, **changed)
    assert (ran.status, ran.err) == (0, "")
    return ran


def words(text: str) -> str:
    """Give a page as one line, so that a sentence is found wherever it was wrapped."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        pytest.param(
            "front-end",
            [
                "One license covers every role that its edition can run on the licensed server, however many",
                "additional software may run on any number of other servers without one",
                "cannot be spread over several or divided between roles",
                "Each virtual machine that runs a counted role needs one, the physical host below it none.",
                "(S 12, P 13, P 14, S 16, P 18, P 20)",
                "P 20 A virtual machine that runs a counted role needs a license",
                "S the announcement of the licensing change",
            ],
            id="role",
        ),
        pytest.param(
            "server",
            [
                "server: a kind of license",
                "One license covers every role that its edition can run on the licensed server, however many",
                "needed by roles front-end and edge edition standard Standard Edition: serves standard edition enterprise",
                "Enterprise Edition: serves enterprise and standard",
            ],
            id="license",
        ),
        pytest.param(
            "ROL001",
            [
                "ROL001 server-license-shortage: a rule",
                "P 14 The license of a Front End covers all roles consolidated on it, however many",
                "P 18 A license is assigned to one server; it cannot be spread over several servers",
                "P 20 A virtual machine that runs a counted role needs a license",
                "severity error by default",
            ],
            id="rule",
        ),
        pytest.param(
            "ROL006",
            ["P 18 A license is assigned to one server; it cannot be spread over several servers"],
            id="spread",
        ),
        pytest.param("ROL004", ["always on, never waived or lowered"], id="always-on"),
        pytest.param(
            "cwa",
            ["communicator-web-access: a server role", "Additional software: needs no license of its own"],
            id="alias",
        ),
        pytest.param(
            "group-chat",
            [
                "group-chat: a server role",
                "group-chat: a feature",
                "S comment 16",
                "the standing of the answer's author is unknown",
                "Not offered by this product. Persistent Chat was removed in 2019.",
            ],
            id="role-and-feature",
        ),
        pytest.param(
            "remote-call-control",
            [
                'until the configuration says undetermined.remote-call-control = "standard" or "enterprise" or "none"',
                f"certainty {UNDETERMINED}",
                "Included in the Plus CAL, which its users need on top of the Standard CAL.",
            ],
            id="feature",
        ),
        pytest.param(
            "edge",
            [
                "ocs-2007: Office Communications Server 2007 Needs a license: one server license for each running instance",
                f"Inferred from what the announcement for R2 says has changed. certainty {DISPUTED} sources D 25",
                'until the configuration says undetermined.edge = "counted" or "free"',
                "lync-2013, sfb-2015 and sfb-2019 Needs no license.",
            ],
            id="disputed-and-undetermined",
        ),
        pytest.param(
            "enterprise",
            [
                "enterprise: a CAL tier",
                "granted by enterprise-cal-suite",
                "enterprise: an edition",
                "at most 12,500 users for each front-end (P 17)",
                "at most 12,500 users for each front-end (disputed; P 17, D 25)",
            ],
            id="tier-and-edition",
        ),
        pytest.param(
            "core-cal-suite", ["lync-2010 the CALs standard, from 2011-08-01 on (T 11, T 26)"], id="suite-with-a-day"
        ),
        pytest.param(
            "ocs-2007",
            [
                "archiving counted: server (disputed) D 25",
                "desktop-sharing not-offered (disputed) S 6, D 25",
                "remote-call-control undetermined ? 6",
                "External users need CALs, or one External Connector for each server",
                "standard edition at most 4,999 users for each pool (disputed; P 17, D 25)",
            ],
            id="product",
        ),
        pytest.param("external-connector", ["The terms already include what it buys."], id="redundant"),
        pytest.param("S 12", ["Of the server roles of R2 only Front End and Edge need a server license."], id="mark"),
    ],
)
def test_page_answers(name: str, answers: list[str]) -> None:
    said = words(as_text(explain(name, _known()), 80, color=False))
    assert [answer for answer in answers if answer not in said] == []


def test_command_shows_the_page(tmp_path: Path) -> None:
    page = as_text(explain("front-end", _known()), 80, color=False)
    assert explained(tmp_path, "front-end").out == page


def test_rule_is_found_by_name_and_without_regard_to_case() -> None:
    page = explain("ROL001", _known())
    assert explain("server-license-shortage", _known()) == page
    assert explain("rol001", _known()) == page


@pytest.mark.parametrize(
    ("written", "mark"),
    [("s 12", "S 12"), ("P18", "P 18"), ("s  comment16", "S comment 16"), ("?6", "? 6"), ("t", "T"), ("p9", "P 9")],
)
def test_a_mark_is_found_without_regard_to_case_and_blanks(written: str, mark: str) -> None:
    page = explain(mark, _known())
    assert page[0] == Heading(1, f"{mark}: a source mark")
    assert explain(written, _known()) == page


def test_every_mark_that_a_page_shows_can_be_explained() -> None:
    known = _known()
    for name in (*(it.rule.id for it in known.rules), *CATALOG.product_ids, *CATALOG.role_ids, *CATALOG.license_kinds):
        for mark in re.findall(
            r"\b(?:[SPTD]|S comment) [0-9]+", words(as_text(explain(name, known), 200, color=False))
        ):
            assert explain(mark, known)[0] == Heading(1, f"{mark}: a source mark")


RUN = [
    ("ROL001", True),
    ("ROL001", False),
    ("GCH004", True),
    ("HDR001", True),
    *((f"WVR00{number}", fires) for number in range(1, 5) for fires in (True, False)),
]


@pytest.mark.parametrize(("rule", "fires"), RUN)
def test_example_stands_as_it_is_and_runs(tmp_path: Path, rule: str, fires: bool) -> None:  # noqa: FBT001 -- a case
    page = as_text(explain(rule, _known(here=True)), 80, color=False)
    (example,) = (it for it in find_examples(_registered(rule).rule, here=True) if it.fires is fires)
    assert all(text in page for _, text in example.files)
    title = "An example that fires" if fires else "An example that stays silent"
    section = page.partition(title)[2].partition("An example")[0]
    *_, start, path = section.rstrip().splitlines()
    assert start.startswith("ocspolicy ")
    assert start.endswith(" \\")
    assert len(start) <= 80
    command, *arguments = shlex.split(f"{start[:-1]} {path}")
    assert command == "ocspolicy"
    ran = run(*arguments, cwd=tmp_path)
    if arguments[0] == "check":
        assert (f"[{rule}]" in ran.out) is fires
    else:
        assert ran.out.startswith("passed: ")


PAGES = [
    *((kind, name) for kind, names in (
        ("a server role", [*CATALOG.role_ids, "cwa", "persistent-chat"]),
        ("a feature", CATALOG.feature_ids),
        ("a kind of license", sorted(CATALOG.kinds_of_products)),
        ("a suite of licenses", CATALOG.suite_ids),
        ("a product", CATALOG.product_ids),
        ("a CAL tier", ["standard", "enterprise", "plus"]),
        ("an edition", ["standard", "enterprise"]),
    ) for name in names)
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), PAGES)
def test_every_page_has_an_example_that_runs_and_prints_what_it_says(tmp_path: Path, kind: str, name: str) -> None:
    pages = re.split(r"(?m)^(?=\S+: an? .*$)", as_text(explain(name, _known()), 80, color=False))
    (page,) = [it for it in pages if it.partition("\n")[0].endswith(f": {kind}")]
    example = page.partition("\nAn example\n\n")[2]
    parts = re.fullmatch(r"(.*?)\n\n  Saved as (.*):\n\n(.*)\n\n  It prints this.*:\n\n(.*?)\n+", example, re.DOTALL)
    assert parts is not None
    text, file, command, printed = parts.groups()
    assert re.search(rf"\b{_id_of(name)}\b", text)
    assert max(map(len, example.splitlines())) <= 80
    assert len(example.splitlines()) < 40
    (tmp_path / file).write_text(f"{text}\n")
    program, *arguments = shlex.split(command)
    ran = run_here(*arguments, cwd=tmp_path)
    assert (program, ran.status, ran.err) == ("ocspolicy", 0, "")
    assert ran.out.startswith(f"{printed}\n\njudged 1 deployment (example) ")
    judged = json.loads(run_here("check", file, *arguments[2:], "--format", "json", cwd=tmp_path).out)
    assert judged["summary"]["error"] == 0
    assert judged["problems"] == []


def _id_of(name: str) -> str:
    roles = [role for it in CATALOG.product_ids if (role := CATALOG.product(it).role(name))]
    return roles[0].id if roles else name


def _registered(rule: str) -> plugins.Registered:
    return next(it for it in _known().rules if it.rule.id == rule)


@cache
def _known(*, here: bool = False) -> Known:
    loaded, problems = plugins.load((), {}, "/nowhere", allow_local=False)
    assert problems == []
    return Known(loaded.rules, CATALOG, lambda registered: find_examples(registered.rule, here=here))


def test_every_rule_has_both_examples() -> None:
    lacking = [
        it.rule.id
        for it in _known().rules
        if not it.rule.needs_verdict
        and {example.fires for example in find_examples(it.rule, here=True)} != {True, False}
    ]
    assert lacking == []


def test_everything_listed_can_be_explained(tmp_path: Path) -> None:
    known = _known()
    listed = words(explained(tmp_path).out)
    names = [*(it.rule.id for it in known.rules), *CATALOG.role_ids, *CATALOG.feature_ids, *CATALOG.product_ids]
    names += [*CATALOG.license_kinds, "standard", "enterprise", "plus"]
    for name in names:
        assert re.search(rf"(^|\s){name}(,|\s|$)", listed), name
        blocks = explain(name, known)
        assert isinstance(blocks[0], Heading)
        assert any(isinstance(block, Heading) and block.text == "Sources" for block in blocks), name
        assert "as it is stated here" not in as_text(blocks, 80, color=False), name
    assert words(as_text(listing(known), 80, color=False)) == listed


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("edg", "did you mean 'edge' or 'av-edge'?"),
        ("ROL01", "did you mean 'ROL011' or 'ROL010'"),
        ("server-license-shortgae", "did you mean 'server-license-shortage'"),
        ("qqqqqqqqqq", "'ocspolicy explain' alone lists all"),
        ("S 99", "found no source mark 'S 99', expected one of S 1, S 3, S 4, S 5, S 6, S 12, S 15, S 16, S 17"),
        ("S 120", "expected one of S 1, "),
        ("p30", "found no source mark 'p30', expected one of P 1, "),
        ("S 18", "expected one of S 1, "),
        ("S comment 1", "expected one of S comment 16"),
        ("S12x", "did you mean 'S 12'"),
        ("\x1b[31m", "\\u001b[31m"),
        ("", "found nothing named ''"),
    ],
)
def test_unknown_id_is_status_2_and_near_ones_are_named(tmp_path: Path, name: str, near: str) -> None:
    ran = run("explain", name, cwd=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert near in ran.err
    assert ran.err.count("\n") == 1
    assert "\x1b" not in ran.err


def test_an_id_and_all_exclude_each_other(tmp_path: Path) -> None:
    ran = run("explain", "--all", "edge", cwd=tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert "found 'edge' and --all, expected one of them" in ran.err


def test_pages_of_all_rules_are_those_of_the_documentation(tmp_path: Path) -> None:
    page = explained(tmp_path, "--all", "--format", "markdown").out
    assert str(tmp_path) not in page
    assert "site-packages" not in page
    compare(ROOT / "docs" / "rules.md", page)


def test_page_is_written_to_a_file(tmp_path: Path) -> None:
    page = explained(tmp_path, "edge", "--format", "markdown").out
    ran = explained(tmp_path, "edge", "--format", "markdown", "--output", "edge.md")
    assert ran.out == ""
    assert (tmp_path / "edge.md").read_text(encoding="utf-8") == page
    assert page.startswith("# edge: a server role\n\nEdge. It is also written access-edge,")


def test_lines_are_wrapped_and_plain_where_there_is_no_terminal(tmp_path: Path) -> None:
    for name in ("group-chat", "ocs-2007-r2"):
        page = explained(tmp_path, name).out
        assert max(map(len, page.splitlines())) <= 80
        assert not re.search(r"[,(] [SPTD]$", page, re.MULTILINE), "a mark is broken"
        assert "\x1b" not in page
    assert "\x1b[" in explained(tmp_path, "edge", "--color", "always").out


@pytest.mark.parametrize(("settings", "painted"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=["color", "no-color"])
def test_a_terminal_decides_on_width_and_color(tmp_path: Path, settings: dict[str, str], painted: bool) -> None:  # noqa: FBT001 -- a case
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    subprocess.run(["stty", "cols", "50", "rows", "40"], stdin=theirs, check=True)
    with subprocess.Popen(
        [COMMAND, "explain", "edge"], cwd=tmp_path, env=environment(TERM="xterm", **settings), stdout=theirs
    ) as process:
        os.close(theirs)
        page = _drain(ours)
        assert process.wait() == 0
    assert ("\x1b[" in page) is painted
    lines = re.sub(r"\x1b\[[\d;]*m", "", page).partition("An example")[0].splitlines()
    assert max(map(len, lines)) <= 50
    assert len(lines) > 60


def _drain(terminal: int) -> str:
    data = b""
    while True:
        try:
            more = os.read(terminal, 65_536)
        except OSError:  # Linux says so where the other end is closed
            more = b""
        if not more:
            os.close(terminal)
            return data.decode()
        data += more


TERMS = """\
apiVersion: ocspolicy/v1
kind: Catalog
sources: [{id: order, meaning: an order of the company}]
statements: [{id: order-7, text: nothing}]
products:
  - id: ocs-2007-r2
    roles:
      - {id: bot, name: "b\\e[31mot", licensing: free, source: [order], note: "<script>`x`</script> ::warning::*no*"}
"""


def _repository(folder: Path, terms: str = TERMS) -> Path:
    estate(folder)
    (folder / "terms.yaml").write_text(terms, encoding="utf-8")
    (folder / "ocspolicy.toml").write_text('catalogs = ["terms.yaml"]\n', encoding="utf-8")
    return folder


def test_catalogs_of_the_organization_count(tmp_path: Path) -> None:
    page = explained(_repository(tmp_path), "bot").out
    assert "Needs no license." in page
    assert "order  an order of the company" in page
    assert "bot" in explained(tmp_path).out
    assert "\x1b" not in page
    assert "\\u001b" in page


def test_nothing_but_catalogs_is_read(tmp_path: Path) -> None:
    _repository(tmp_path)
    (tmp_path / "ocspolicy-waivers.yaml").write_text("apiVersion: ocspolicy/v1\nkind: Waivers\nwaivers: 1\n")
    (tmp_path / "estate.yaml").write_text("apiVersion: ocspolicy/v1\nkind: Deployment\n")
    assert "Needs no license." in explained(tmp_path, "bot").out


def test_a_name_is_inert_in_markdown(tmp_path: Path) -> None:
    page = explained(_repository(tmp_path), "bot", "--format", "markdown").out
    assert "&lt;script&gt;\\`x\\`&lt;/script&gt; ::warning::\\*no\\*" in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (TERMS.replace("licensing: free", "licensing: fre"), "terms.yaml:8:"),
        (TERMS.replace("licensing: free", "licensing: counted, license: sever"), "did you mean 'server'"),
        ("", "found no 'kind: Catalog' in a file named as a catalog"),
        (None, "found no file that matches 'terms.yaml'"),
    ],
    ids=["shape", "reference", "empty", "missing"],
)
def test_a_broken_catalog_is_said_and_the_rest_explained(tmp_path: Path, terms: str | None, said: str) -> None:
    _repository(tmp_path, terms or "")
    if terms is None:
        (tmp_path / "terms.yaml").unlink()
    ran = run("explain", "edge", cwd=tmp_path)
    assert ran.status == 2
    assert said in ran.err
    assert ran.out.startswith("edge: a server role")


def test_a_broken_configuration_is_said_and_the_rest_explained(tmp_path: Path) -> None:
    (tmp_path / "ocspolicy.toml").write_text("fail-on = 3\n", encoding="utf-8")
    ran = run("explain", "edge", cwd=tmp_path)
    assert ran.status == 2
    assert "fail-on: found 3" in ran.err
    assert ran.out.startswith("edge: a server role")


OUTSIDE = '''
from pydantic import BaseModel, Field
from ocspolicy.api import Rule, Severity, hookimpl


class Options(BaseModel):
    most: int = Field(default=3, description="So many are fine.")
    kind: str = Field(alias="of-kind")


class TooMany(Rule):
    """Too many \x1b[31m things.

    Some more about it.

    Why: because
    it is so.
    Remedy: fewer.
    """

    id = "ACM001"
    name = "too-many"
    severity = Severity.INFO
    sources = ("order 7 of 2009",)
    message = "too many"
    options = Options
    waivable = False


@hookimpl
def ocspolicy_rules():
    return [TooMany]
'''


def test_rule_of_an_outsider(tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "acme_rules-1.0.dist-info").mkdir(parents=True)
    (site / "acme_rules.py").write_text(OUTSIDE, encoding="utf-8")
    (site / "acme_rules-1.0.dist-info" / "entry_points.txt").write_text("[ocspolicy]\nacme = acme_rules\n")
    root = tmp_path / "root"
    root.mkdir()
    page = explained(root, "too-many", PYTHONPATH=str(site)).out
    assert page.startswith(
        "ACM001 too-many: a rule\n\n  Too many \\u001b[31m things.\n\n  Some more about it.\n\nWhy\n"
    )
    said = words(page)
    assert "Why Because it is so. Remedy Fewer." in said
    assert "severity info by default waivers it cannot be waived plugin acme-rules" in said
    assert "rules.ACM001.most So many are fine. (default: 3) rules.ACM001.of-kind needed" in said
    assert "order 7 of 2009 as it is stated here; no catalog spells it out" in said
    assert "example" not in page
    local = run("explain", "too-many", cwd=tmp_path, PYTHONPATH=str(site))
    assert local.status == 2
    assert "pass --allow-local-plugins" in local.err
    assert explained(tmp_path, "too-many", "--allow-local-plugins", PYTHONPATH=str(site)).out == page


BLOCKS = [
    Heading(1, "# no"),
    Prose("1. one | two"),
    Pairs((("a_b", "x" * 30),)),
    Table(("name", "says"), (("a|b", "c\nd"),)),
    Code("a\n```\n::b\n", "yaml"),
]


def test_markdown_of_every_block() -> None:
    assert as_markdown(BLOCKS) == (
        "# \\# no\n\n1\\. one \\| two\n\n- **a\\_b**: " + "x" * 30 + "\n\n"
        "| name | says |\n| --- | --- |\n| a\\|b | c\\\\u000ad |\n\n````yaml\na\n```\n::b\n````\n"
    )


def test_text_of_every_block() -> None:
    assert as_text(BLOCKS, 30, color=False) == (
        "# no\n\n  1. one | two\n  a_b\n       "
        + "x" * 30
        + "\n\n  name  says\n  a|b   c\\u000ad\n\na\n```\n\\u003a:b\n"
    )
