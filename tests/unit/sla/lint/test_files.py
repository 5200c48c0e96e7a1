"""What is linted: contract files that lack something, are refused, and have a site or an inventory beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.input.mistakes import ConfigError
from sla.lint.files import around_site, lint_file
from sla.reports.text import lint_text
from tests.support.lint_contracts import A1, HEAD, I1, NOTICE, R1, SEEN, line_of, told

EXAMPLES = Path(__file__).parents[4] / "config" / "examples"


LACKS = [
    ("target", A1, 'target = "98%"\n', "", "no_number"),
    ("limit", R1, 'limit = "4h"\n', "", "no_number"),
    ("limit", R1, 'limit = "4h"', 'limit = "及时"', "no_number"),
    ("limit", R1, 'limit = "4h"', "limit = 4", "no_unit"),
    ("limit", R1, 'limit = "4h"', 'limit = "4"', "no_unit"),
    ("target", A1, 'target = "98%"', 'target = "98"', "no_unit"),
    ("target", A1, 'target = "98%"', "target = 0.98", "no_unit"),
    ("every", I1, 'every = "day"\n', "", "no_period"),
    ("kind", A1, 'kind = "availability"\n', "", "no_measure"),
    ("kind", A1, 'kind = "availability"', 'kind = "attitude"', "no_measure"),
    ("deduct", A1, ', amount = "100"', "", "no_consequence"),
    ("deduct", A1, 'deduct = { per = "1%", amount = "100" }\n', "", "no_consequence"),
    ("deduct", A1, 'amount = "100"', 'amount = "0"', "no_consequence"),
]


@pytest.mark.parametrize("lack", LACKS, ids=lambda lack: f"{lack[4]} {lack[0]}")
def test_what_a_clause_lacks_is_told_with_its_line_and_the_rest_is_linted(lint, lack):
    key, clause, old, new, code = lack
    lacking = clause.replace(old, new)
    (found,) = lint(HEAD + lacking + (R1 if clause is not R1 else A1), SEEN)
    said = f"\n{key} = " in lacking
    line = next(n for n, each in enumerate(lacking.splitlines(), 1) if each.startswith(key if said else "[["))
    assert (found.clause, found.code) == (clause.split('id = "')[1][:2], code)
    assert found.line == HEAD.count("\n") + line


def test_a_lacking_clause_moves_no_line_of_those_behind_it(lint):
    text = HEAD + A1.replace('target = "98%"\n', "") + R1.replace('cap = "1000"', 'cap = "50"')
    lacking, small, order = sorted(lint(text, SEEN), key=lambda each: each.line)
    assert (lacking.clause, lacking.code) == ("A1", "no_number")
    assert {small.code, order.code} == {"cap_too_small", "conflict"}
    assert {small.line, order.line} == {line_of(text, "deduct", 'id = "R1"')}


def test_a_file_that_is_wrong_for_another_reason_is_refused_as_ever(lint):
    with pytest.raises(ConfigError, match="colour"):
        lint(HEAD + A1.replace("title", 'colour = "red"\ntitle'))
    with pytest.raises(ConfigError, match="timezone"):
        lint(HEAD.replace("Asia/Shanghai", "Asia/Shangai") + A1.replace('target = "98%"\n', ""))


def test_without_surroundings_nothing_is_said_of_sources_or_intervals(lint):
    assert lint(HEAD + A1.replace("camera", "drone") + R1.replace("4h", "1s")) == ()


def test_the_shipped_examples_can_be_tested_and_told():
    assert lint_file(EXAMPLES / "contract.toml", around_site(EXAMPLES / "site.toml")).findings == ()


def test_a_clock_from_the_notice_needs_a_way_to_the_vendor(lint, tmp_path):
    site = tmp_path / "site.toml"
    checks = '[[assets]]\nid = "cam"\nkind = "camera"\naddress = "192.0.2.1"\n[[assets.checks]]\nprobe = "icmp"\nseverity = "critical"\n'
    site.write_text('site = "s"\ntimezone = "UTC"\n' + checks, encoding="utf-8")
    path = tmp_path / "c.toml"
    path.write_text(HEAD + R1.replace("limit", f"{NOTICE}limit"), encoding="utf-8")
    assert told(lint_file(path, around_site(site)).findings) == [("R1", "no_source")]
    vendor = '[[channels]]\nname = "v"\nparty = "vendor"\nurl_env = "V"\n'
    site.write_text('site = "s"\ntimezone = "UTC"\n' + vendor + checks, encoding="utf-8")
    assert lint_file(path, around_site(site)).findings == ()


def test_what_is_no_table_or_no_word_is_refused_as_ever(lint):
    with pytest.raises(ConfigError):
        lint(HEAD.replace("[calendars.office]", "obligations = [3]\n[calendars.office]"))
    with pytest.raises(ConfigError):
        lint(HEAD + A1.replace('title = "t"', "title = 3"))
    with pytest.raises(ConfigError):
        lint(HEAD + R1.replace('"restore"', '"mend"'))


def test_the_findings_as_a_paper_and_in_both_languages(lint, tmp_path):
    path = tmp_path / "c.toml"
    path.write_text(HEAD, encoding="utf-8")
    found = lint_file(path, None)
    for language in ("zh", "en"):
        assert "--site SITE.toml" in lint_text.to_text(found, language, looked_around=False)
        assert "--site SITE.toml" not in lint_text.to_text(found, language, looked_around=True)
        blocks = lint_text.document_of(found, language, looked_around=False).blocks
        assert len(blocks) == 3
        assert len(lint_text.document_of(found, language, looked_around=True).blocks) == 2
    path.write_text(HEAD + A1, encoding="utf-8")
    assert len(lint_text.document_of(lint_file(path, None), "zh", looked_around=True).blocks) == 1


def test_an_inventory_may_name_bare_probes(tmp_path):
    (tmp_path / "cams.csv").write_text("id,kind,address,probes\ncam,camera,192.0.2.1,icmp\n", encoding="utf-8")
    site = tmp_path / "site.toml"
    site.write_text('site = "s"\ntimezone = "UTC"\ninventory = ["cams.csv"]\n', encoding="utf-8")
    around = around_site(site)
    assert (list(around.assets), list(around.checks), around.tells_vendor) == (["cam"], ["cam/icmp"], False)
