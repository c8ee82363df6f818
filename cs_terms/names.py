"""From a name as it is typed to the entry it means, or to an error that says why it means none or several."""

import re
from collections.abc import Collection, Sequence
from typing import TypeAlias

from cs_terms.errors import AmbiguousNameError, Candidate, UnknownNameError
from cs_terms.glossary import View
from cs_terms.model import KINDS, abbreviations, also_called
from cs_terms.spelling import fold

Found: TypeAlias = tuple[str, str]
"""A kind and an id."""
MARKS = ("contested", "shared", "unverified", "interpretation")
"""What tables print in brackets behind a name and is no name."""


def resolve(view: View, name: str, kinds: Collection[str] = tuple(KINDS)) -> Found:
    """Returns the one entry of these kinds that a name means.

    Ids are asked first, then full names, then abbreviations and synonyms: the first of these that bears the name decides.
    Case, spaces, hyphens and underscores make no difference. `Net Promoter Score (NPS)`, as tables print it, is a name
    too. A source is found by its id alone. Where only some sources are listened to, a name that they use goes before one
    that others use.
    Raises UnknownNameError with suggestions, or AmbiguousNameError with all that it may mean.
    """
    if not isinstance(name, str):
        raise TypeError(f"a name is a text, got {type(name).__name__}")
    name = as_text(name)
    found = _find_meanings(view, name, kinds)
    if not found:
        raise _unknown(view, name, kinds)
    if len(found) > 1:
        raise _ambiguous(view, name, found)
    return found[0]


def resolve_term(view: View, name: str) -> str:
    """Returns the id of the term that a name means. Raises as `resolve` does."""
    return resolve(view, name, ("term",))[1]


def resolve_all(view: View, names: Sequence[str], kinds: Collection[str] = tuple(KINDS)) -> list[Found]:
    """Returns the entry that each name means. Raises as `resolve` does.

    The hint knows a name of several words that lacks its quotes, a connecting word and a comma.
    """
    try:
        return [resolve(view, name, kinds) for name in names]
    except UnknownNameError as error:
        meant = _join_words(view, names, kinds)
        if not meant:
            raise
        written = " ".join(f'"{name}"' if " " in name else name for name in meant)
        raise UnknownNameError(error.message, hint=f"did you mean {written} ?", candidates=error.candidates) from None


def _join_words(view: View, names: Sequence[str], kinds: Collection[str]) -> list[str]:
    """The names that words make without connecting words and commas, as long as each is a name; else none."""
    words = [word for name in names for word in re.split(r"[,/]\s*|\s+", as_text(name)) if word]
    meant: list[str] = []
    while words:
        if words[0].casefold().rstrip(".") in ("vs", "versus", "and", "or", "with"):
            words.pop(0)
            continue
        lengths = range(min(len(words), 5), 0, -1)
        length = next((n for n in lengths if _find_meanings(view, " ".join(words[:n]), kinds)), None)
        if length is None:
            return []
        meant.append(" ".join(words[:length]))
        words = words[length:]
    return meant if meant != list(names) else []


def resolve_terms(view: View, names: Sequence[str]) -> list[str]:
    """Returns the id of the term that each name means. Raises as `resolve_all` does."""
    return [id for _, id in resolve_all(view, names, ("term",))]


def resolve_aspects(view: View, name: str) -> list[str]:
    """Returns the ids of all aspects that a name means: a name that two bear selects both. Raises UnknownNameError."""
    name = as_text(name)
    found = _find_meanings(view, name, ("aspect",))
    if not found:
        raise _unknown(view, name, ("aspect",))
    return [id for _, id in found]


def as_text(name: str) -> str:
    """Returns the name as text: a shell can give bytes that are none."""
    return name.encode("utf-8", "backslashreplace").decode()


def _find_meanings(view: View, name: str, kinds: Collection[str]) -> Sequence[Found]:
    found = _find_bearers(view, name, kinds)
    printed = re.fullmatch(r"(.+?)\s*\(([^()]*)\)", name.strip())
    if printed and not found:
        outer, inner = printed.groups()
        others = [each for each in inner.split(", ") if each not in MARKS]
        bearers = [_find_bearers(view, each, kinds) for each in others]
        found = [each for each in _find_bearers(view, outer, kinds) if all(each in also for also in bearers)]
    if len(found) > 1 and view.only:
        return [each for each in found if _find_users(view, each, name)] or found
    return found


def _find_bearers(view: View, name: str, kinds: Collection[str]) -> Sequence[Found]:
    """The entries of these kinds that bear a name on the first step on which any does: id, full name, any name."""
    exact = [(kind, name) for kind in kinds if view.has(kind, name)]
    if exact:
        return exact
    folded = fold(name)
    named = [(kind, id) for kind, id in view.named(name) if kind in kinds and (kind != "source" or fold(id) == folded)]
    by_id = [each for each in named if fold(each[1]) == folded]
    by_full_name = [each for each in named if fold(view.full_name(*each)) == folded]
    return by_id or by_full_name or named


def _find_users(view: View, found: Found, name: str) -> tuple[str, ...]:
    """The ids of the sources that use a name for an entry."""
    entry = view.entry(*found)
    names = abbreviations(entry) + also_called(entry)
    users = [citation.id for each in names if fold(each.label) == fold(name) for citation in each.sources]
    return tuple(dict.fromkeys(users))


def _candidates(view: View, found: Sequence[Found]) -> tuple[Candidate, ...]:
    return tuple(Candidate(kind, id, view.full_name(kind, id)) for kind, id in found)


def _ambiguous(view: View, name: str, found: Sequence[Found]) -> AmbiguousNameError:
    candidates = _candidates(view, found)
    width = max(len(each.id) for each in candidates)
    lines = []
    for each in candidates:
        users = _find_users(view, (each.kind, each.id), name)
        used = f", as {', '.join(users)} uses it" if users else ""
        lines.append(f"  {each.id:{width}}  {each.name} ({each.kind}{used})")
    one_kind = len({each.kind for each in candidates}) == 1
    return AmbiguousNameError(
        "\n".join([f"{name!r} means {len(candidates)} things:", *lines]),
        hint="name one of them by its id" if one_kind else "use a name that only one of them has",
        candidates=candidates,
    )


def _unknown(view: View, name: str, kinds: Collection[str]) -> UnknownNameError:
    what = "entry" if len(kinds) == len(KINDS) else " or ".join(kinds)
    elsewhere = [found for found in view.named(name) if found[0] not in kinds]
    if elsewhere:
        meant = " or ".join(f"the {kind} {id!r}" for kind, id in elsewhere)
        return UnknownNameError(
            f"{name!r} is no {what}; it is {meant}",
            hint=f"csterms show {' '.join(id for _, id in elsewhere)}",
            candidates=_candidates(view, elsewhere),
        )
    by = next((each for kind in kinds for each in view.left_out(kind, name) if each.what == "everything"), None)
    if by is not None:
        where = f"{by.path}:{by.line}"
        return UnknownNameError(
            f"{name!r} is left out of this glossary", hint=f"{where} says so under without:", candidates=()
        )
    near = view.nearest(name, kinds)
    listing = "csterms list" + (f" {next(iter(kinds))}s" if len(kinds) == 1 else "")
    return UnknownNameError(
        f"no {what} is called {name!r}",
        hint=f"did you mean {' or '.join(id for _, id in near)}?" if near else f"{listing} prints all names",
        candidates=_candidates(view, near),
    )
