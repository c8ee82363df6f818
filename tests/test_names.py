"""Names as people type them."""

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from cs_terms.spelling import fold


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text(min_size=1, max_size=20))
def test_no_name_folds_to_nothing(name: str) -> None:
    assert fold(name)


@pytest.mark.parametrize(
    "name",
    [
        "net-promoter-score",
        "Net Promoter Score",
        "NET_PROMOTER_SCORE",
        "netpromoterscore",
        " net  promoter\tscore ",
        "net\u2011promoter\u2013score",
        "\uff2e\uff30\uff33",
        "nps",
        "Net Promoter",
    ],
)
def test_case_spaces_and_hyphens_make_no_difference(name: str, run: Run) -> None:
    ran = run("show", name, "-f", "json")
    assert (ran.code, ran.err) == (0, "")
    assert '"id": "net-promoter-score"' in ran.out


def test_an_id_goes_before_a_full_name_and_that_before_a_synonym(run: Run, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text(
        "terms:\n"
        "  beta: {name: Gamma, also_called: [Delta]}\n"
        "  x: {name: Beta, abbreviations: [Gamma, D]}\n"
        "  y: {name: Delta, also_called: [Beta, D]}\n"
    )
    given = f"--no-builtin -D {tmp_path} -f json"
    for name, id in (("BETA", "beta"), ("gamma", "beta"), ("delta", "y")):
        assert f'"id": "{id}"' in run("show", name, *given.split()).out, name
    assert run(f"show d {given}").code == 4
