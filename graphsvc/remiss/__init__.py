"""Appendices to documents for consultation: what they say, as plain content, and the writers that make Word and PDF of it.

`make(graph, order)` gives the bytes of what an `Order` asks for.
"""

from graphsvc.remiss.appendix import PARTS, Order, appendix_of, file_name
from graphsvc.remiss.content import FORMATS
from graphsvc.remiss.making import MEDIA_TYPES, make

__all__ = ["FORMATS", "MEDIA_TYPES", "PARTS", "Order", "appendix_of", "file_name", "make"]
