"""What pages need again and again and only a release can change: made once for each release, and kept."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from itertools import chain
from threading import Lock
from typing import Any, TypeVar, cast

from graphsvc.graph import Graph

_MOST, _MOST_BYTES = 256, 64 << 20
_kept: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()
_lock = Lock()
Made = TypeVar("Made")


def kept(graph: Graph, key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` makes, or made before for the same `key` of the same release; what was unused for longest is forgotten."""
    whole = (str(graph.content.root), graph.release.manifest.name, key)
    with _lock:
        if whole in _kept:
            _kept.move_to_end(whole)
            return cast(Made, _kept[whole][0])
    made = make()
    size = size_of(made)
    with _lock:
        _kept[whole] = made, size
        bytes_kept = sum(size for _, size in _kept.values())
        while len(_kept) > _MOST or bytes_kept > _MOST_BYTES:
            bytes_kept -= _kept.popitem(last=False)[1][1]
    return made


def size_of(thing: object) -> int:
    """About how many bytes of memory plain data take: texts, numbers, collections and data classes, each counted once."""
    seen, waiting, size = set(), [thing], 0
    while waiting:
        one: Any = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        size += sys.getsizeof(one)
        if isinstance(one, Mapping):
            waiting += chain.from_iterable(one.items())
        elif isinstance(one, list | tuple | set | frozenset):
            waiting += one
        elif is_dataclass(one):
            waiting += (getattr(one, field.name) for field in fields(one))
    return size
