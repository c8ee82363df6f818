"""What goes over several entries: the lists of them, the matrix of metrics, what terms do together, the disputes."""

from collections.abc import Iterable, Mapping, Sequence

from cs_terms.answers.disputes import Disputes
from cs_terms.answers.list import find_meaning
from cs_terms.answers.show import Shown
from cs_terms.model import Claim, Metric, Term, Together
from cs_terms.output.elements import Markup, element, join
from cs_terms.page.cells import Cells, contested_mark, link
from cs_terms.page.entries import MOST

COLUMNS = 12
"""How many terms a matrix may have; with more of them it counts the terms that a metric is given to."""


def write_index(terms: Iterable[Term]) -> Markup:
    """Returns the terms by name, each with the first sentence of its definition."""
    items = (
        element(
            "li",
            link("term", term.id, term.name),
            "".join(f" ({name.label})" for name in term.abbreviations),
            " ",
            element("span", find_meaning(term) or ""),
        )
        for term in terms
    )
    return element("ul", *items, class_="index")


def write_matrix(metrics: Sequence[Shown], terms: Mapping[str, str], cells: Cells) -> Markup:
    """Returns which metric measures which term, and who says so; `terms` are names by id."""
    given = [shown for shown in metrics if shown.measures]
    others = [shown for shown in metrics if not shown.measures]
    listed = terms if len(terms) <= COLUMNS else {}
    heads: list[str] = [link("term", id, name) for id, name in listed.items()]
    heads = heads or ["Measures"]
    rows = (
        element(
            "tr",
            element("th", _name_metric(shown), scope="row"),
            *(
                [element("td", cells.who(shown.measures[id]) if id in shown.measures else "") for id in listed]
                or [element("td", f"{len(shown.measures):,} term{'' if len(shown.measures) == 1 else 's'}")]
            ),
        )
        for shown in given
    )
    table = element(
        "table",
        element("caption", "Metrics and terms"),
        element(
            "thead",
            element("tr", element("th", "Metric", scope="col"), *(element("th", head, scope="col") for head in heads)),
        ),
        element("tbody", *rows),
        class_="matrix",
    )
    about = "Which metric measures which term, and who says so. Blank: none does."
    none = Markup(", ".join(map(_name_metric, others)))
    return join(
        element("p", about, class_="facts") if given else "",
        element("div", table, class_="scroll", tabindex="0", role="region", aria_label="Matrix of metrics")
        if given
        else "",
        element("p", "No source gives to a term: ", none, ".") if others else "",
    )


def _name_metric(shown: Shown) -> Markup:
    entry = shown.entry
    assert isinstance(entry, Metric)
    short = f" ({', '.join(name.label for name in entry.abbreviations)})" if entry.abbreviations else ""
    return join(link("metric", entry.id, entry.name), short)


def write_together(together: Iterable[Together], names: Mapping[str, str], cells: Cells) -> Markup:
    """Returns what terms do together, in the glossary's order."""
    points = [
        join(
            element("h4", " and ".join(names.get(term, term) for term in each.terms)),
            cells.claim(Claim(each.value, each.text, each.sources), terms=" ".join(each.terms)),
        )
        for each in together
    ]
    return element("section", element("h3", "Together"), *points, class_="together") if points else Markup()


def write_disputes(disputes: Disputes, cells: Cells) -> Markup:
    """Returns where sources contradict each other, then the metrics that several terms are given."""
    contested = [
        element(
            "div",
            element("h3", link("term", each.term, each.term_name), ": ", link("aspect", each.aspect, each.aspect_name)),
            contested_mark(len(each.positions)),
            *(
                element("p", element("b", at.value), " ", cells.who(at.sources), class_="c", data_v=at.value)
                for at in each.positions
            ),
            class_="contested",
        )
        for each in disputes.aspects
    ]
    shared = [
        element(
            "div",
            element("dt", link("metric", each.metric, each.metric_name)),
            element(
                "dd",
                *(
                    element("p", link("term", at.term, at.term_name), " ", cells.who(at.sources))
                    for at in each.positions[:MOST]
                ),
                f"and {len(each.positions) - MOST:,} more terms" if len(each.positions) > MOST else "",
            ),
        )
        for each in disputes.metrics
    ]
    return join(
        *(contested or [element("p", "The sources do not contradict each other.")]),
        element("h3", "Metrics that are given to several terms") if shared else "",
        element("p", "No contradiction: each source speaks of another term.", class_="facts") if shared else "",
        element("dl", *shared) if shared else "",
    )
