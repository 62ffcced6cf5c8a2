"""`journeysim completion`: let a shell complete commands and options."""

from __future__ import annotations

import click

VARIABLE = "_JOURNEYSIM_COMPLETE"
_INSTALL = {
    "bash": "journeysim completion bash >> ~/.bash_completion",
    "zsh": 'journeysim completion zsh > "${fpath[1]}/_journeysim"',
    "fish": "journeysim completion fish > ~/.config/fish/completions/journeysim.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(list(_INSTALL)))
@click.pass_context
def completion(context: click.Context, *, shell: str) -> None:
    """Print the completion script of a shell.

    Its last line says how to install it.
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    program = context.find_root().command
    click.echo(kind(program, {}, "journeysim", VARIABLE).source().rstrip())
    click.echo(f"# To install: {_INSTALL[shell]}")
