"""What asking gives: how the sentence was understood, what the answer is, and what else could be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from graphsvc.questions.run import Answer

Status = Literal["answered", "empty", "unknown-name", "ambiguous", "not-covered", "not-understood", "timed-out"]


@dataclass(frozen=True)
class Named:
    """A thing and its label; `iri` is None for a date, a year, a number or a text, whose label is the value."""

    iri: str | None
    label: str

    def to_json(self) -> dict[str, Any]:
        """The thing as the API gives it."""
        return {"iri": self.iri, "label": self.label}


@dataclass(frozen=True)
class Understood:
    """A reading: the named question (`id` in the catalogue), its parameters, and how sure it is (0 to 1).

    `narrowed` are things that the sentence names beside the parameters: only rows with them are shown.
    `sentence` is the reading in plain words.
    """

    id: str
    title: str
    parameters: Mapping[str, Named]
    confidence: float
    sentence: str
    narrowed: tuple[Named, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The reading as the API gives it."""
        return {
            "id": self.id,
            "title": self.title,
            "parameters": {name: value.to_json() for name, value in self.parameters.items()},
            "confidence": round(self.confidence, 2),
            "sentence": self.sentence,
            "narrowed": [thing.to_json() for thing in self.narrowed],
        }


@dataclass(frozen=True)
class Proof:
    """The words that a row rests on: the source's title, the quotation, its heading and page (None where unknown)."""

    source: str
    quote: str
    heading: str | None
    page: int | None


@dataclass(frozen=True)
class Found:
    """One row of the answer; what it does not tell is None.

    `via` is direct, group, administration or part; `rank` preferred or normal; `cells` are all its columns.
    """

    iri: str | None
    label: str
    role: str | None = None
    via: str | None = None
    through: Named | None = None
    rank: str | None = None
    document: Named | None = None
    status: str | None = None
    cells: Mapping[str, Named] = field(default_factory=dict)
    evidence: tuple[Proof, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The row as the API gives it."""
        document = self.document.to_json() | {"status": self.status} if self.document else None
        return {
            "iri": self.iri,
            "label": self.label,
            "role": self.role,
            "via": self.via,
            "through": self.through.to_json() if self.through else None,
            "rank": self.rank,
            "document": document,
            "cells": {name: cell.to_json() for name, cell in self.cells.items()},
            "evidence": [vars(proof) for proof in self.evidence],
        }


@dataclass(frozen=True)
class Asked:
    """The answer to a sentence.

    `text` says the answer, or why there is none, in one plain sentence. `suggestions` are sentences that can be asked;
    `alternatives` other readings, most likely first. `answer` is the whole table (None where nothing was run); its rows
    are those that the sentence asks for. `link` is the permanent address of the question, from the root of the site.
    """

    question: str
    language: str
    status: Status
    text: str
    understood: Understood | None = None
    answers: tuple[Found, ...] = ()
    suggestions: tuple[str, ...] = ()
    alternatives: tuple[Understood, ...] = ()
    sparql: str | None = None
    release: str = ""
    link: str = ""
    answer: Answer | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer as `/api/ask` and `graphsvc ask --format json` give it."""
        return {
            "question": self.question,
            "status": self.status,
            "understood": self.understood.to_json() if self.understood else None,
            "answers": [found.to_json() for found in self.answers],
            "text": self.text,
            "suggestions": list(self.suggestions),
            "alternatives": [other.to_json() for other in self.alternatives],
            "sparql": self.sparql,
            "release": self.release,
            "link": self.link,
        }
