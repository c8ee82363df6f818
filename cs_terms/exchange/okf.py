"""OKF 0.2: a folder of Markdown with front matter, a file an entry, every citation a footnote to a source."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from cs_terms import __version__
from cs_terms.answers.list import find_meaning
from cs_terms.errors import UNWRITABLE, USAGE, CstermsError
from cs_terms.exchange.content import Content, today
from cs_terms.exchange.yaml_text import Node, write_front_matter
from cs_terms.model import Citations, Claim, Metric, Reading, Source, Term, abbreviations, also_called
from cs_terms.output.records import write_claim
from cs_terms.text import is_web_address, printable

MARK = "by: csterms/"
"""What every file of ours has in its front matter."""


class Okf(Struct, frozen=True):
    """How a folder is to be written."""

    title: str = "Glossary"


def write(content: Content, how: Okf) -> dict[str, str]:
    """Returns the text of each file by its path in the folder."""
    sources = {_label(source.id): source for source in content.sources}
    names = {(kind, entry.id): entry.name for kind, entry in content.entries()}
    measures: dict[str, list[tuple[str, Citations]]] = {}
    for term in content.terms:
        for metric, cites in term.metrics.items():
            measures.setdefault(metric, []).append((term.id, cites))
    files: dict[str, str] = {}
    listed: list[str] = []
    for kind, entries in (("term", content.terms), ("metric", content.metrics)):
        here = []
        for entry in entries:
            body = _term(entry, names) if isinstance(entry, Term) else _metric(entry, names, measures.get(entry.id, []))
            files[f"{kind}s/{_file(entry.id)}"] = _page(entry, "\n".join(body), sources)
            meaning = find_meaning(entry)
            here.append((entry, f" - {_plain(meaning)}" if meaning else ""))
        listed += [f"* [{_plain(entry.name)}]({kind}s/{_link(entry.id)}){said}" for entry, said in here]
        if here:
            lines = [f"* [{_plain(entry.name)}]({_link(entry.id)}){said}" for entry, said in here]
            files[f"{kind}s/index.md"] = "\n".join([f"# {kind.capitalize()}s", "", *lines]) + "\n"
    head = write_front_matter({"okf_version": "0.2", "generated": _generated()})
    files["index.md"] = "\n".join([f"---\n{head}---", "", f"# {_plain(how.title)}", "", *listed]) + "\n"
    return files


def _generated() -> Node:
    """By whom and when: to the day, so that two exports of one day are alike."""
    return {"by": f"csterms/{__version__}", "at": f"{today()}T00:00:00Z"}


def _page(entry: Term | Metric, text: str, sources: Mapping[str, Source]) -> str:
    noted = dict.fromkeys(re.findall(r"\[\^(.+?)\]", text))
    cited = [sources[label] for label in noted if label in sources]
    front: dict[str, Node] = {
        "type": "Glossary Term" if isinstance(entry, Term) else "Metric",
        "title": entry.name,
        "description": find_meaning(entry) or entry.name,
        "aliases": [name.label for name in (*abbreviations(entry), *also_called(entry))],
    }
    if isinstance(entry, Metric):
        front |= {"unit": entry.unit, "better": entry.better}
    kept: dict[str, Node] = {key: value for key, value in front.items() if value}
    kept |= {"generated": _generated()}
    if cited:
        kept["sources"] = [{"id": _label(each.id), "resource": _resource(each), "title": each.title} for each in cited]
    notes = [
        f"[^{_label(each.id)}]: {_plain(', '.join(filter(None, (each.title, each.publisher, each.date))))}"
        for each in cited
    ]
    return f"---\n{write_front_matter(kept)}---\n\n{text}\n" + ("\n" + "\n".join(notes) + "\n" if notes else "")


def _resource(source: Source) -> str:
    """Where a source is; a name of our own where it has no address, because the format wants one."""
    return source.url if source.url and is_web_address(source.url) else f"urn:x-csterms:source:{_label(source.id)}"


def _term(term: Term, names: Mapping[tuple[str, str], str]) -> Iterator[str]:
    yield from _section("Definition", map(_claim, term.definition))
    yield from _section("Part of", (_linked("term", id, cites, names) for id, cites in term.broader.items()))
    for id, claims in term.aspects.items():
        yield from _section(names["aspect", id], map(_claim, claims))
    yield from _section("Measured by", (_linked("metric", id, cites, names) for id, cites in term.metrics.items()))
    yield from _section("Note", [_plain(term.note)] if term.note else [])


def _metric(
    metric: Metric, names: Mapping[tuple[str, str], str], measures: list[tuple[str, Citations]]
) -> Iterator[str]:
    yield from _section("Definition", map(_claim, metric.definition))
    for reading in metric.readings:
        yield from _section(f"Formula: {reading.name}", _reading(reading))
    yield from _section("Measures", (_linked("term", id, cites, names) for id, cites in measures))
    yield from _section("Pitfalls", [_plain(metric.pitfalls)] if metric.pitfalls else [])
    yield from _section("Note", [_plain(metric.note)] if metric.note else [])


def _reading(reading: Reading) -> Iterator[str]:
    yield f"`{' '.join(reading.formula.split())}`{_cited(reading.sources)}"
    for name, of in reading.inputs.items():
        yield f"`{name}`: {_plain(of.meaning)}" + (f" ({_plain(of.unit)})" if of.unit else "")
    if reading.note:
        yield f"Note: {_plain(reading.note)}"


def _section(heading: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"* {item}" for item in items]
    if lines:
        yield from (f"# {_plain(heading)}", "", *lines, "")


def _claim(claim: Claim) -> str:
    return f"{_plain(write_claim(claim))}{_cited(claim.sources)}"


def _linked(kind: str, id: str, cites: Citations, names: Mapping[tuple[str, str], str]) -> str:
    return f"[{_plain(names[kind, id])}](/{kind}s/{_link(id)}){_cited(cites)}"


def _cited(cites: Citations) -> str:
    """Where each says so, and a footnote to it."""
    return "".join((f" ({_plain(each.at)})" if each.at else "") + f"[^{_label(each.id)}]" for each in cites)


def _label(id: str) -> str:
    return quote(id, safe="")


def _file(id: str) -> str:
    """The name of an entry's file, which is never that of an index."""
    return f"{'_' if id == 'index' else ''}{quote(id, safe='')}.md"


