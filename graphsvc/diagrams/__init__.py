"""Diagrams: what a view's query gives, laid out, drawn and told in words, as sheets that fit a page.

`draw(graph, view, about, language)` gives a `Picture`; `Views(content)` is the catalogue of views.
"""

from graphsvc.diagrams.drawing import draw, shows
from graphsvc.diagrams.picture import FORMATS, Picture, Sheet, Table
from graphsvc.diagrams.views import View, Views

__all__ = ["FORMATS", "Picture", "Sheet", "Table", "View", "Views", "draw", "shows"]
