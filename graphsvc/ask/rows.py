"""The rows of a question's answer as asking gives them, narrowed to what the sentence names, and whether they say yes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graphsvc.ask.asked import Found, Named, Proof
from graphsvc.ask.lexicon import TITLE, Lexicon
from graphsvc.ask.model import NEGATION, RESPONSIBLE
from graphsvc.ask.sentence import Candidate, read
from graphsvc.ask.wanting import Wanted, denied
from graphsvc.ask.words import tokens
from graphsvc.questions.run import Answer, AnswerRow, Cell
from graphsvc.terms import Iri, fold

_MOST_VALUES = 8
_OWN_FIELDS = ("role", "via", "through", "rank", "document", "status")


def found(answer: Answer, known: Iterable[str] = ()) -> tuple[Found, ...]:
    """Every row of `answer`; a row is called by its first cell that is none of the `known` things (its parameters)."""
    given = set(known)
    return tuple(_found(answer, row, given) for row in answer.rows)


def _found(answer: Answer, row: AnswerRow, known: set[str]) -> Found:
    cells = {column.name: row.cells[column.name] for column in answer.columns if column.name in row.cells}
    telling = [name for name in cells if name not in _OWN_FIELDS] or list(cells)
    first = next((cells[name] for name in telling if cells[name].term.value not in known), None)
    first = first or (cells[telling[0]] if telling else None)
    document = cells.get("document")
    return Found(
        iri=first.term.value if first and isinstance(first.term, Iri) else None,
        label=first.text if first else "",
        role=cells["role"].text if "role" in cells else None,
        via=_local(cells.get("via")),
        through=_named(cells["through"]) if "through" in cells else None,
        rank=_local(cells.get("rank")),
        document=_named(document) if document else None,
        status=cells["status"].text if "status" in cells else None,
        cells={name: _named(cell) for name, cell in cells.items()},
        evidence=tuple(Proof(p.source_title, p.quote, p.heading, p.page) for p in row.evidence),
    )


def _named(cell: Cell) -> Named:
    return Named(cell.term.value if isinstance(cell.term, Iri) else None, cell.text)


def _local(cell: Cell | None) -> str | None:
    """The last part of a concept's IRI: direct, group, preferred …"""
    return cell.term.value.rsplit("/", 1)[-1] if cell else None


def of_things(answer: Answer, things: Sequence[Candidate]) -> tuple[AnswerRow, ...]:
    """The rows that hold every one of `things`, or something with its name in its own ("Stadshus AB:s yttrande")."""
    return tuple(row for row in answer.rows if all(_holds(row, thing) for thing in things))


def _holds(row: AnswerRow, thing: Candidate) -> bool:
    name = fold(thing.label)
    return any(cell.term.value == thing.iri or name in fold(cell.text) for cell in row.cells.values())


def of_year(answer: Answer, year: str) -> tuple[AnswerRow, ...]:
    """The rows in which a value begins with `year`."""
    values = [(row, [cell.text for cell in row.cells.values() if not isinstance(cell.term, Iri)]) for row in answer.rows]
    return tuple(row for row, texts in values if any(text.startswith(year) for text in texts))


def of_denied(answer: Answer, wanted: Wanted, lexicon: Lexicon) -> tuple[AnswerRow, ...]:
    """The rows in which a value denies what the sentence denies ("berörd men inte tillfrågad"), or all where none does."""
    kept: tuple[AnswerRow, ...] = ()
    if not wanted.denied:
        return answer.rows
    for column in answer.columns:
        texts = {row.cells[column.name].text for row in answer.rows if column.name in row.cells}
        if column.kind != "value" or len(texts) > _MOST_VALUES:
            continue
        fitting = {
            text for text in texts if denied(read(text, lexicon, answer.language).pieces(lexicon, ())) & wanted.denied
        }
        kept = kept or tuple(r for r in answer.rows if column.name in r.cells and r.cells[column.name].text in fitting)
    return kept or answer.rows


def of_titles(answer: Answer, wanted: Wanted, lexicon: Lexicon) -> tuple[AnswerRow, ...]:
    """The rows that tell of a title that the sentence asks for ("ordförande"), or all where it asks for none."""
    titles = {concept for concept in wanted.concepts if concept.startswith(TITLE)}
    if not titles:
        return answer.rows
    return tuple(
        row
        for row in answer.rows
        if any(
            piece.meaning.concepts & titles
            for cell in row.cells.values()
            if isinstance(cell.term, Iri)
            for piece in read(cell.text, lexicon, answer.language).pieces(lexicon, ())
        )
    )


def verdict(
    rows: Sequence[Found], wanted: Wanted, title: str, lexicon: Lexicon, roles: Mapping[str, frozenset[str]]
) -> bool:
    """Whether the rows say yes.

    Rows in which it is responsible, where the sentence asks for that; a document's status, where it asks for one;
    otherwise any row, save where it asks whether *all* are so and the question lists those that are not.
    """
    if not rows:
        return False
    if RESPONSIBLE in wanted.concepts and any(row.role for row in rows):
        return any(RESPONSIBLE in roles.get(row.role or "", ()) for row in rows)
    status = _status_verdict(rows, wanted)
    if status is not None:
        return status
    lists_lacking = NEGATION in _concepts(title, lexicon)
    if lists_lacking and not wanted.negated:
        return False
    return not (wanted.of_all and lists_lacking)


def _status_verdict(rows: Sequence[Found], wanted: Wanted) -> bool | None:
    """Whether what is asked to be adopted is: by the status in the rows, where the sentence asks for it."""
    if "status" not in wanted.concepts:
        return None
    told = {
        cell.iri.rsplit("/", 1)[-1] for row in rows for cell in row.cells.values() if cell.iri and "/status/" in cell.iri
    }
    return "adopted" in told if told else None


def _concepts(text: str, lexicon: Lexicon) -> frozenset[str]:
    return frozenset(c for token in tokens(text) for c in lexicon.meaning(token.folded, "sv").concepts)