def _link(id: str) -> str:
    return _file(id).replace("%", "%25")


def _plain(text: str) -> str:
    """Text as Markdown that shows it, on one line."""
    escaped = re.sub(r"([\\`*_\[\]<>&~|^#]|(?<=\])\()", r"\\\1", printable(text).strip())
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", escaped) or "-"


def write_folder(folder: str, files: Mapping[str, str]) -> None:
    """Writes the files into a folder that is empty, not there yet, or of an earlier export, which goes.

    Raises CstermsError: USAGE where there is anything else in it, and then nothing is written; UNWRITABLE.
    """
    root = Path(folder)
    try:
        before = [path for path in root.rglob("*") if not path.is_dir()] if root.is_dir() else []
        ours = {path for path in before if path.suffix == ".md" and _is_ours(root, path)}
        other = sorted(set(before) - ours)
        if other or (root.exists() and not root.is_dir()):
            message = f"{other[0] if other else root} is no part of an export"
            raise CstermsError(USAGE, message, hint="name a folder that is empty or holds an export alone")
        for path in ours:
            path.unlink()
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"{error.filename or folder}: cannot be written: {error.strerror}"
        raise CstermsError(UNWRITABLE, message, hint="name a folder that you may write to") from error


def _is_ours(root: Path, path: Path) -> bool:
    """Whether an export wrote a file: its front matter says so, or it is the list beside such files."""
    relative = path.relative_to(root).as_posix()
    if relative in ("terms/index.md", "metrics/index.md"):
        return "[" in path.read_text(encoding="utf-8", errors="replace") and (root / "index.md").is_file()
    front = path.read_text(encoding="utf-8", errors="replace").split("\n---\n")[0]
    return not path.is_symlink() and front.startswith("---\n") and MARK in front
