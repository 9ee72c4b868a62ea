"""The configuration: `[tool.ocspolicy]` in pyproject.toml or the same keys in ocspolicy.toml, under the command line.

Everything is checked here but what needs the rules, features and roles that plugins and catalogs bring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn

from .errors import JudgementError, Problem, near_misses
from .place import Location

SEVERITIES = ("error", "warning", "info", "off")
FAIL_ON = ("error", "warning", "info", "never")

# What a key of too many parts costs grows with the square of their number, and that of patterns with the files.
MAX_ENTRIES = 1000
MAX_BYTES = 256 * 1024
MAX_PARTS = 32
MAX_NUMBER = 10**9
_NAME = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_DEEP_KEY = rf"""(?<![\w-]){_NAME}(?:[ \t]*+\.[ \t]*+{_NAME}){{{MAX_PARTS}}}"""

Read = Callable[[str], bytes | None]


class Settings(NamedTuple):
    """The configuration of a run; `file` is the one it was read from, relative to the root."""

    file: str | None = None
    inventory: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = {}
    fail_on: str = "error"
    exclude: tuple[str, ...] = ()
    catalogs: tuple[str, ...] = ()
    external_authenticated: str = "warn"
    undetermined: Mapping[str, str] = {}
    non_waivable: tuple[str, ...] = ()
    waiver_warning_days: int = 30
    headroom: Mapping[str, int | str] = {}
    rules: Mapping[str, Mapping[str, Any]] = {}
    plugins: tuple[str, ...] = ()
    required_plugins: Mapping[str, str] = {}

    @property
    def folder(self) -> str:
        """The folder that paths in the configuration are relative to; empty for the root."""
        return self.file.rpartition("/")[0] if self.file else ""


def split_ids(values: list[str]) -> tuple[str, ...]:
    """Split ids that are repeated or separated by commas."""
    return tuple(dict.fromkeys(part.strip() for value in values for part in value.split(",") if part.strip()))


def find(start: str, read: Read) -> Settings:
    """Find the configuration upward from a folder to the root.

    Args:
        start: the folder of the first path, relative to the root; empty for the root itself.
        read: gives the bytes of a file of the root, None where there is no such file.

    Raises:
        JudgementError: for a file that is not what it should be, with the path of the key.
    """
    folder = start.strip("/")
    while True:
        prefix = f"{folder}/" if folder else ""
        for name in ("ocspolicy.toml", "pyproject.toml"):
            settings = _read(prefix + name, read)
            if settings is not None:
                return settings
        if not folder:
            return Settings()
        folder = folder.rpartition("/")[0]


def load(file: str, read: Read) -> Settings:
    """Read the configuration file that was asked for by name."""
    data = read(file)
    if data is None:
        raise JudgementError(Problem("configuration", "found no such file, expected a configuration", Location(file)))
    settings = _read(file, lambda _: data)
    if settings is None:
        message = "found no [tool.ocspolicy], expected it in a configuration that is asked for by name"
        raise JudgementError(Problem("configuration", message, Location(file)))
    return settings


def _read(file: str, read: Read) -> Settings | None:
    data = read(file)
    if data is None:
        return None
    if not file.endswith("pyproject.toml"):
        return _settings(file, _table(file, data))
    if b"ocspolicy" not in data:
        return None
    tool = _table(file, data).get("tool", {})
    if not isinstance(tool, dict) or "ocspolicy" not in tool:
        return None
    return _settings(file, tool["ocspolicy"], "tool.ocspolicy.")


def _table(file: str, data: bytes) -> dict[str, Any]:
    import re
    import tomllib

    if len(data) > MAX_BYTES:
        found = f"found a configuration of {len(data):,} bytes, expected at most {MAX_BYTES:,}"
        raise JudgementError(Problem("limit", f"{found}; move the settings to ocspolicy.toml", Location(file)))
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        if re.search(_DEEP_KEY, text):
            message = f"found a key of more than {MAX_PARTS} parts, expected fewer"
            raise JudgementError(Problem("limit", message, Location(file)))
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        message = f"found a byte that is not UTF-8 at offset {error.start}, expected UTF-8"
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        message = f"found what is not TOML: {str(error)[:200] or type(error).__name__}"
    raise JudgementError(Problem("configuration", message, Location(file)))


def _settings(file: str, table: object, prefix: str = "") -> Settings:
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    if not isinstance(table, dict):
        raise JudgementError(
            Problem(
                "configuration",
                f"found {_kind(table)} at '{prefix.rstrip('.')}', expected a table",
                Location(file),
            )
        )
    for key, value in table.items():
        try:
            values[key.replace("-", "_")] = (KEYS[key].check if key in KEYS else _unknown_key(key))(value)
        except _Wrong as wrong:
            path = f"{prefix}{key}{wrong.path}"
            problems.append(Problem("configuration", f"{path}: {wrong.message}", Location(file)))
    if problems:
        raise JudgementError(*problems)
    return Settings(file=file, **values)


class _Wrong(Exception):  # noqa: N818 -- it never leaves this module
    """A value that is not what its key takes; `path` leads on from the key."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


