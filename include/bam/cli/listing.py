"""The list of all commands as Markdown: docs/commands.md is this text, and a test keeps it so."""

from __future__ import annotations

import click

from bam.cli import COMMANDS, bam

HEAD = """# The commands

`bam COMMAND --help` says the same. This page is printed by `python -m bam.cli.listing > docs/commands.md`; a test fails when it
is out of date. Exit codes: 0 done, 1 something failed or a check didn't hold, 2 wrong usage, 130 stopped by Ctrl-C.
"""


def commands_as_markdown() -> str:
    """Every command with its help, in the order of the way of the data."""
    group = click.Context(bam, info_name="bam")
    parts = [HEAD]
    for name in COMMANDS:
        command = bam.get_command(group, name)
        assert command is not None
        parts += _sections(command, click.Context(command, parent=group, info_name=name))
    return "\n".join(parts)


def _sections(command: click.Command, context: click.Context) -> list[str]:
    context.max_content_width = context.terminal_width = 100
    parts = [f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            parts += _sections(below, click.Context(below, parent=context, info_name=name))
    return parts


if __name__ == "__main__":
    click.echo(commands_as_markdown(), nl=False)
