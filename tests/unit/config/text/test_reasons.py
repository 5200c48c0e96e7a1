"""How the text of a reason is put together, and shown in a language without recognising sentences."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from config.text import i18n
from config.text.reasons import NO_REASON, Reason, detail_of, reason_in
from probes.reasons import because, theirs

with (i18n._LOCALE / "zh_CN" / "LC_MESSAGES" / "reasons.po").open("rb") as file:
    WORDS = {str(message.id): str(message.string) for message in read_po(file) if message.id}


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (Reason("no answer"), "no answer"),
        (Reason("unexpected status", "503"), "unexpected status: 503"),
        (Reason("video", detail_of("as", "", 8)), "video: as: 8"),
        (NO_REASON, ""),
    ],
)
def test_a_reading_keeps_the_phrase_and_behind_a_colon_the_detail(reason, text):
    assert str(reason) == text


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("no answer", "无应答"),
        ("unexpected status: 503", "状态码不符: 503"),
        ("TLS handshake failed: connection broken off", "TLS 握手失败: 连接中断"),  # a phrase may stand in a detail
        ("restarted: 5 s ago", "设备重启过: 5 秒前"),
        ("received light below its alarm: -20.5 dBm, alarm -18", "收光功率低于告警值: -20.5 dBm，告警值 -18"),
        ("no answer: host unreachable, says 10.0.0.1", "无应答: 主机不可达, 据 10.0.0.1 称"),
        ("no answer: host unreachable, says fe80::a%eth0", "无应答: 主机不可达, 据 fe80::a%eth0 称"),
        ("could not send: :: is not the address of one machine", "本机无法发送: :: 不是单台机器的地址"),
        ("name could not be resolved: cam.cn, no answer in time", "域名无法解析: cam.cn, 未及时应答"),
        ("does not tell what a limit is for: speed, last change", "对象不提供限值所需的数据: 速率, 最近变化时刻"),
        ("disk warns: media read only, bit 6", "硬盘告警: 介质只读, 第 6 位"),
        ("uplink: our own network was down", "本机上行链路: 本机网络中断"),
        ("", ""),
    ],
)
def test_words_of_ours_are_chinese_wherever_they_stand_in_a_reason(text, chinese):
    assert reason_in(text, "zh") == chinese
    assert reason_in(text, "en") == text


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        # behind "begins with" stands what the device said, whatever it said
        ("answer not understood: begins with: b'a: headers'", "应答无法识别: 开头为: b'a: headers'"),
        ("login refused: ERROR: not ready", "登录被拒绝: ERROR: not ready"),
        ("query failed: no answer to give", "查询失败: no answer to give"),
        ("OSError: No space left on device", "OSError: No space left on device"),
        ("nobody wrote {0} this {braces}", "nobody wrote {0} this {braces}"),
        (": : ,", ": : ,"),
    ],
)
def test_words_of_strangers_are_shown_as_they_were_said(text, chinese):
    assert reason_in(text, "zh") == chinese


@given(st.text())
def test_whatever_stands_in_a_reading_can_be_shown(text):
    assert reason_in(text, "en") == text
    reason_in(text, "zh")


@given(st.sampled_from(sorted(key for key in WORDS if "{" not in key)), st.text("xyz <>'", min_size=1))
def test_a_value_behind_a_phrase_stays_as_it_is(phrase, value):
    assert reason_in(f"{phrase}: {value}", "zh") == f"{WORDS[phrase]}: {value}"


@pytest.mark.parametrize("words", sorted(WORDS))
def test_each_entry_of_the_catalogue_is_found_from_its_text(words):
    """Also that none of them is taken apart at a colon, and that each value finds its place."""
    values = [f"{n + 7}.5" for n in range(words.count("{"))]
    assert reason_in(words.format(*values), "zh") == WORDS[words].format(*values)


# What a device says is never taken for what we say


OURS = sorted(message.replace("{0}", "12").replace("{1}", "7") for message in WORDS)
PIECES = st.sampled_from([*OURS, "421", "x", "SSH-1.9", "", '"', ":", ","])


@given(st.lists(PIECES, min_size=1, max_size=5), st.sampled_from([": ", ", ", " ", ":", "\n"]), st.sampled_from(OURS))
def test_whatever_a_device_says_is_shown_as_it_said_it(pieces, between, phrase):
    said = theirs(between.join(pieces))
    reason = str(because(phrase, said))
    assert reason_in(reason, "zh") == (f"{reason_in(phrase, 'zh')}: {said}" if said else reason_in(phrase, "zh"))


def test_only_words_that_could_be_taken_for_ours_are_quoted():
    assert theirs("Too many connections") == "Too many connections"
    assert theirs("our own network was down") == '"our own network was down"'
    assert theirs("554 x, the agent stood still: not trusted") == '"554 x, the agent stood still: not trusted"'
    assert reason_in("overloaded: our own network was down", "zh") != "对方过载: our own network was down"  # unquoted
