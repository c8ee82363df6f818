"""What a file says in the schema's types, in the model's: short forms written out, ids put beside what they name."""

import re
import unicodedata
from decimal import Decimal

from msgspec import UNSET

from cs_terms import model
from cs_terms.loading import schema
from cs_terms.merge import unite_claims


class NotANumberError(ValueError):
    """A text that stands where the schema asks for a number."""


def source(id: str, said: schema.Source) -> model.Source:
    """A source's fragment."""
    return model.Source(id, said.title or "", said.publisher, said.url, said.date, said.note)


def aspect(id: str, said: schema.Aspect, file_cites: model.Citations) -> model.Aspect:
    """An aspect's fragment."""
    return model.Aspect(
        id,
        said.name or "",
        said.question,
        _names(said.also_called, file_cites),
        tuple(dict.fromkeys(said.values or ())),
        _flag(said.key),
        said.note,
    )


def term(id: str, said: schema.Term, file_cites: model.Citations) -> model.Term:
    """A term's fragment; bare claims under aspects are marked."""
    metrics = said.metrics or {}
    if isinstance(metrics, list):
        metrics = dict.fromkeys(metrics)
    return model.Term(
        id,
        said.name or "",
        _names(said.abbreviations, file_cites),
        _names(said.also_called, file_cites),
        _claims(said.definition, file_cites),
        {term: _citations(cites, file_cites) for term, cites in (said.broader or {}).items()},
        {aspect: _claims(claims, file_cites, bare=True) for aspect, claims in (said.aspects or {}).items()},
        {metric: _citations(cites, file_cites) for metric, cites in metrics.items()},
        said.note,
    )


def metric(id: str, said: schema.Metric, file_cites: model.Citations) -> model.Metric:
    """A metric's fragment. Raises NotANumberError."""
    return model.Metric(
        id,
        said.name or "",
        _names(said.abbreviations, file_cites),
        _names(said.also_called, file_cites),
        _claims(said.definition, file_cites),
        said.unit,
        _range(said.range),
        said.better,
        said.pitfalls,
        tuple(_reading(reading, file_cites) for reading in said.readings or ()),
        _flag(said.unverified),
        said.note,
    )


def _reading(said: schema.Reading, file_cites: model.Citations) -> model.Reading:
    return model.Reading(
        said.name,
        said.formula,
        {
            _input(name): model.Input(means) if isinstance(means, str) else model.Input(means.meaning, means.unit)
            for name, means in said.inputs.items()
        },
        said.unit,
        _range(said.range),
        said.better,
        _example(said.example) if said.example else None,
        _citations(said.sources, file_cites),
        _flag(said.unverified),
        _flag(said.interpretation),
        said.note,
    )


def _example(said: schema.Example) -> model.Example:
    return model.Example(
        {
            _input(name): tuple(map(_number, value)) if isinstance(value, list) else _number(value)
            for name, value in said.inputs.items()
        },
        _number(said.result),
    )


def _input(name: str) -> str:
    """An input's name as formulas have it: Python's parser normalizes the names that it reads in the same way."""
    return unicodedata.normalize("NFKC", name)


def together(said: schema.Together, file_cites: model.Citations) -> model.Together:
    """What terms do together."""
    return model.Together(tuple(dict.fromkeys(said.terms)), said.text, said.value, _citations(said.sources, file_cites))


def _claims(
    said: str | schema.Claim | list[str | schema.Claim] | None, file_cites: model.Citations, *, bare: bool = False
) -> tuple[model.Claim, ...]:
    """The claims. With `bare`, a bare string is marked as one, for `merge` to decide whether it is a value."""
    if said is None:
        return ()
    return unite_claims(
        model.Claim(None, each, file_cites, None, bare or UNSET)
        if isinstance(each, str)
        else model.Claim(each.value, each.text, _citations(each.sources, file_cites), each.note)
        for each in (said if isinstance(said, list) else [said])
    )


def _names(
    said: list[str] | dict[str, schema.Citations | None] | None, file_cites: model.Citations
) -> tuple[model.Name, ...]:
    """The names. Those of a plain list are nobody's in particular, the file's own source included."""
    if isinstance(said, dict):
        return tuple(model.Name(label, _citations(cites, file_cites)) for label, cites in said.items())
    return tuple(model.Name(label) for label in dict.fromkeys(said or ()))


def _citations(said: schema.Citations | None, file_cites: model.Citations) -> model.Citations:
    """The citations, or the file's own source where there are none."""
    if not said:
        return file_cites
    if isinstance(said, list):
        return tuple(model.Citation(id) for id in dict.fromkeys(said))
    return tuple(
        model.Citation(id, place.at, place.as_) if isinstance(place, schema.Place) else model.Citation(id, place)
        for id, place in said.items()
    )


def _range(said: tuple[str | None, str | None] | None) -> model.Range | None:
    if said is None:
        return None
    low, high = (None if bound is None else _number(bound) for bound in said)
    return low, high


def _flag(said: str | None) -> bool | None:
    return None if said is None else said.lower() == "true"


def _number(text: str) -> Decimal:
    """Raises NotANumberError for what `model.NUMBER` does not take, infinities and the enormous among it."""
    if not re.fullmatch(model.NUMBER, text):
        raise NotANumberError(text)
    return Decimal(text)
