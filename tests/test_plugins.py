"""Plugins as an outside author and an attacker bring them: real distributions on the path of a real process."""

import json
import sys
from pathlib import Path

import pytest
from process import DAY, INVENTORY, Ran, estate, run

from ocspolicy.report import FORMATS

GOOD = '''
from ocspolicy.api import Rule, Severity, hookimpl


class TooManyServers(Rule):
    """More servers than we like.

    Why: because.
    Remedy: fewer.
    """

    id = "ACM001"
    name = "too-many-servers"
    severity = Severity.WARNING
    sources = ("D",)
    message = "{servers} {servers:server is|servers are} too many"

    def judge(self, context):
        for deployment in context.estate.deployments:
            servers = list(deployment.running)
            yield self.finding(
                at=servers[0].node, facts={"servers": len(servers)}, remedy="retire some", deployment=deployment.name
            )


@hookimpl
def ocspolicy_rules():
    return [TooManyServers]
'''

JUDGE = "    def judge(self, context):\n"


def plugin(folder: Path, text: str, name: str = "acme_rules", version: str = "1.0") -> str:
    """Lay a distribution on a folder that goes onto the path; the folder."""
    folder.mkdir(exist_ok=True, parents=True)
    (folder / f"{name}.py").write_text(text)
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[ocspolicy]\nacme = {name}\n")
    return str(folder)


def check(tmp_path: Path, text: str, *arguments: str, quantity: int = 4) -> Ran:
    root = estate(tmp_path / "root", inventory=INVENTORY.replace("quantity: 4", f"quantity: {quantity}"))
    return run("check", *DAY, *arguments, cwd=root, PYTHONPATH=plugin(tmp_path / "site", text))


def test_outside_rule_takes_part(tmp_path: Path) -> None:
    ran = check(tmp_path, GOOD, "--format", "json")
    assert ran.status == 0
    read = json.loads(ran.out)
    assert {"name": "acme-rules", "version": "1.0"} in read["plugins"]
    assert [(found["rule"], found["message"]) for found in read["findings"]] == [("ACM001", "4 servers are too many")]
    assert read["findings"][0]["location"]["path"] == "/servers/0"
    assert check(tmp_path, GOOD, "--fail-on", "warning").status == 1
    assert check(tmp_path, GOOD, "--fail-on", "warning", "--ignore", "ACM").status == 0


