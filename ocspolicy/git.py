"""git, run so that nothing it reads can make it run code, ask a question or reach the network."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING, NamedTuple

from .errors import JudgementError, Problem, problem

if TYPE_CHECKING:
    import subprocess

LINK = "120000"  # the mode of a symbolic link
NESTED = "160000"  # the mode of a submodule
_REGULAR = "H 100"  # in the index, without any flag, an ordinary file

_OPTIONS = (
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.warnAmbiguousRefs=true"),
    *("-c", f"core.hooksPath={os.devnull}"),  # no command below runs one, in the versions known today
)
_SETTINGS = {
    "GIT_ALLOW_PROTOCOL": "none",  # goes before any protocol.*.allow of a configuration
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# So many requests fit into the smallest pipe buffer (16 KiB), so writing them cannot block.
REQUESTS = 200
_UNREADABLE = "warning: could not open directory "
_running: list[subprocess.Popen[bytes]] = []


class Listing(NamedTuple):
    """The names in a tree, relative to its top with `/` between their parts, in no order.

    Attributes:
        files: what is a file, as far as git or the folder says; may turn out to be a link or absent.
        links: what is known to be a symbolic link.
        nested: repositories inside this one (submodules or not): folders whose files are not this one's.
        sparse: tracked files that a sparse checkout leaves out.
        problems: folders that could not be read.
    """

    files: list[str]
    links: list[str]
    nested: list[str]
    sparse: list[str]
    problems: list[Problem]


class Leaf(NamedTuple):
    """An entry of a revision: its mode (`100644`, `120000` for a link, ...) and the id of its content."""

    mode: str
    id: str


class Blob:
    """The content of an object while git hands it over; `size` is in bytes."""

    def __init__(self, size: int, pipe: IO[bytes]) -> None:
        self.size = size
        self._left = size
        self._pipe = pipe

    def read(self, count: int) -> bytes:
        """Give the next bytes, at most so many; nothing at the end."""
        count = min(count, self._left)
        data = self._pipe.read(count)
        if len(data) < count:
            raise problem("git", "git stopped in the middle of a file; try 'git fsck'")
        self._left -= count
        return data

    def skip(self) -> None:
        """Pass over what was not read, and the line end that git puts behind it."""
        while self.read(1 << 16):
            pass
        self._pipe.read(1)


def find_top(folder: str) -> str | None:
    """Give the nearest folder, going upward from a real path, that holds a `.git`; git is not asked."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def is_within(path: str, folder: str) -> bool:
    """Tell whether a real path is a folder or lies below it."""
    return path == folder or path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def list_files(top: str, *, tracked: bool, below: Sequence[str] = ()) -> Listing:
    """List what git tracks, and unless `tracked` what it would track, below the given folders."""
    wanted = ["--cached"] if tracked else ["--cached", "--others", "--exclude-standard"]
    arguments = ["ls-files", "-z", "-t", "--stage", *wanted, "--", *below]
    output, errors = _run(top, arguments, "list the files", index=_handed_index(top))
    problems = [
        Problem(
            "input",
            f"git {line.removeprefix('warning: ')}; make the folder readable, or list it in .gitignore",
        )
        for line in errors.splitlines()
        if line.startswith(_UNREADABLE)
    ]
    return _parse(top, output, problems)


def resolve(top: str, revision: str) -> str:
    """Give the id of the commit that a revision names.

    A tag goes before a branch of the same name, so whoever may push a tag could call it `origin/main`.

    Raises:
        JudgementError: git knows no such commit, or more than one, or may not read the repository.
    """
    arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
    unknown = f"git knows no revision '{revision}'; correct its name, or fetch it first (git fetch origin)"
    if "\0" in revision or revision.startswith("^"):  # the latter would leave a commit out
        raise problem("git", unknown)
    doing = f"read revision '{revision}'"
    commit = _run(top, arguments, doing, silence=unknown)[0].strip()
    arguments.remove("--quiet")
    if "' is ambiguous" in _run(top, arguments, doing)[1]:
        found = f"found more than one tag or branch that '{revision}' names, expected one"
        raise problem("git", f"{found}; write its name in whole, such as refs/remotes/origin/main")
    return commit


