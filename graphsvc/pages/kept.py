"""What pages need again and again and only a release can change: made once for each release, and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from graphsvc.graph import Graph

_MOST = 256
_kept: OrderedDict[Hashable, object] = OrderedDict()
_lock = Lock()
Made = TypeVar("Made")


def kept(graph: Graph, key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` makes, or made before for the same `key` of the same release; the least used is forgotten."""
    whole = (str(graph.content.root), graph.release.manifest.name, key)
    with _lock:
        if whole in _kept:
            _kept.move_to_end(whole)
            return cast(Made, _kept[whole])
    made = make()
    with _lock:
        _kept[whole] = made
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made
