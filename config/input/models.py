"""Between pydantic and our mistakes: strict models, quantities as annotated types, errors with lines."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from config.input.mistakes import NOTHING, Mistake, WantedError, nearest, reason_of, shown
from config.input.toml_source import KeyPath, TomlSource, spelled
from config.input.units import duration, hours, money, port, share
from config.text.sentence import Sentence, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import ErrorDetails

    from config.input.mistakes import MistakeCode
    from config.text.sentence import Value


os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""What is installed beside us takes no part in reading a contract; looking for it would cost each start 7 ms."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class StrictModel(BaseModel):
    """Unknown keys are refused, and nothing is made into another type."""

    # Built when first used: a program that reads one contract does not pay for the tables of all kinds.
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True, defer_build=True
    )


class Patience(NamedTuple):
    """How a kind of probe wants a fail confirmed: tries in all, and the pause between two of them (ms)."""

    tries: int
    retry_pause: int


class CheckOptions(StrictModel):
    """The keys of one kind of probe. `patience`: where the site file says nothing; None: as usual."""

    patience: ClassVar[Patience | None] = None

    def misfit(self, address: str, timeout_ms: int) -> Sentence | None:  # noqa: ARG002 - for kinds that have something to say
        """What is wrong with a check that has these options, that address and that time-out; None if nothing is."""
        return None


def wanted(what: Sentence | str, /, code: MistakeCode = "wrong", **values: Value) -> PydanticCustomError:
    """An error for validators that says what was wanted; what was found is added from the file.

    `what`: a template of the catalogue with its values, or a sentence made before. `code`: the mistake's.
    """
    sentence = what if isinstance(what, Sentence) else Sentence(what, **values)
    return PydanticCustomError("wanted", "{wanted}", {"wanted": sentence, "code": code})


def reading(read: Callable[[object], Any]) -> BeforeValidator:
    """A validator of a function whose WantedError says what was wanted."""

    def validate(value: object) -> Any:
        if isinstance(value, Decimal) and not value.is_finite():
            value = None  # TOML's nan and inf are no value that any key wants, and nan cannot be compared
        try:
            return read(value)
        except WantedError as error:
            raise wanted(error.sentence) from None

    return BeforeValidator(validate)


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise WantedError("a date without quotes, like 2026-01-31")
    return value


def _instant(value: object) -> int:
    if not isinstance(value, datetime) or value.tzinfo is None or value.microsecond % 1000:
        raise WantedError("an instant with its offset, without quotes, like 2026-01-31T08:00:00+08:00")
    return (value - _EPOCH) // timedelta(milliseconds=1)


def instant_of(text: str) -> int | None:
    """The milliseconds of an instant as RFC 3339 with an offset; None for any other text."""
    try:
        return _instant(datetime.fromisoformat(text))
    except (ValueError, WantedError):
        return None


def _word(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise WantedError("a text that is not empty")
    return value


def _one_or_more(value: object) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(each, str) and each for each in values):
        raise WantedError("one text, or a list of texts")
    return tuple(dict.fromkeys(values))


def _zone(value: object) -> str:
    try:
        ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        close = nearest(str(value), available_timezones())
        if close:
            raise WantedError('an IANA time zone, like "Asia/Shanghai"; did you mean {name}?', name=close) from None
        raise WantedError('an IANA time zone, like "Asia/Shanghai"') from None
    return str(value)


TimeZone = Annotated[str, reading(_zone)]
Duration = Annotated[int, reading(duration)]
Share = Annotated[Fraction, reading(share)]
Money = Annotated[Decimal, reading(money)]
Hours = Annotated[tuple[int, int], reading(hours)]
Port = Annotated[int, reading(port)]
Day = Annotated[date, reading(_day)]
Instant = Annotated[int, reading(_instant)]
"""Milliseconds since the epoch."""
Word = Annotated[str, reading(_word)]
OneOrMore = Annotated[tuple[str, ...], reading(_one_or_more)]


@dataclass(frozen=True, slots=True)
class _SecretFileMark:
    """Stands on the type of an option that names a file with a secret."""


SecretFile = Annotated[Word, _SecretFileMark()]
"""The name of a file that only its owner may read, as a password stands in it."""


def secret_file_keys(model: type[BaseModel]) -> list[str]:
    """The keys of a table whose type is SecretFile, or SecretFile or None; in the order of the model."""
    return [
        field.alias or name
        for name, field in model.model_fields.items()
        if _is_secret_file(field.annotation) or any(isinstance(each, _SecretFileMark) for each in field.metadata)
    ]


def _is_secret_file(annotation: Any) -> bool:
    """Whether the mark is on this type, or on one of those that it is made of."""
    inner = (*getattr(annotation, "__metadata__", ()), *getattr(annotation, "__args__", ()))
    return any(isinstance(each, _SecretFileMark) or _is_secret_file(each) for each in inner)


_TYPES = {
    "string_type": Sentence("a text in quotes"),
    "bool_type": Sentence("true or false"),
    "int_type": Sentence("a whole number"),
    "int_from_float": Sentence("a whole number"),
    "list_type": Sentence("a list"),
    "tuple_type": Sentence("a list"),
    "dict_type": Sentence("a table"),
    "model_type": Sentence("a table"),
    "model_attributes_type": Sentence("a table"),
}
"""Pydantic's kind of error → what was wanted."""
_SECRET = re.compile("password|secret|token|community|credential|url", re.IGNORECASE)
"""Keys whose values are in no message."""
_BOUNDS: Mapping[str, Callable[[Mapping[str, Any]], Sentence]] = {
    "greater_than_equal": lambda context: Sentence("a number at least {bound}", bound=context["ge"]),
    "less_than_equal": lambda context: Sentence("a number at most {bound}", bound=context["le"]),
    "greater_than": lambda context: Sentence("a number above {bound}", bound=context["gt"]),
}
"""Pydantic's kind of error → what was wanted, from what it says about it."""
THIS_KEY = Sentence("this key")
UNKNOWN_KEY = Sentence("an unknown key")
NOT_SHOWN = Sentence("a value that is not shown")

Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], value: Any, source: TomlSource, at: KeyPath) -> tuple[Model | None, list[Mistake]]:
    """The model of a table of the file, or every mistake in it."""
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        return None, [_mistake(each, model, source, at) for each in error.errors(include_url=False)]


