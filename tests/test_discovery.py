"""Which files are looked at, which are passed over and counted, and which cannot be judged."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from repositories import (
    FOREIGN,
    OURS,
    Repository,
    give_to_nobody,
    make_repository,
    needs_root,
    run_as_nobody,
    run_python,
)

from ocspolicy.discovery import Discovery, discover, discover_at
from ocspolicy.revision import open_revision
from ocspolicy.snapshot import open_worktree

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"
LARGE = 8 << 20


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return make_repository(tmp_path / "repository")


@pytest.fixture
def folder(tmp_path: Path) -> Repository:
    (tmp_path / "folder").mkdir()
    return Repository(tmp_path / "folder")


@pytest.fixture(params=["repository", "folder"])
def place(request: pytest.FixtureRequest) -> Repository:
    """A folder, in a repository or not: most things are the same in both."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Repository)
    return found


def search(at: Repository, *paths: str, tracked: bool = False, exclude: Sequence[str] = (), cwd: str = "") -> Discovery:
    tree = open_worktree(paths[0] if paths else ".", at.path / cwd)
    found = discover(tree, paths or ["."], tracked=tracked, exclude=exclude)
    for candidate in found.candidates:
        assert candidate.file in tree.digests
    return found


def files(found: Discovery) -> list[str]:
    assert found.problems == ()
    return [candidate.file for candidate in found.candidates]


def only(found: Discovery) -> tuple[str, str]:
    (problem,) = found.problems
    assert "\n" not in problem.message
    return (problem.location.file if problem.location else "", problem.message)


@pytest.mark.parametrize(
    ("name", "text", "looked_at"),
    [
        pytest.param("a.yaml", OURS, True, id="yaml"),
        pytest.param("a.yml", OURS, True, id="yml"),
        pytest.param("a.json", '{"apiVersion": "ocspolicy/v1"}', True, id="json"),
        pytest.param("A.YAML", OURS, True, id="suffix-in-capitals"),
        pytest.param(".yaml", OURS, True, id="suffix-alone"),
        pytest.param("b/c/d.e.yaml", OURS, True, id="deep"),
        pytest.param(".hidden.yaml", OURS, True, id="hidden-file"),
        pytest.param("a.yaml", OURS.upper(), True, id="case"),
        pytest.param("a.yaml", OURS.replace("ocspolicy", "ocspolcy"), True, id="near-miss"),
        pytest.param("a.yaml", "kind: LicenseInventory\n", True, id="no-api-version"),
        pytest.param("a.yaml", "{{ if .Values.ocspolicy }}", True, id="no-yaml"),
        pytest.param("a.txt", OURS, False, id="other-suffix"),
        pytest.param("yaml", OURS, False, id="no-suffix"),
        pytest.param("a.yaml.bak", OURS, False, id="backup"),
        pytest.param("a.yaml", FOREIGN, False, id="foreign"),
        pytest.param("a.yaml", "", False, id="empty"),
    ],
)
def test_looks_at_what_can_be_ours(place: Repository, name: str, text: str, *, looked_at: bool) -> None:
    place.write(name, text)
    found = search(place)
    assert files(found) == ([name] if looked_at else [])
    assert found.skipped == (0 if looked_at or not name.lower().endswith(".yaml") else 1)
    if looked_at:
        assert found.candidates[0] == (name, text.encode(), False)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_decodes_by_the_mark(place: Repository, encoding: str) -> None:
    (place.path / "a.yaml").write_bytes(OURS.encode(encoding))
    assert files(search(place)) == ["a.yaml"]


def test_passes_over_and_counts_what_is_foreign(place: Repository) -> None:
    place.write("ours.yaml")
    place.write("README.md", "ocspolicy")
    for number in range(5):
        place.write(f"f{number}.yaml", FOREIGN)
    found = search(place)
    assert (files(found), found.skipped, found.links) == (["ours.yaml"], 5, 0)


def test_finds_ours_among_many(place: Repository) -> None:
    ours = {f"f{number:03}.yaml" for number in (0, 1, 57, 58, 199)}
    for number in range(200):
        name = f"f{number:03}.yaml"
        place.write(name, "# padding\n" * 100 + (OURS if name in ours else FOREIGN))
    (place.path / "wide.yaml").write_bytes(OURS.encode("utf-16"))
    found = search(place)
    assert (files(found), found.skipped) == ([*sorted(ours), "wide.yaml"], 195)


