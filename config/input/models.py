"""Between pydantic and our mistakes: strict models, quantities as annotated types, errors with lines."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from config.input.mistakes import Mistake, nearest, shown
from config.input.toml_source import KeyPath, TomlSource, spelled
from config.input.units import duration, hours, money, port, share

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails


class StrictModel(BaseModel):
    """Unknown keys are refused, and nothing is made into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


class Patience(NamedTuple):
    """How a kind of probe wants a fail confirmed: tries in all, and the pause between two of them (ms)."""

    tries: int
    retry_pause: int


class CheckOptions(StrictModel):
    """The keys of one kind of probe. `patience`: where the site file says nothing; None: as usual."""

    patience: ClassVar[Patience | None] = None

    def misfit(self, address: str, timeout_ms: int) -> str:  # noqa: ARG002 - for kinds that have something to say
        """What is wrong with a check that has these options, that address and that time-out; empty if nothing is."""
        return ""


def wanted(text: str) -> PydanticCustomError:
    """An error that says what was wanted; what was found is added from the file."""
    return PydanticCustomError("wanted", "{wanted}", {"wanted": text})


def reading(read: Callable[[object], Any]) -> BeforeValidator:
    """A validator of a function whose ValueError says what was wanted."""

    def validate(value: object) -> Any:
        if isinstance(value, Decimal) and not value.is_finite():
            value = None  # TOML's nan and inf are no value that any key wants, and nan cannot be compared
        try:
            return read(value)
        except ValueError as error:
            raise wanted(str(error)) from None

    return BeforeValidator(validate)


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(  # noqa: TRY004 - pydantic wants a ValueError
            "a date without quotes, like 2026-01-31"
        )
    return value


def _word(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text that is not empty")
    return value


def _one_or_more(value: object) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(each, str) and each for each in values):
        raise ValueError("one text, or a list of texts")
    return tuple(dict.fromkeys(values))


def _zone(value: object) -> str:
    try:
        ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        close = nearest(str(value), available_timezones())
        mend = f"; did you mean {close}?" if close else ""
        raise ValueError(f'an IANA time zone, like "Asia/Shanghai"{mend}') from None  # noqa: EM102 - told once
    return str(value)


TimeZone = Annotated[str, reading(_zone)]
Duration = Annotated[int, reading(duration)]
Share = Annotated[Fraction, reading(share)]
Money = Annotated[Decimal, reading(money)]
Hours = Annotated[tuple[int, int], reading(hours)]
Port = Annotated[int, reading(port)]
Day = Annotated[date, reading(_day)]
Word = Annotated[str, reading(_word)]
OneOrMore = Annotated[tuple[str, ...], reading(_one_or_more)]

_TYPES = {
    "string_type": "a text in quotes",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}
_SECRET = re.compile("password|secret|token|community|credential|url", re.IGNORECASE)
"""Keys whose values are in no message."""
_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
    "greater_than": ("gt", "above"),
}

Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], value: Any, source: TomlSource, at: KeyPath) -> tuple[Model | None, list[Mistake]]:
    """The model of a table of the file, or every mistake in it."""
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        return None, [_mistake(each, model, source, at) for each in error.errors(include_url=False)]


def _mistake(error: ErrorDetails, model: type[BaseModel], source: TomlSource, at: KeyPath) -> Mistake:
    path = (*at, *_real(error["loc"]))
    kind, key = error["type"], spelled(path)
    line = source.line(path)
    if kind == "missing":
        return Mistake(file=source.name, line=line, key=key, got="nothing", wanted="this key")
    if kind == "extra_forbidden":
        known = _known_keys(model, error["loc"])
        name = str(path[-1])
        return Mistake(
            file=source.name,
            line=line,
            key=key,
            got="an unknown key",
            wanted="one of " + ", ".join(known),
            hint=nearest(name, known),
        )
    hint = ""
    if kind == "literal_error":
        words = [word.strip("' ") for word in str(error["ctx"]["expected"]).replace(" or ", ", ").split(", ")]
        text = "one of " + ", ".join(words)
        hint = nearest(error["input"], words) if isinstance(error["input"], str) else ""
    else:
        text = _wanted_by(error)
    got = "a value that is not shown" if _SECRET.search(str(path[-1]) if path else "") else shown(error["input"])
    return Mistake(file=source.name, line=line, key=key, got=got, wanted=text, hint=hint)


def _wanted_by(error: ErrorDetails) -> str:
    context: dict[str, Any] = error.get("ctx", {})
    if error["type"] in _BOUNDS:
        name, words = _BOUNDS[error["type"]]
        return f"a number {words} {context[name]}"
    return str(context.get("wanted") or _TYPES.get(error["type"]) or error["msg"].removeprefix("Value error, "))


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
