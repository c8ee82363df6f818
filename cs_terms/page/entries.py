"""Every entry in full, each an article whose rows the script lays side by side."""

from collections.abc import Iterable, Iterator

from cs_terms.answers.show import Shown, mark_reading, write_number, write_range
from cs_terms.inputs import COUNTS
from cs_terms.model import Aspect, Metric, Name, Reading, Source, Term
from cs_terms.output.elements import Markup, element, join
from cs_terms.page.cells import Cells, link, listing, note
from cs_terms.page.notation import write_postfix
from cs_terms.text import is_web_address


def write_term(shown: Shown, term: Term, cells: Cells) -> Markup:
    """Returns a term in full."""
    names = {id: name for (_, id), name in shown.full_names.items()}
    part_of = (
        element("p", element("b", link("term", id, names[id])), " ", cells.who(citations), class_="c", data_v=id)
        for id, citations in term.broader.items()
    )
    measured = (
        element(
            "p",
            link("metric", id, shown.full_names["metric", id]),
            " ",
            cells.who(citations),
            data_m=id,
        )
        for id, citations in term.metrics.items()
    )
    aspects = (
        (shown.full_names["aspect", id], cells.claims(claims, contested=id in shown.contested), id)
        for id, claims in term.aspects.items()
    )
    rows = listing(
        ("Definition", cells.claims(term.definition), "definition"),
        ("Part of", join(*part_of), "part-of"),
        *aspects,
        ("Measured by", join(*measured), "metrics"),
    )
    return _article("term", term.id, term.name, _names(term, cells), rows, _note(term.note))


def write_metric(shown: Shown, metric: Metric, cells: Cells) -> Markup:
    """Returns a metric in full, with what the script needs to work its readings out."""
    facts = " ".join(
        filter(
            None,
            (
                f"In {metric.unit}." if metric.unit else "",
                f"Range: {write_range(metric.range)}." if metric.range else "",
                f"{metric.better.capitalize()} is better." if metric.better in ("higher", "lower") else "",
                "Not confirmed by those who wrote it down." if metric.unverified else "",
            ),
        )
    )
    measures = shown.measures
    names = {id: name for (kind, id), name in shown.full_names.items() if kind == "term"}
    few = dict(list(measures.items())[:MOST])
    given = join(
        cells.related("term", few, names),
        element("p", f"and {len(measures) - len(few):,} more terms") if len(few) < len(measures) else "",
    )
    return _article(
        "metric",
        metric.id,
        metric.name,
        _names(metric, cells),
        cells.claims(metric.definition),
        element("p", facts, class_="facts") if facts else "",
        element("p", element("b", "Pitfalls."), " ", element("span", metric.pitfalls, class_="pitfalls"))
        if metric.pitfalls
        else "",
        _note(metric.note),
        _readings(metric, shown, cells),
        listing(("Measures", given or "Nothing: no source gives it to a term.", None)),
        data_unit=metric.unit,
        data_range=_bounds(metric),
    )


MOST = 50
"""To how many terms a metric says that it is given; beyond that it counts them."""


def _bounds(of: Metric | Reading) -> str | None:
    """A range as the script takes it; an open end is empty."""
    if of.range is None:
        return None
    return " ".join("-" if end is None else f"{end:f}" for end in of.range)


def _readings(metric: Metric, shown: Shown, cells: Cells) -> Markup:
    if not metric.readings:
        others = ", ".join(shown.published_by)
        return element("p", f"Formula published by {others} alone." if others else "No formula is agreed.")
    count = len(metric.readings)
    return join(
        element("h4", f"{count} published reading{'' if count == 1 else 's'}"),
        *(_reading(each, metric, cells) for each in metric.readings),
    )


def _reading(reading: Reading, metric: Metric, cells: Cells) -> Markup:
    mark = mark_reading(reading.interpretation, reading.unverified)
    unit = reading.unit or metric.unit or ""
    example = None
    given = ""
    if reading.example:
        pairs = [f"{name}={write_number(value)}" for name, value in reading.example.inputs.items()]
        example = "&".join(pairs)
        given = f"{', '.join(pairs)} gives {write_number(reading.example.result)} {unit}".rstrip()
    inputs = (
        element(
            "li",
            element("code", name),
            ": ",
            element("span", of.meaning, class_="meaning"),
            f" ({of.unit})" if of.unit else "",
            data_input=name,
            data_count=of.unit in COUNTS,
        )
        for name, of in reading.inputs.items()
    )
    own = (
        f"Range: {write_range(reading.range)}." if reading.range else "",
        f"{reading.better.capitalize()} is better." if reading.better in ("higher", "lower") else "",
    )
    return element(
        "section",
        element(
            "h5", element("span", reading.name, class_="r"), element("span", f" {mark}", class_="mark") if mark else ""
        ),
        element("p", element("code", reading.formula, class_="formula"), " ", cells.who(reading.sources)),
        element("ul", *inputs),
        element("p", f"Example: {given}.", class_="facts") if given else "",
        element("p", " ".join(filter(None, own)), class_="facts") if any(own) else "",
        element("p", note(reading.note)) if reading.note else "",
        class_="reading",
        data_postfix=write_postfix(reading.formula),
        data_unit=unit or None,
        data_range=_bounds(reading),
        data_example=example,
        data_interpretation=bool(reading.interpretation),
    )


def write_aspect(aspect: Aspect, cells: Cells) -> Markup:
    """Returns an aspect: the question, its answers and its names."""
    rows = listing(
        ("Question", element("span", aspect.question, class_="question") if aspect.question else "", None),
        ("Answers", Markup(", ".join(element("span", each, class_="val") for each in aspect.values)), None),
        ("Also called", cells.names(aspect.also_called, "also"), None),
    )
    return _article(
        "aspect", aspect.id, aspect.name, rows, _note(aspect.note), data_key=aspect.key, data_closed=bool(aspect.values)
    )


def write_source(source: Source) -> Markup:
    """Returns a source: who publishes it, when, and where to read it."""
    facts: Iterable[tuple[str | None, str]] = ((source.publisher, "publisher"), (source.date, "date"))
    url = source.url
    address = (
        element("a", url, href=url, class_="url", rel="noreferrer")
        if url and is_web_address(url)
        else element("span", url, class_="url")
        if url
        else ""
    )
    return _article(
        "source",
        source.id,
        source.title,
        element(
            "p",
            Markup(", ".join(element("span", text, class_=kind) for text, kind in facts if text)),
            element("br") if url and any(text for text, _ in facts) else "",
            address,
            class_="facts",
        ),
        _note(source.note),
    )


def _article(kind: str, id: str, name: str, *parts: str, **attributes: str | bool | None) -> Markup:
    return element(
        "article",
        element("h3", name),
        *parts,
        id=f"{kind}-{id}",
        class_="entry",
        data_kind=kind,
        data_id=id,
        **attributes,
    )


def _names(entry: Term | Metric, cells: Cells) -> Markup:
    both: Iterator[tuple[str, tuple[Name, ...], str]] = iter(
        (("Short: ", entry.abbreviations, "abbr"), ("Also called ", entry.also_called, "also"))
    )
    return join(
        *(element("p", heading, cells.names(names, kind), class_="names") for heading, names, kind in both if names)
    )


def _note(text: str | None) -> Markup:
    return element("p", note(text)) if text else Markup()