def test_two_files_do_not_make_one_of_ours(place: Repository) -> None:
    place.write("a.yaml", "apiVersion: ocspol")
    place.write("b.yaml", "icy/v1")
    found = search(place)
    assert (files(found), found.skipped) == ([], 2)


class TestPaths:
    def test_only_what_is_below_them_is_looked_at(self, place: Repository) -> None:
        for name in ("a/one.yaml", "a/b/two.yaml", "ab/three.yaml", "four.yaml"):
            place.write(name)
        everything = open_worktree(".", place.path)
        for paths, expected in (
            (["a"], ["a/b/two.yaml", "a/one.yaml"]),
            (["a/b/", "four.yaml"], ["a/b/two.yaml", "four.yaml"]),
            (["a/one.yaml"], ["a/one.yaml"]),
            (["."], ["a/b/two.yaml", "a/one.yaml", "ab/three.yaml", "four.yaml"]),
        ):
            assert files(discover(everything, paths, tracked=False, exclude=())) == expected

    def test_start_from_the_current_folder(self, repository: Repository) -> None:
        repository.write("a/one.yaml")
        repository.write("two.yaml")
        assert files(search(repository, ".", cwd="a")) == ["a/one.yaml"]
        assert files(search(repository, "..", cwd="a")) == ["a/one.yaml", "two.yaml"]

    def test_neither_their_order_nor_an_overlap_matters(self, place: Repository) -> None:
        for name in ("a/one.yaml", "a/two.txt", "three.yaml"):
            place.write(name)
        place.write("a/foreign.yaml", FOREIGN)
        (place.path / "link.yaml").symlink_to("a/one.yaml")
        (place.path / "gone").symlink_to("/nonexistent")
        paths = [".", "a", "a/two.txt", "./a/../a/one.yaml", "missing.yaml", str(place.path / "link.yaml")]
        tree = open_worktree(".", place.path)
        orders = [paths[start:] + paths[:start] for start in range(len(paths))]
        orders += [order[::-1] for order in orders]
        results = {discover(tree, order, tracked=False, exclude=()) for order in orders}
        (found,) = results
        assert [(it.file, it.named) for it in found.candidates] == [
            ("a/one.yaml", True),
            ("a/two.txt", True),
            ("three.yaml", False),
        ]
        assert (found.skipped, found.links, only(found)[0]) == (1, 1, "missing.yaml")

    def test_a_named_file_is_looked_at_whatever_it_is(self, repository: Repository) -> None:
        repository.write(".gitignore", "ignored.yaml\n")
        repository.commit()
        for name in ("ignored.yaml", "excluded.yaml", "data.txt", ".hidden/a.yaml"):
            repository.write(name, FOREIGN)
        paths = ["ignored.yaml", "excluded.yaml", "data.txt", ".hidden/a.yaml"]
        found = search(repository, *paths, tracked=True, exclude=["excluded.yaml"])
        assert files(found) == sorted(paths)
        assert all(candidate.named for candidate in found.candidates)

    def test_a_named_file_needs_no_git(self, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
        repository.write("a.yaml")
        monkeypatch.setenv("PATH", "")
        assert files(search(repository, "a.yaml")) == ["a.yaml"]
        assert "install git" in only(search(repository, "."))[1]

    def test_a_folder_below_the_root_keeps_the_root(self, folder: Repository) -> None:
        folder.write("b.yaml")
        folder.write("a/c.yaml")
        (folder.path / "a" / "link.yaml").symlink_to("../b.yaml")
        tree = open_worktree(".", folder.path)
        found = discover(tree, ["a"], tracked=False, exclude=())
        assert (files(found), found.links) == (["a/c.yaml", "b.yaml"], 0)

    def test_a_hidden_folder_is_walked_when_it_is_named(self, folder: Repository) -> None:
        folder.write(".config/a.yaml")
        folder.write(".config/.deeper/b.yaml")
        assert files(search(folder)) == []
        tree = open_worktree(".", folder.path)
        assert files(discover(tree, [".config"], tracked=False, exclude=())) == [".config/a.yaml"]

    @pytest.mark.parametrize("path", ["missing.yaml", "missing/", "a.yaml/deeper"])
    def test_one_that_leads_nowhere_is_a_problem(self, place: Repository, path: str) -> None:
        place.write("a.yaml")
        where, message = only(search(place, ".", path))
        assert where == path.rstrip("/")
        assert "no such file" in message

    def test_outside_the_root_are_looked_at_under_a_stable_name(self, place: Repository, tmp_path: Path) -> None:
        place.write("one.yaml")
        other = Repository(tmp_path / "other")
        other.write("two.yaml")
        other.write("deep/three.yaml", FOREIGN)
        other.write("inventory.txt")
        found = search(place, ".", "../other", "../other/inventory.txt")
        assert files(found) == ["../other/inventory.txt", "../other/two.yaml", "one.yaml"]
        assert found.skipped == 1

    def test_in_another_repository_follow_its_git(self, place: Repository, tmp_path: Path) -> None:
        place.write("one.yaml")
        other = make_repository(tmp_path / "other")
        other.write(".gitignore", "ignored.yaml")
        other.write("sub/ignored.yaml")
        other.write("sub/two.yaml")
        other.write("three.yaml")
        assert files(search(place, ".", "../other/sub")) == ["../other/sub/two.yaml", "one.yaml"]
        (other.path / ".git" / "HEAD").unlink()
        assert "git could not" in only(search(place, ".", "../other/sub"))[1]

    def test_in_a_submodule_are_looked_at_when_it_is_named(self, repository: Repository) -> None:
        module = make_repository(repository.path / "module")
        module.write("deep/inner.yaml")
        module.commit(two__yaml=OURS)
        repository.commit(one__yaml=OURS)
        found = search(repository)
        assert (files(found), found.skipped) == (["one.yaml"], 1)
        tree = open_worktree(".", repository.path)
        for path, expected in (
            (".", []),
            ("module", ["module/deep/inner.yaml", "module/two.yaml"]),
            ("module/deep", ["module/deep/inner.yaml"]),
        ):
            found = discover(tree, [".", path], tracked=True, exclude=())
            assert files(found) == [*expected, "one.yaml"]


class TestGit:
    def test_what_is_ignored_is_not_there(self, repository: Repository) -> None:
        repository.write(".gitignore", "*.local.yaml\nbuild/\n")
        for name in ("a.yaml", "b.local.yaml", "build/c.yaml"):
            repository.write(name)
        found = search(repository)
        assert (files(found), found.skipped) == (["a.yaml"], 0)

    def test_tracked_leaves_out_what_is_new(self, repository: Repository) -> None:
        repository.commit(old__yaml=OURS)
        repository.write("new.yaml")
        assert files(search(repository, tracked=True)) == ["old.yaml"]
        assert files(search(repository)) == ["new.yaml", "old.yaml"]

    @pytest.mark.parametrize("tracked", [False, True])
    def test_a_tracked_file_that_is_missing_is_a_problem(self, repository: Repository, *, tracked: bool) -> None:
        repository.write("gone.csv", "x")
        repository.commit(gone__yaml=FOREIGN, stays__yaml=OURS)
        for name in ("gone.csv", "gone.yaml"):
            (repository.path / name).unlink()
        found = search(repository, tracked=tracked)
        assert [it.file for it in found.candidates] == ["stays.yaml"]
        where, message = only(found)
        assert (where, found.problems[0].kind) == ("gone.yaml", "input")
        assert "missing" in message
        repository.git("rm", "--quiet", "--cached", "gone.yaml")
        assert files(search(repository, tracked=tracked)) == ["stays.yaml"]

    def test_a_missing_file_that_is_named_is_one_problem(self, repository: Repository) -> None:
        repository.commit(gone__yaml=OURS)
        (repository.path / "gone.yaml").unlink()
        assert only(search(repository, ".", "gone.yaml"))[0] == "gone.yaml"

    @pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
    def test_a_tracked_file_that_became_something_else_is_a_problem(self, repository: Repository, make: object) -> None:
        repository.commit(a__yaml=OURS)
        (repository.path / "a.yaml").unlink()
        assert callable(make)
        make(repository.path / "a.yaml")
        assert only(search(repository))[0] == "a.yaml"

    def test_a_tracked_folder_that_became_a_link_is_a_problem(self, repository: Repository, tmp_path: Path) -> None:
        repository.write("a/b.yaml")
        repository.commit()
        (tmp_path / "elsewhere").mkdir()
        (repository.path / "a").rename(tmp_path / "elsewhere" / "a")
        (repository.path / "a").symlink_to(tmp_path / "elsewhere" / "a")
        found = search(repository)
        assert (found.candidates, found.links) == ((), 1)
        assert "behind a link" in only(found)[1]

    def test_what_a_sparse_checkout_leaves_out_is_one_problem(self, repository: Repository) -> None:
        for name in ("in/one.yaml", "out/two.yaml", "out/three.yaml", "out/four.txt"):
            repository.write(name)
        repository.commit()
        repository.git("sparse-checkout", "set", "in")
        found = search(repository)
        assert [it.file for it in found.candidates] == ["in/one.yaml"]
        assert only(found)[0] == "out/three.yaml"
        assert "2 files" in only(found)[1]
        assert files(search(repository, "in")) == ["in/one.yaml"]
        assert files(search(repository, exclude=["out/"])) == ["in/one.yaml"]

    @pytest.mark.skipif(os.name == "nt", reason="such names cannot be made there")
    @pytest.mark.parametrize(
        "name", [b"new\nline.yaml", b"\"quo'te\t\\.yaml", b"latin-\xe9\x1b[31m.yaml", "ж\u202e.yaml".encode()]
    )
    def test_any_name_is_looked_at_and_named_in_problems(self, place: Repository, name: bytes) -> None:
        file = os.fsencode(place.path) + b"/" + name
        with open(file, "wb") as stream:
            stream.write(OURS.encode())
        assert files(search(place)) == [os.fsdecode(name)]
        with open(file, "wb") as stream:
            stream.write(POINTER.encode())
        assert only(search(place))[0] == os.fsdecode(name)

    def test_a_bare_repository_in_the_tree_is_a_folder(self, repository: Repository) -> None:
        inner = repository.path / "bare.git"
        inner.mkdir()
        Repository(inner).git("init", "--quiet", "--bare", ".")
        repository.write("bare.git/a.yaml")
        assert files(search(repository)) == ["bare.git/a.yaml"]
        assert files(search(repository, "bare.git")) == ["bare.git/a.yaml"]


class TestExclude:
    @pytest.mark.parametrize(
        ("patterns", "expected"),
        [
            (["tests/"], ["a.yaml", "b/c.yaml", "b/tests.yaml"]),
            (["/b/"], ["a.yaml", "tests/d.yaml"]),
            (["*.yaml", "!c.yaml"], ["b/c.yaml"]),
            (["b/*", "**/d.yaml"], ["a.yaml"]),
            (["# comment", "", "a.yaml  "], ["b/c.yaml", "b/tests.yaml", "tests/d.yaml"]),
            (["nothing"], ["a.yaml", "b/c.yaml", "b/tests.yaml", "tests/d.yaml"]),
        ],
    )
    def test_takes_patterns_of_gitignore_from_the_root(
        self, place: Repository, patterns: list[str], expected: list[str]
    ) -> None:
        for name in ("a.yaml", "b/c.yaml", "b/tests.yaml", "tests/d.yaml"):
            place.write(name)
        assert files(search(place, exclude=patterns)) == expected
        if place.path.name == "repository":
            below = search(place, ".", cwd="b", exclude=patterns)
            assert files(below) == [file for file in expected if file.startswith("b/")]

    def test_what_is_excluded_is_neither_read_nor_counted(self, place: Repository) -> None:
        place.write("x/pointer.yaml", POINTER)
        place.write("x/foreign.yaml", FOREIGN)
        (place.path / "x" / "link.yaml").symlink_to("/nonexistent")
        make_repository(place.path / "x" / "nested").commit(a__yaml=OURS)
        assert search(place, exclude=["x"]) == Discovery((), 0, 0, ())

    @pytest.mark.parametrize("pattern", ["!", "a\\", "[z-a]", "x" * 1001, "*a*b*c*d", "ok/*a*a*a*a*a*b"])
    def test_a_pattern_that_cannot_be_used_is_a_problem(self, place: Repository, pattern: str) -> None:
        place.write("a.yaml")
        place.write("b.yaml")
        found = search(place, exclude=["b.yaml", pattern])
        assert [it.file for it in found.candidates] == ["a.yaml"]
        assert only(found)[1].startswith("exclude: found '")

    def test_no_pattern_loads_no_pattern_library(self, folder: Repository) -> None:
        folder.write("a.yaml")
        code = (
            "import sys; from ocspolicy.snapshot import open_worktree; from ocspolicy.discovery import discover\n"
            f"discover(open_worktree({str(folder.path)!r}), [{str(folder.path)!r}], tracked=False, exclude=[])\n"
            "print(sorted({'pathspec', 'subprocess', 'pathlib', 'logging', 'inspect'} & set(sys.modules)))"
        )
        assert run_python(code) == "[]"


class TestLinks:
    def test_the_same_file_is_looked_at_once_under_its_own_name(self, place: Repository) -> None:
        place.write("a/real.yaml")
        for number, target in enumerate(("a/real.yaml", "link0.yaml", "./a/../a/real.yaml")):
            (place.path / f"link{number}.yaml").symlink_to(target)
        (place.path / "folder").symlink_to("a")
        found = search(place)
        assert (files(found), found.links) == (["a/real.yaml"], 0)

    def test_a_link_shows_what_its_name_or_place_hides(self, repository: Repository) -> None:
        repository.write(".gitignore", "hidden/\n")
        repository.write("hidden/manifest.txt")
        (repository.path / "manifest.yaml").symlink_to("hidden/manifest.txt")
        assert files(search(repository)) == ["hidden/manifest.txt"]

    @pytest.mark.parametrize("name", ["link.yaml", "link.txt", "a/link"])
    @pytest.mark.parametrize("target", ["/etc", "/etc/hostname", "/nonexistent", "/dev/zero", "up/../.."])
    @pytest.mark.parametrize("tracked", [False, True])
    def test_one_that_leads_out_is_passed_over_and_counted(
        self, place: Repository, name: str, target: str, *, tracked: bool
    ) -> None:
        (place.path / "a").mkdir()
        (place.path / name).symlink_to(target.replace("up", ".."))
        if place.path.name == "repository" and tracked:
            place.git("add", "--all")
            assert (search(place, tracked=True).links, search(place).links) == (1, 1)
        found = search(place)
        assert found == Discovery((), 0, 1, ())

    def test_one_that_leads_out_is_a_problem_when_named(self, place: Repository, tmp_path: Path) -> None:
        (tmp_path / "outside.yaml").write_text("secret: ocspolicy", encoding="utf-8")
        place.write("a/b.yaml")
        (place.path / "a" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
        where, message = only(search(place, ".", "a/link.yaml"))
        assert where == "a/link.yaml"
        assert "secret" not in message

    def test_one_to_git_s_own_files_leads_out(self, repository: Repository) -> None:
        repository.git("config", "secret.ocspolicy", "x")
        (repository.path / "config.yaml").symlink_to(".git/config")
        assert search(repository) == Discovery((), 0, 1, ())

    @pytest.mark.parametrize(
        ("name", "target", "words"),
        [
            ("link.yaml", "missing.yaml", "link to 'missing.yaml'"),
            ("link.yaml", "link.yaml", "circle"),
            ("link.yaml", "pipe", "link to 'pipe'"),
        ],
        ids=["dangling", "circle", "pipe"],
    )
    def test_one_whose_file_cannot_be_read_is_a_problem(
        self, place: Repository, name: str, target: str, words: str
    ) -> None:
        os.mkfifo(place.path / "pipe")
        (place.path / name).symlink_to(target)
        where, message = only(search(place))
        assert where == name
        assert words in message

    def test_one_of_another_kind_inside_is_nothing(self, place: Repository) -> None:
        (place.path / "a.yaml").symlink_to(".")
        (place.path / "b").symlink_to("missing")
        assert search(place) == Discovery((), 0, 0, ())


class TestSize:
    @pytest.mark.parametrize("named", [False, True])
    def test_8_mib_are_looked_at(self, place: Repository, *, named: bool) -> None:
        place.write("a.yaml", "#" * (LARGE - len(OURS)) + OURS)
        found = search(place, *(["a.yaml"] if named else []))
        assert files(found) == ["a.yaml"]

    @pytest.mark.parametrize(
        ("text", "named", "skipped"),
        [
            pytest.param("#" * LARGE + OURS, False, 0, id="ours"),
            pytest.param("#" * (LARGE + (1 << 20) - 25) + OURS, False, 0, id="ours-across-pieces"),
            pytest.param("#" * (LARGE + 1), True, 0, id="named"),
            pytest.param("#" * (LARGE + 1), False, 1, id="foreign"),
        ],
    )
    def test_a_larger_file_is_a_problem_if_it_is_ours_or_named(
        self, place: Repository, text: str, *, named: bool, skipped: int
    ) -> None:
        place.write("a.yaml", text)
        found = search(place, ".", *(["a.yaml"] if named else []))
        assert (found.candidates, found.skipped) == ((), skipped)
        if skipped:
            assert found.problems == ()
            return
        assert only(found) == ("a.yaml", "found more than 8 MiB, the most that one file may hold; split it")
        assert found.problems[0].kind == "limit"


@pytest.mark.parametrize("named", [False, True])
def test_a_pointer_of_git_lfs_is_a_problem(place: Repository, *, named: bool) -> None:
    place.write("a.json", POINTER)
    place.write("data.csv", POINTER)
    found = search(place, *(["a.json", "a.json"] if named else ["."]))
    assert only(found)[0] == "a.json"
    assert "git lfs pull" in only(found)[1]


def test_a_file_that_matters_is_read_once(place: Repository) -> None:
    place.write("a.yaml")
    tree = open_worktree(".", place.path)
    discover(tree, ["."], tracked=False, exclude=())
    place.write("a.yaml", "changed")
    assert tree.read("a.yaml") == OURS.encode()
    assert list(tree.digests) == ["a.yaml"]


class TestRevision:
    def at(self, repository: Repository, *names: str, exclude: Sequence[str] = ()) -> Discovery:
        revision = open_revision(open_worktree(".", repository.path), "HEAD")
        return discover_at(revision, names, exclude=exclude)

    def test_what_the_commit_has_is_found(self, repository: Repository) -> None:
        repository.write("a/one.yaml")
        repository.write("a/foreign.yaml", FOREIGN)
        repository.write("b/two.yaml")
        repository.write("three.txt", FOREIGN)
        repository.commit()
        (repository.path / "a" / "one.yaml").unlink()
        repository.write("new.yaml")
        found = self.at(repository, ".")
        assert (files(found), found.skipped) == (["a/one.yaml", "b/two.yaml"], 1)
        assert files(self.at(repository, "a")) == ["a/one.yaml"]
        assert files(self.at(repository, ".", exclude=["a/"])) == ["b/two.yaml"]
        assert self.at(repository, "b", "three.txt", "new.yaml").candidates == (
            ("b/two.yaml", OURS.encode(), False),
            ("three.txt", FOREIGN.encode(), True),
        )
        assert files(self.at(repository, "new.yaml", "no/such")) == []

    def test_a_commit_that_cannot_be_read_is_a_problem(self, repository: Repository) -> None:
        repository.commit(one__yaml=OURS)
        blob = repository.git("rev-parse", "HEAD:one.yaml").strip()
        (repository.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        assert "git could not" in only(self.at(repository, "."))[1]
        assert "git could not" in only(self.at(repository, "one.yaml"))[1]

    def test_links_modules_pointers_and_sizes_are_as_in_the_tree(self, repository: Repository) -> None:
        make_repository(repository.path / "module").commit(inner__yaml=OURS)
        repository.write("real.yaml")
        repository.write("pointer.yaml", POINTER)
        repository.write("large.yaml", "#" * LARGE + OURS)
        repository.write("dull.yaml", "#" * LARGE + "#")
        for name, target in {
            "link.yaml": "real.yaml",
            "out.yaml": "/etc/hostname",
            "dead.yaml": "missing",
            "round.yaml": "round.yaml",
        }.items():
            (repository.path / name).symlink_to(target)
        repository.commit()
        found = self.at(repository, ".")
        assert [it.file for it in found.candidates] == ["real.yaml"]
        assert (found.skipped, found.links) == (2, 1)
        assert [it.location.file for it in found.problems if it.location] == [
            "dead.yaml",
            "large.yaml",
            "pointer.yaml",
            "round.yaml",
        ]


def test_problems_are_sorted_and_each_is_said_once(place: Repository) -> None:
    for name in ("b.yaml", "a.yaml", "c/d.yaml"):
        place.write(name, POINTER)
    tree = open_worktree(".", place.path)
    found = discover(tree, ["c", "b.yaml", ".", "a.yaml", "c/d.yaml"], tracked=False, exclude=())
    assert [it.location.file for it in found.problems if it.location] == ["a.yaml", "b.yaml", "c/d.yaml"]
    assert all(it.kind == "input" for it in found.problems)


@needs_root
def test_a_folder_that_may_not_be_read_is_said_once() -> None:
    with tempfile.TemporaryDirectory() as name:
        closed = Path(name) / "a" / "closed"
        closed.mkdir(parents=True)
        closed.chmod(0o700)
        give_to_nobody(Path(name), keep=closed)
        said = run_as_nobody(
            "from ocspolicy.snapshot import open_worktree; from ocspolicy.discovery import discover",
            f"tree = open_worktree({name!r})\n"
            f"found = discover(tree, [f'{name}/a', f'{name}/a/closed'], tracked=False, exclude=())\n"
            "print([it.location.file for it in found.problems])",
        )
    assert said == "['a/closed']"
