"""What is seen: at a terminal, at any width, in colour or without, whatever letters there are."""

import re
import unicodedata

import pytest
from conftest import Run
from rich.cells import cell_len

HOSTILE = """
sources:
  s: {title: "[bold]Title[/x] :smile: \\\\e[31m", url: "https://example.com/?a=[b]&c=|d"}
aspects:
  a: {name: "[red]A[/red]", question: "*why* `not` <b>|</b>?"}
terms:
  t:
    name: "T [x] | _y_"
    definition: {text: "red \\e[31m bell \\a bidi \\u202e zero\\0end nel\\x85 line\\u2028sep tab\\t2", sources: [s]}
    aspects:
      a: {value: "=cmd|'/c calc'!A1", text: ":tada: [link](x) C:\\\\dir \\u001b]8;;http://evil\\u0007", sources: [s]}
  u:
    name: 顧客成功
    definition: {text: "混合 text with 日本語 and émoji 👩‍💻", sources: [s]}
    aspects:
      a: [{value: "+1", text: 短い文}, "@here $x$ &amp; ~~no~~"]
"""
RIGHT_TO_LEFT = """
terms:
  a: {name: נסיון לקוח, definition: זהו טקסט בעברית}
  b: {name: B, definition: plain}
"""
SEEN_IN_WORDS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def hostile(tmp_path) -> str:
    (tmp_path / "hostile.yaml").write_text(HOSTILE, encoding="utf-8")
    return f"--no-builtin -D {tmp_path}"


@pytest.mark.parametrize("form", ["table", "tsv", "csv", "markdown", "json"])
@pytest.mark.parametrize("what", ["compare t u", "show t u a s", "list", "search text"])
def test_text_from_files_is_printed_as_text(what: str, form: str, run: Run, hostile: str) -> None:
    ran = run(f"{what} {hostile} -f {form}")
    assert (ran.code, ran.err) == (0, "")
    plain = ran.out.replace("\t", "").replace("\r\n", "\n") if form in ("tsv", "csv") else ran.out
    assert not SEEN_IN_WORDS.search(plain)
    if form == "json":
        return
    words = plain.replace("\\", "") if form == "markdown" else plain
    words = re.sub(r"\s+", "", words)
    expected = [] if what == "compare t u" and form in ("tsv", "csv") else ["顧客成功"]  # those have ids for headings
    if what not in ("search text", "compare t u"):
        expected.append("T[x]|_y_")
    if what.startswith("show"):
        expected += [
            "[bold]Title[/x]:smile:",
            "[red]A[/red]",
            "=cmd|'/ccalc'!A1",
            ":tada:[link](x)",
            "x1b]8;;http://evilx07" if form == "markdown" else "\\x1b]8;;http://evil\\x07",
        ]
    for each in expected:
        assert each in words


def test_json_says_what_the_file_says_to_the_letter(run: Run, hostile: str) -> None:
    import json

    shown = json.loads(run(f"show t {hostile} -f json").out)["entries"][0]
    assert shown["definition"][0]["text"] == "red \x1b[31m bell \a bidi \u202e zero\0end nel\x85 line\u2028sep tab\t2"


def test_columns_stay_aligned_with_wide_letters(run: Run, hostile: str) -> None:
    lines = run(f"compare t u {hostile} -f table").out.split("Sources")[0].splitlines()
    starts = {
        cell_len(line[: line.index(word)]) for line in lines for word in ("顧客成功", "混合", "+1") if word in line
    }
    assert len(starts) == 1


