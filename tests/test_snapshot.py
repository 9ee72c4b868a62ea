"""Files of the working tree and of revisions: whole, once, regular, and inside the root."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repositories import OURS, Repository, give_to_nobody, make_repository, needs_root, run_as_nobody

from ocspolicy import disk
from ocspolicy.errors import JudgementError, Problem
from ocspolicy.revision import Revision, open_revision
from ocspolicy.snapshot import WorkTree, is_lfs_pointer, open_worktree

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return make_repository(tmp_path / "repository")


@pytest.fixture
def tree(repository: Repository) -> WorkTree:
    return open_worktree(".", repository.path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder"


def refusal(act: object, *arguments: object, **options: object) -> Problem:
    assert callable(act)
    with pytest.raises(JudgementError) as caught:
        act(*arguments, **options)
    (found,) = caught.value.problems
    assert "\n" not in found.message
    return found


def place(problem: Problem) -> str:
    assert problem.location is not None
    return problem.location.file


class TestRoot:
    @pytest.mark.parametrize("path", [".", "a", "a/file.yaml", "a/missing.yaml", "no/such/folder"])
    def test_is_the_top_of_the_repository(self, repository: Repository, path: str) -> None:
        repository.write("a/file.yaml")
        tree = open_worktree(path, repository.path)
        assert (tree.root, tree.is_git) == (repository.path, True)

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            (".", "."),
            ("a", "a"),
            ("a/file.yaml", "a"),
            ("a/missing.yaml", "a"),
            ("missing/deep/file", "."),
            ("a/..", "."),
        ],
    )
    def test_elsewhere_is_the_first_path_or_its_folder(self, folder: Path, path: str, expected: str) -> None:
        (folder / "a").mkdir()
        (folder / "a" / "file.yaml").touch()
        tree = open_worktree(path, folder)
        assert (tree.root, tree.is_git) == ((folder / expected).resolve(), False)

    def test_of_an_absolute_path_does_not_depend_on_the_current_folder(
        self, repository: Repository, folder: Path
    ) -> None:
        repository.write("a/file.yaml")
        for path in (repository.path, repository.path / "a", repository.path / "a" / "file.yaml"):
            assert open_worktree(str(path), folder).root == repository.path

    def test_is_real(self, repository: Repository, tmp_path: Path) -> None:
        (tmp_path / "alias").symlink_to(repository.path)
        for path in (tmp_path / "alias", tmp_path / "alias" / "sub"):
            tree = open_worktree(str(path), tmp_path)
            assert tree.root == repository.path
        assert open_worktree(".", tmp_path / "alias").root == repository.path

    def test_of_a_submodule_is_the_submodule(self, repository: Repository) -> None:
        inner = make_repository(repository.path / "module")
        assert open_worktree("module", repository.path).root == inner.path

    @pytest.mark.parametrize("target", ["elsewhere", "elsewhere/repository", "elsewhere/repository/sub"])
    @pytest.mark.parametrize("path", ["link", "link/sub", "link/file.yaml"])
    def test_stays_where_a_link_leads_out_of_the_repository(
        self, repository: Repository, tmp_path: Path, target: str, path: str
    ) -> None:
        make_repository(tmp_path / "elsewhere" / "repository").write("sub/sub/file.yaml")
        (repository.path / "link").symlink_to(tmp_path / target)
        tree = open_worktree(path, repository.path)
        assert tree.root == repository.path
        found = refusal(tree.name, path)
        assert (place(found), found.kind) == (path, "input")
        assert "link that leads out of the root" in found.message

    def test_a_vanished_current_folder_is_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "gone").mkdir()
        monkeypatch.chdir(tmp_path / "gone")
        (tmp_path / "gone").rmdir()
        assert "no longer exists" in refusal(open_worktree, ".").message
        monkeypatch.chdir(tmp_path)

    @pytest.mark.parametrize("path", ["a\0b", "\ud800"])
    def test_what_is_no_path_is_said(self, tree: WorkTree, path: str) -> None:
        for act in (open_worktree, tree.name, tree.read, tree.open):
            assert "not a path" in refusal(act, path).message


class TestNames:
    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            (".", "."),
            ("file.yaml", "file.yaml"),
            ("./a//b/../file.yaml", "a/file.yaml"),
            ("a/", "a"),
            ("../repository/file.yaml", "file.yaml"),
            ("../x/inventory.yaml", "../x/inventory.yaml"),
            ("..", ".."),
            ("missing/deep.yaml", "missing/deep.yaml"),
        ],
    )
    def test_are_relative_to_the_root(self, tree: WorkTree, path: str, expected: str) -> None:
        (tree.root / "a" / "b").mkdir(parents=True)
        assert tree.name(path) == expected
        assert tree.name(os.path.join(tree.top, path)) == expected

    def test_start_from_the_current_folder(self, repository: Repository) -> None:
        repository.write("a/file.yaml")
        tree = open_worktree(".", repository.path / "a")
        assert [tree.name(path) for path in ("file.yaml", "..", "../b")] == ["a/file.yaml", ".", "b"]

    def test_are_the_same_by_any_way_there(self, tree: WorkTree, tmp_path: Path) -> None:
        (tree.root / "real").mkdir()
        (tree.root / "real" / "file.yaml").touch()
        (tree.root / "link").symlink_to("real")
        (tree.root / "link.yaml").symlink_to("link/file.yaml")
        (tmp_path / "alias").symlink_to(tree.root)
        for path in ("link/file.yaml", "link.yaml", str(tmp_path / "alias" / "link.yaml")):
            assert tree.name(path) == "real/file.yaml"

    def test_a_path_outside_may_have_links(self, tree: WorkTree, tmp_path: Path) -> None:
        (tmp_path / "outside.yaml").touch()
        (tmp_path / "link.yaml").symlink_to("outside.yaml")
        assert tree.name("../link.yaml") == "../outside.yaml"

    @pytest.mark.skipif(os.name == "nt", reason="such names cannot be made there")
    def test_of_bytes_that_are_no_text_survive(self, tree: WorkTree) -> None:
        name = os.fsdecode(b"new\nline-\xe9\x1b.yaml")
        (tree.root / name).write_text(OURS, encoding="utf-8")
        assert tree.name(name) == name
        assert tree.read(name) == OURS.encode()
        assert tree.files(tracked=False) == [name]


class TestReading:
    def test_gives_the_bytes_once_and_their_digest(self, tree: WorkTree) -> None:
        file = tree.root / "file.yaml"
        file.write_bytes(b"one")
        assert tree.read("file.yaml") == b"one"
        file.write_bytes(b"two")
        assert tree.read("file.yaml") == tree.read("./file.yaml") == b"one"
        with tree.open("file.yaml") as stream:
            assert stream.read() == b"one"
        assert tree.digests == {"file.yaml": sha256(b"one").hexdigest()}

    @pytest.mark.parametrize("size", [0, 1, 1 << 16, (1 << 20) + 1])
    def test_streams_what_it_does_not_keep(self, tree: WorkTree, size: int) -> None:
        data = os.urandom(size)
        (tree.root / "people.csv").write_bytes(data)
        with tree.open("people.csv") as stream:
            assert stream.read() == data
        assert tree.digests == {"people.csv": sha256(data).hexdigest()}

    def test_of_a_stream_not_read_to_its_end_leaves_no_digest(self, tree: WorkTree) -> None:
        (tree.root / "people.csv").write_bytes(bytes(1 << 20))
        with tree.open("people.csv") as stream:
            stream.read(10)
        assert tree.digests == {}

    def test_a_stream_that_changed_since_is_said(self, tree: WorkTree) -> None:
        for text in ("one", "two"):
            (tree.root / "people.csv").write_text(text, encoding="utf-8")
            with tree.open("people.csv") as stream:
                if text == "two":
                    assert "changed while" in refusal(stream.read).message
                else:
                    stream.read()

    @pytest.mark.parametrize(("size", "fits"), [(99, True), (100, True), (101, False)])
    def test_a_limit_is_the_most_that_fits(self, tree: WorkTree, size: int, *, fits: bool) -> None:
        (tree.root / "file").write_bytes(b"x" * size)
        if fits:
            assert len(tree.read("file", 100)) == size
            return
        found = refusal(tree.read, "file", 100)
        assert (found.kind, place(found)) == ("limit", "file")
        assert "100 bytes" in found.message

    def test_the_usual_limit_is_8_mib(self, tree: WorkTree) -> None:
        with open(tree.root / "file", "wb") as file:
            file.truncate(8 << 20)
        assert len(tree.read("file")) == 8 << 20
        assert "1 MiB" in refusal(tree.read, "file", 1 << 20).message
        os.truncate(tree.root / "file", (8 << 20) + 1)
        assert "8 MiB" in refusal(open_worktree(tree.top).read, "file").message

    def test_a_named_file_may_lie_outside(self, tree: WorkTree, tmp_path: Path) -> None:
        (tmp_path / "x").mkdir()
        (tmp_path / "x" / "inventory.yaml").write_text(OURS, encoding="utf-8")
        assert tree.read("../x/inventory.yaml", named=True) == OURS.encode()
        with tree.open("../x/inventory.yaml", named=True) as stream:
            assert stream.read() == OURS.encode()

    @pytest.mark.parametrize(
        "file",
        ["../outside.csv", "link.csv", "a/link.csv", "link/outside.csv", ".git/config", "a/../.git/config", "config"],
    )
    def test_nothing_else_outside_is_read(self, tree: WorkTree, tmp_path: Path, file: str) -> None:
        (tmp_path / "outside.csv").write_text("secret", encoding="utf-8")
        (tree.root / "a").mkdir()
        for link, target in (
            ("link.csv", "../outside.csv"),
            ("a/link.csv", "../link.csv"),
            ("link", ".."),
            ("config", ".git/config"),
        ):
            (tree.root / link).symlink_to(target)
        for act in (tree.read, tree.open):
            found = refusal(act, file)
            assert place(found) == file
            assert "secret" not in found.message
        assert tree.digests == {}

    def test_git_s_own_files_are_not_read_even_when_named(self, tree: WorkTree) -> None:
        assert "git's own" in refusal(tree.read, ".git/config", named=True).message

    def test_links_inside_are_followed(self, tree: WorkTree) -> None:
        (tree.root / "a").mkdir()
        (tree.root / "a" / "real.csv").write_text("text", encoding="utf-8")
        (tree.root / "link.csv").symlink_to("a/real.csv")
        assert tree.read("link.csv") == b"text"
        assert list(tree.digests) == ["a/real.csv"]


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_device(path: Path) -> None:
    os.mknod(path, 0o666 | 0o020000, os.makedev(1, 5))


def make_socket(path: Path) -> None:
    os.mknod(path, 0o666 | 0o140000)


def make_circle(path: Path) -> None:
    path.symlink_to("circle")
    path.with_name("circle").symlink_to(path.name)


def make_chain(path: Path) -> None:
    for number in range(1500):
        path.with_name(f"link{number}").symlink_to(f"link{number + 1}")
    path.symlink_to("link0")


def make_dangling(path: Path) -> None:
    path.symlink_to("nothing")


def make_nothing(path: Path) -> None:
    assert not path.exists()


def make_below_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.touch()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(make_nothing, "no such file", id="nothing"),
        pytest.param(make_below_a_file, "no such file", id="below-a-file"),
        pytest.param(Path.mkdir, "found a folder", id="folder"),
        pytest.param(make_pipe, "expected a regular file", id="pipe"),
        pytest.param(make_socket, "expected a regular file", id="socket"),
        pytest.param(make_device, "expected a regular file", id="device", marks=needs_root),
        pytest.param(make_dangling, "no such file", id="dangling-link"),
        pytest.param(make_circle, "circle", id="circle-of-links"),
        pytest.param(make_chain, "", id="endless-links"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="files of POSIX")
def test_what_is_no_regular_file_is_one_located_problem(tree: WorkTree, make: object, words: str) -> None:
    assert callable(make)
    (tree.root / "a").mkdir()
    make(tree.root / "a" / "odd.yaml")
    for act in (tree.read, tree.open):
        found = refusal(act, "a/odd.yaml")
        assert (place(found), found.kind) == ("a/odd.yaml", "input")
        assert words in found.message


@needs_root
@pytest.mark.parametrize("act", ["read", "open"])
def test_a_file_that_may_not_be_read_is_said(act: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        closed = Path(name) / "file.yaml"
        closed.touch(mode=0o600)
        give_to_nobody(closed.parent, keep=closed)
        said = run_as_nobody(
            "from ocspolicy.snapshot import open_worktree",
            f"try: open_worktree({name!r}).{act}('file.yaml')\nexcept Exception as error: print(error.problems)",
        )
    assert "permission denied" in said
    assert "file='file.yaml'" in said


def test_without_descriptors_there_is_one_problem(tree: WorkTree) -> None:
    for number in range(50):
        (tree.root / f"f{number}").write_text("text", encoding="utf-8")
    names = tree.files(tracked=False)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, limits[1]))
    try:
        met = list(tree.glances(names))
        alone = refusal(tree.read, "f0")
        listed = refusal(tree.files, tracked=False)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert [it.message for _, it in met if isinstance(it, Problem)] == [alone.message]
    assert len(met) == 1
    assert "too many open files" in alone.message
    assert (listed.kind, listed.message) == ("git", "git could not be started: too many open files")


class TestListing:
    def test_in_a_folder_is_all_but_hidden_folders(self, folder: Path) -> None:
        for name in ("a.yaml", ".hidden.yaml", "b/c.txt", ".venv/d.yaml", "b/.git/e.yaml"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).touch()
        (folder / "link").symlink_to("b")
        tree = open_worktree(".", folder)
        assert tree.files(tracked=True) == tree.files(tracked=False) == [".hidden.yaml", "a.yaml", "b/c.txt", "link"]
        assert tree.listing(["b", ".venv"], tracked=False).files == ["b/c.txt", ".venv/d.yaml"]

    def test_in_a_repository_is_git_s(self, repository: Repository, tree: WorkTree) -> None:
        repository.write(".github/b.yaml")
        repository.write(".gitignore", "ignored.yaml\n")
        repository.commit(a__yaml=OURS)
        repository.write("ignored.yaml")
        repository.write("c.yaml")
        assert tree.files(tracked=True) == [".github/b.yaml", ".gitignore", "a.yaml"]
        assert tree.files(tracked=False) == [".github/b.yaml", ".gitignore", "a.yaml", "c.yaml"]

    def test_git_that_fails_is_no_walk(self, repository: Repository, tree: WorkTree) -> None:
        repository.commit(a__yaml=OURS)
        (repository.path / ".git" / "HEAD").unlink()
        assert refusal(tree.files, tracked=False).kind == "git"

    def test_depth_is_no_matter(self) -> None:
        deepest = "/".join(["d"] * 1050)
        top = tempfile.mkdtemp()
        try:
            for depth in range(1, 1051):
                os.mkdir(f"{top}/{'d/' * depth}")
            Path(top, deepest, "file.yaml").touch()
            tree = open_worktree(".", top)
            assert tree.files(tracked=False) == [f"{deepest}/file.yaml"]
            assert list(tree.glances([f"{deepest}/file.yaml"])) == [(f"{deepest}/file.yaml", b"")]
        finally:
            # Python's own removal of a tree does not get that deep.
            subprocess.run(["rm", "-rf", top], check=True)

    @needs_root
    def test_an_unreadable_folder_is_a_problem(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            closed = Path(name) / "closed"
            closed.mkdir(mode=0o700)
            give_to_nobody(closed.parent, keep=closed)
            said = run_as_nobody(
                "from ocspolicy.snapshot import open_worktree",
                f"print(open_worktree({name!r}).listing((), tracked=False).problems)",
            )
        assert "permission denied" in said
        assert "file='closed'" in said


class TestGlances:
    @pytest.mark.parametrize("size", [0, 1, (1 << 16) - 1, 1 << 16, (1 << 16) + 1, 8 << 20])
    def test_give_whole_files(self, tree: WorkTree, size: int) -> None:
        data = os.urandom(min(size, 100)).ljust(size, b"x")
        (tree.root / "file").write_bytes(data)
        assert list(tree.glances(["file"])) == [("file", data)]
        assert tree.digests == {}

    def test_name_what_is_no_bounded_file(self, tree: WorkTree) -> None:
        with open(tree.root / "large", "wb") as file:
            file.truncate((8 << 20) + 1)
        (tree.root / "link").symlink_to("large")
        make_pipe(tree.root / "pipe")
        met = dict(tree.glances(["large", "link", "pipe", "missing"]))
        assert (met["large"], met["link"]) == (disk.Odd.LARGE, disk.Odd.LINK)
        assert [isinstance(met[name], Problem) for name in ("pipe", "missing")] == [True, True]
        assert sum(len(chunk) for chunk in tree.chunks("large")) == (8 << 20) + 1

    @needs_root
    def test_never_read_a_device(self, tree: WorkTree) -> None:
        make_device(tree.root / "zeros.yaml")
        ((_, met),) = tree.glances(["zeros.yaml"])
        assert isinstance(met, Problem)
        assert "expected a regular file" in met.message

    @pytest.mark.parametrize(
        "name", ["link/file.yaml", "a/link/file.yaml", "../outside/file.yaml", "a/../file.yaml", "./file.yaml"]
    )
    def test_do_not_go_through_links_or_upward(self, tree: WorkTree, tmp_path: Path, name: str) -> None:
        (tmp_path / "outside").mkdir()
        for file in (tmp_path / "outside" / "file.yaml", tree.root / "file.yaml"):
            file.write_text("secret", encoding="utf-8")
        (tree.root / "a").mkdir()
        (tree.root / "link").symlink_to(tmp_path / "outside")
        (tree.root / "a" / "link").symlink_to(tmp_path / "outside")
        ((_, met),) = tree.glances([name])
        assert isinstance(met, Problem)

    def test_a_listed_file_that_is_gone_says_what_to_do(self, tree: WorkTree) -> None:
        ((_, met),) = tree.glances(["gone.yaml"])
        assert isinstance(met, Problem)
        assert "git rm" in met.message


class TestRevision:
    def test_reads_files_of_the_commit_only(self, repository: Repository, tree: WorkTree) -> None:
        repository.commit(old__yaml="old", both__yaml="before")
        (repository.path / "old.yaml").unlink()
        repository.commit(new__yaml="new", both__yaml="after")
        revision = open_revision(tree, "HEAD~1")
        assert revision.files() == ["both.yaml", "old.yaml"]
        assert (revision.read("old.yaml"), revision.read("both.yaml")) == (b"old", b"before")
        assert revision.digests["old.yaml"] == sha256(b"old").hexdigest()
        found = refusal(revision.read, "new.yaml")
        assert (found.kind, place(found)) == ("input", "new.yaml")
        assert "'HEAD~1'" in found.message
        assert refusal(revision.read, "both.yaml", 5).kind == "limit"

    def test_needs_a_repository_and_a_commit(self, folder: Path, tree: WorkTree) -> None:
        assert refusal(open_revision, open_worktree(".", folder), "HEAD").kind == "git"
        assert refusal(open_revision, tree, "no-such").kind == "git"

    @pytest.mark.parametrize(
        ("file", "expected"),
        [
            ("a/real.yaml", "a/real.yaml"),
            ("link.yaml", "a/real.yaml"),
            ("chain.yaml", "a/real.yaml"),
            ("folder/real.yaml", "a/real.yaml"),
            ("folder/../a/./real.yaml", "a/real.yaml"),
            ("a/up.yaml", "top.yaml"),
            ("out.yaml", None),
            ("absolute.yaml", None),
            ("../outside.yaml", None),
        ],
    )
    def test_follows_links_inside_the_commit(
        self, repository: Repository, tree: WorkTree, tmp_path: Path, file: str, expected: str | None
    ) -> None:
        (tmp_path / "outside.yaml").write_text("secret", encoding="utf-8")
        repository.write("a/real.yaml", "a/real.yaml")
        links = {
            "link.yaml": "a/real.yaml",
            "chain.yaml": "link.yaml",
            "folder": "a",
            "a/up.yaml": "../top.yaml",
            "out.yaml": "../outside.yaml",
            "absolute.yaml": str(tmp_path / "outside.yaml"),
        }
        for link, target in links.items():
            (repository.path / link).symlink_to(target)
        repository.commit(top__yaml="top.yaml")
        revision = open_revision(tree, "HEAD")
        assert revision.behind(file) == expected
        if expected is None:
            assert "no such file" in refusal(revision.read, file).message
        else:
            assert revision.read(file) == expected.encode()

    def test_a_circle_of_links_is_said(self, repository: Repository, tree: WorkTree) -> None:
        make_circle(repository.path / "odd.yaml")
        repository.commit()
        assert "circle" in refusal(open_revision(tree, "HEAD").read, "odd.yaml").message

    def test_lists_by_kind_below_folders(self, repository: Repository, tree: WorkTree) -> None:
        make_repository(repository.path / "a" / "module").commit(inner__yaml=OURS)
        (repository.path / "a" / "link").symlink_to("x")
        repository.write("a/file")
        repository.write("ab/file")
        repository.commit()
        revision = open_revision(tree, "HEAD")
        found = revision.listing(["a"])
        assert (found.files, found.links, found.nested) == (["a/file"], ["a/link"], ["a/module"])
        assert revision.listing(()).files == ["a/file", "ab/file"]
        assert [revision.is_folder(name) for name in ("a", "ab", "a/file", "b")] == [True, True, False, False]

    def test_glances_like_a_tree(self, repository: Repository, tree: WorkTree) -> None:
        repository.write("large", "x" * ((8 << 20) + 1))
        (repository.path / "link").symlink_to("large")
        repository.commit(small__yaml="small")
        revision: Revision = open_revision(tree, "HEAD")
        met = dict(revision.glances(["large", "link", "missing", "small.yaml"]))
        assert (met["large"], met["link"], met["small.yaml"]) == (disk.Odd.LARGE, disk.Odd.LINK, b"small")
        assert isinstance(met["missing"], Problem)
        assert sum(len(chunk) for chunk in revision.chunks("large")) == (8 << 20) + 1
        assert revision.digests == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(POINTER, True, id="pointer"),
        pytest.param(POINTER.replace("\n", "\r\n"), True, id="line-ends-of-windows"),
        pytest.param(POINTER + "x" * 1024, False, id="too-long"),
        pytest.param("# " + POINTER, False, id="mentioned"),
        pytest.param("version https://git-lfs.github.com/spec/v1\n", False, id="no-id"),
        pytest.param(OURS, False, id="ours"),
        pytest.param("", False, id="empty"),
    ],
)
def test_is_lfs_pointer(text: str, *, expected: bool) -> None:
    assert is_lfs_pointer(text.encode()) is expected


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200), st.integers(1, 60))
def test_a_stream_read_in_any_steps_is_the_file(data: bytes, step: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "people.csv").write_bytes(data)
        tree = open_worktree(name)
        with tree.open("people.csv") as stream:
            read = b"".join(iter(lambda: stream.read(step), b""))
        assert (read, tree.digests) == (data, {"people.csv": sha256(data).hexdigest()})
