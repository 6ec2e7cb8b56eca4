"""The metadata that a .rq file carries in lines that begin with `#+`, in YAML, as grlc reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from graphsvc.errors import BadFile

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, in C where it is there: ten times as fast


def read(path: Path) -> tuple[dict[str, Any], str]:
    """The header of the .rq file at `path` and the file's whole text, which stays plain SPARQL."""
    text = path.read_text("utf-8")
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        header = yaml.load("\n".join(lines), _SAFE)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise BadFile(path, "Huvudet (#+) är inte giltig YAML.", "Rätta raden.", line) from None
    if not isinstance(header, dict):
        raise BadFile(path, "Filen saknar huvud (#+).", "Skriv åtminstone title, på sv och en.")
    return header, text


def translated(header: dict[str, Any], key: str, path: Path) -> dict[str, str]:
    """The sv and en texts under `key`; BadFile where one is missing."""
    value = header.get(key)
    if not isinstance(value, dict) or not {"sv", "en"} <= set(value):
        raise BadFile(path, f"Huvudet saknar {key} på sv och en.", f"Skriv {key}: {{sv: …, en: …}}.")
    return {language: str(text) for language, text in value.items()}
