"""Everyday names of documents: "planen" and "the minutes" mean the one document of that type that the graph tells of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from graphsvc.ask.lexicon import Lexicon
from graphsvc.ask.words import LANGUAGES, Token, keys, plain, tokens
from graphsvc.content import Content
from graphsvc.labels import bind, labels_of
from graphsvc.namespaces import PREFIXES
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, Literal

_MOST = 5000  # the limit of the lookup: where there are more documents than that, no everyday name means one
_MOST_COUNTED = 20
_OUTWEIGHS = 5  # a document that the graph tells so many times as much of as of the next of its type
_AFTER_VOWEL, _AFTER_CONSONANT = ("n", "t"), ("en", "n", "et", "met")
_LONGEST = 4
_SHORTEST_SLIP = 6


@dataclass(frozen=True)
class EverydayNames:
    """The documents that everyday names mean, by name (its plain words), all of them, the source text of each that has one,
    and the stems of the words of its label."""

    names: Mapping[tuple[str, ...], str]
    documents: tuple[str, ...]
    texts: Mapping[str, str]
    labels: Mapping[str, frozenset[str]]

    def at(self, words: tuple[Token, ...], place: int, lexicon: Lexicon) -> tuple[int, str] | None:
        """(length in words, document) of the longest everyday name that begins with the word at `place`.

        Words of the document's own name may follow ("planen för en jämlik stad"), with silent ones between. A long word
        that is none of the lexicon's may be such a name with a slip.
        """
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            said = tuple(plain(word.folded) for word in words[place : place + length])
            for form in (said, (*said[:-1], said[-1].removesuffix("s"))):
                if form in self.names:
                    return self._extended(words, place, length, self.names[form], lexicon.silent), self.names[form]
        word = words[place].folded
        if len(word) < _SHORTEST_SLIP or lexicon.knows(word):
            return None
        near = process.extractOne(plain(word), self._alone, scorer=OSA.distance, score_cutoff=1)
        return (1, self.names[(near[0],)]) if near else None

    @cached_property
    def _alone(self) -> list[str]:
        """The everyday names of one word."""
        return [name[0] for name in self.names if len(name) == 1]

    def _extended(
        self, words: tuple[Token, ...], place: int, length: int, document: str, silent: Callable[[str], bool]
    ) -> int:
        own = self.labels.get(document, frozenset())
        end = reached = place + length
        while end < len(words):
            if _stems(words[end].folded) & own:
                reached = end + 1
            elif not silent(words[end].folded):
                break
            end += 1
        return reached - place


def everyday_names(store: Store, content: Content, types: Mapping[str, str]) -> EverydayNames:
    """The everyday names of the graph's documents; `types` are further names, and the types that they stand for."""
    chosen, texts = _chosen(store, content)
    names: dict[tuple[str, ...], str] = {}
    for row in store.select(content.lookup("types-of-document")).rows:
        document, label = chosen.get(row["type"].value), row["label"]
        if document and isinstance(label, Literal):
            for form in _forms(label.value, label.language):
                names[_words(form)] = document
    for name, local in types.items():
        document = chosen.get(PREFIXES["type"] + local)
        if document:
            names[_words(name)] = document
    documents = tuple(dict.fromkeys(chosen.values()))
    return EverydayNames(names, documents, texts, _label_stems(store, content, documents))


def _label_stems(store: Store, content: Content, documents: Iterable[str]) -> dict[str, frozenset[str]]:
    """The stems of the telling words in the labels of each document."""
    found: dict[str, frozenset[str]] = {}
    for language in LANGUAGES:
        for document, label in labels_of(store, content, documents, language).items():
            stems = [_stems(token.folded) for token in tokens(label) if len(token.folded) > 3]
            found[document] = found.get(document, frozenset()).union(*stems)
    return found


def _stems(word: str) -> frozenset[str]:
    return frozenset(key for language in LANGUAGES for key in keys(word, language))


def _words(name: str) -> tuple[str, ...]:
    return tuple(plain(token.folded) for token in tokens(name))


def _forms(label: str, language: str) -> Iterable[str]:
    if language == "en":
        return [f"the {label}"]
    if label.endswith("nde"):  # yttrandet, but yttranden are several
        return [label + "t"]
    return [label + ending for ending in (_AFTER_VOWEL if label[-1] in "aeiouyåäö" else _AFTER_CONSONANT)]


def _chosen(store: Store, content: Content) -> tuple[dict[str, str], dict[str, str]]:
    """The document that the name of each type means, and the source texts of documents.

    It is the only one of its type, the only one with a source text, or that which is told most of.
    """
    rows = store.select(content.lookup("documents-by-type")).rows
    if len(rows) >= _MOST:
        return {}, {}
    of_type: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, str] = {}
    for row in rows:
        of_type[row["type"].value].add(row["document"].value)
        if "source" in row:
            texts[row["document"].value] = row["source"].value
    chosen = {}
    for kind, documents in of_type.items():
        fitting = documents & texts.keys() or documents
        found = next(iter(fitting)) if len(fitting) == 1 else _told_most(store, content, fitting)
        if found:
            chosen[kind] = found
    return chosen, texts


def _told_most(store: Store, content: Content, documents: Iterable[str]) -> str | None:
    among = sorted(documents)
    if len(among) > _MOST_COUNTED:
        return None
    table = store.select(bind(content.lookup("told-of-documents"), {"document": map(Iri, among)}))
    counts = sorted(((int(row["number"].value), row["document"].value) for row in table.rows), reverse=True)
    if not counts:
        return None
    return counts[0][1] if len(counts) == 1 or counts[0][0] >= _OUTWEIGHS * counts[1][0] else None
