"""A number as somebody wrote it: what is one, and of what is none what to write instead. Nothing is guessed. Pure."""

import re
from decimal import Decimal
from fractions import Fraction

from cs_terms.model import NUMBER

_IS_NUMBER = re.compile(NUMBER, re.ASCII).fullmatch
_ANY_NUMBER = re.compile(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII).fullmatch
_SPACES = " \u00a0\u2009\u202f"
"""What stands between thousands in print: spaces, some of them narrow or unbreakable."""


class NotANumberError(ValueError):
    """A text that is no number; the message says why, and `hint` what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def read_number(text: str) -> Fraction:
    """Returns the number that a text is, exactly: 12, -0.5, 1_000, 1e3. Raises NotANumberError."""
    bare = text.strip()
    if _IS_NUMBER(bare):
        return Fraction(Decimal(bare))
    got = repr(bare) if bare else "nothing"
    if bare.lower().lstrip("+-") in ("inf", "infinity", "nan"):
        raise NotANumberError(f"{got} is not finite", "give a number such as 12, -0.5, 1_000 or 1e3")
    if _ANY_NUMBER(bare):
        raise NotANumberError(
            "the number is too long", "30 digits before the point are read, 30 after it, and e-99 to e99"
        )
    raise NotANumberError(f"expected a number, got {got}", _advise(bare) or "numbers are like 12, -0.5, 1_000 or 1e3")


def _advise(text: str) -> str:
    """What to write instead of a number in another notation; nothing where it is none that is known."""
    if text.endswith("%"):
        return f"write {_plain(text[:-1].strip()) or 'the number'} without the percent sign"
    if text.startswith("(") and text.endswith(")") and (inside := _plain(text[1:-1])):
        return f"write -{inside}"
    if (plain := _plain(text)) and plain != text:
        if re.fullmatch(r"-?\d{1,3},\d{3}", text):  # a thousand, or one and some thousandths
            decimal = f", or {text.replace(',', '.')} if the comma is a decimal one"
            return f"write {plain} or {re.sub(',', '_', text)}{decimal}"
        return f"write {plain}"
    if number := re.search(r"\d[\d.,]*", text):
        return f"write {_plain(number.group().rstrip('.,')) or 'the number'} alone" if _is_money(text) else ""
    return ""


def _is_money(text: str) -> bool:
    """Whether a text is a number with a currency, before or behind it."""
    return bool(
        re.fullmatch(
            rf"-?([^\W\d_]{{1,3}}|[$€£¥₹])[{_SPACES}]?[\d.,]+|[\d.,]+[{_SPACES}]?([^\W\d_]{{1,3}}|[$€£¥₹])", text
        )
    )


def _plain(text: str) -> str:
    """A number in another notation as it is written here; nothing where that cannot be told."""
    bare = text.replace("\u2212", "-")  # the minus sign of typesetters
    bare = re.sub(rf"(?<=\d)[{_SPACES}'\u2019](?=\d{{3}}(\D|$))", "", bare)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        return bare.replace(",", "")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+|-?\d{1,3}(\.\d{3}){2,}", bare):
        return bare.replace(".", "").replace(",", ".")
    if re.fullmatch(r"-?\d+,\d+", bare):
        return bare.replace(",", ".")
    return bare if _IS_NUMBER(bare) else ""
