"""The commands: one module each, with `parser()` and `run(arguments)`; only the one that is asked for is imported."""

from __future__ import annotations

SUMMARIES = {
    "check": "judge deployments against the license inventory",
    "position": "show required, owned and balance of every license kind",
    "compare": "show the same estate under the terms of two products",
    "report": "give a saved JSON result in another format",
    "waive": "accept all that fails today, for a stated time",
    "validate": "check the shape of files only",
    "rules": "list the rules that are on here",
    "explain": "explain a rule, role, feature, license or product",
    "init": "write a first manifest, inventory, configuration and hook",
    "test": "run the cases of a rule's author",
    "schema": "print the JSON Schema of a kind of document",
    "completion": "print the completion script of a shell",
}
"""Each command, in the order of the help, with what it does in a line."""
