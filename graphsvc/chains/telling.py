"""From facts to steps that can be told: names and kinds of things, the passages behind each fact, and its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graphsvc.chains import wording
from graphsvc.chains.model import Basis, Node, Step
from graphsvc.chains.neighbourhood import Fact, Neighbourhood
from graphsvc.content import Content
from graphsvc.labels import PassageText, bind, labels_of, passages_of
from graphsvc.store.interface import Store
from graphsvc.terms import Iri

_GENERAL_KNOWLEDGE = "general-knowledge"


@dataclass(frozen=True)
class Proof:
    """What a fact rests on: the IRIs of its passages in order, or whether it is general knowledge."""

    passages: tuple[str, ...]
    general: bool = False


@dataclass(frozen=True)
class Teller:
    """Tells facts in a language, all that they need looked up at once."""

    store: Store
    content: Content
    around: Neighbourhood
    language: str

    def nodes(self, iris: Iterable[str]) -> dict[str, Node]:
        """Each of `iris` as a node."""
        wanted = sorted(set(iris))
        classes = self.around.classes_of(wanted)
        documents, proposals = self._standing(wanted)
        labelled = {*wanted, *classes.values(), *documents.values()} - {""}
        labels = labels_of(self.store, self.content, labelled, self.language)
        return {
            iri: Node(
                iri=iri,
                label=labels.get(iri, iri),
                kind=classes[iri],
                kind_label=labels.get(classes[iri], "").lower(),
                document=documents.get(iri),
                document_label=labels.get(documents.get(iri, "")),
                proposal=iri in proposals,
                status=wording.proposal(self.language) if iri in proposals else None,
            )
            for iri in wanted
        }

    def _standing(self, iris: list[str]) -> tuple[dict[str, str], set[str]]:
        """The document that each of `iris` stands in, if any, and which of them are a förslag or stand in one."""
        documents: dict[str, str] = {}
        proposals: set[str] = set()
        query = bind(self.content.lookup("chain-standing"), {"thing": map(Iri, iris)})
        for row in self.store.select(query).rows if iris else []:
            thing, document, proposal = row["thing"].value, row.get("document"), row.get("proposal")
            if document:
                documents[thing] = min(document.value, documents.get(thing, document.value))
            if proposal and proposal.value in ("true", "1"):
                proposals.add(thing)
        return documents, proposals

    def tell(self, read: Sequence[tuple[Fact, bool, int]]) -> tuple[tuple[Step, ...], dict[str, Node]]:
        """The steps of `read`: facts, each with whether it is read forward and how deep it stands; and all their nodes."""
        nodes = self.nodes(iri for fact, _, _ in read for iri in (fact.source, fact.target))
        proofs = self._proofs({fact for fact, _, _ in read})
        texts = passages_of(self.store, self.content, {iri for proof in proofs.values() for iri in proof.passages})
        return tuple(self._step(fact, forward, depth, nodes, proofs[fact], texts) for fact, forward, depth in read), nodes

    def _step(
        self, fact: Fact, forward: bool, depth: int, nodes: dict[str, Node], proof: Proof, texts: dict[str, PassageText]
    ) -> Step:
        kind, language = self.around.kinds.steps[fact.kind], self.language
        start, end = (nodes[fact.source], nodes[fact.target]) if forward else (nodes[fact.target], nodes[fact.source])
        passages = tuple(texts[iri] for iri in proof.passages if iri in texts)
        basis: Basis = "source" if passages else "general-knowledge" if proof.general else "structure"
        return Step(
            kind=kind.name,
            relation=wording.wording(kind, forward, language).label,
            label=wording.wording(kind, True, language).label,
            start=start,
            end=end,
            forward=forward,
            sentence=wording.single(fact, forward, start, end, self.around.kinds, language),
            passages=passages,
            basis=basis,
            rank=self.around.alike(fact)[0].rank,
            depth=depth,
        )

    def _proofs(self, facts: set[Fact]) -> dict[Fact, Proof]:
        """What each of `facts` rests on: its own passage, else the claims that state it, else the passage of its subject."""
        alike = {fact: [one for one in self.around.alike(fact) if one.evidence] for fact in facts}
        unproven = sorted(fact for fact in facts if not alike[fact])
        claims = self._claims({iri for fact in unproven for iri in self._subjects(fact)})
        proofs = {fact: Proof(tuple(dict.fromkeys(one.evidence for one in same))) for fact, same in alike.items() if same}
        for fact in unproven:
            also = self.around.kinds.steps[fact.kind].also
            stated = claims.get((fact.source, fact.kind, fact.target), []) + claims.get((fact.target, also, fact.source), [])
            proofs[fact] = Proof(tuple(sorted({iri for iri, _ in stated if iri})), any(general for _, general in stated))
        bare = {fact for fact, proof in proofs.items() if not proof.passages and not proof.general}
        own = self._own_passages({fact.source for fact in bare})
        return proofs | {fact: Proof(own[fact.source]) for fact in bare if fact.source in own}

    def _subjects(self, fact: Fact) -> tuple[str, ...]:
        """The things of which a claim may state `fact`."""
        return (fact.source, fact.target) if self.around.kinds.steps[fact.kind].also else (fact.source,)

    def _claims(self, subjects: set[str]) -> dict[tuple[str, str, str], list[tuple[str, bool]]]:
        """The preferred claims of `subjects` by what they state: each with its passage, and if it is general knowledge."""
        found: dict[tuple[str, str, str], list[tuple[str, bool]]] = {}
        if not subjects:
            return found
        query = bind(self.content.lookup("chain-claims"), {"subject": map(Iri, sorted(subjects))})
        for row in self.store.select(query).rows:
            if not row["rank"].value.endswith("/preferred"):
                continue
            evidence, basis = row.get("evidence"), row.get("basis")
            stated = (row["subject"].value, row["predicate"].value, row["object"].value)
            general = basis is not None and basis.value.endswith(_GENERAL_KNOWLEDGE)
            found.setdefault(stated, []).append((evidence.value if evidence else "", general))
        return found

    def _own_passages(self, things: set[str]) -> dict[str, tuple[str, ...]]:
        if not things:
            return {}
        found: dict[str, set[str]] = {}
        query = bind(self.content.lookup("chain-passages"), {"thing": map(Iri, sorted(things))})
        for row in self.store.select(query).rows:
            found.setdefault(row["thing"].value, set()).add(row["evidence"].value)
        return {thing: tuple(sorted(passages)) for thing, passages in found.items()}
