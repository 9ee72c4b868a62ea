"""Starts the command line, for `ocspolicy` and `python -P -m ocspolicy`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and give its exit status."""
    # An empty entry would let modules of the checked tree stand in for installed ones.
    sys.path[:] = [entry for entry in sys.path if entry]
    if sys.argv[1:] == ["--version"]:
        from .cli import show_version

        return show_version()
    from .cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
