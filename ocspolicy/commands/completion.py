"""`ocspolicy completion`: the completion script of a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..output import to_standard_output
from . import options

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def parser() -> ArgumentParser:
    """Build the command's parser."""
    made = options.new_parser(
        "completion",
        "Prints a script that makes a shell complete the commands and options of\nocspolicy.",
        "examples:\n"
        '  eval "$(ocspolicy completion bash)"    in ~/.bashrc\n'
        '  eval "$(ocspolicy completion zsh)"     in ~/.zshrc, after compinit\n'
        "  ocspolicy completion fish | source     in ~/.config/fish/config.fish",
    )
    made.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")
    return made


def run(arguments: Namespace) -> int:
    """Print the script."""
    import argcomplete

    to_standard_output(argcomplete.shellcode(["ocspolicy"], shell=arguments.shell) + "\n", "text")
    return 0
