"""A site file and what lies beside it, written and read as the agent would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.input.mistakes import ConfigError
from config.site.file import load
from probes.kinds import icmp, snapshot, tcp

if TYPE_CHECKING:
    from config.site.model import Site

OPTIONS = {"icmp": icmp.Options, "tcp": tcp.Options, "snapshot": snapshot.Options}
HEAD = 'site = "s"\ntimezone = "Asia/Shanghai"\n'


class Written:
    """The folder of a site; `site` reads it, `refused` gives the lines of the refusal without the folder."""

    def __init__(self, folder) -> None:
        self.folder = folder

    def write(self, text: str, **files: str):
        for name, content in files.items():
            path = self.folder / name.replace("__", ".")
            path.write_text(content, encoding="utf-8")
            path.chmod(0o600)
        path = self.folder / "site.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def site(self, text: str, **files: str) -> Site:
        return load(self.write(HEAD + text, **files), probe_options=OPTIONS)

    def refused(self, text: str, **files: str) -> list[str]:
        with pytest.raises(ConfigError) as refused:
            load(self.write(HEAD + text, **files), probe_options=OPTIONS)
        assert refused.value.text("zh") != refused.value.text("en")
        return str(refused.value).replace(f"{self.folder}/", "").split("\n")


@pytest.fixture
def written(tmp_path) -> Written:
    return Written(tmp_path)
