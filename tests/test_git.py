"""What git is asked, and that nothing in a repository makes it do anything else."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from repositories import (
    FOREIGN,
    OURS,
    Repository,
    give_to_nobody,
    make_repository,
    make_trap,
    needs_root,
    run_as_nobody,
)

from ocspolicy import git
from ocspolicy.errors import JudgementError, Problem


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return make_repository(tmp_path / "repository")


def listed(repository: Repository, *, tracked: bool = False) -> git.Listing:
    return git.list_files(str(repository.path), tracked=tracked)


def refusal(repository: Repository) -> Problem:
    with pytest.raises(JudgementError) as caught:
        listed(repository)
    (found,) = caught.value.problems
    assert found.kind == "git"
    assert "\n" not in found.message
    return found


def contents(top: Path, identifiers: list[str]) -> list[bytes]:
    return [blob.read(blob.size) for blob in git.blobs(str(top), identifiers)]


@pytest.mark.parametrize(("tracked", "expected"), [(False, ["kept.yaml", "new.yaml"]), (True, ["kept.yaml"])])
def test_lists_what_git_tracks_or_would_track(repository: Repository, *, tracked: bool, expected: list[str]) -> None:
    repository.commit(kept__yaml=OURS)
    repository.write("new.yaml")
    repository.write("ignored.yaml")
    (repository.path / ".git" / "info" / "exclude").write_text("ignored.yaml\n", encoding="utf-8")
    assert sorted(listed(repository, tracked=tracked).files) == expected


def test_lists_only_what_lies_below_the_folders_asked_for(repository: Repository) -> None:
    for name in ("a/one.yaml", "b/two.yaml", "ab/three.yaml", ":(top)/four.yaml", "a*/five.yaml"):
        repository.write(name)
    repository.git("add", "a")
    below = git.list_files(str(repository.path), tracked=False, below=["a", ":(top)"])
    assert sorted(below.files) == [":(top)/four.yaml", "a/one.yaml"]


def test_tells_links_and_nested_repositories_from_files(repository: Repository) -> None:
    inner = make_repository(repository.path / "module")
    inner.commit(inner__yaml=OURS)
    (repository.path / "tracked.yaml").symlink_to("elsewhere")
    repository.commit(file__yaml=OURS)
    make_repository(repository.path / "loose").commit(inner__yaml=OURS)
    (repository.path / "untracked.yaml").symlink_to("elsewhere")
    found = listed(repository)
    assert found.files == ["file.yaml"]
    assert sorted(found.links) == ["tracked.yaml", "untracked.yaml"]
    assert sorted(found.nested) == ["loose", "module"]


def test_a_file_in_conflict_is_listed_once_it_counts(repository: Repository) -> None:
    repository.commit(file__yaml="one\n")
    repository.git("switch", "--quiet", "--create", "other")
    repository.commit(file__yaml="two\n")
    repository.git("switch", "--quiet", "main")
    repository.commit(file__yaml="three\n")
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "other")
    assert set(listed(repository).files) == {"file.yaml"}


def test_a_sparse_checkout_names_what_it_left_out(repository: Repository) -> None:
    repository.write("in/one.yaml")
    repository.write("out/two.yaml")
    repository.commit()
    repository.git("sparse-checkout", "set", "in")
    found = listed(repository)
    assert (found.files, found.sparse) == (["in/one.yaml"], ["out/two.yaml"])


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"new\nline.yaml", id="newline"),
        pytest.param(b"quo\"te's\t.yaml", id="quotes-and-tab"),
        pytest.param(b"latin-\xe9.yaml", id="no-utf-8"),
        pytest.param(b"? 100644 0\tx.yaml", id="looks-like-a-record"),
        pytest.param(b"--help.yaml", id="looks-like-an-option"),
        pytest.param("ж\u2028.yaml".encode(), id="separator"),
    ],
)
@pytest.mark.parametrize("tracked", [False, True])
@pytest.mark.skipif(os.name == "nt", reason="such names cannot be made there")
def test_any_name_is_listed_as_it_is(repository: Repository, name: bytes, *, tracked: bool) -> None:
    with open(os.fsencode(repository.path) + b"/" + name, "wb") as file:
        file.write(OURS.encode())
    if tracked:
        repository.commit()
        assert list(git.list_tree(str(repository.path), "HEAD")) == [os.fsdecode(name)]
    assert listed(repository).files == [os.fsdecode(name)]


def test_works_in_a_linked_worktree_and_in_a_submodule(repository: Repository, tmp_path: Path) -> None:
    commit = repository.commit(one__yaml=OURS)
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    outer = make_repository(tmp_path / "outer")
    outer.git("submodule", "--quiet", "add", str(repository.path), "module")
    for top in (tmp_path / "linked", outer.path / "module"):
        assert (top / ".git").is_file()
        assert git.find_top(str(top)) == str(top)
        assert git.list_files(str(top), tracked=True).files == ["one.yaml"]
        assert git.resolve(str(top), "HEAD") == commit
    found = listed(outer)
    assert (found.files, found.nested) == ([".gitmodules"], ["module"])


def test_finds_the_nearest_repository_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "outer" / ".git").mkdir(parents=True)
    deep = tmp_path / "outer" / "a" / "b"
    deep.mkdir(parents=True)
    assert git.find_top(str(deep)) == str(tmp_path / "outer")
    assert git.find_top(str(tmp_path)) is None


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [("/a", "/a", True), ("/a/b", "/a", True), ("/ab", "/a", False), ("/a", "/a/b", False), ("/a", "/", True)],
)
@pytest.mark.skipif(os.name == "nt", reason="paths of POSIX")
def test_is_within(path: str, folder: str, *, expected: bool) -> None:
    assert git.is_within(path, folder) is expected


class TestRevisions:
    def test_reads_a_commit_without_checking_it_out(self, repository: Repository) -> None:
        old = repository.commit(one__yaml="old\n", gone__yaml="gone\n")
        (repository.path / "gone.yaml").unlink()
        repository.commit(one__yaml="new\n")
        repository.git("tag", "-a", "v1", "-m", "first", old)
        top = str(repository.path)
        assert git.resolve(top, "v1") == git.resolve(top, "HEAD~1") == git.resolve(top, old[:10]) == old
        leaves = git.list_tree(top, old)
        assert sorted(leaves) == ["gone.yaml", "one.yaml"]
        assert contents(repository.path, [leaves["gone.yaml"].id, leaves["one.yaml"].id]) == [b"gone\n", b"old\n"]

    @pytest.mark.parametrize(
        "revision",
        ["", "no-such", "--help", "--all", "-h", "HEAD..main", "^HEAD", "HEAD:one.yaml", "HEAD\nmain", "a\0b", "é😀"],
    )
    def test_refuses_what_names_no_commit(self, repository: Repository, revision: str) -> None:
        repository.commit(one__yaml=OURS)
        with pytest.raises(JudgementError) as caught:
            git.resolve(str(repository.path), revision)
        (found,) = caught.value.problems
        assert found.kind == "git"
        assert "git fetch" in found.message

    @pytest.mark.parametrize("revision", ["origin/main", "origin/main~0", "main"])
    def test_takes_no_tag_for_the_branch_of_that_name(self, repository: Repository, revision: str) -> None:
        protected = repository.commit(one__yaml=OURS)
        repository.git("update-ref", "refs/remotes/origin/main", protected)
        repository.git("config", "core.warnAmbiguousRefs", "false")
        top = str(repository.path)
        assert git.resolve(top, revision) == protected
        repository.commit(one__yaml="theirs\n")
        repository.git("tag", revision.removesuffix("~0"))
        with pytest.raises(JudgementError, match="more than one tag or branch"):
            git.resolve(top, revision)
        assert git.resolve(top, "refs/remotes/origin/main") == protected

    def test_reads_more_files_than_one_process_is_asked_for(self, repository: Repository) -> None:
        texts = [f"number {number}\n" * number for number in range(2 * git.REQUESTS + 7)]
        for number, text in enumerate(texts):
            repository.write(f"f{number}", text)
        leaves = git.list_tree(str(repository.path), repository.commit())
        read = contents(repository.path, [leaves[f"f{number}"].id for number in range(len(texts))])
        assert read == [text.encode() for text in texts]

    def test_what_is_not_read_of_one_file_does_not_run_into_the_next(self, repository: Repository) -> None:
        repository.write("large", "x" * 300_000)
        repository.write("small", "small")
        leaves = git.list_tree(str(repository.path), repository.commit())
        blobs = git.blobs(str(repository.path), [leaves["large"].id, leaves["small"].id])
        assert next(blobs).read(3) == b"xxx"
        assert next(blobs).read(100) == b"small"
        assert next(blobs, None) is None

    def test_a_missing_object_is_said(self, repository: Repository) -> None:
        leaf = git.list_tree(str(repository.path), repository.commit(one__yaml=OURS))["one.yaml"]
        (repository.path / ".git" / "objects" / leaf.id[:2] / leaf.id[2:]).unlink()
        with pytest.raises(JudgementError, match="missing"):
            contents(repository.path, [leaf.id])

    def test_a_broken_object_is_said(self, repository: Repository) -> None:
        leaf = git.list_tree(str(repository.path), repository.commit(one__yaml=OURS * 99))["one.yaml"]
        file = repository.path / ".git" / "objects" / leaf.id[:2] / leaf.id[2:]
        data = file.read_bytes()
        file.chmod(0o600)
        file.write_bytes(data[: len(data) // 2])
        with pytest.raises(JudgementError) as caught:
            contents(repository.path, [leaf.id])
        assert caught.value.problems[0].kind == "git"

    def test_a_replacement_in_the_clone_does_not_stand_for_the_commit(self, repository: Repository) -> None:
        commit = repository.commit(one__yaml="true\n")
        other = repository.commit(one__yaml="false\n")
        repository.git("replace", commit, other)
        leaf = git.list_tree(str(repository.path), commit)["one.yaml"]
        assert contents(repository.path, [leaf.id]) == [b"true\n"]


class TestSafety:
    @pytest.mark.parametrize("empty_git", [False, True], ids=["bare", "bare-with-an-empty-.git"])
    def test_a_folder_that_looks_like_a_repository_runs_nothing(self, tmp_path: Path, *, empty_git: bool) -> None:
        marker = tmp_path / "marker"
        make_trap(tmp_path / "trap", marker)
        trap = Repository(tmp_path / "trap")
        if empty_git:
            (trap.path / ".git").mkdir()
            refusal(trap)
        else:
            assert git.find_top(str(trap.path)) is None
        assert not marker.exists()
        # The trap is a real one: git itself falls into it.
        trap.git("-c", "safe.bareRepository=all", "ls-files", "--others")
        assert marker.exists()

    @pytest.mark.parametrize(
        "name", ["core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "diff.external"]
    )
    def test_the_configuration_of_a_repository_runs_nothing(
        self, repository: Repository, tmp_path: Path, name: str
    ) -> None:
        repository.commit(one__yaml=OURS)
        marker = tmp_path / "marker"
        repository.git("config", name, f"touch '{marker}'; false")
        assert listed(repository).files == ["one.yaml"]
        assert not marker.exists()

    def test_filters_and_hooks_do_not_run(self, repository: Repository, tmp_path: Path) -> None:
        marker = tmp_path / "marker"
        repository.commit(one__yaml=OURS)
        repository.write(".gitattributes", "* filter=evil diff=evil\n")
        for name in ("filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv"):
            repository.git("config", name, f"touch '{marker}'; cat")
        for name in ("post-index-change", "post-checkout", "reference-transaction"):
            hook = repository.path / ".git" / "hooks" / name
            hook.parent.mkdir(exist_ok=True)
            hook.write_text(f"#!/bin/sh\ntouch '{marker}'\n", encoding="utf-8")
            hook.chmod(0o755)
        listed(repository)
        leaf = git.list_tree(str(repository.path), git.resolve(str(repository.path), "HEAD"))["one.yaml"]
        assert contents(repository.path, [leaf.id]) == [OURS.encode()]
        assert not marker.exists()

    def test_a_partial_clone_fetches_nothing(self, repository: Repository, tmp_path: Path) -> None:
        repository.git("config", "uploadpack.allowFilter", "true")
        repository.commit(one__yaml=OURS)
        partial = Repository(tmp_path / "partial")
        repository.git(
            "clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{repository.path}", str(partial.path)
        )
        marker = tmp_path / "marker"
        program = tmp_path / "program.sh"
        program.write_text(f"#!/bin/sh\ntouch '{marker}'\nexec git-upload-pack \"$@\"\n", encoding="utf-8")
        program.chmod(0o755)
        partial.git("config", "remote.origin.uploadpack", str(program))
        leaf = git.list_tree(str(partial.path), git.resolve(str(partial.path), "HEAD"))["one.yaml"]
        with pytest.raises(JudgementError) as caught:
            contents(partial.path, [leaf.id])
        assert caught.value.problems[0].kind == "git"
        assert not marker.exists()
        partial.git("cat-file", "blob", leaf.id)
        assert marker.exists()

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("GIT_DIR", "{other}/.git"),
            ("GIT_WORK_TREE", "{other}"),
            ("GIT_INDEX_FILE", "{other}/.git/index"),
            ("GIT_CEILING_DIRECTORIES", "{top}"),
            ("GIT_CONFIG_PARAMETERS", "'core.fsmonitor'='touch {marker}'"),
            ("GIT_EXTERNAL_DIFF", "touch {marker}"),
            ("GIT_TRACE", "{marker}"),
            ("GIT_LITERAL_PATHSPECS", "0"),
        ],
    )
    def test_the_environment_s_git_settings_are_ignored(
        self, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        repository.commit(one__yaml=OURS)
        other = make_repository(tmp_path / "other")
        other.commit(foreign__yaml=FOREIGN)
        marker = tmp_path / "marker"
        monkeypatch.setenv(name, value.format(other=other.path, top=repository.path, marker=marker))
        assert listed(repository).files == ["one.yaml"]
        assert not marker.exists()

    def test_a_git_in_the_tree_is_not_the_one_that_runs(
        self, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        marker = tmp_path / "marker"
        fake = repository.write("bin/git", f"#!/bin/sh\ntouch '{marker}'\n")
        fake.chmod(0o755)
        monkeypatch.chdir(fake.parent)
        monkeypatch.setenv("PATH", os.pathsep.join([str(fake.parent), ".", "", os.environ["PATH"]]))
        assert listed(repository).files == ["bin/git"]
        monkeypatch.setenv("PATH", str(fake.parent))
        assert "no git on the PATH outside of it" in refusal(repository).message
        assert not marker.exists()

    def test_a_relative_entry_of_the_path_is_not_searched_in_the_tree(
        self, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        marker = tmp_path / "marker"
        for folder in (repository.path, tmp_path):
            (folder / "git").write_text(f"#!/bin/sh\ntouch '{marker}'\n", encoding="utf-8")
            (folder / "git").chmod(0o755)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"]]))
        assert listed(repository).files == ["git"]
        assert not marker.exists()

    @needs_root
    def test_a_repository_of_another_user_is_refused_with_the_line_to_type(self, repository: Repository) -> None:
        repository.commit(one__yaml=OURS)
        os.chown(repository.path, 12345, 12345)
        os.chown(repository.path / ".git", 12345, 12345)
        message = refusal(repository).message
        line = f"git config --global --add safe.directory {repository.path}"
        assert message.endswith(f"type: {line}")
        subprocess.run(["sh", "-c", line], check=True)
        assert listed(repository).files == ["one.yaml"]

    @needs_root
    def test_a_folder_that_git_may_not_read_is_a_problem(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            closed = make_repository(Path(folder) / "repository").path / "closed"
            closed.mkdir(mode=0o700)
            give_to_nobody(Path(folder), keep=closed)
            said = run_as_nobody(
                "from ocspolicy import git",
                f"print(*git.list_files({str(closed.parent)!r}, tracked=False).problems)",
            )
        assert "git could not open directory 'closed/': permission denied" in said.lower()


class TestFailures:
    def test_git_s_own_first_line_is_the_reason(self, repository: Repository) -> None:
        (repository.path / ".git" / "index").write_bytes(b"no index")
        assert "git could not list the files: " in refusal(repository).message
        assert "index file" in refusal(repository).message

    def test_a_folder_that_only_pretends_is_no_silent_walk(self, tmp_path: Path) -> None:
        (tmp_path / "pretends" / ".git").mkdir(parents=True)
        assert "not a git repository" in refusal(Repository(tmp_path / "pretends")).message

    def test_a_missing_git_is_said(self, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", "/nonexistent")
        assert "install git" in refusal(repository).message

    def test_a_git_that_cannot_start_is_said(
        self, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "git").write_bytes(b"\x7fELF")
        (tmp_path / "git").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        assert refusal(repository).message == "git could not be started: exec format error"


class TestCommits:
    """A hook of git judges the commit that is being made, not the one before."""

    @pytest.mark.parametrize("arguments", [("--all",), ("gone.yaml",)], ids=["commit-all", "commit-file"])
    def test_a_deletion_that_is_being_committed_is_no_missing_file(
        self, repository: Repository, arguments: tuple[str, ...]
    ) -> None:
        repository.commit(gone__yaml=OURS, stays__yaml=OURS)
        (repository.path / "gone.yaml").unlink()
        output = repository.path / ".git" / "listed"
        top = str(repository.path)
        listing = f"git.list_files({top!r}, tracked=True)"
        code = f"from ocspolicy import git; open({str(output)!r}, 'w').write(str({listing}.files))"
        hook = repository.path / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{code}"\n', encoding="utf-8")
        hook.chmod(0o755)
        package = str(Path(git.__file__).parents[1])
        repository.git("commit", "--quiet", "-m", "remove", *arguments, PYTHONPATH=package)
        assert output.read_text(encoding="utf-8") == "['stays.yaml']"