def _mistake(error: ErrorDetails, model: type[BaseModel], source: TomlSource, at: KeyPath) -> Mistake:
    path = (*at, *_real(error["loc"]))
    make = partial(Mistake, file=source.name, line=source.line(path), key=spelled(path))
    if error["type"] == "missing":
        return make(got=NOTHING, wanted=THIS_KEY, code="missing")
    if error["type"] == "extra_forbidden":
        known = _known_keys(model, error["loc"])
        hint = nearest(str(path[-1]), known)
        return make(got=UNKNOWN_KEY, wanted=Sentence("one of {names}", names=known), hint=hint, code="unknown")
    found, context = error["input"], error.get("ctx", {})
    got = NOT_SHOWN if _SECRET.search(str(path[-1]) if path else "") else shown(found)
    if error["type"] == "literal_error":
        words = [word.strip("' ") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        hint = nearest(found, words) if isinstance(found, str) else ""
        return make(got=got, wanted=Sentence("one of {names}", names=words), hint=hint)
    return make(got=got, wanted=_wanted_by(error, context), code=context.get("code", "wrong"))


def _wanted_by(error: ErrorDetails, context: Mapping[str, Any]) -> Sentence:
    if error["type"] in _BOUNDS:
        return _BOUNDS[error["type"]](context)
    found = context.get("wanted") or _TYPES.get(error["type"])
    if found is None and isinstance(context.get("error"), Exception):
        found = reason_of(context["error"])
    return found or verbatim(error["msg"])


def _real(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Without the names that pydantic adds for the branches of a union."""
    return tuple(
        part for part in loc if isinstance(part, int) or not part.startswith(("function-", "literal[", "tuple["))
    )


def _known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys of the (nested) model in which the error's last key stands."""
    current: type[BaseModel] = model
    for part in loc[:-1]:
        field = next((f for n, f in current.model_fields.items() if part in (n, f.alias)), None)
        inner = None if field is None else _model_in(field.annotation)
        current = inner or current
    return sorted(field.alias or name for name, field in current.model_fields.items())


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in getattr(annotation, "__args__", ()) if (found := _model_in(each))), None)
