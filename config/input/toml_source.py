"""A TOML file whose every key knows its line.

`tomllib` reads the values; a scanner beside it walks the same text, which it may take to be valid,
and notes on which line each key and each list element stands.
"""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from config.input.mistakes import ConfigError, Mistake
from config.text.sentence import Sentence

if TYPE_CHECKING:
    from pathlib import Path

KeyPath = tuple[str | int, ...]
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_VALUE = re.compile(r"[^\s,\]}#]+(?: \d\d:\d\d[^\s,\]}#]*)?")
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_MOST_BYTES = 16 << 20


class TomlSource:
    """The file's values as `tomllib` gives them (numbers with a point are `Decimal`), and lines."""

    def __init__(self, name: str, text: str, digest: str = "") -> None:
        """`name`: how messages call the file; `digest`: its SHA-256. ConfigError where the text is no TOML."""
        self.name = name
        self.sha256 = digest
        try:
            self.value: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
        except RecursionError:
            raise ConfigError(
                [Mistake(file=name, line=1, key="", wanted=Sentence("TOML that is not nested so deeply"))]
            ) from None
        except ValueError as error:
            raise ConfigError([_no_toml(name, text, str(error))]) from None
        self._lines = _Scanner(text).lines()

    def line(self, path: KeyPath) -> int:
        """The line of a key; of the nearest thing around it where it has none of its own."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def read_toml(path: Path) -> TomlSource:
    """Read a file; ConfigError where it cannot be read, is no UTF-8 or no TOML."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
        if len(raw) > _MOST_BYTES:
            raise ConfigError([Mistake(file=str(path), line=0, key="", wanted=Sentence("a file of at most 16 MiB"))])
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        wanted = Sentence("a file that can be read ({why})", why=error.strerror or "")
        raise ConfigError([Mistake(file=str(path), line=0, key="", wanted=wanted)]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError([Mistake(file=str(path), line=line, key="", wanted=Sentence("text in UTF-8"))]) from None
    return TomlSource(str(path), text, sha256(raw).hexdigest())


def _no_toml(name: str, text: str, reason: str) -> Mistake:
    match = _AT_LINE.search(reason)
    line = int(match.group(1)) if match else text.count("\n") + 1
    said = _AT_LINE.sub("", reason).removesuffix(" (at end of document)")
    return Mistake(file=name, line=line, key="", got=Sentence("no TOML: {why}", why=said), wanted="TOML")


def spelled(path: KeyPath) -> str:
    """A path as people write it: `obligations[0].deduct.per`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


class _Scanner:
    """Walks valid TOML and notes the line of every key path."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._found: dict[KeyPath, int] = {}
        self._counts: dict[KeyPath, int] = {}
        self._counted_to = 0
        self._line_there = 1

    def lines(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self._skip():
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
        return self._found

    def _line(self) -> int:
        self._line_there += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        return self._line_there

    def _skip(self) -> bool:
        """Go past white space, line ends and comments; False at the end of the text."""
        text, end = self._text, len(self._text)
        while self._at < end and text[self._at] in " \t\r\n#":
            if text[self._at] == "#":
                stop = text.find("\n", self._at)
                self._at = end if stop < 0 else stop
            else:
                self._at += 1
        return self._at < end

    def _header(self) -> KeyPath:
        is_array = self._text.startswith("[[", self._at)
        line = self._line()
        self._at += 2 if is_array else 1
        keys = self._keys()
        self._at += 2 if is_array else 1
        path = (*self._resolved(keys[:-1]), keys[-1])
        if is_array:
            self._found.setdefault(path, line)
            number = self._counts.get(path, 0)
            self._counts[path] = number + 1
            path = (*path, number)
        elif path in self._counts:
            path = (*path, self._counts[path] - 1)
        self._found.setdefault(path, line)
        return path

    def _resolved(self, keys: list[str]) -> KeyPath:
        """Keys as a path: one that names an array of tables means its last table."""
        path: KeyPath = ()
        for key in keys:
            path = (*path, key)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return path

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._blank() and self._text.startswith(".", self._at):
            self._at += 1
            self._blank()
            keys.append(self._key())
        return keys

    def _blank(self) -> bool:
        while self._text[self._at] in " \t":
            self._at += 1
        return True

    def _key(self) -> str:
        self._blank()
        if self._text[self._at] in "\"'":
            begin = self._at
            self._string()
            (name,) = tomllib.loads(self._text[begin : self._at] + "=0")
            return str(name)
        match = _BARE_KEY.match(self._text, self._at)
        assert match is not None  # noqa: S101 - tomllib has read this text
        self._at = match.end()
        return match.group()

    def _pair(self, table: KeyPath) -> None:
        line = self._line()
        path = (*table, *self._keys())
        for length in range(len(table) + 1, len(path) + 1):
            self._found.setdefault(path[:length], line)
        self._blank()
        self._at += 1  # the equals sign
        self._blank()
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        start = self._text[self._at]
        if start in "\"'":
            self._string()
        elif start == "[":
            self._array(path)
        elif start == "{":
            self._inline_table(path)
        else:
            match = _PLAIN_VALUE.match(self._text, self._at)
            assert match is not None  # noqa: S101 - tomllib has read this text
            self._at = match.end()

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        number = 0
        while self._skip() and self._text[self._at] != "]":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._found[(*path, number)] = self._line()
            self._value((*path, number))
            number += 1
        self._at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while self._skip() and self._text[self._at] != "}":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._pair(path)
        self._at += 1

    def _string(self) -> None:
        quote = self._text[self._at]
        mark = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._at += len(mark)
        while not self._text.startswith(mark, self._at):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        self._at += len(mark)
        while len(mark) > 1 and self._text.startswith(quote, self._at):
            self._at += 1  # a multi-line string may end in up to two more quotes
