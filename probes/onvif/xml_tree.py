"""XML of a stranger as a plain tree: no document types, no entities, bounded in depth and number (bounds B2, B6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from probes.faults import AssetFaultError
from probes.reasons import NOT_UNDERSTOOD, TOO_MUCH

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_DEEP = 32
MOST_ELEMENTS = 10_000


@dataclass(slots=True)
class Element:
    """An element by its local name; namespaces are dropped, as devices mix them up. So are those of attributes."""

    name: str
    text: str = ""
    children: list[Element] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def every(self, name: str) -> Iterator[Element]:
        """All elements of that name below this one, in document order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.every(name)

    def first(self, *path: str) -> Element | None:
        """The first element of that name below this one, and so on along the path."""
        found: Element | None = self
        for name in path:
            found = next(found.every(name), None) if found is not None else None
        return found

    def text_at(self, *path: str) -> str:
        """The text of such an element; empty without one."""
        found = self.first(*path)
        return found.text.strip() if found is not None else ""


class _TreeBuilder:
    def __init__(self) -> None:
        self.root = Element("")
        self._open = [self.root]
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > MOST_DEEP or self._count > MOST_ELEMENTS:
            raise AssetFaultError(TOO_MUCH, "elements of XML")
        said = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        made = Element(name.rpartition(" ")[2], attributes=said)
        self._open[-1].children.append(made)
        self._open.append(made)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        self._open[-1].text += text

    def refuse(self, *_what: object) -> None:
        raise AssetFaultError(NOT_UNDERSTOOD, "XML with a document type")


def tree(data: bytes) -> Element:
    """What stands in these bytes, below an element without a name. AssetFaultError: no such XML."""
    builder = _TreeBuilder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True  # else each line is a call, and a body of line ends takes seconds to add up
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = builder.refuse
    parser.EntityDeclHandler = builder.refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 - its only spelling
    except expat.ExpatError as error:
        raise AssetFaultError(NOT_UNDERSTOOD, "XML", error) from None
    return builder.root


def written(element: Element) -> str:
    """An element as XML; its name is written as it is, prefix included, and no text of it can become markup."""
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in element.attributes.items())
    inside = escape(element.text) + "".join(map(written, element.children))
    return f"<{element.name}{attributes}>{inside}</{element.name}>"
