"""An appendix read as a reader does: what stands under a heading, in a table, on its lines."""

from __future__ import annotations

from collections.abc import Iterator

from graphsvc.graph import Graph
from graphsvc.remiss.content import Appendix, Block, Bullets, Heading, Line, Paragraph, Table

PLAN = "plan för en jämlik stad"


def lines_of(block: Block) -> Iterator[Line]:
    """Every line of a block."""
    match block:
        case Paragraph():
            yield block.line
        case Bullets():
            yield from block.lines
        case Table():
            for row in block.rows:
                for cell in row.cells:
                    yield from cell


def under(appendix: Appendix, heading: str) -> list[Block]:
    """The blocks under a heading, to the next of its level or above."""
    found: list[Block] = []
    level = 0
    for block in appendix.blocks:
        if isinstance(block, Heading):
            if level and block.level <= level:
                break
            if block.text == heading:
                level = block.level
                continue
        if level:
            found.append(block)
    assert level, f"ingen rubrik {heading}"
    return found


def table_under(appendix: Appendix, heading: str) -> Table:
    """The first table under a heading."""
    return next(block for block in under(appendix, heading) if isinstance(block, Table))


def first_column(table: Table) -> list[str]:
    """The text of the first cell of each row that is no group."""
    return [row.cells[0][0].text for row in table.rows if not row.group]


def consulted(graph: Graph) -> dict[str, str]:
    """The consulted bodies, IRI to name, as the named question gives them."""
    rows = graph.answer("who-was-consulted", {"document": PLAN}).rows
    return {row.cells["actor"].term.value: row.cells["actor"].text for row in rows}
