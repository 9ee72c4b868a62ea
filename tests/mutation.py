"""Changes bytes as an attacker, a bad merge or a broken disk would; always the same for the same seed."""

import re
from random import Random

TOKENS = [
    b"&a ", b"*a ", b"<<: ", b"? ", b": ", b"- ", b"--- ", b"\n---\n", b"\n...\n", b"%YAML 1.1\n---\n", b"|\n", b">-\n",
    b"{", b"}", b"[", b"]", b'"', b"'", b"#", b' # ocspolicy: ignore[ROL001] expires=2030-01-01 reason="x"', b"!!str ",
    b"!!python/object/apply:os.system ", b"!!int ", b"!!binary ", b"\t", b"\r", b"\r\n", b"\0", b"\x0b", b"\x1b[31m", b"\x7f",
    b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", b"\xf4\x90\x80\x80",
    "\u212a".encode(), "ß".encode(), "e\u0301".encode(), "\U0001f600".encode(), b"null", b"true", b"yes", b"~", b".inf", b".nan",
    b"0", b"1", b"010", b"1_000", b"0x10", b"5.0", b"1e3", b"-1", b"+5", b"1000000000", b"1000000001", b"9" * 40, b"1:30",
    b"2009-02-30", b"2009-06-01", b"9999-12-31", b"0001-01-01", b"ocspolicy/v1", b"ocspolicy/v2", b"apiVersion: ocspolicy/v1\n",
    b"kind: LicenseInventory\n", b"kind: Deployment\n", b"kind: Waivers\n", b"labels: {a: b}", b"standsInFor: fe01", b"count: 3, ",
    b"state: planned, startsOn: 2009-06-01, ", b"state: cold-standby, ", b"members: [a@b, A@B]", b"from: {path: ../x.csv}",
    b"validUntil: 2009-05-31, ", b"assignedTo: [fe01], ", b"scope: {deployments: [contoso]}, ", b"external-connector", b"metric: device, ",
    b"relationship: external, ", b"authentication: active-directory, ", b"licenseBy: device, devices: 3, ", b"::error::x", b"##vso[x]y",
]  # fmt: skip
NUMBER = re.compile(rb"(?<![\w.-])\d+(?![\w.-])")


def mutated(data: bytes, random: Random, others: list[bytes]) -> bytes:
    """Change data in one to three places."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        data = random.choice(WAYS)(data, random, others)
    return data


def _flip(data: bytes, random: Random, _: list[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def _insert(data: bytes, random: Random, _: list[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(TOKENS) + data[at:]


def _replace_word(data: bytes, random: Random, _: list[bytes]) -> bytes:
    words = [found.span() for found in re.finditer(rb"[\w./-]+", data)]
    if not words:
        return data
    start, end = random.choice(words)
    taken = data[slice(*random.choice(words))]
    return data[:start] + random.choice((taken, random.choice(TOKENS).strip())) + data[end:]


def _delete(data: bytes, random: Random, _: list[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + data[at + random.choice((1, 1, 2, 8, 64, 4096)) :]


def _repeat(data: bytes, random: Random, _: list[bytes]) -> bytes:
    at = random.randrange(len(data) + 1)
    end = at + random.choice((1, 4, 32, 256))
    return data[:end] + data[at:end] * random.choice((1, 2, 70)) + data[end:]


def _swap_lines(data: bytes, random: Random, _: list[bytes]) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) < 2:
        return data
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def _edit_line(data: bytes, random: Random, _: list[bytes]) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    at = random.randrange(len(lines))
    line = lines[at]
    lines[at] = random.choice((b"", line + line, b"  " + line, line.lstrip(b" "), b"# " + line))
    return b"".join(lines)


def _other_number(data: bytes, random: Random, _: list[bytes]) -> bytes:
    numbers = [found.span() for found in NUMBER.finditer(data)]
    if not numbers:
        return data
    start, end = random.choice(numbers)
    number = int(data[start:end]) + random.choice((-1, 1, -(10**9), 10**9, 10**20))
    return data[:start] + str(number).encode() + data[end:]


def _splice(data: bytes, random: Random, others: list[bytes]) -> bytes:
    other = random.choice(others)
    lines, theirs = data.splitlines(keepends=True), other.splitlines(keepends=True)
    at, start = random.randrange(len(lines) + 1), random.randrange(len(theirs) + 1)
    lines[at:at] = theirs[start : start + random.randrange(1, 12)]
    return b"".join(lines)


WAYS = (_flip, _flip, _insert, _insert, _replace_word, _replace_word, _delete, _repeat, _swap_lines, _edit_line, _other_number, _splice)  # fmt: skip
