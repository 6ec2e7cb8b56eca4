"""Who is involved in a document's activities: one reading of the graph that every part of an appendix draws on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from graphsvc.graph import Graph
from graphsvc.labels import PassageText, bind, labels_of, passages_of
from graphsvc.namespaces import PREFIXES, RANK
from graphsvc.questions.run import Answer
from graphsvc.terms import Iri, Row, sort_key

ROLES = ("responsible", "participating", "collaborating", "pilot", "mentioned")
WORKING_ROLES = ROLES[:4]


@dataclass(frozen=True)
class Involvement:
    """An actor in a measure: both IRIs, the role and the way (local names), whom it goes through, and the words that say so.

    `activity` is the numbered activity that the measure is or stands in; `preferred` is False for what another source
    says against the document.
    """

    activity: str
    measure: str
    actor: str
    role: str
    via: str
    through: str
    preferred: bool
    passages: tuple[PassageText, ...] = ()

    @property
    def direct(self) -> bool:
        """Whether the actor itself is named."""
        return self.via == "direct"


@dataclass(frozen=True)
class Activity:
    """A numbered activity: its IRI, name and section, and the words that it stands in."""

    number: int
    iri: str
    name: str
    section: str
    passages: tuple[PassageText, ...]


@dataclass(frozen=True)
class Duties:
    """The activities of a document in its order, and who is involved in them; `names` are labels by IRI."""

    activities: tuple[Activity, ...]
    involvements: tuple[Involvement, ...]
    names: dict[str, str]

    def of(self, actor: str) -> list[Involvement]:
        """How `actor` (IRI) is involved, activity by activity, what is preferred and weightier first."""
        return self._by_actor.get(actor, [])

    @cached_property
    def _by_actor(self) -> dict[str, list[Involvement]]:
        found: dict[str, list[Involvement]] = {}
        for one in sorted(self.involvements, key=self._place):
            found.setdefault(one.actor, []).append(one)
        return found

    def within(self, activity: str) -> list[Involvement]:
        """Who is named directly in `activity` (IRI) and preferred, role by role in Swedish order."""
        found = (one for one in self.involvements if one.activity == activity and one.direct and one.preferred)
        return sorted(
            found, key=lambda one: (ROLES.index(one.role), sort_key(self.names[one.actor]), self.names[one.measure])
        )

    def number(self, activity: str) -> int:
        """The number of an activity."""
        return next(one.number for one in self.activities if one.iri == activity)

    def _place(self, one: Involvement) -> tuple[object, ...]:
        place = (self.number(one.activity), not one.preferred, ROLES.index(one.role), not one.direct)
        through, measure = sort_key(self.names.get(one.through, "")), sort_key(self.names[one.measure])
        return *place, through, one.measure != one.activity, measure


def duties_of(graph: Graph, document: Iri, listed: Answer, language: str) -> Duties:
    """The duties in `document`, whose activities `listed` (the answer of activities-of-document) gives in order."""
    rows = _select(graph, "remiss-involvements", document)
    wholes = {row["part"].value: row["whole"].value for row in _select(graph, "remiss-parts", document)}
    iris = {row[name].value for row in rows for name in ("activity", "actor", "through") if name in row}
    proofs = {row[name].value for row in rows for name in ("evidence", "throughEvidence") if name in row}
    names = labels_of(graph.store, graph.content, iris | set(wholes.values()), language)
    passages = passages_of(graph.store, graph.content, proofs)
    numbered = list(_numbered(listed))
    known = {activity.iri for activity in numbered}
    found = _merged(_involvement(row, wholes, known, passages) for row in rows)
    loose = sorted({one.activity for one in found} - known, key=lambda iri: sort_key(names.get(iri) or iri))
    numbered += [Activity(len(numbered) + place, iri, names.get(iri, iri), "", ()) for place, iri in enumerate(loose, 1)]
    names |= {activity.iri: activity.name for activity in numbered}
    return Duties(tuple(numbered), found, {iri: names.get(iri, iri) for iri in iris | set(names)})


def _select(graph: Graph, lookup: str, document: Iri) -> list[Row]:
    return graph.store.select(bind(graph.content.lookup(lookup), {"document": [document]})).rows


def _numbered(listed: Answer) -> Iterator[Activity]:
    seen: set[str] = set()
    for row in listed.rows:
        cell, section = row.cells["activity"], row.cells.get("section")
        if cell.term.value not in seen:
            seen.add(cell.term.value)
            yield Activity(len(seen), cell.term.value, cell.text, section.text if section else "", row.evidence)


def _involvement(row: Row, wholes: dict[str, str], known: set[str], passages: dict[str, PassageText]) -> Involvement:
    measure = row["activity"].value
    proofs = [row[name].value for name in ("evidence", "throughEvidence") if name in row]
    through = row.get("through")
    return Involvement(
        activity=_whole(measure, wholes, known),
        measure=measure,
        actor=row["actor"].value,
        role=row["role"].value.removeprefix(PREFIXES["role"]),
        via=row["via"].value.removeprefix(PREFIXES["via"]),
        through=through.value if through else "",
        preferred=row["rank"].value == RANK + "preferred",
        passages=tuple(passages[proof] for proof in proofs if proof in passages),
    )


def _whole(measure: str, wholes: dict[str, str], known: set[str]) -> str:
    """The numbered activity that `measure` is or stands in, otherwise the outermost measure around it."""
    seen = {measure}
    while measure not in known and measure in wholes and wholes[measure] not in seen:
        measure = wholes[measure]
        seen.add(measure)
    return measure


def _merged(found: Iterable[Involvement]) -> tuple[Involvement, ...]:
    """Those that say the same as one, with the passages of all."""
    merged: dict[Involvement, dict[str, PassageText]] = {}
    for one in found:
        merged.setdefault(replace(one, passages=()), {}).update({passage.iri: passage for passage in one.passages})
    ordered = sorted(
        merged, key=lambda one: (one.activity, one.measure, one.actor, one.role, one.via, one.through, one.preferred)
    )
    return tuple(replace(one, passages=tuple(merged[one][iri] for iri in sorted(merged[one]))) for one in ordered)
