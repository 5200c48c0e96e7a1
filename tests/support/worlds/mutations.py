"""Small changes to a valid contract and to valid evidence: slips of the keyboard, torn files, wrong values.

Each mutation takes a `Random` and the text of a file, and gives another text. Some of them make another valid file.
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import tomlkit

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Mutation = Callable[[Random, str], str]

CHARACTERS = "'\"[]{}=.,:-+#0123456789eadhms% \t\n\r\x00\x1b\\é调\ufeff\ud800"
WORDS = ("", " ", "a0", "ok", "fail", "always", "office", "none", "x" * 300, "<script>", "调休", "\u202e", "\x00")
NUMBERS = (0, -1, 1, 3, 0.1, 1e-9, 1e308, 10**9, 10**25, 2**63, True, False)
DURATIONS = ("0s", "1ms", "1.5h", "90s", "0.0001s", "-1h", "1w", "9d", "999999999d", "1e3s", "１h")
SHARES = ("0%", "100%", "100.0000001%", "-1%", "98", "98 %", "33.333333333%", "0.000000001%")
AMOUNTS = ("0", "0.01", "1200.00", "1,200", "-5", "1e3", "12.345", "NaN", "999999999999999.99", "0000012")
INSTANTS = (
    "2026-10-01T08:00:00+08:00",
    "2026-10-01T08:00:00",
    "2026-10-01",
    "2026-10-01T24:00:00Z",
    "2026-06-30T23:59:60Z",
    "2026-10-01t08:00:00.125z",
    "2026-10-01 08:00:00.1234Z",
    "2026-02-29T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9997-12-31T23:59:59Z",
    "1970-01-01T00:00:00-23:59",
    "2026-10-01T08:00:00+24:00",
)
FURTHER = ("note", "at", "asset", "recorded_at", "from", "to", "replaces", "period", "of", "party", "source")
VALUES: tuple[Any, ...] = (
    *WORDS,
    *NUMBERS,
    *DURATIONS,
    *SHARES,
    *AMOUNTS,
    *INSTANTS,
    [],
    [""],
    ["a0"],
    [1],
    [["a0"]],
    {},
    {"kind": "camera"},
    {"knd": "camera"},
    {"ids": []},
)


# Text of any kind


def character_gone(random: Random, text: str) -> str:
    place = random.randrange(len(text))
    return text[:place] + text[place + 1 :]


def character_added(random: Random, text: str) -> str:
    place = random.randrange(len(text))
    return text[:place] + random.choice(CHARACTERS) + text[place:]


def character_changed(random: Random, text: str) -> str:
    place = random.randrange(len(text))
    return text[:place] + random.choice(CHARACTERS) + text[place + 1 :]


def characters_swapped(random: Random, text: str) -> str:
    place = random.randrange(len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def digit_changed(random: Random, text: str) -> str:
    places = [place for place, each in enumerate(text) if each.isdigit()]
    place = random.choice(places)
    return text[:place] + random.choice("0123456789") + text[place + random.choice((0, 1)) :]


def line_gone(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    lines.pop(random.randrange(len(lines)))
    return "".join(lines)


def line_twice(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    lines.insert(random.randrange(len(lines)), random.choice(lines))
    return "".join(lines)


def lines_swapped(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def lines_glued(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    place = random.randrange(len(lines))
    lines[place] = lines[place].rstrip("\n")
    return "".join(lines)


def torn_off(random: Random, text: str) -> str:
    return text[: random.randrange(len(text))]


def windows_line_ends(_random: Random, text: str) -> str:
    return text.replace("\n", "\r\n")


def with_byte_order_mark(_random: Random, text: str) -> str:
    return "\ufeff" + text


def blank_line(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    lines.insert(random.randrange(len(lines)), random.choice(("\n", "  \n", "\t\n")))
    return "".join(lines)


TEXT: tuple[Mutation, ...] = (
    character_gone,
    character_added,
    character_changed,
    characters_swapped,
    digit_changed,
    digit_changed,
    line_gone,
    line_twice,
    lines_swapped,
    lines_glued,
    torn_off,
    windows_line_ends,
    with_byte_order_mark,
    blank_line,
)


# Values of a contract


def tables_of(value: Any) -> list[dict]:
    """Every table of a TOML document, at any depth."""
    if isinstance(value, dict):
        return [value, *(table for each in value.values() for table in tables_of(each))]
    return [table for each in value for table in tables_of(each)] if isinstance(value, list) else []


def a_table(random: Random, text: str) -> tuple[dict, dict, str]:
    """The document, one of its tables that is not empty, and a key of that."""
    document = tomllib.loads(text)
    table = random.choice([each for each in tables_of(document) if each])
    return document, table, random.choice(list(table))


def contract_value(random: Random, text: str) -> str:
    document, table, key = a_table(random, text)
    table[key] = random.choice(VALUES)
    return tomlkit.dumps(document)


def contract_value_of_another(random: Random, text: str) -> str:
    document, table, key = a_table(random, text)
    others = [each[key] for each in tables_of(document) if key in each]
    _, other, other_key = a_table(random, text)
    table[key] = random.choice((*others, other[other_key]))
    return tomlkit.dumps(document)


def contract_key_gone(random: Random, text: str) -> str:
    document, table, key = a_table(random, text)
    del table[key]
    return tomlkit.dumps(document)


def contract_key_mistyped(random: Random, text: str) -> str:
    document, table, key = a_table(random, text)
    table[slip(random, key)] = table.pop(key)
    return tomlkit.dumps(document)


def slip(random: Random, word: str) -> str:
    """A word with one letter gone, doubled or changed; never the same."""
    place = random.randrange(len(word))
    return random.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + word[place:][:1] * 2 + word[place + 1 :],
            word + "s",
            word.upper(),
        )
    )


CONTRACT: tuple[Mutation, ...] = (
    *TEXT,
    *[contract_value] * 6,
    *[contract_value_of_another] * 4,
    *[contract_key_gone] * 3,
    *[contract_key_mistyped] * 2,
)


# Records of evidence


def on_a_record(random: Random, text: str, change: Callable[[dict], Any]) -> str:
    """The text with one line's object changed; lines that are not readings are as likely as readings."""
    lines = text.splitlines()
    others = [place for place, line in enumerate(lines) if '"reading"' not in line]
    place = random.choice(others) if others and random.random() < 0.6 else random.randrange(len(lines))
    record = json.loads(lines[place])
    changed = change(record)
    lines[place] = json.dumps(record if changed is None else changed, ensure_ascii=random.random() < 0.5)
    return "\n".join(lines) + "\n"


