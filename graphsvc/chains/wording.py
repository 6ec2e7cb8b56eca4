"""How chains are said: names of things as they stand in a sentence, one sentence for a step, and one for a whole chain."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphsvc.chains.kinds import Kinds, StepKind, ThingKind, Wording
from graphsvc.chains.model import Node, Step
from graphsvc.chains.neighbourhood import Fact, Neighbourhood
from graphsvc.terms import sort_key

_MOST_NAMED = 3
_WORDS = {
    "sv": {
        "and": "och",
        "duty": "från uppgifterna",
        "membership": "genom grupper",
        "up": "uppåt",
        "down": "nedåt",
        "across": "åt sidan",
        "shortened": "Ansvarskedjan {part} är längre än vad som visas.",
        "proposal": "förslag",
        "quoted": "”{}”",
        "none": "De inlästa dokumenten säger inte hur {start} och {end} hänger ihop.",
        "far": "Ingen kedja mellan {start} och {end} hittades bland de {count} samband som lästes runt dem.",
        "same": "{start} och {end} är samma sak.",
        "others": "{count} till",
        "hub": "{name} hänger ihop med så mycket att alla samband inte är med.",
        "cut": "Sökningen stannade när den hade läst {count} samband. Det kan finnas fler kedjor.",
        "only": "{name} finns här bara som ett förslag.",
        "normal": "Källorna säger olika, och denna uppgift föredras inte: {sentence}",
        "general": "Allmän kännedom, utan källa: {sentence}",
    },
    "en": {
        "and": "and",
        "duty": "from the duties",
        "membership": "through groups",
        "up": "upwards",
        "down": "downwards",
        "across": "sideways",
        "shortened": "The responsibility chain {part} is longer than what is shown.",
        "proposal": "proposal",
        "quoted": "“{}”",
        "none": "The loaded documents do not say how {start} and {end} hang together.",
        "far": "No chain between {start} and {end} was found among the {count} links read around them.",
        "same": "{start} and {end} are the same thing.",
        "others": "{count} more",
        "hub": "Not all links of {name} are included: there are too many.",
        "cut": "The search stopped when it had read {count} links. There may be more chains.",
        "only": "{name} is here only as a proposal.",
        "normal": "The sources differ, and this statement is not the preferred one: {sentence}",
        "general": "General knowledge, without a source: {sentence}",
    },
}


def proposal(language: str) -> str:
    """What a document that is not decided is called."""
    return _WORDS[language]["proposal"]


def wording(kind: StepKind, forward: bool, language: str) -> Wording:
    """How a step of `kind` is said in the direction read."""
    return kind.wording[language]["forward" if forward else "inverse"]


def name(node: Node, kinds: Kinds, language: str) -> str:
    """`node` as it stands in a sentence: with a word for what it is, quoted where it is a title, and with its status."""
    kind, words = kinds.things.get(node.kind), _WORDS[language]
    told = _called(node.label, kind, language) if kind else node.label
    own = node.proposal and (node.document == node.iri or node.document is None)
    return f"{told} ({words['proposal']})" if own and words["proposal"] not in node.label.casefold() else told


def _called(label: str, kind: ThingKind, language: str) -> str:
    noun, openings = kind.noun[language], kind.opens[language]
    for opening in openings:
        if re.match(rf"{opening}\b", label, re.IGNORECASE):
            return noun + label[len(opening) :]
    if kind.quoted:
        return f"{noun} {_WORDS[language]['quoted'].format(label.strip('”“'))}".strip()
    says_itself = not noun or bool(openings) or noun.rpartition(" ")[2] in label.casefold()
    return label if says_itself else f"{noun} {label}"


def sentence(steps: Sequence[Step], kinds: Kinds, language: str) -> str:
    """The chain of `steps` in one sentence. Parts within parts are told by the outermost alone."""
    said = ""
    for index, step in enumerate(steps):
        if index + 1 < len(steps) and _continues(step, steps[index + 1], kinds):
            continue
        kind = next(kind for kind in kinds.steps.values() if kind.name == step.kind)
        how = wording(kind, step.forward, language)
        end = name(step.end, kinds, language)
        if said:
            said += ", " + how.then.format(to=end)
        else:
            begin = name(steps[0].start, kinds, language)
            said = how.main.format(**{"from": begin, "From": capital(begin), "to": end})
    return said + "."


def _continues(step: Step, after: Step, kinds: Kinds) -> bool:
    structure = any(kind.structure and kind.name == step.kind for kind in kinds.steps.values())
    return structure and step.kind == after.kind and step.forward == after.forward


def single(fact: Fact, forward: bool, start: Node, end: Node, kinds: Kinds, language: str) -> str:
    """One step in a sentence of its own."""
    begin = name(start, kinds, language)
    how = wording(kinds.steps[fact.kind], forward, language)
    return how.main.format(**{"from": begin, "From": capital(begin), "to": name(end, kinds, language)}) + "."


def grouped(steps: Sequence[Step], kinds: Kinds, language: str, *, outermost: bool) -> list[str]:
    """The steps in sentences, one for all that begin in the same thing and are of the same kind and direction.

    Where only the `outermost` whole is asked for, parts within parts are told to be in that.
    """
    by_name = {kind.name: kind for kind in kinds.steps.values()}
    within = {step.start.iri: step.end for step in steps if by_name[step.kind].structure and step.forward}
    inner = {end.iri for end in within.values()}
    groups: dict[tuple[str, str, bool], tuple[Node, list[Node]]] = {}
    for step in steps:
        end = step.end
        if outermost and step.forward and by_name[step.kind].structure:
            if step.start.iri in inner:
                continue
            while end.iri in within:
                end = within[end.iri]
        groups.setdefault((step.start.iri, step.kind, step.forward), (step.start, []))[1].append(end)
    told = []
    for (_, kind, forward), (start, ends) in groups.items():
        begin = name(start, kinds, language)
        joined = _all(list(dict.fromkeys(ends)), kinds, language)
        how = wording(by_name[kind], forward, language)
        told.append(how.main.format(**{"from": begin, "From": capital(begin), "to": joined}) + ".")
    return told


def _all(nodes: Sequence[Node], kinds: Kinds, language: str) -> str:
    """The names of `nodes` after one another; several of a kind with one noun in the plural."""
    told: list[str] = []
    for iri in dict.fromkeys(node.kind for node in nodes):
        own, kind = [node for node in nodes if node.kind == iri], kinds.things.get(iri)
        if kind and kind.quoted and kind.many[language] and len(own) > 1:
            quoted = [_WORDS[language]["quoted"].format(node.label.strip("”“")) for node in own]
            told.append(f"{kind.many[language]} {listed(quoted, language)}")
        else:
            told += [name(node, kinds, language) for node in own]
    return listed(told, language)


def listed(names: Sequence[str], language: str) -> str:
    """Names after one another, the last two with and between them."""
    joint = f" {_WORDS[language]['and']} "
    return joint.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def shortened(parts: Sequence[str], language: str) -> tuple[str, ...]:
    """That these parts of a responsibility chain (up, down, across) are longer than what is told."""
    return tuple(_WORDS[language]["shortened"].format(part=_WORDS[language][part]) for part in parts)


def notes(steps: Sequence[Step], nodes: Sequence[Node], language: str) -> tuple[str, ...]:
    """What a reader must know besides: what is only a förslag, which statements are not preferred, what no source says."""
    words = _WORDS[language]
    proposals = {
        node.document: node.document_label for node in nodes if node.proposal and node.document and node.document_label
    }
    told = [
        words["only"].format(name=label) for _, label in sorted(proposals.items(), key=lambda pair: sort_key(pair[1] or ""))
    ]
    told += [words["normal"].format(sentence=step.sentence) for step in steps if step.rank != "preferred"]
    told += [words["general"].format(sentence=step.sentence) for step in steps if step.basis == "general-knowledge"]
    return tuple(dict.fromkeys(told))


def limits(around: Neighbourhood, labels: dict[str, str], language: str) -> tuple[str, ...]:
    """The limits that the search met, each in a sentence."""
    words = _WORDS[language]
    hubs = sorted((labels.get(iri, iri) for iri in around.hubs), key=sort_key)
    shown = [*hubs[:_MOST_NAMED], *([words["others"].format(count=len(hubs) - _MOST_NAMED)] if hubs[_MOST_NAMED:] else [])]
    told = [words["hub"].format(name=capital(listed(shown, language)))] if hubs else []
    return (*told, words["cut"].format(count=len(around.facts))) if around.cut else tuple(told)


def nothing(ends: tuple[str, str], language: str, read: int | None = None) -> str:
    """That no chain was found between the things named `ends`; `read` is how many links were read, if not all."""
    words = _WORDS[language]
    return words["none" if read is None else "far"].format(start=ends[0], end=ends[1], count=read)


def same(ends: tuple[str, str], language: str) -> str:
    """That both names are of one thing."""
    return capital(_WORDS[language]["same"].format(start=ends[0], end=ends[1]))


def capital(text: str) -> str:
    """`text` with its first letter as a capital."""
    return text[:1].upper() + text[1:]