def test_right_to_left_text_has_lines_of_its_own(run: Run, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text(RIGHT_TO_LEFT, encoding="utf-8")
    out = run(f"compare a b --no-builtin -D {tmp_path} -f table").out
    for line in out.splitlines():
        if any(unicodedata.bidirectional(letter) == "R" for letter in line):
            assert "plain" not in line
            assert "─" not in line


@pytest.mark.parametrize("line", ["compare success support --full", "metrics", "show nps", "list", "disputes"])
def test_no_word_is_lost_and_no_line_too_long_at_any_width(line: str, run: Run, monkeypatch) -> None:
    words = set(re.findall(r"[^\s─]+", run(f"{line} -f table").out))
    for width in (1, 2, 3, 7, 12, 20, 33, 40, 59, 60, 61, 80, 99, 100, 140, 200):
        monkeypatch.setenv("COLUMNS", str(width))
        ran = run(f"{line} -f table")
        assert (ran.code, ran.err) == (0, "")
        text = re.sub(r"[\s─]+", "", ran.out)
        if width < 60:  # side by side, the lines of two cells stand in one another's way
            assert not [word for word in words if word not in text], width
        if width >= 20:
            assert not [each for each in ran.out.splitlines() if cell_len(each) > width and "http" not in each], width


def test_terms_are_under_one_another_where_columns_would_have_fewer_than_14_characters(run: Run, monkeypatch) -> None:
    for terms, narrowest in (("", 44), (" service", 60), (" service experience", 76)):
        line = f"compare success support{terms} -f table"
        for width, stacked in ((narrowest - 1, True), (narrowest, False)):
            monkeypatch.setenv("COLUMNS", str(width))
            assert ("Customer Success: " in run(line).out) is stacked, width


def test_a_terminal_gets_the_table_and_a_pipe_the_records(terminal, shell) -> None:
    assert "─────" in terminal("compare", "success", "support", "-a", "approach", TERM="xterm-256color")
    assert shell("csterms compare success support -a approach | cat").out.startswith("approach\tproactive")


def test_colour_follows_the_terminal_and_the_user(terminal, shell) -> None:
    arguments = ("compare", "service", "support", "-a", "approach")
    assert "\x1b[1;31mcontested\x1b[0m" in terminal(*arguments, TERM="xterm-256color")
    assert "\x1b[31m" not in terminal(*arguments, TERM="xterm-256color", NO_COLOR="1").replace("1;31", "31")
    assert "\x1b" not in terminal(*arguments, TERM="dumb")
    line = "csterms " + " ".join(arguments) + " -f table"
    assert "\x1b" not in shell(line).out
    assert "\x1b[1;31m" in shell(line, FORCE_COLOR="1", TERM="xterm").out


def test_a_dumb_terminal_is_as_wide_as_it_says(shell) -> None:
    for columns in ("40", "140"):
        page = shell("csterms list metrics -f table", TERM="dumb", FORCE_COLOR="1", COLUMNS=columns).out
        assert int(columns) - 20 < max(map(len, page.splitlines())) <= int(columns)


def test_an_unset_terminal_type_is_fine(terminal) -> None:
    assert "─────" in terminal("metrics", "cx")


def test_sources_are_links_where_the_terminal_makes_them(terminal) -> None:
    linking = terminal("show", "happyfox", TERM="xterm-256color", TERM_PROGRAM="vscode")
    assert "blog.happyfox.com" in linking
    linking = terminal("compare", "success", "support", "-a", "approach", TERM="xterm-256color", TERM_PROGRAM="vscode")
    assert re.search(r"\x1b\]8;[^;]*;https://veemo.io/\?p=9223\x1b\\", linking)
    plain = terminal("compare", "success", "support", "-a", "approach", TERM="xterm-256color")
    assert "\x1b]8;" not in plain
    assert "https://veemo.io/?p=9223" in plain


def test_an_ascii_only_locale_loses_no_letter(shell, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text(
        "terms: {a: {name: Café, definition: ≥ 1 €}, b: {name: B, definition: x}}", encoding="utf-8"
    )
    for form in ("table", "tsv", "csv", "markdown", "json"):
        ran = shell(f"csterms compare a b --no-builtin -D {tmp_path} -f {form}", PYTHONIOENCODING="ascii")
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.isascii()
        assert "2265" in ran.out
    assert "nosuch" in shell(f"csterms show nosuch€ --no-builtin -D {tmp_path}", PYTHONIOENCODING="ascii").err