def record_value(random: Random, text: str) -> str:
    return on_a_record(
        random, text, lambda record: record.update({random.choice(list(record)): random.choice((*VALUES, None))})
    )


def record_value_of_another(random: Random, text: str) -> str:
    others = [json.loads(line) for line in text.splitlines()]

    def change(record: dict) -> None:
        key = random.choice(list(record))
        record[key] = random.choice([other[key] for other in others if key in other])

    return on_a_record(random, text, change)


def record_key_gone(random: Random, text: str) -> str:
    return on_a_record(
        random, text, lambda record: {k: v for k, v in record.items() if k != random.choice(list(record))}
    )


def record_key_mistyped(random: Random, text: str) -> str:
    def change(record: dict) -> None:
        key = random.choice(list(record))
        record[slip(random, key)] = record.pop(key)

    return on_a_record(random, text, change)


def record_with_a_further_key(random: Random, text: str) -> str:
    return on_a_record(random, text, lambda record: record.update({random.choice(FURTHER): random.choice(VALUES)}))


def record_is_something_else(random: Random, text: str) -> str:
    return on_a_record(random, text, lambda record: random.choice((*VALUES, [record])))


EVIDENCE: tuple[Mutation, ...] = (
    *TEXT,
    *[record_value] * 6,
    *[record_value_of_another] * 4,
    *[record_key_gone] * 3,
    *[record_key_mistyped] * 2,
    record_with_a_further_key,
    record_is_something_else,
)
