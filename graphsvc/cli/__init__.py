"""The command line: reads the arguments, calls, and prints."""

from graphsvc.cli.common import cli
from graphsvc.cli.main import main

__all__ = ["cli", "main"]
