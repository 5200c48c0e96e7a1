"""`sla-check --year … --self-evaluation figures.toml` as a program, and its numbers in every form of paper."""

import json
import subprocess
from pathlib import Path

import pytest

import config
from sla.cli.program import main
from tests.support.timelines import json_lines, records

EXAMPLES = Path(config.__file__).with_name("examples")
GOLDEN = Path(__file__).parents[3] / "golden" / "self_evaluation" / "2021.toml"
WORLD = """
asset cam camera
asset web service
check cam/icmp 6h critical
check web/http 6h critical
cam/icmp 2026-01-01 00:00 ok 07-10 08:00 fail 07-12 11:00 ok 2026-12-31 24:00
web/http 2026-01-01 00:00 ok 2026-12-31 24:00
notified cam/icmp 2026-07-10 08:01
"""


@pytest.fixture
def evidence(tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_bytes(b"".join(json_lines(records(WORLD))))
    return ["--contract", str(EXAMPLES / "contract.toml"), "--evidence", str(path)]


def run(capsys, *arguments):
    code = main([str(each) for each in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_what_the_probes_measured_is_what_the_yearly_report_says(capsys, evidence):
    code, out, _ = run(
        capsys, "--year", 2026, "--self-evaluation", EXAMPLES / "figures.toml", "--format", "json", *evidence
    )
    table = json.loads(out)
    assert code == 3  # one indicator has no actual value
    year = json.loads(run(capsys, "--year", 2026, "--format", "json", *evidence)[1])
    values = {each["id"]: each["value"] for each in year["obligations"]}
    measured = [one for each in table["indicators"] for one in each["measured"]]
    assert {one["obligation"] for one in measured} == {"A1", "A2", "R1", "R2"}
    assert all(one["value"] == values[one["obligation"]] for one in measured)
    assert (table["total"], table["complete"]) == (None, False)
    text = run(capsys, "--year", 2026, "--self-evaluation", EXAMPLES / "figures.toml", *evidence)[1]
    assert "sha256:" in text


def test_without_contract_and_evidence_the_measured_ones_are_missing(capsys):
    assert "sha256:" not in run(capsys, "--year", 2026, "--self-evaluation", EXAMPLES / "figures.toml")[1]
    code, out, _ = run(capsys, "--year", 2026, "--self-evaluation", EXAMPLES / "figures.toml", "--format", "json")
    states = {each["name"]: each["state"] for each in json.loads(out)["indicators"]}
    assert code == 3
    assert states["平台运维服务质量"] == "missing"
    assert states["案件按期处置率"] == "scored"


def test_a_complete_table_ends_with_0(capsys, tmp_path):
    figures = tmp_path / "f.toml"
    figures.write_text(
        'year = 2026\nproject = "项目"\nunit = "单位"\nform = "evaluation"\nblocks = [{ name = "产出", score = "85" }]\n',
        encoding="utf-8",
    )
    code, out, _ = run(capsys, "--year", 2026, "--self-evaluation", figures)
    assert code == 0
    assert "项目支出绩效评价表（2026年度）" in out
    assert "良" in out


def test_another_year_is_refused(capsys):
    code, _, error = run(capsys, "--year", 2026, "--self-evaluation", GOLDEN, "--lang", "en")
    assert code == 2
    assert "2021.toml is about 2021" in error


def test_an_obligation_that_the_contract_does_not_have_is_refused_with_its_line(capsys, tmp_path, evidence):
    text = (EXAMPLES / "figures.toml").read_text(encoding="utf-8").replace('["A1", "A2"]', '["A1", "A3"]')
    for name in ("cases.csv", "survey.csv"):
        (tmp_path / name).write_bytes((EXAMPLES / name).read_bytes())
    figures = tmp_path / "figures.toml"
    figures.write_text(text, encoding="utf-8")
    code, _, error = run(capsys, "--year", 2026, "--self-evaluation", figures, "--lang", "en", *evidence)
    assert code == 2
    line = text[: text.index('name = "平台运维服务质量"')].count("\n") - 2
    assert f'figures.toml:{line}: obligations: got "A3", wanted one of the contract\'s obligations A1' in error


def test_a_year_is_needed_and_mistakes_are_told_in_the_language(capsys, tmp_path):
    with pytest.raises(SystemExit):
        main(["--self-evaluation", str(GOLDEN)])
    broken = tmp_path / "f.toml"
    broken.write_text("year = 1\n", encoding="utf-8")
    code, _, error = run(capsys, "--year", 2026, "--self-evaluation", broken)
    assert code == 2
    assert "f.toml:1" in error


def extracted(form, path):
    if form == "docx":
        from docx import Document

        document = Document(str(path))
        tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(each.text for each in document.paragraphs), *tables])
    if form == "xlsx":
        from openpyxl import load_workbook

        book = load_workbook(path, data_only=True)
        return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    if form == "pdf":
        return subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return path.read_text(encoding="utf-8")


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("form", ["text", "html", "docx", "xlsx", "pdf"])
def test_the_published_total_is_in_every_form(capsys, tmp_path, form):
    path = tmp_path / f"table.{form}"
    code, _, error = run(capsys, "--year", 2021, "--self-evaluation", GOLDEN, "--format", form, "--output", path)
    if "fonts" in error:
        pytest.skip("no Chinese fonts here")
    assert code == 3
    text = extracted(form, path)
    for word in ("90.78", "39.38", "33385", "29220", "4165", "缺失", "未载明"):
        assert word in text, word
    again = tmp_path / f"again.{form}"
    run(capsys, "--year", 2021, "--self-evaluation", GOLDEN, "--format", form, "--output", again)
    assert again.read_bytes() == path.read_bytes()


def test_every_form_of_the_year_and_of_its_table_stands_in_one_directory(capsys, tmp_path, evidence, monkeypatch):
    monkeypatch.setattr("sla.cli.output.FORMATS", {"text": "txt", "json": "json"})
    folder = tmp_path / "all"
    run(capsys, "--year", 2026, "--all", folder, *evidence)
    run(capsys, "--year", 2026, "--self-evaluation", EXAMPLES / "figures.toml", "--all", folder, *evidence)
    assert sorted(each.name for each in folder.iterdir()) == [
        "2026-self-evaluation.json", "2026-self-evaluation.txt", "2026.json", "2026.txt"
    ]  # fmt: skip


def test_a_year_is_judged_once_for_all_its_forms(capsys, tmp_path, evidence, monkeypatch):
    import sla.cli.period

    judged, judge = [], sla.cli.period.judge_period
    monkeypatch.setattr("sla.cli.output.FORMATS", {"text": "txt", "json": "json"})
    # Judging is what takes the time; that it is done once cannot be seen from outside.
    monkeypatch.setattr("sla.cli.period.judge_period", lambda *asked: judged.append(asked) or judge(*asked))
    run(capsys, "--year", 2026, "--all", tmp_path / "all", *evidence)
    assert len(judged) == 1
