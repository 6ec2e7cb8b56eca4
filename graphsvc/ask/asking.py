"""Asking: from a sentence to the answer of one named question, or to why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from graphsvc.ask import telling
from graphsvc.ask.answering import Answering
from graphsvc.ask.asked import Asked
from graphsvc.ask.prepared import Prepared, prepared
from graphsvc.ask.reading import Reading, readings
from graphsvc.ask.refusing import is_order, uncovered, unknown_name
from graphsvc.ask.replying import Reply
from graphsvc.ask.sentence import Sentence, cleaned, read, with_names
from graphsvc.ask.sureness import SURE, surest_first
from graphsvc.ask.wanting import Wanted, wanted
from graphsvc.errors import QueryTimeout
from graphsvc.graph import Graph

MOST_CHARACTERS = 1000
MOST_NAMES = 20
_CODE = frozenset("{}<>[]|;$\\^`")  # signs of code, which no question has
_MOST_LOOKED_FOR_NAMES = 6


def ask(graph: Graph, sentence: str, language: str = "sv") -> Asked:
    """Answer `sentence` (Swedish or English) from `graph`, in `language` (sv or en).

    Any text gets an answer of some status.
    """
    text = cleaned(sentence)
    address = {"q": text[:MOST_CHARACTERS], **({"lang": "en"} if language == "en" else {})}
    begun = Asked(
        question=text,
        language=language,
        status="not-understood",
        text="",
        release=graph.release.manifest.name,
        link="/fraga?" + urlencode(address),
    )
    reply = Reply(prepared(graph), begun)
    try:
        return _answered(reply, text)
    except QueryTimeout:
        return reply.refused("timed-out", telling.tell("timed-out", language))


def read_named(asker: Prepared, text: str, language: str) -> Sentence:
    """The sentence in the cleaned `text`, with what it names."""
    sentence = read(text, asker.model.lexicon, language)
    return with_names(sentence, asker.naming(language).mentions(sentence), asker.model.lexicon, language)


def readings_of(asker: Prepared, sentence: Sentence, wants: Wanted, language: str) -> list[Reading]:
    """The readings of `sentence`, which wants what `wants` says, one for each question: the surest first."""
    found = readings(sentence, asker.model, asker.naming(language), wants.yes_or_no and wants.of_all)
    return surest_first(found, sentence, asker.model, wants.yes_or_no)


def _answered(reply: Reply, text: str) -> Asked:
    language = reply.language
    if not text:
        return reply.refused("not-understood", telling.tell("empty", language))
    if len(text) > MOST_CHARACTERS:
        return reply.refused("not-understood", telling.tell("too-long", language, most=MOST_CHARACTERS))
    if _CODE & set(text):
        return reply.not_understood()
    sentence = read_named(reply.asker, text, language)
    if len(sentence.mentions) > MOST_NAMES:
        return reply.refused("not-understood", telling.tell("too-many", language, most=MOST_NAMES))
    wants = wanted(sentence, reply.asker.model.lexicon)
    found = readings_of(reply.asker, sentence, wants, language)
    best = found[0] if found and (found[0].rest or sentence.mentions) else None
    refusal = _refusal(reply, sentence, best, found)
    if refusal is not None or best is None:
        return refusal or reply.not_understood()
    return Answering(reply.asker, reply.begun, sentence, wants).of_readings(best, found)


def _refusal(reply: Reply, sentence: Sentence, best: Reading | None, found: Sequence[Reading]) -> Asked | None:
    model, language = reply.asker.model, reply.language
    if is_order(sentence, model.lexicon):
        return reply.not_understood()
    topic = uncovered(best, sentence, model.lexicon)
    if topic is not None:
        label = model.lexicon.foreign[topic][language]
        return reply.refused("not-covered", telling.tell("not-covered", language, topic=label))
    unknown = (unknown_name(reading, model, sentence.mentions) for reading in found[:_MOST_LOOKED_FOR_NAMES])
    name = next(filter(None, unknown), None)
    sure = best is not None and best.sure >= SURE
    if name is not None and best is not None and (not sure or unknown_name(best, model, sentence.mentions)):
        return _unknown(reply, sentence, name, found)
    return None if sure else reply.not_understood(found)


def _unknown(reply: Reply, sentence: Sentence, name: str, found: Sequence[Reading]) -> Asked:
    """The answer that nothing is called `name`, with what is called nearly so."""
    near = reply.asker.naming(reply.language).near(name)
    names = telling.listed([candidate.label for candidate in near], reply.language)
    meant = telling.tell("meant", reply.language, names=names) if near else ""
    suggestions = tuple(sentence.text.replace(name, candidate.label) for candidate in near)
    text = telling.tell("unknown-name", reply.language, name=name, near=meant)
    return reply.refused("unknown-name", text, suggestions=suggestions or reply.suggestions(found))
