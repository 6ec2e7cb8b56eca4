"""Chains and responsibility chains as JSON, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphsvc.chains.model import Chain, Chains, Edge, Node, ResponsibilityChain, Step
from graphsvc.labels import PassageText
from graphsvc.questions.present import passage_json

_MOST_PASSAGES = 2  # in a text; JSON has all
_WORDS = {
    "sv": {"release": "utgåva", "under": "under", "page": "s.", "more": "och {} ställen till", "proposal": "förslag",
           "general-knowledge": "allmän kännedom, ingen källa säger det", "structure": "följer av hur materialet är ordnat",
           "normal": "en annan uppgift föredras", "notes": "Att veta", "nothing": "Ingenting.", "duties": "Uppgifter",
           "up": "Uppåt: program, uppdrag och beslut", "down": "Nedåt: aktiviteter, uppgifter och aktörer",
           "across": "Åt sidan: remiss, yttranden och uppföljning"},
    "en": {"release": "release", "under": "under", "page": "p.", "more": "and {} more places", "proposal": "proposal",
           "general-knowledge": "general knowledge, no source says so",
           "structure": "follows from how the material is arranged",
           "normal": "another statement is preferred", "notes": "Note", "nothing": "Nothing.", "duties": "Duties",
           "up": "Up: programme, assignment and decision", "down": "Down: activities, tasks and actors",
           "across": "Across: consultation, responses and follow-up"},
}  # fmt: skip


def chains_json(chains: Chains, release: str) -> dict[str, Any]:
    """The chains between two things, as the API gives them; `release` is the release that they were read from."""
    return {
        "from": node_json(chains.start),
        "to": node_json(chains.end),
        "status": "answered" if chains.chains else "empty",
        "text": chains.text,
        "chains": [_chain_json(chain) for chain in chains.chains],
        "nodes": [node_json(node) for node in chains.nodes],
        "edges": [_edge_json(edge) for edge in chains.edges],
        "limits": list(chains.limits),
        "release": release,
    }


def responsibility_json(chain: ResponsibilityChain, release: str) -> dict[str, Any]:
    """A responsibility chain as the API gives it."""
    parts = {name: [_step_json(step) for step in getattr(chain, name)] for name in ("duties", "up", "down", "across")}
    return {
        "about": node_json(chain.about),
        "status": "answered" if chain.steps else "empty",
        "sentences": list(chain.sentences),
        **parts,
        "notes": list(chain.notes),
        "nodes": [node_json(node) for node in chain.nodes],
        "edges": [_edge_json(edge) for edge in chain.edges],
        "limits": list(chain.limits),
        "release": release,
    }


def node_json(node: Node) -> dict[str, Any]:
    """A thing on a chain."""
    document = {"iri": node.document, "label": node.document_label, "status": node.status} if node.document else None
    return {
        "iri": node.iri,
        "label": node.label,
        "kind": {"iri": node.kind, "label": node.kind_label},
        "document": document,
        "proposal": node.proposal,
        "status": node.status,
    }


def _chain_json(chain: Chain) -> dict[str, Any]:
    return {
        "sentence": chain.sentence,
        "cost": chain.cost,
        "steps": [_step_json(step) for step in chain.steps],
        "notes": list(chain.notes),
        "nodes": [node_json(node) for node in chain.nodes],
        "edges": [_edge_json(edge) for edge in chain.edges],
    }


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "relation": step.relation,
        "from": node_json(step.start),
        "to": node_json(step.end),
        "forward": step.forward,
        "sentence": step.sentence,
        "rank": step.rank,
        "basis": step.basis,
        "proposal": step.start.proposal or step.end.proposal,
        "depth": step.depth,
        "evidence": [passage_json(passage) for passage in step.passages],
    }


def _edge_json(edge: Edge) -> dict[str, Any]:
    return {
        "source": edge.source,
        "target": edge.target,
        "kind": edge.kind,
        "label": edge.label,
        "basis": edge.basis,
        "rank": edge.rank,
    }


def chains_text(chains: Chains, release: str) -> str:
    """The chains for a terminal: each as a sentence, its steps with their words under it, and what to know besides."""
    language = chains.language
    lines = [] if chains.chains else [chains.text, ""]
    for number, chain in enumerate(chains.chains, 1):
        lines += [f"{number}. {chain.sentence}", *_steps(chain.steps, language), ""]
    told = dict.fromkeys(note for chain in chains.chains for note in chain.notes)
    return "\n".join([*lines, *_told([*told, *chains.limits], language), _release(release, language)])


def responsibility_text(chain: ResponsibilityChain, release: str) -> str:
    """A responsibility chain for a terminal, part by part, each step indented by how far it is from its subject."""
    language, words = chain.language, _WORDS[chain.language]
    lines = [chain.about.label, ""]
    for part in ("duties", "up", "down", "across"):
        steps: tuple[Step, ...] = getattr(chain, part)
        if steps:
            lines += [words[part], *_steps(steps, language), ""]
    lines += [] if chain.steps else [words["nothing"], ""]
    return "\n".join([*lines, *_told([*chain.notes, *chain.limits], language), _release(release, language)])


def _steps(steps: Iterable[Step], language: str) -> list[str]:
    words, lines = _WORDS[language], []
    deepest = {step.depth for step in steps}
    for step in steps:
        indent = "   " + ("" if deepest == set(range(len(list(steps)))) else "  " * step.depth)
        remark = f" [{words['normal']}]" if step.rank != "preferred" else ""
        lines.append(f"{indent}– {step.sentence}{remark}")
        lines += [f"{indent}    {_passage(passage, words)}" for passage in step.passages[:_MOST_PASSAGES]]
        if len(step.passages) > _MOST_PASSAGES:
            lines.append(f"{indent}    {words['more'].format(len(step.passages) - _MOST_PASSAGES)}")
        if not step.passages:
            lines.append(f"{indent}    ({words[step.basis]})")
    return lines


def _passage(passage: PassageText, words: dict[str, str]) -> str:
    under = f" {words['under']} ”{passage.heading}”" if passage.heading and passage.heading != passage.quote else ""
    page = f", {words['page']} {passage.page}" if passage.page else ""
    return f"”{passage.quote}”{under} ({passage.source_title}{page})"


def _told(notes: list[str], language: str) -> list[str]:
    return [f"{_WORDS[language]['notes']}:", *(f"  {note}" for note in notes), ""] if notes else []


def _release(release: str, language: str) -> str:
    return f"{_WORDS[language]['release']} {release}"
