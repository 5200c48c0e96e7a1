"""Names and secrets for things that want a login; secrets stay in a file or a variable, never in a site file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from config.input.models import SecretFile, Word
from config.input.secrets import Secret, SecretMissingError
from probes.faults import AssetFaultError, OwnFaultError
from probes.net.digest import WebLogin
from probes.options import ProbeOptions
from probes.reasons import LOGIN_REFUSED, NO_SECRET


class LoginOptions(ProbeOptions):
    """Who we are to the asset."""

    user: Word | None = None
    """the name to log in with"""
    password_file: SecretFile | None = None
    """a file whose first line is the password"""
    password_env: Word | None = None
    """a variable of the environment that holds the password, instead of a file"""
    login_refused: Literal["none", "fail"] = "none"
    """what a refused login is: `none`, as our password may be wrong; `fail` where the account was agreed on"""


class WebLoginOptions(LoginOptions):
    """Who we are to an asset that asks by HTTP's ways to log in, digest or basic (RTSP has them too)."""

    basic: bool = False
    """send the password in the clear where the server wants that (Basic without TLS); digest is always answered"""


def login_of(options: WebLoginOptions, *, is_private: bool) -> WebLogin | None:
    """Who we are; None: nobody. `is_private`: TLS hides it. OwnFaultError: no password where it should be."""
    if options.user is None:
        return None
    return WebLogin(options.user, password(options), in_clear=is_private or options.basic)


def password(options: LoginOptions) -> str:
    """The password; empty if none is named. OwnFaultError: there is none where it should be."""
    return secret(options.password_file, options.password_env)


def secret(file: str | None, variable: str | None) -> str:
    """The first line of that file, or the value of that variable, which comes first; empty if neither is named.

    OwnFaultError: it is not where it should be.
    """
    found = Secret(file=None if file is None else Path(file), variable=variable)
    try:
        return found.text()
    except SecretMissingError:
        raise OwnFaultError(NO_SECRET, file if variable is None else variable) from None


def refused(options: LoginOptions, detail: object = "") -> AssetFaultError | OwnFaultError:
    """What to raise when the asset does not let us in."""
    kind = AssetFaultError if options.login_refused == "fail" else OwnFaultError
    return kind(LOGIN_REFUSED, detail)
