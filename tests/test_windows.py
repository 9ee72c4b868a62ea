"""What meets a Windows shop, as far as another machine can show it: line ends, code pages, drives, backslashes."""

import json
import ntpath
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from process import DAY, DEPLOYMENT, ROOT, estate, run

from ocspolicy import snapshot

PEOPLE = "users:\n  - {group: staff, from: {path: 'people\\staff.csv'}}\n"
WAIVED = "  - {name: edge02, roles: [edge]} # ocspolicy: ignore[ROL001] expires=2009-12-31 reason=x\n"
SHOP = {
    "estate.yaml": DEPLOYMENT.partition("users:")[0].replace("  - {name: edge02, roles: [edge]}\n", WAIVED) + PEOPLE,
    "licenses.yaml": (
        "apiVersion: ocspolicy/v1\nkind: LicenseInventory\nlicenses:\n"
        "  - {product: ocs-2007-r2, license: server, edition: enterprise, quantity: 3}\n"
        "  - {product: ocs-2007-r2, license: user-cal, edition: standard, quantity: 1}\n"
        "  - {product: ocs-2007, license: server, edition: enterprise, quantity: 1}\n"
    ),
    "ocspolicy-waivers.yaml": (
        "apiVersion: ocspolicy/v1\nkind: Waivers\nwaivers:\n"
        "  - {rule: CAL001, expires: 2009-12-31, reason: 'ordered'}\n"
    ),
    "ocspolicy.toml": 'fail-on = "info"\nwaiver-warning-days = 10\n',
    "people/staff.csv": "mail\nann@example.com\nbob@example.com\n",
}
NAMES = "Älmhult €5 Łódź 東京"


def shop(folder: Path, end: str) -> Path:
    for name, text in SHOP.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.replace("\n", end).encode())
    return folder


def test_line_ends_of_windows_change_nothing_that_is_told(tmp_path: Path) -> None:
    forms = ("text", "github", "gitlab", "azure", "sarif", "junit", "markdown", "html", "concise", "json")
    asked = [f"--format={form}:{form}.out" for form in forms]
    unix, windows = shop(tmp_path / "unix", "\n"), shop(tmp_path / "windows", "\r\n")
    for folder in (unix, windows):
        assert run("check", *DAY, *asked, cwd=folder).status == 1
    assert {bool(it["waived"]) for it in json.loads((windows / "json.out").read_text())["findings"]} == {True, False}
    for form in forms:
        written = (windows / f"{form}.out").read_bytes()
        assert written == (unix / f"{form}.out").read_bytes()
        assert b"\r" not in written


@pytest.mark.parametrize("page", ["cp1252", "cp437", "cp850", "cp932"])
@pytest.mark.parametrize("form", ["text", "concise"])
def test_a_code_page_gets_what_it_has_and_escapes_for_the_rest(tmp_path: Path, page: str, form: str) -> None:
    estate(tmp_path, DEPLOYMENT.replace("name: here", f"name: {NAMES}"))
    wide = run("check", *DAY, "--format", form, cwd=tmp_path, PYTHONIOENCODING="utf-8").out
    narrow = run("check", *DAY, "--format", f"{form}:out.txt", "--format", form, cwd=tmp_path, PYTHONIOENCODING=page)
    assert NAMES in wide
    assert narrow.status == 0
    assert (tmp_path / "out.txt").read_text("utf-8") == wide
    bare = run("check", *DAY, "--format", form, cwd=tmp_path, PYTHONIOENCODING=page)
    assert bare.out == wide.encode(page, "backslashreplace").decode("utf-8", "replace")


@pytest.mark.parametrize("form", ["json", "sarif", "junit", "github", "gitlab", "azure", "markdown", "html"])
def test_what_machines_read_is_utf_8_under_any_code_page(tmp_path: Path, form: str) -> None:
    estate(tmp_path, DEPLOYMENT.replace("name: here", f"name: {NAMES}").replace("edge02", "edge02-東京"))
    plain, paged = (
        run("check", *DAY, "--format", form, cwd=tmp_path, PYTHONIOENCODING=page) for page in ("utf-8", "cp437")
    )
    assert plain == paged


def test_a_report_goes_to_a_path_with_a_drive(tmp_path: Path) -> None:
    estate(tmp_path)
    assert run("check", *DAY, "--format", "json:C:\\out.json", cwd=tmp_path).status == 0
    assert json.loads((tmp_path / "C:\\out.json").read_text())["deployments"] == ["here"]


@pytest.mark.parametrize("path", ["C:\\people.csv", "c:people.csv", "\\\\server\\share\\people.csv", "..\\people.csv"])
def test_a_list_of_people_stays_in_the_tree(tmp_path: Path, path: str) -> None:
    estate(tmp_path, DEPLOYMENT.partition("users:")[0] + PEOPLE.replace("people\\staff.csv", path))
    ran = run("check", *DAY, cwd=tmp_path)
    assert ran.status == 2
    assert "estate.yaml:14:" in ran.out


@pytest.mark.parametrize(
    ("real", "name"),
    [
        ("C:\\estate\\emea\\a.yaml", "emea/a.yaml"),
        ("c:\\ESTATE\\emea\\a.yaml", "emea/a.yaml"),
        ("C:\\other\\a.yaml", "../other/a.yaml"),
        ("D:\\a.yaml", "D:/a.yaml"),
    ],
)
def test_names_in_reports_have_slashes(monkeypatch: pytest.MonkeyPatch, real: str, name: str) -> None:
    monkeypatch.setattr(snapshot, "os", SimpleNamespace(sep="\\", path=ntpath))
    monkeypatch.setattr(os, "getcwd", lambda: "C:\\estate")
    tree = object.__new__(snapshot.WorkTree)
    tree.top, tree._prefix = "C:\\estate", "C:\\estate\\"
    assert tree._relative(real) == name


def test_shell_scripts_keep_their_line_ends_in_a_checkout_on_windows() -> None:
    attributes = (ROOT / ".gitattributes").read_text().splitlines()
    assert "*.sh text eol=lf" in attributes
