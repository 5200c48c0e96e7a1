"""Names and secrets for things that want a login; secrets stay in a file or a variable, never in a site file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from config.models import Word
from probes.faults import AssetFaultError, OwnFaultError
from probes.options import ProbeOptions
from probes.reasons import LOGIN_REFUSED, NO_SECRET


class LoginOptions(ProbeOptions):
    """Who we are to the asset."""

    user: Word | None = None
    """the name to log in with"""
    password_file: Word | None = None
    """a file whose first line is the password"""
    password_env: Word | None = None
    """a variable of the environment that holds the password, instead of a file"""
    login_refused: Literal["none", "fail"] = "none"
    """what a refused login is: `none`, as our password may be wrong; `fail` where the account was agreed on"""


def password(options: LoginOptions) -> str:
    """The password; empty if none is named. OwnFaultError: there is none where it should be."""
    if options.password_env is not None:
        found = os.environ.get(options.password_env)
        if found is None:
            raise OwnFaultError(NO_SECRET, options.password_env)
        return found
    if options.password_file is None:
        return ""
    try:
        return Path(options.password_file).read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError):
        raise OwnFaultError(NO_SECRET, options.password_file) from None


def refused(options: LoginOptions, detail: object = "") -> AssetFaultError | OwnFaultError:
    """What to raise when the asset does not let us in."""
    kind = AssetFaultError if options.login_refused == "fail" else OwnFaultError
    return kind(LOGIN_REFUSED, detail)
