"""How a site file says how to ask a device by SNMP: the options that all kinds share which do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator

from config.input.models import Port, SecretFile, Word, wanted
from probes.address import endpoint, misfit_of
from probes.options import ProbeOptions

if TYPE_CHECKING:
    from config.text.sentence import Sentence

SNMP_PORT = 161


def _version(value: object) -> object:
    """People write `version = 3` too."""
    return "3" if value == 3 and not isinstance(value, bool) else value  # noqa: PLR2004 - the version


class SnmpOptions(ProbeOptions):
    """How to ask the device."""

    port: Port | None = None
    """the port, 161 if neither this nor the address names one"""
    version: Annotated[Literal["2c", "3"], BeforeValidator(_version)] = "2c"
    """SNMP version"""
    community_file: SecretFile | None = None
    """a file whose first line is the community of 2c; `public` without one"""
    community_env: Word | None = None
    """a variable that holds the community, instead of a file"""
    user: Word | None = None
    """the user of 3"""
    auth: Literal["md5", "sha", "sha224", "sha256", "sha384", "sha512"] = "sha"
    """how the user of 3 is authenticated"""
    auth_file: SecretFile | None = None
    """a file whose first line is the authentication password"""
    auth_env: Word | None = None
    """a variable that holds it, instead of a file"""
    privacy: Literal["des", "aes", "aes192", "aes256"] = "aes"
    """how what is said in 3 is hidden"""
    privacy_file: SecretFile | None = None
    """a file whose first line is the privacy password"""
    privacy_env: Word | None = None
    """a variable that holds it, instead of a file"""
    key_extension: Literal["blumenthal", "reeder"] = "blumenthal"
    """how short digests (md5, sha) are made into the longer keys of aes192 and aes256; Cisco's way is `reeder`"""
    login_refused: Literal["none", "fail"] = "none"
    """what a refused user of 3 is: `none`, as our password may be wrong; `fail` where the account was agreed on"""

    @model_validator(mode="after")
    def _a_user(self) -> Self:
        if self.version == "3" and self.user is None:
            raise wanted("a user, as version 3 has them instead of communities")
        return self

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - as all kinds have it
        """What is wrong with the address; see CheckOptions."""
        return misfit_of(lambda: endpoint(address, self.port, otherwise=SNMP_PORT))