def list_tree(top: str, commit: str) -> dict[str, Leaf]:
    """List all that a commit holds, by name."""
    arguments = ["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit]
    output, _ = _run(top, arguments, f"list the files of {commit}")
    leaves = {}
    for record in output.split("\0")[:-1]:
        about, _, name = record.partition("\t")
        mode, _, identifier = about.split(" ")
        leaves[name] = Leaf(mode, identifier)
    return leaves


def blobs(top: str, identifiers: Sequence[str]) -> Iterator[Blob]:
    """Give the contents of objects in the order asked; each must be read before the next is taken."""
    import subprocess

    for start in range(0, len(identifiers), REQUESTS):
        group = identifiers[start : start + REQUESTS]
        with _start(top, ["cat-file", "--batch"], stdin=subprocess.PIPE) as process:
            if process.stdin is None or process.stdout is None or process.stderr is None:
                raise AssertionError("all three are pipes")
            process.stdin.write("".join(f"{identifier}\n" for identifier in group).encode())
            process.stdin.close()
            for identifier in group:
                words = process.stdout.readline().split()
                if len(words) != 3 or words[1] != b"blob":  # noqa: PLR2004 -- id, type, size
                    said = os.fsdecode(process.stderr.read()) or f"fatal: object {identifier} is missing"
                    raise _failure("read a file of the revision", said)
                blob = Blob(int(words[2]), process.stdout)
                yield blob
                blob.skip()


def _parse(top: str, output: str, problems: list[Problem]) -> Listing:
    records = output.split("\0")[:-1]
    listing = Listing([it.partition("\t")[2] for it in records if it.startswith(_REGULAR)], [], [], [], problems)
    for record in records:
        if record.startswith(_REGULAR):
            continue
        about, _, name = record.partition("\t")
        if about.startswith("? "):
            name = record[2:]
            # Of what is untracked, git says only whether it is a repository.
            is_link = os.path.islink(os.path.join(top, name))
            kind = listing.nested if name.endswith("/") else listing.links if is_link else listing.files
            kind.append(name.removesuffix("/"))
        elif about.startswith("S "):
            listing.sparse.append(name)
        elif about.startswith(LINK, 2):
            listing.links.append(name)
        elif about.startswith(NESTED, 2):
            listing.nested.append(name)
        else:
            listing.files.append(name)
    return listing


def _handed_index(top: str) -> str | None:
    """Give the index that git prepared for the commit whose hook runs us, if it is of this repository.

    `git commit -a` and `git commit FILE` put it beside the usual one, which still knows deleted files.
    """
    handed = os.environ.get("GIT_INDEX_FILE")
    if not handed:
        return None
    index = os.path.realpath(os.path.join(top, handed))
    if index == os.path.join(top, ".git", "index") or not os.path.isfile(index):
        return None
    output, _ = _run(top, ["rev-parse", "--absolute-git-dir"], "read the repository")
    folder = os.path.realpath(output.removesuffix("\n"))
    return index if os.path.dirname(index) == folder else None


def _run(
    top: str, arguments: Sequence[str], doing: str, *, index: str | None = None, silence: str = ""
) -> tuple[str, str]:
    """Give what git prints; where it fails without a word, `silence` is the message."""
    with _start(top, arguments, index=index) as process:
        output, errors = process.communicate()
    said = os.fsdecode(errors)
    if process.returncode and silence and not said:
        raise problem("git", silence)
    if process.returncode:
        raise _failure(doing, said)
    return os.fsdecode(output), said


def _start(
    top: str, arguments: Sequence[str], *, stdin: int | None = None, index: str | None = None
) -> subprocess.Popen[bytes]:
    from subprocess import DEVNULL, PIPE, Popen

    command = [_find_executable(top), *_OPTIONS, *arguments]
    try:
        process = Popen(  # noqa: S603 -- no shell; an absolute path outside the checked tree
            command, cwd=top, env=_environment(index), stdin=stdin or DEVNULL, stdout=PIPE, stderr=PIPE
        )
    except OSError as error:
        raise problem("git", f"git could not be started: {(error.strerror or str(error)).lower()}") from None
    _running[:] = [it for it in _running if it.returncode is None] + [process]
    return process


def abandon() -> None:
    """End each git that still runs, now that nobody waits for it."""
    for process in _running:
        process.kill()


def _environment(index: str | None) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("GIT_")}
    kept.pop("LANGUAGE", None)
    return kept | _SETTINGS | ({"GIT_INDEX_FILE": index} if index else {})


def _find_executable(top: str) -> str:
    """Find git on the PATH, but never one that the checked tree brings along."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in filter(os.path.isabs, os.get_exec_path()):
        found = os.path.join(folder, name)
        if os.path.isfile(found) and os.access(found, os.X_OK) and _is_foreign(found, top):
            return found
    message = "found a git repository, but no git on the PATH outside of it; install git, or name each file"
    raise problem("git", message)


def _is_foreign(program: str, top: str) -> bool:
    real = os.path.realpath(program)
    return top == os.sep or not is_within(real, top) or is_within(real, os.path.realpath(sys.prefix))


def _failure(doing: str, said: str) -> JudgementError:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for line in lines:
        if line.startswith("git config ") and "safe.directory" in line:
            unsafe = "git refuses the repository, since another user owns it"
            return problem("git", f"{unsafe}; if you trust it, type: {line}")
    faults = [line for line in lines if line.startswith(("fatal: ", "error: "))] or lines or ["no reason given"]
    reason = faults[0].removeprefix("fatal: ").removeprefix("error: ")
    return problem("git", f"git could not {doing}: {reason[:300]}; try 'git status' there")
