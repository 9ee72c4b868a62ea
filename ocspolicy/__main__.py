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
    _end_on_signals()
    from .cli import main as run

    return run(sys.argv[1:])


def _end_on_signals() -> None:
    """End at once on SIGINT (130) and SIGTERM (143), with no half-written file and no child left behind.

    An exception would not do: it is lost where Python has nobody to hand it to, as while an object is finalized.
    """
    import os
    import signal

    def end(number: int, _frame: object) -> None:
        for module in ("ocspolicy.output", "ocspolicy.git"):
            if module in sys.modules:
                sys.modules[module].abandon()
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


if __name__ == "__main__":
    sys.exit(main())
