"""The command line together, and how an error ends it."""

from __future__ import annotations

import sys

import click

from graphsvc.cli import ask, chains, checking, diagrams, questions, remiss, search, service  # noqa: F401  (each adds its commands to the group)
from graphsvc.cli.common import cli
from graphsvc.errors import StyrgrafError


def main() -> None:
    """Run the command line; a foreseen error becomes one message and exit code 2 (1 where data is unsound)."""
    try:
        cli(standalone_mode=True)
    except (StyrgrafError, ValueError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
