"""Starts the command line, for `ocspolicy` and `python -P -m ocspolicy`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line and give its exit status."""
    # An empty entry would let modules of the checked tree stand in for installed ones.
    sys.path[:] = [entry for entry in sys.path if entry]
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 -- as long as the process lives
    # What goes wrong while an object is finalized changes no result, and would be shown as a traceback.
    sys.unraisablehook = _ignored
    if sys.argv[1:] != ["--version"]:
        _end_on_signals()
    from .cli import main as run
    from .output import finish, to_standard_error

    try:
        status = run(sys.argv[1:])
    except SystemExit as left:  # the parser of arguments has said what it had to say
        status = left.code if isinstance(left.code, int) else 2
    if finish():
        return status
    to_standard_error("error: could not write to standard output\n")
    return 2


def _end_on_signals() -> None:
    """End at once on SIGINT (130) and SIGTERM (143), with no half-written file and no child left behind.

    An exception would not do: it is lost where Python has nobody to hand it to, as while an object is finalized.
    """
    import signal

    def end(number: int, _frame: object) -> None:
        for module in ("ocspolicy.output", "ocspolicy.git"):
            # What is only half imported has begun nothing.
            getattr(sys.modules.get(module), "abandon", _nothing)()
        os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def _ignored(_about: object) -> None:
    """Show nothing."""


def _nothing() -> None:
    """Do what is left to do for a module that was not needed."""


if __name__ == "__main__":
    sys.exit(main())
