"""Pages read strictly: by a parser that accepts no error, and seen to have what every page must."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

html5lib = pytest.importorskip("html5lib", reason="html5lib läser sidorna strängt")


def parsed(html: str) -> Any:
    """The root element of a page."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def checked(html: str, language: str) -> Any:
    """The root element of a page whose frame is whole, whose fields are labelled, and where nothing is inline."""
    page = parsed(html)
    assert page.get("lang") == language
    elements = [element for element in page.iter() if isinstance(element.tag, str)]
    tags = [element.tag for element in elements]
    assert {"header", "nav", "main", "footer", "title"} <= set(tags)
    assert tags.count("h1") == tags.count("main") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels)), levels
    ids = [element.get("id") for element in elements if element.get("id")]
    assert len(ids) == len(set(ids))
    for reference in ("aria-labelledby", "aria-describedby", "list", "for"):
        assert all(set(e.get(reference).split()) <= set(ids) for e in elements if e.get(reference)), reference
    labelled = {element.get("for") for element in elements if element.tag == "label"}
    fields = [e for e in elements if e.tag in ("input", "select", "textarea") and e.get("type") not in ("hidden", "radio")]
    assert all(field.get("id") in labelled for field in fields)
    assert not [e for e in elements if e.get("style") or any(str(name).startswith("on") for name in e.attrib)]
    return page
