"""Generated files that the tests compare, rewritten with OCSPOLICY_UPDATE=1, never in CI."""

import os
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def compare(path: Path, text: str) -> None:
    """Compare a text with the file that holds what it must be, byte for byte."""
    if os.environ.get("OCSPOLICY_UPDATE") == "1":
        assert not os.environ.get("CI"), "generated files are not rewritten in CI"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert path.is_file(), f"{path} is missing; write it with OCSPOLICY_UPDATE=1"
    assert text == path.read_bytes().decode("utf-8", "surrogatepass"), f"rewrite {path} with OCSPOLICY_UPDATE=1"
