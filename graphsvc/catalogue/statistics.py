"""Counts what a release holds, once, so that no description has to count again."""

from __future__ import annotations

from graphsvc.content import Content
from graphsvc.store.interface import Store

_PARTS = ("totals", "classes", "properties", "vocabularies", "examples", "graphs")


def statistics(store: Store, content: Content) -> bytes:
    """What `store` holds, as VoID in N-Triples (VoID §4): of the dataset, each class, each property and each named graph.

    It depends on the data alone, not on any setting, so a build may keep it beside the store. The time is linear in the
    number of triples. A store without named graphs tells of none.
    """
    return b"".join(store.construct(content.lookup(f"statistics-{part}")) for part in _PARTS)