BROKEN = [
    ("import raises", "raise RuntimeError('no')\n", "acme_rules of acme-rules 1.0 could not be loaded: RuntimeError: no"),
    ("import exits", "import sys\nsys.exit(0)\n", "could not be loaded: SystemExit"),
    ("rule leaves its generator", GOOD.replace(JUDGE, JUDGE + "        raise GeneratorExit\n"), "failed: GeneratorExit"),
    ("import raises nothing ordinary", "class Out(BaseException): ...\nraise Out('left')\n", "could not be loaded: Out: left"),
    ("hook raises nothing ordinary", GOOD.replace("return [TooManyServers]", "raise BaseException('left')"), "raised BaseException: left"),
    ("rule raises nothing ordinary", GOOD.replace(JUDGE, JUDGE + "        raise KeyboardInterrupt\n"), "failed: KeyboardInterrupt"),
    ("rule raises what cannot be told", GOOD.replace(JUDGE, "    class Mute(Exception):\n        def __str__(self):\n            raise BaseException\n\n" + JUDGE + "        raise self.Mute\n"), "failed: Mute;"),
    ("syntax", "def (\n", "could not be loaded: SyntaxError"),
    ("hook raises", GOOD.replace("return [TooManyServers]", "raise KeyError('x')"), "its hook ocspolicy_rules raised KeyError"),
    ("hook exits", GOOD.replace("return [TooManyServers]", "raise SystemExit(0)"), "its hook ocspolicy_rules raised SystemExit"),
    ("hook gives nonsense", GOOD.replace("return [TooManyServers]", "return [3]"), "expected a subclass of Rule"),
    ("hook gives nothing", GOOD.replace("return [TooManyServers]", "return None"), "its hook ocspolicy_rules raised TypeError"),
    ("misspelled hook", GOOD.replace("def ocspolicy_rules", "def ocspolicy_rulez"), "ocspolicy_rulez"),
    ("bad id", GOOD.replace("ACM001", "acm1"), "TooManyServers.id: found 'acm1'"),
    ("no remedy", GOOD.replace("Remedy: fewer.", ""), "found no Remedy: in its docstring"),
    ("id taken", GOOD.replace("ACM001", "ROL001"), "rule id ROL001 is taken by ocspolicy"),
    ("prefix taken", GOOD.replace("ACM001", "CAL900"), "rule prefix CAL belongs to ocspolicy"),
    ("name taken", GOOD.replace("too-many-servers", "server-license-shortage"), "rule name server-license-shortage is taken by ROL001"),
    ("rule raises", GOOD.replace(JUDGE, JUDGE + "        raise ValueError('oops')\n"), "rule ACM001 (too-many-servers) of acme-rules 1.0 failed: ValueError: oops"),
    ("rule exits", GOOD.replace(JUDGE, JUDGE + "        raise SystemExit(0)\n"), "rule ACM001 (too-many-servers) of acme-rules 1.0 failed: SystemExit"),
    ("rule gives nonsense", GOOD.replace("yield self.finding(", "yield dict("), "expected a finding of ACM001"),
    ("rule gives nothing iterable", GOOD.replace(JUDGE, JUDGE + "        return 3\n").replace("yield self", "self"), "failed: TypeError"),
    ("fact that is no JSON", GOOD.replace('"servers": len(servers)', '"servers": 1, "x": {1}'), "acme-rules: found a fact of type set in a finding of ACM001"),
    ("fact that is no text's key", GOOD.replace('"servers": len(servers)', '"servers": 1, "x": {1: 1}'), "found a fact of type dict in a finding of ACM001"),
    ("subject that is no text", GOOD.replace("yield self.finding(", "yield self.finding(key=(), subject=5, "), "it gave '5' in a finding of ACM001, expected str | None"),
    ("remedy that is no text", GOOD.replace('remedy="', 'remedy=b"'), "in a finding of ACM001, expected str"),
    ("fact that the message lacks", GOOD.replace('"servers": len', '"hosts": len'), "failed: KeyError"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_broken_plugin_is_named_and_the_others_still_speak(tmp_path: Path, text: str, said: str) -> None:
    ran = check(tmp_path, text, "--format", "json", quantity=3)
    assert ran.status == 2
    read = json.loads(ran.out)
    assert any(said in problem["message"] for problem in read["problems"]), read["problems"]
    assert "ROL001" in [found["rule"] for found in read["findings"]]


@pytest.mark.parametrize("fact", ["10**16", "-1e300", "float('nan')", "{1: 1}", "b'x'"])
def test_status_and_files_of_a_bad_fact_are_the_same_in_every_format(tmp_path: Path, fact: str) -> None:
    pairs = [f"--format={form}:{tmp_path / form}" for form in FORMATS]
    text = GOOD.replace('"servers": len(servers)', f'"servers": 1, "x": {fact}')
    assert text != GOOD
    ran = check(tmp_path, text, *pairs, "--format", "concise")
    assert ran.status == 2
    assert "could not judge: rule ACM001 (too-many-servers) of acme-rules: found a fact of type" in ran.out
    assert ran.out.splitlines()[-1].startswith("could not judge: 1 problem; ")
    assert [form for form in FORMATS if (tmp_path / form).is_file()] == list(FORMATS)
    for form in ("text", "json", "gitlab"):
        assert check(tmp_path, text, "--format", form).status == 2


def test_trace_of_a_broken_rule_only_with_verbose(tmp_path: Path) -> None:
    text = GOOD.replace(JUDGE, JUDGE + "        raise ValueError('oops')\n")
    root = estate(tmp_path / "root")
    import subprocess

    from process import COMMAND, environment

    site = plugin(tmp_path / "site", text)
    for verbose, shown in (((), False), (("--verbose",), True)):
        done = subprocess.run(
            [COMMAND, "check", *verbose],
            cwd=root,
            env=environment(PYTHONPATH=site),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert ("Traceback" in done.stdout + done.stderr) is shown


def test_plugin_in_the_tree_is_refused_unless_allowed(tmp_path: Path) -> None:
    root = estate(tmp_path)
    marker = tmp_path / "ran"
    site = plugin(root / "vendored", f"open({str(marker)!r}, 'w').close()\n" + GOOD)
    ran = run("check", *DAY, cwd=root, PYTHONPATH=site)
    assert ran.status == 2
    assert "its code lies in the judged tree; pass --allow-local-plugins" in " ".join(ran.out.split())
    assert not marker.exists()
    assert run("check", *DAY, "--allow-local-plugins", cwd=root, PYTHONPATH=site).status == 0
    assert marker.exists()


def test_configured_plugin(tmp_path: Path) -> None:
    root = estate(tmp_path / "root")
    site = tmp_path / "site"
    site.mkdir()
    (site / "more_rules.py").write_text(GOOD)
    (root / "ocspolicy.toml").write_text('plugins = ["more_rules"]\n')
    assert "ACM001" in run("check", *DAY, cwd=root, PYTHONPATH=str(site)).out
    assert run("check", *DAY, cwd=root).status == 2


@pytest.mark.parametrize(
    ("wanted", "status", "said"),
    [
        ('acme-rules = ">=1.0"', 0, ""),
        ('acme_rules = "*"', 0, ""),
        ('acme-rules = ">=2"', 2, "found version 1.0, expected >=2"),
        ('acme-rulez = "*"', 2, "did you mean 'acme-rules'?"),
        ('acme-rules = "newest"', 2, "expected a version range"),
    ],
)
def test_required_plugins(tmp_path: Path, wanted: str, status: int, said: str) -> None:
    root = estate(tmp_path / "root")
    (root / "ocspolicy.toml").write_text(f"required-plugins = {{{wanted}}}\n")
    ran = run("check", *DAY, "--format", "json", cwd=root, PYTHONPATH=plugin(tmp_path / "site", GOOD))
    assert ran.status == status
    assert said in ran.out


def test_installation_without_rules_cannot_judge(tmp_path: Path) -> None:
    import subprocess

    import ocspolicy

    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "ocspolicy").symlink_to(Path(ocspolicy.__file__).parent)
    packages = tmp_path / "packages"
    packages.mkdir()
    for entry in Path(ocspolicy.__file__).parents[1].iterdir():
        if not entry.name.startswith("ocspolicy"):
            (packages / entry.name).symlink_to(entry)
    root = estate(tmp_path / "root")
    program = f"import sys; sys.path[:0] = [{str(bare)!r}, {str(packages)!r}]; import runpy; sys.argv = ['ocspolicy', 'check']; runpy.run_module('ocspolicy', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no rule plugin" in " ".join(done.stdout.split()), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('select = ["XYZ"]', "select: found 'XYZ', expected a rule id or the beginning of one"),
        ('ignore = ["ROL09"]', "ignore: found 'ROL09'"),
        ('severity = {ROL00 = "info"}', "severity: found 'ROL00', expected a rule id; did you mean"),
        ('non-waivable = ["CAL9"]', "non-waivable: found 'CAL9'"),
        ("[rules.ROL001]\nlimit = 1", "rules.ROL001.limit: found an unknown option, expected none"),
        ('ignore = ["CAL005"]', "found CAL005 in ignore, expected it to stay on"),
        ('severity = {ROL004 = "info"}', "severity.ROL004: found another severity"),
        ('ignore = ["CAL", "ROL", "GCH", "INV", "IDN", "HDR"]', "found every rule switched off"),
    ],
)
def test_rule_that_cannot_be_chosen(tmp_path: Path, text: str, said: str) -> None:
    root = estate(tmp_path)
    (root / "ocspolicy.toml").write_text(text)
    ran = run("check", *DAY, "--format", "json", cwd=root)
    assert ran.status == 2
    assert any(said in problem["message"] for problem in json.loads(ran.out)["problems"]), ran.out


