"""Entries found by the words in them."""

import pytest
from conftest import Run

WORDS = """
terms:
  a: {name: "데이터", definition: "データの品質 is ガイド"}
  b: {name: "Straße", definition: "Größe, ½ der đường"}
  c: {name: "Café", definition: "ﬁne \uff37\uff29\uff24\uff25 ﾃﾞｰﾀ"}
  d: {name: "नमस्ते", definition: "Ελληνικά"}
  e: {name: "कि Foo™", definition: "העלום ลูกค้า العُملاء שָׁלוֹם йод"}
"""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("데이터", "a"),
        ("데이", "a"),
        ("データ", "ac"),
        ("品質", "a"),
        ("ガイド", "a"),
        ("カイト", ""),
        ("straße", "b"),
        ("STRASSE", "b"),
        ("grösse", "b"),
        ("½", "b"),
        ("đường", "b"),
        ("CAFE", "c"),
        ("fine wide", "c"),
        ("नमस्ते", "d"),
        ("ΕΛΛΗΝΙΚΆ", "d"),
        ("ελλη", "d"),
        ("कि", "e"),
        ("की", ""),
        ("footm", "e"),
        ("ค้า", "e"),
        ("العملاء", "e"),
        ("שלום", "e"),
        ("ЙОД", "e"),
    ],
)
def test_words_of_any_script_are_found(words: str, found: str, run: Run, glossary) -> None:
    ran = run("search", words, "--no-builtin", "-D", str(glossary(a=WORDS)))
    assert [line.split("\t")[1] for line in ran.out.splitlines()] == list(found)


def test_words_that_different_files_say_of_one_entry(run: Run, glossary) -> None:
    folder = glossary(a="terms: {a: {name: Alpha}}", b="terms: {a: {definition: first of letters}}")
    for layers in (f"-D {folder}", f"-D {folder}/a.yaml -D {folder}/b.yaml"):
        assert run(f"search letters alpha --no-builtin {layers}").out.startswith("term\ta\tAlpha\t")
