"""From a name as it is typed to the entry it means, or to an answer that says why it means none or several."""

from collections.abc import Collection, Sequence

from cs_terms.errors import AMBIGUOUS, NOT_THERE, Candidate, CstermsError
from cs_terms.glossary import Glossary
from cs_terms.model import KINDS, abbreviations, also_called
from cs_terms.names import fold

Found = tuple[str, str]
"""A kind and an id."""


def resolve(glossary: Glossary, name: str, kinds: Collection[str] = tuple(KINDS)) -> Found:
    """The one entry of these kinds that a name means.

    An exact id wins; names, abbreviations and synonyms rank equally, whatever their case, spaces and hyphens. Where
    only some sources are listened to, a name that they use goes before one that others use.
    Raises CstermsError: NOT_THERE with suggestions, or AMBIGUOUS with all that it may mean.
    """
    name = _text(name)
    found = _meanings(glossary, name, kinds)
    if not found:
        raise _not_there(glossary, name, kinds)
    if len(found) > 1:
        raise _ambiguous(glossary, name, found)
    return found[0]


def resolve_aspects(glossary: Glossary, name: str) -> list[str]:
    """The ids of all aspects that a name means: a name that two bear selects both. Raises as `resolve` does."""
    name = _text(name)
    found = _meanings(glossary, name, ("aspect",))
    if not found:
        raise _not_there(glossary, name, ("aspect",))
    return [id for _, id in found]


def _text(name: str) -> str:
    """A name that may hold bytes that are no text, as a shell can give them."""
    return name.encode("utf-8", "backslashreplace").decode()


def _meanings(glossary: Glossary, name: str, kinds: Collection[str]) -> Sequence[Found]:
    exact = [(kind, name) for kind in kinds if glossary.has(kind, name)]
    if exact:
        return exact
    found = [each for each in glossary.named(name) if each[0] in kinds]
    if len(found) > 1 and glossary.only:
        return [each for each in found if _uses(glossary, each, name)] or found
    return found


def _uses(glossary: Glossary, found: Found, name: str) -> tuple[str, ...]:
    """The ids of the sources that use a name for an entry."""
    entry = glossary.entry(*found)
    names = abbreviations(entry) + also_called(entry)
    cites = [citation.id for each in names if fold(each.label) == fold(name) for citation in each.sources]
    return tuple(dict.fromkeys(cites))


def _ambiguous(glossary: Glossary, name: str, found: Sequence[Found]) -> CstermsError:
    candidates = tuple(Candidate(kind, id, glossary.full_name(kind, id)) for kind, id in found)
    width = max(len(each.id) for each in candidates)
    lines = []
    for each in candidates:
        users = _uses(glossary, (each.kind, each.id), name)
        used = f", as {', '.join(users)} uses it" if users else ""
        lines.append(f"  {each.id:{width}}  {each.name} ({each.kind}{used})")
    one_kind = len({each.kind for each in candidates}) == 1
    return CstermsError(
        AMBIGUOUS,
        "\n".join([f"{name!r} means {len(candidates)} things:", *lines]),
        hint="name one of them by its id" if one_kind else "name one of them by a name that the others do not bear",
        candidates=candidates,
    )


def _not_there(glossary: Glossary, name: str, kinds: Collection[str]) -> CstermsError:
    what = "entry" if len(kinds) == len(KINDS) else " or ".join(kinds)
    elsewhere = [found for found in glossary.named(name) if found[0] not in kinds]
    if elsewhere:
        meant = " or ".join(f"the {kind} {id!r}" for kind, id in elsewhere)
        return CstermsError(
            NOT_THERE,
            f"{name!r} is no {what}; it is {meant}",
            hint=f"csterms show {' '.join(id for _, id in elsewhere)}",
            candidates=tuple(Candidate(kind, id, glossary.full_name(kind, id)) for kind, id in elsewhere),
        )
    near = glossary.nearest(name, kinds)
    candidates = tuple(Candidate(kind, id, glossary.full_name(kind, id)) for kind, id in near)
    listing = "csterms list" + (f" {next(iter(kinds))}s" if len(kinds) == 1 else "")
    return CstermsError(
        NOT_THERE,
        f"no {what} is called {name!r}",
        hint=f"did you mean {' or '.join(each.id for each in candidates)}?" if near else f"{listing} prints all names",
        candidates=candidates,
    )