def _kind(value: object) -> str:
    if isinstance(value, int) and abs(value) > MAX_NUMBER:
        return f"a number beyond {MAX_NUMBER}"  # Python refuses to write the largest ones
    names = {dict: "a table", list: "a list", str: f"'{str(value)[:60]}'", bool: str(value).lower()}
    return names.get(type(value), str(value)[:60])


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Wrong("", f"found {_kind(value)}, expected a text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _Wrong("", f"found {_kind(value)}, expected a list of texts")
    if len(value) > MAX_ENTRIES:
        raise _Wrong("", f"found {len(value):,} entries, expected at most {MAX_ENTRIES:,}")
    for index, entry in enumerate(value):
        if not isinstance(entry, str) or not entry.strip():
            raise _Wrong(f"[{index}]", f"found {_kind(entry)}, expected a text")
    return tuple(value)


def _one_of(*choices: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value not in choices:
            expected = " or ".join(f"'{choice}'" for choice in choices)
            near = near_misses(value, list(choices)) if isinstance(value, str) else ""
            raise _Wrong("", f"found {_kind(value)}, expected {expected}{near}")
        return str(value)

    return check


def _days(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 36_500:  # noqa: PLR2004 -- a century
        raise _Wrong("", f"found {_kind(value)}, expected a whole number of days from 0 to 36500")
    return value


def _table_of(check: Callable[[object], Any]) -> Callable[[object], dict[str, Any]]:
    def check_table(value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _Wrong("", f"found {_kind(value)}, expected a table")
        checked = {}
        for key, entry in value.items():
            try:
                checked[key] = check(entry)
            except _Wrong as wrong:
                raise _Wrong(f".{key}{wrong.path}", wrong.message) from None
        return checked

    return check_table


_PERCENTAGES = frozenset(map(str, range(101)))


def _spare(value: object) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**9:
        return value
    if isinstance(value, str) and value.removesuffix("%") in _PERCENTAGES and value.endswith("%"):
        return value
    raise _Wrong("", f"found {_kind(value)}, expected a whole number or a percentage such as '10%'")


def _unknown_key(key: str) -> Callable[[object], NoReturn]:
    def refuse(_value: object) -> NoReturn:
        known = list(KEYS)
        raise _Wrong("", f"found an unknown key, expected one of {', '.join(known)}{near_misses(key, known)}")

    return refuse


def _options(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong("", f"found {_kind(value)}, expected a table of the rule's options")
    return value


class Key(NamedTuple):
    """A key of the configuration: how its value is checked, its JSON Schema, and what it says."""

    check: Callable[[object], Any]
    shape: Mapping[str, Any]
    says: str


_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT, "maxItems": MAX_ENTRIES}
_SPARE = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": 10**9},
        {"type": "string", "pattern": "^(100|[1-9]?[0-9])%$"},
    ]
}


def _choice(says: str, *choices: str) -> Key:
    return Key(_one_of(*choices), {"enum": list(choices)}, says)


def _mapping(check: Callable[[object], Any], shape: Mapping[str, Any], says: str) -> Key:
    return Key(_table_of(check), {"type": "object", "additionalProperties": shape}, says)


KEYS: dict[str, Key] = {
    "inventory": Key(_texts, _TEXTS, "Inventory files besides those found: paths or globs beside this file."),
    "select": Key(_texts, _TEXTS, "Only these rules: ids or prefixes."),
    "ignore": Key(_texts, _TEXTS, "Not these rules: ids or prefixes."),
    "severity": _mapping(_one_of(*SEVERITIES), {"enum": list(SEVERITIES)}, "Another severity for a rule, or off."),
    "fail-on": _choice("The mildest severity that fails the build.", *FAIL_ON),
    "exclude": Key(_texts, _TEXTS, "Patterns as in a .gitignore: what is not looked at."),
    "catalogs": Key(_texts, _TEXTS, "Catalogs of the organization: paths or globs beside this file."),
    "external-authenticated": _choice("External people who sign in: warn about them, or count them.", "warn", "count"),
    "undetermined": _mapping(_text, _TEXT, "A tier or none for a feature, counted or free for a role."),
    "non-waivable": Key(_texts, _TEXTS, "Rules that no waiver covers."),
    "waiver-warning-days": Key(
        _days, {"type": "integer", "minimum": 0, "maximum": 36_500}, "So many days before its end a waiver warns."
    ),
    "headroom": _mapping(_spare, _SPARE, "So many units of a license kind, or so much of it, must stay free."),
    "rules": _mapping(_options, {"type": "object"}, "A rule's own options."),
    "plugins": Key(_texts, _TEXTS, "Import names of plugins to load besides the installed ones."),
    "required-plugins": _mapping(_text, _TEXT, "Distributions that must be installed, with their version range."),
}
