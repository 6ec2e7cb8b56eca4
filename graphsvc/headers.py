"""What is declared in YAML: the header of a .rq file, in lines that begin with `#+` as grlc reads them, and whole files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from graphsvc.errors import BadFile
from graphsvc.namespaces import PREFIXES

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, in C where it is there: ten times as fast
_PLAIN = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read(path: Path) -> tuple[dict[str, Any], str]:
    """The header of the .rq file at `path` and the file's whole text, which stays plain SPARQL."""
    text = path.read_text("utf-8")
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    header = _parsed(path, "\n".join(lines), _SAFE, "Huvudet (#+) är inte giltig YAML.")
    if not isinstance(header, dict):
        raise BadFile(path, "Filen saknar huvud (#+).", "Skriv åtminstone title, på sv och en.")
    return header, text


def without(text: str) -> str:
    """The query of a .rq file without its header, which takes an engine time to read past where it is long."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#+"))


def document(path: Path, *, plain: bool = False) -> dict[str, Any]:
    """The fields of the YAML file at `path`, all values as words if `plain`; BadFile where it is not such a file."""
    told = _parsed(path, path.read_text("utf-8"), _PLAIN if plain else _SAFE, "Filen är inte giltig YAML.")
    if not isinstance(told, dict):
        raise BadFile(path, "Filen saknar fält.", "Skriv den som de andra i mappen.")
    return told


def _parsed(path: Path, text: str, loader: Any, wrong: str) -> Any:
    try:
        return yaml.load(text, loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadFile(path, wrong, "Rätta raden.", mark.line + 1 if mark else None) from None


def expanded(path: Path, name: str) -> str:
    """The IRI that `name` (prefix:local) in the file at `path` stands for; BadFile where the prefix is not known."""
    prefix, _, local = name.partition(":")
    if prefix not in PREFIXES or not local:
        raise BadFile(path, f"{name} har inget känt prefix.", f"Välj bland {', '.join(PREFIXES)}.")
    return PREFIXES[prefix] + local


def translated(header: dict[str, Any], key: str, path: Path) -> dict[str, str]:
    """The sv and en texts under `key`; BadFile where one is missing."""
    value = header.get(key)
    if not isinstance(value, dict) or not {"sv", "en"} <= set(value):
        raise BadFile(path, f"Huvudet saknar {key} på sv och en.", f"Skriv {key}: {{sv: …, en: …}}.")
    return {language: str(value[language]) for language in ("sv", "en")}
