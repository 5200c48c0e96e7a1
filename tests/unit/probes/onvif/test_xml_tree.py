"""XML of a stranger as a plain tree, within bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.faults import AssetFaultError
from probes.onvif.xml_tree import MOST_DEEP, MOST_ELEMENTS, Element, tree, written

NAMES = st.text("abcXYZ", min_size=1, max_size=5)
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cn")), max_size=20)
ELEMENTS = st.recursive(
    st.builds(Element, NAMES, TEXTS, st.just([]), st.dictionaries(NAMES, TEXTS, max_size=3)),
    lambda inner: st.builds(Element, NAMES, TEXTS, st.lists(inner, max_size=3), st.just({})),
    max_leaves=10,
)


def reason_of(data: bytes) -> str:
    with pytest.raises(AssetFaultError) as fault:
        tree(data)
    return fault.value.reason


def test_elements_are_known_by_their_local_names_whatever_prefix_they_bear():
    found = tree(b'<s:a xmlns:s="urn:x" xmlns="urn:y"><b s:c="1" d="2">t</b></s:a>').children[0]
    assert (found.name, found.children[0].name, found.children[0].attributes) == ("a", "b", {"c": "1", "d": "2"})


def test_a_path_leads_down_and_every_finds_all_in_document_order():
    found = tree(b"<r><a><x>1</x></a><b><x>2</x><a><x>3</x></a></b></r>")
    assert [each.text for each in found.every("x")] == ["1", "2", "3"]
    assert found.text_at("b", "x") == "2"
    assert found.text_at("b", "a", "x") == "3"
    assert found.text_at("x", "a") == ""
    assert found.first("nothing", "at", "all") is None
    assert found.first() is found


def test_the_text_of_an_element_is_bare_of_the_space_around_it():
    assert tree(b"<a>\r\n  name\t</a>").text_at("a") == "name"


@given(ELEMENTS)
def test_what_is_written_is_read_as_it_was(element):
    assert tree(written(element).encode()).children == [element]


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>',
    ],
)
def test_a_document_type_is_refused_before_anything_of_it_is_read(data):
    assert reason_of(data) == "answer not understood: XML with a document type"


def test_as_deep_as_is_allowed_is_read_and_one_deeper_is_too_much():
    deep = "<a>" * MOST_DEEP + "</a>" * MOST_DEEP
    assert sum(1 for _ in tree(deep.encode()).every("a")) == MOST_DEEP
    assert reason_of(f"<a>{deep}</a>".encode()) == "answer too large: elements of XML"


def test_as_many_elements_as_are_allowed_are_read_and_one_more_is_too_much():
    many = "<r>" + "<a/>" * (MOST_ELEMENTS - 1) + "</r>"
    assert sum(1 for _ in tree(many.encode()).every("a")) == MOST_ELEMENTS - 1
    assert reason_of(many.replace("</r>", "<a/></r>").encode()) == "answer too large: elements of XML"


@pytest.mark.parametrize("data", [b"", b"<a>", b"<a></b>", b"<a/><b/>", b"text", b"<a>&unknown;</a>", b"\xff\xfe<"])
def test_what_is_no_xml_is_the_asset_s_fault_in_the_reader_s_own_words(data):
    found = reason_of(data)
    assert found.startswith("answer not understood: XML: ")
    assert "line 1" in found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_the_encoding_that_is_declared_is_the_one_that_is_read(encoding):
    data = f'<?xml version="1.0" encoding="{encoding}"?><a>café</a>'.encode(encoding)
    assert tree(data).text_at("a") == "café"


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_a_tree_or_the_asset_s_fault(data):
    try:
        assert isinstance(tree(data), Element)
    except AssetFaultError as fault:
        found = fault.why.phrase
        assert found in ("answer not understood", "answer too large")
