"""The README shows what is really printed."""

import re

import pytest
from process import ROOT, run

BLOCKS = re.findall(r"```console\n\$ ocspolicy ([^\n]*)\n(.*?)\n```", (ROOT / "README.md").read_text(), re.DOTALL)


def test_blocks_are_found() -> None:
    assert len(BLOCKS) >= 2


@pytest.mark.parametrize(("command", "printed"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_output_is_as_printed(command: str, printed: str) -> None:
    assert run(*command.split(), cwd=ROOT).out.rstrip("\n") == printed
