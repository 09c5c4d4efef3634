"""GraphML: a graph for Gephi, networkx, igraph and yEd (graphml.graphdrawing.org, version 1.0)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from storage.graph import Edge, Node

#: Attributes by element, each with its type in GraphML.
_NODE_TYPES = {
    each.name: "int" if each.name == "words" else "string"
    for each in fields(Node)
    if each.name != "id"
}
_EDGE_TYPES = {"kind": "string", "weight": "int"}

#: What XML 1.0 has no way to write (section 2.2); the archive's texts hold next to none of it.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(parts: Iterable[Node | Edge], stream: IO[bytes]) -> int:
    """A directed graph, nodes before edges as they come; how many of them are articles."""
    stream.write(_HEAD.encode())
    count = 0
    for part in parts:
        if isinstance(part, Node):
            count += part.kind == "article"
            stream.write(_node(part).encode())
        else:
            stream.write(_edge(part).encode())
    stream.write(b"</graph>\n</graphml>\n")
    return count


def _keys(element: str, types: dict[str, str]) -> str:
    """The declarations of an element's attributes; an edge's have names of their own."""
    return "".join(
        f'<key id="{element[0]}_{name}" for="{element}" attr.name="{name}" attr.type="{kind}"/>\n'
        for name, kind in types.items()
    )


_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns '
    'http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
    f"{_keys('node', _NODE_TYPES)}{_keys('edge', _EDGE_TYPES)}"
    '<graph edgedefault="directed">\n'
)


def _node(node: Node) -> str:
    return f"<node id={_attribute(node.id)}>{_data('n', node, _NODE_TYPES)}</node>\n"


def _edge(edge: Edge) -> str:
    ends = f"source={_attribute(edge.source)} target={_attribute(edge.target)}"
    return f"<edge {ends}>{_data('e', edge, _EDGE_TYPES)}</edge>\n"


def _data(prefix: str, part: Node | Edge, names: Iterable[str]) -> str:
    values = ((name, getattr(part, name)) for name in names)
    return "".join(
        f'<data key="{prefix}_{name}">{escape(_NOT_XML.sub("", str(value)))}</data>'
        for name, value in values
        if value is not None
    )


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))