def test_prefix_leaves_on_what_cannot_be_ignored(tmp_path: Path) -> None:
    root = estate(tmp_path)
    (root / "estate.yaml").write_text((root / "estate.yaml").read_text().replace("front-end", "frontend"))
    ran = run("check", *DAY, "--ignore", "ROL", cwd=root)
    assert ran.status == 1
    assert "ROL004" in ran.out


def test_entry_point_that_names_an_object_is_refused(tmp_path: Path) -> None:
    root = estate(tmp_path / "root")
    site = plugin(tmp_path / "site", GOOD)
    (Path(site) / "acme_rules-1.0.dist-info" / "entry_points.txt").write_text("[ocspolicy]\nacme = acme_rules:plugin\n")
    ran = run("check", *DAY, "--format", "json", cwd=root, PYTHONPATH=site)
    assert ran.status == 2
    assert "names an object, expected a module" in ran.out


def test_unknown_hook_accuses_its_own_plugin_only(tmp_path: Path) -> None:
    ran = check(tmp_path, GOOD.replace("def ocspolicy_rules", "def ocspolicy_rulez"), "--format", "json")
    (problem,) = json.loads(ran.out)["problems"]
    assert (
        problem["message"] == "plugin acme_rules of acme-rules 1.0 could not be loaded: unknown hook 'ocspolicy_rulez'"
    )


def test_problem_that_a_rule_raises_names_the_rule(tmp_path: Path) -> None:
    raised = "        raise JudgementError(Problem('input', 'no site is declared'))\n"
    text = GOOD.replace(JUDGE, JUDGE + raised).replace("import Rule,", "import JudgementError, Problem, Rule,")
    ran = check(tmp_path, text, "--format", "json")
    assert ran.status == 2
    (problem,) = json.loads(ran.out)["problems"]
    assert problem["message"] == "rule ACM001 (too-many-servers) of acme-rules: no site is declared"
