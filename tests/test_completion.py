"""Completion, driven as the shells drive it."""

import pytest


def bash(shell, line: str) -> list[str]:
    """What bash would offer at the end of a line, by the script that csterms gives it."""
    words = line.split(" ")
    return shell(
        'eval "$(_CSTERMS_COMPLETE=source_bash csterms)";'
        f" COMP_WORDS=({' '.join(map(repr, words))}); COMP_CWORD={len(words) - 1};"
        ' _csterms_completion csterms; printf "%s\\n" "${COMPREPLY[@]}"'
    ).out.split("\n")[:-1]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("csterms co", ["compare"]),
        ("csterms c", ["compare", "claims", "calc", "check"]),
        ("csterms compare --d", ["--differences", "--definitions"]),
        ("csterms compare su", ["success", "support"]),
        ("csterms compare success s", ["service", "support"]),
        ("csterms show net", ["net-promoter-score", "net-revenue-retention"]),
        ("csterms metrics exp", ["experience"]),
        ("csterms compare success support -a app", ["approach"]),
        ("csterms compare success support -s ask", ["askhandle"]),
        ("csterms compare success support -s h", ["happyfox"]),
        ("csterms compare success -s happyfox -s h", [""]),
        ("csterms list -s ask", ["askbiz", "askhandle"]),
        ("csterms show np", ["nps"]),
        ("csterms show NP", ["NPS"]),
        ("csterms metrics c", ["cs", "cx"]),
        ("csterms compare success cs", ["cs"]),
        ("csterms calc nrr --reading ea", ["earned-growth"]),
        ("csterms list -f j", ["json"]),
        ("csterms list m", ["metrics"]),
        ("csterms calc nps d", ["detractors="]),
        ("csterms calc first-r", ["first-response-time"]),
        ("csterms check -f g", ["github"]),
        ("csterms compare zzz", [""]),
        ("csterms compare -D README.md/absent s", [""]),
    ],
)
def test_bash(line: str, offered: list[str], shell) -> None:
    assert bash(shell, line) == offered


def test_definitions_on_the_line_are_completed_too(shell, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text("terms: {zebra: {name: Z}}")
    assert bash(shell, f"csterms compare -D {tmp_path} ze") == ["zebra"]
    (tmp_path / "b.yaml").write_text("terms: {")
    assert bash(shell, f"csterms compare -D {tmp_path} ze") == [""]


def test_zsh_and_fish_show_full_names(shell) -> None:
    ran = shell("csterms", _TYPER_COMPLETE_ARGS="csterms compare su", _CSTERMS_COMPLETE="complete_zsh")
    assert '"success":"Customer Success"' in ran.out
    line = {"_TYPER_COMPLETE_ARGS": "csterms show net-p", "_CSTERMS_COMPLETE": "complete_fish"}
    assert (
        shell("csterms", _TYPER_COMPLETE_FISH_ACTION="get-args", **line).out
        == "net-promoter-score\tNet Promoter Score\n"
    )
    assert shell("csterms", _TYPER_COMPLETE_FISH_ACTION="is-args", **line).code == 0


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(name: str, shell) -> None:
    ran = shell("csterms", _CSTERMS_COMPLETE=f"source_{name}")
    assert (ran.code, ran.err) == (0, "")
    assert f"complete_{name}" in ran.out
