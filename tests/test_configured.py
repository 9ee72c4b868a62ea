"""Which files the configuration names, in the working tree and in a revision."""

from pathlib import Path

import pytest
from process import DAY, DEPLOYMENT, INVENTORY, estate, git, run

from ocspolicy import configured
from ocspolicy.errors import Problem
from ocspolicy.revision import Revision, open_revision
from ocspolicy.settings import Settings
from ocspolicy.snapshot import WorkTree, open_worktree

FILES = ("a.yaml", "b.yml", ".hidden.yaml", "x/a.yaml", "x/y/a.yaml", "x/.z/a.yaml", "emea/x/a.yaml", "emea/é [1].yaml")
PATTERNS = (
    "*.yaml", "**/*.yaml", "**", "**/a.yaml", "x/**/a.yaml", "x/*", "*/a.yaml", ".*.yaml", "x/.z/*", "?.y*ml", "[ab].*",
    "[!a].yml", "./x/../a.yaml", "x//a.yaml", "A.yaml", "nothing", "x", "x/y", "a.yaml/", "x/**/y/**/a.yaml", "emea/é [[]1].yaml",
)  # fmt: skip


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> tuple[WorkTree, Revision]:
    root = tmp_path_factory.mktemp("configured")
    for name in FILES:
        (root / name).parent.mkdir(exist_ok=True, parents=True)
        (root / name).write_text("a: 1\n")
    git("init", "-q", cwd=root)
    git("add", ".", cwd=root)
    git("commit", "-qm", "a", cwd=root)
    worktree = open_worktree(str(root))
    return worktree, open_revision(worktree, "main")


@pytest.mark.parametrize("folder", ["", "emea/"])
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_means_the_same_in_a_revision(trees: tuple[WorkTree, Revision], pattern: str, folder: str) -> None:
    settings = Settings(file=f"{folder}ocspolicy.toml", catalogs=(pattern,))
    found = []
    for tree in trees:
        problems: list[Problem] = []
        files = configured.files("catalogs", settings, tree, problems)
        found.append(set(files))
        assert bool(problems) is not bool(files)
    assert found[0] == found[1]


def test_order_and_doubles(trees: tuple[WorkTree, Revision]) -> None:
    settings = Settings(file="ocspolicy.toml", inventory=("x/a.yaml", "*.y*ml", "a.yaml"))
    for tree in trees:
        assert configured.files("inventory", settings, tree, []) == ("x/a.yaml", "a.yaml", "b.yml")


def test_inventory_of_a_revision_beside_its_configuration(tmp_path: Path) -> None:
    root = estate(tmp_path / "emea", DEPLOYMENT, INVENTORY)
    (root / "licenses.yaml").rename(root / "owned.txt")
    (root / "ocspolicy.toml").write_text('inventory = ["*.txt"]\n')
    git("init", "-q", cwd=tmp_path)
    git("add", ".", cwd=tmp_path)
    git("commit", "-qm", "a", cwd=tmp_path)
    (root / "owned.txt").write_text(INVENTORY.replace("quantity: 4", "quantity: 3"))
    assert run("check", *DAY, "emea", cwd=tmp_path).status == 1
    assert run("check", *DAY, "emea", "--inventory-from", "main", cwd=tmp_path).status == 0
