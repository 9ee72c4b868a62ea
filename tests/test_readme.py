"""The README shows what is really printed; OCSPOLICY_UPDATE=1 prints it anew."""

import os
import re

import pytest
from process import ROOT, run

README = ROOT / "README.md"
BLOCK = re.compile(r"(?<=```console\n)\$ ocspolicy ([^\n]*)\n(.*?)\n(?=```)", re.DOTALL)
COMMANDS = [match[1] for match in BLOCK.finditer(README.read_text())]


def printed(command: str) -> str:
    return run(*command.split(), cwd=ROOT).out.rstrip("\n")


def test_blocks_are_found() -> None:
    assert len(COMMANDS) >= 2


@pytest.mark.parametrize("command", COMMANDS)
def test_output_is_as_printed(command: str) -> None:
    text = README.read_text()
    now = printed(command)
    if os.environ.get("OCSPOLICY_UPDATE") == "1":
        assert not os.environ.get("CI"), "the README is not rewritten in CI"
        fresh = BLOCK.sub(lambda match: f"$ ocspolicy {command}\n{now}\n" if match[1] == command else match[0], text)
        README.write_text(fresh)
        return
    assert f"$ ocspolicy {command}\n{now}\n```" in text
