"""The command that asks in plain words."""

from __future__ import annotations

from pathlib import Path

import click

from graphsvc.ask import Asked
from graphsvc.ask import ask as ask_graph
from graphsvc.cli.common import FORMAT, LANGUAGE, OUT, cli, opened, write_as
from graphsvc.questions import present
from graphsvc.settings import Settings
from graphsvc.spreadsheet import DELIMITERS

_WORDS = {
    "sv": {"understood": "Förstått som", "other": "Kunde också betyda", "ask": "Du kan fråga"},
    "en": {"understood": "Understood as", "other": "Could also mean", "ask": "You can ask"},
}


@cli.command()
@click.argument("question", metavar="FRÅGA")
@FORMAT
@LANGUAGE
@OUT
@click.pass_obj
def ask(settings: Settings, question: str, form: str, lang: str, output: Path | None) -> None:
    """Fråga i vanliga ord, till exempel: graphsvc ask "Vilka aktiviteter berör Framtiden?"."""
    asked = ask_graph(opened(settings), question, lang)
    write_as(
        form,
        output,
        table=lambda: _table(asked),
        json=asked.to_json,
        csv=lambda: present.answer_csv(asked.answer, DELIMITERS[lang]) if asked.answer else asked.text,
    )


def _table(asked: Asked) -> str:
    """How the question was understood, the sentence that answers it, and the rows with their passages."""
    words = _WORDS[asked.language]
    lines = [f"{words['understood']}: {asked.understood.sentence}"] if asked.understood else []
    lines.append(asked.text)
    if asked.alternatives:
        lines.append(f"{words['other']}: " + "; ".join(other.sentence for other in asked.alternatives))
    if asked.suggestions:
        lines += [f"{words['ask']}:", *(f"  {suggestion}" for suggestion in asked.suggestions)]
    if asked.answer is not None:
        lines += ["", present.answer_text(asked.answer, asked.release)]
    return "\n".join(lines)
