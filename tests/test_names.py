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
