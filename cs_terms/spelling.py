"""Names as people type them: folding, and suggestions for what they may have meant."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_IGNORED = {"Pd", "Zs", "Zl", "Zp", "Pc", "Cc", "Cf"}
"""Dashes, spaces, underscores and what cannot be seen: the Unicode categories that make no difference to a name."""


def fold(name: str) -> str:
    """The name without what does not matter in it: case, spaces, hyphens, underscores, and the form of its letters.

    Two names that fold alike are the same name. A name of nothing but such characters folds to itself.
    """
    if name.isascii():  # nearly all of them, and look-ups are counted in milliseconds
        folded = name.lower().translate(_ASCII)
    else:
        letters = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
        seen = "".join(letter for letter in letters if unicodedata.category(letter) not in _IGNORED)
        folded = unicodedata.normalize("NFKC", seen)
    return folded or name


_ASCII = {code: None for code in range(128) if unicodedata.category(chr(code)) in _IGNORED}


def nearest(word: str, known: Iterable[str], most: int = 3, likeness: float = 0.65) -> list[str]:
    """Returns the known words that are spelled most like `word`, whatever their case, the nearest first.

    `likeness` is how much they have to have in common at least, where 1 is all.
    """
    folded = {each.casefold(): each for each in known}
    return [folded[each] for each in get_close_matches(word.casefold(), folded, n=most, cutoff=likeness)]


def suggestion(word: str, known: Iterable[str]) -> str:
    """The end of a message: the known word that is nearest, or nothing where none is near."""
    near = nearest(word, known, most=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message: the known word that is nearest, or all of them where none is near and they are few."""
    words = sorted(set(known))
    if near := suggestion(word, words):
        return near.removeprefix("; ")
    if not words:
        return "there is none yet"
    return f"known: {', '.join(words)}" if len(words) <= 15 else "nothing known is spelled like it"
