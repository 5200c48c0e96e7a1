"""The acceptance standard of one contract as two texts that were read word by word (`make golden` writes them anew)."""

import os
from pathlib import Path

import pytest

from sla.contract.file import read_contract
from sla.reports.layout.forms import laid_out
from sla.reports.standard.document import standard_document

HERE = Path(__file__).parent / "standard"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["contract", "contract-full"])
def test_a_contract_amounts_to_this_standard(name, language):
    contract = read_contract(HERE / f"{name}.toml")
    text = laid_out("text", standard_document(contract, language))
    golden = HERE / f"{name}.{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
