"""Telling an answer in one plain sentence, in Swedish or English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from graphsvc.ask.asked import Found, Named
from graphsvc.ask.wanting import Wanted
from graphsvc.questions.catalogue import Question

_MOST_NAMED = 3
_LONGEST_TOLD = 160
PROPOSAL = "proposal"
_TEXTS = {
    "sv": {
        "yes": "Ja", "no": "Nej", "and": "och", "among": "bland andra", "proposal": "enligt förslaget",
        "proposals": "enligt förslag", "partly": "delvis enligt förslag", "number": "Det är",
        "none": "Nej, enligt de inlästa dokumenten: {sentence} – inget svar.", "rows": "{n} svar",
        "unknown-name": "Jag känner inte till ”{name}”.{near}", "meant": " Menade du {names}?",
        "untold": "De inlästa dokumenten berättar inte det.",
        "not-covered": "Det här täcks inte av de inlästa dokumenten: de berättar inte om {topic}.",
        "foreign": "något sådant",
        "not-understood": "Jag förstår inte frågan. Den kan handla om vem som ansvarar för vad, vilka dokument som hör "
        "ihop, beslut, remisser och var det står.",
        "empty": "Skriv en fråga.", "too-long": "Frågan är för lång: högst {most} tecken.",
        "too-many": "Frågan nämner för många namn: högst {most}.",
        "which": "Frågan gäller ”{title}”. Namnge också {label}.",
        "several": "”{name}” kan betyda flera saker: {names}.",
        "near": "Frågan kan betyda flera saker: {readings}.",
        "timed-out": "Svaret tog för lång tid att ta fram. Begränsa frågan och försök igen.",
        "narrowed": "{sentence}: inget av svaren gäller {names}.",
    },
    "en": {
        "yes": "Yes", "no": "No", "and": "and", "among": "among others", "proposal": "according to the proposal",
        "proposals": "according to proposals", "partly": "partly according to proposals",
        "number": "There are", "none": "No, according to the loaded documents: {sentence} – no answer.",
        "rows": "{n} answers", "unknown-name": "I do not know “{name}”.{near}", "meant": " Did you mean {names}?",
        "untold": "The loaded documents do not tell that.",
        "not-covered": "The loaded documents do not cover this: they do not tell of {topic}.",
        "foreign": "such things",
        "not-understood": "I do not understand the question. It can be about who answers for what, which documents belong "
        "together, decisions, referrals and where it says so.",
        "empty": "Write a question.", "too-long": "The question is too long: at most {most} characters.",
        "too-many": "The question has too many names: at most {most}.",
        "which": "The question is about “{title}”. Name its {label} too.",
        "several": "“{name}” may mean several things: {names}.",
        "near": "The question may mean several things: {readings}.",
        "timed-out": "The answer took too long. Narrow the question and try again.",
        "narrowed": "{sentence}: none of the answers is about {names}.",
    },
}  # fmt: skip


def tell(key: str, language: str, **values: object) -> str:
    """The text called `key`, with its values."""
    return _TEXTS[language][key].format(**values)


def listed(names: Sequence[str], language: str) -> str:
    """Names as a list in running text: a, b och c."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {tell('and', language)} {names[-1]}"


def understood(question: Question, parameters: Mapping[str, Named], narrowed: Sequence[Named], language: str) -> str:
    """The reading in plain words: the question's title with its parameters in the place of "en aktör", "a document" …"""
    sentence, beside = question.title[language], []
    for name, value in parameters.items():
        label = question.parameter(name).label[language]
        said = re.compile(rf"\b(?:en annan|ett annat|another|ett|en|an|a)(?:\s+viss)?\s+{re.escape(label)}\b", re.IGNORECASE)
        found = said.search(sentence)
        if found:
            sentence = sentence[: found.start()] + value.label + sentence[found.end() :]
        else:
            beside.append(f"{label.lower()}: {value.label}")
    beside += [thing.label for thing in narrowed]
    return sentence + (f" ({'; '.join(beside)})" if beside else "")


def answer(
    sentence: str, rows: Sequence[Found], verdict: bool | None, wanted: Wanted, language: str, known: Iterable[str] = ()
) -> str:
    """The sentence that says the answer: yes or no first where `verdict` is one, the number where one was asked for."""
    names = list(dict.fromkeys(_name(row, set(known)) for row in rows))
    ending = _standing(rows, language)
    lead = "" if verdict is None else tell("yes" if verdict else "no", language) + ", "
    told = _some(names, language)
    if wanted.form == "number" and len(names) > 1:
        return f"{tell('number', language)} {len(names)}: {_lower(sentence)}: {told}{ending}."
    count = f"{tell('rows', language, n=len(names))}, " if len(names) > _MOST_NAMED else ""
    return f"{lead}{_lower(sentence) if lead else sentence}: {count}{told}{ending}."


def _standing(rows: Sequence[Found], language: str) -> str:
    """That the answer is only a proposal's, or several proposals', or that some of its rows are."""
    proposed = [row for row in rows if _is_proposed(row)]
    documents = {row.document.iri for row in proposed if row.document}
    whole = "proposal" if len(documents) < 2 else "proposals"
    return f", {tell(whole if len(proposed) == len(rows) else 'partly', language)}" if proposed else ""


def _is_proposed(row: Found) -> bool:
    status = row.cells.get("status")
    return bool(status and status.iri and status.iri.rsplit("/", 1)[-1] == PROPOSAL)


def _some(names: Sequence[str], language: str) -> str:
    if len(names) <= _MOST_NAMED:
        return listed(names, language)
    return f"{tell('among', language)} {listed(names[:_MOST_NAMED], language)}"


def _name(row: Found, known: set[str]) -> str:
    """What a row is called: its label, or where that is only what the question asked of, its other cells."""
    if row.iri is None or row.iri not in known:
        return _short(row.label)
    others = [f"{cell.label}" for cell in row.cells.values() if cell.iri not in known and cell.label]
    return _short(", ".join(others) or row.label)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TOLD else text[: _LONGEST_TOLD - 1].rstrip() + "…"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
