"""What a check says of one thing: a SHACL validation result (SHACL §3.6), from a shape or from a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphsvc.namespaces import RDF, SH
from graphsvc.terms import Iri, Literal, Term


@dataclass(frozen=True)
class Result:
    """One result. `messages` and `advice` are by language; shape, component, path, severity and evidence are IRIs."""

    focus: Term
    shape: str
    component: str
    messages: Mapping[str, str]
    path: str | None = None
    value: Term | None = None
    severity: str = SH + "Violation"
    evidence: str | None = None
    advice: Mapping[str, str] = field(default_factory=dict)

    def message(self, language: str) -> str:
        """The message in `language`, or in Swedish, or whatever there is."""
        return self.messages.get(language) or self.messages.get("sv") or next(iter(self.messages.values()), self.component)

    def ntriples(self, iri: str) -> str:
        """The result as N-Triples, under the address `iri`."""
        pairs: list[tuple[str, Term]] = [
            (RDF + "type", Iri(SH + "ValidationResult")),
            (SH + "focusNode", self.focus),
            (SH + "sourceShape", Iri(self.shape)),
            (SH + "sourceConstraintComponent", Iri(self.component)),
            (SH + "resultSeverity", Iri(self.severity)),
            *((SH + "resultMessage", Literal(text, language=lang)) for lang, text in sorted(self.messages.items())),
        ]
        if self.path:
            pairs.append((SH + "resultPath", Iri(self.path)))
        if self.value is not None:
            pairs.append((SH + "value", self.value))
        return "".join(f"<{iri}> <{predicate}> {value.sparql()} .\n" for predicate, value in pairs)
