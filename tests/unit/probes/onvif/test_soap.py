"""Requests of ONVIF: no value can become markup."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from probes.net.digest import WebLogin
from probes.onvif.soap import SoapFaultError, envelope
from probes.onvif.xml_tree import Element, tree
from tests.support.cameras.onvif_device import SOAP, fault

PRINTABLE = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cn")))


@given(PRINTABLE, PRINTABLE)
def test_values_come_out_as_they_went_in(text, attribute):
    asked = envelope(Element("tse:A", children=[Element("tt:B", text, attributes={"C": attribute})]))
    found = tree(asked).first("Body", "A", "B")
    assert (found.text, found.attributes) == (text, {"C": attribute})


def test_a_name_cannot_end_its_element():
    asked = envelope(Element("tds:A"), WebLogin("a</Username><x/>", "p"), 0, b"nonce")
    assert tree(asked).text_at("Username") == "a</Username><x/>"


def test_the_codes_of_a_fault_are_told_without_prefix():
    found = tree(SOAP.format(fault("No", "s:Sender", "ter:InvalidArgVal", "ter:InvalidToken")).encode()).first(
        "Fault"
    )
    assert SoapFaultError(found).codes == ("Sender", "InvalidArgVal", "InvalidToken")


def test_text_of_many_lines_is_one_text():
    lines = "line\n" * 50_000
    assert tree(f"<a>{lines}<b/>&lt;</a>".encode()).children[0].text == lines + "<"
