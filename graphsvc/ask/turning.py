"""Other ways to give the things of a sentence to a question's parameters, for where the first has no answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from graphsvc.ask.reading import Reading, Value


def turned(reading: Reading) -> Iterator[Reading]:
    """The reading with its things given to its parameters otherwise, for where the first way has no answer.

    Its only thing as the other parameter that may be it, if both may be left out; two things the other way round; a thing
    that it was narrowed to in the place of one of the same class; without a document that nothing but a name told.
    """
    things = [p for p in reading.question.parameters if p.kind == "thing"]
    values = reading.values
    for one, other in combinations(things, 2):
        given = [p for p in (one, other) if p.name in values]
        if one.of == other.of and len(given) == 2:
            yield replace(reading, values=values | {one.name: values[other.name], other.name: values[one.name]})
        elif one.of == other.of and given and not (one.required or other.required):
            kept = {name: value for name, value in values.items() if name != given[0].name}
            absent = other if given[0] is one else one
            yield replace(reading, values=kept | {absent.name: values[given[0].name]})
    for parameter in things:
        value = values.get(parameter.name)
        own = value.candidate if value else None
        for beside in reading.narrowing:
            if own and parameter.of in beside.classes:
                rest = tuple(own if thing is beside else thing for thing in reading.narrowing)
                yield replace(reading, values=values | {parameter.name: Value(beside.iri, beside)}, narrowing=rest)
        if value and not own:
            kept = {name: old for name, old in values.items() if old is not value}
            yield replace(reading, values=kept, missing=(parameter,) if parameter.required else ())
