"""The log holds one line for each change of state, whatever a name or a device says (attack X25)."""

import logging
import subprocess
import sys

from agent.log_lines import LineFormatter


def line(message, *values, error=None):
    found = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("agent.probing.traps", logging.INFO, "file", 1, message, values, found)
    return LineFormatter().format(record)


def test_a_line_says_how_bad_where_and_what():
    assert (
        line("%s of %s: looking at it", "linkDown", "192.0.2.1")
        == "INFO agent.probing.traps: linkDown of 192.0.2.1: looking at it"
    )


def test_x25_a_name_makes_no_second_line_and_steers_no_terminal():
    said = line("watching %d checks of site %s", 2, "s\nERROR agent: all is lost\x1b[31m\u202e")
    assert said == r"INFO agent.probing.traps: watching 2 checks of site s\x0aERROR agent: all is lost\x1b[31m\u202e"


def test_chinese_names_stay_as_they_are():
    assert line("site %s", "湛河区") == "INFO agent.probing.traps: site 湛河区"


def test_a_traceback_keeps_its_lines():
    try:
        int("a\nb")
    except ValueError as error:
        said = line("a local request failed", error=error).splitlines()
    assert said[:2] == ["INFO agent.probing.traps: a local request failed", "Traceback (most recent call last):"]
    assert len(said) > 3


def test_the_log_goes_to_stderr_from_info_on():
    code = (
        "import logging; from agent.log_lines import log_to_stderr; log_to_stderr();"
        "logging.getLogger('x').info('seen'); logging.getLogger('x').debug('not seen')"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("", "INFO x: seen\n")
