"""What a layer does not adopt of the layers before it: gone from every command, and told where somebody looks for it."""

import json
import os
from pathlib import Path

import pytest
from conftest import ROOT, Run

EVERY = [
    *("compare success support", "compare success support service", "compare success --by source", "metrics", "claims"),
    *("metrics success service", "disputes", "list", "show success", "show support", "show service"),
]


@pytest.fixture
def team(tmp_path: Path):
    """Writes the team's one file and returns it as an option."""

    def write(text: str) -> str:
        (tmp_path / "team.yaml").write_text(text, encoding="utf-8")
        return f"-D {tmp_path / 'team.yaml'}"

    return write


def everything(run: Run, layer: str) -> str:
    """All that all commands say of a glossary, but where things are left out."""
    said = ""
    for command in EVERY:
        for form in ("json", "tsv", "table", "markdown"):
            ran = run(f"{command} -f {form} {layer}")
            assert ran.code in (0, 1), (command, ran.err)
            answer = ran.out
            if form == "json":
                content = json.loads(answer)
                for entry in content.get("entries", ()):
                    entry.pop("left_out", None)
                answer = json.dumps(content, separators=(",", ":"))
            said += "\n".join(line for line in answer.splitlines() if "left_out" not in line).split("left out")[0]
    return said


def test_a_source_is_gone_everywhere(run: Run, team) -> None:
    layer = team("without: {sources: [veemo]}")
    for cited in ('"id":"veemo"', "[veemo", "\tveemo", "<https://veemo"):  # a note may speak of it
        assert cited in everything(run, "")
        assert cited not in everything(run, layer)
    assert run(f"show veemo {layer}").err == (
        f"csterms: 'veemo' is left out of this glossary\n{layer[3:]}:1 says so under without:\n"
    )
    # What others say too stays, with their citations alone.
    definitions = json.loads(run(f"show success -f json {layer}").out)["entries"][0]["definition"]
    assert definitions
    assert all(claim["sources"] for claim in definitions)
    assert run(f"list -s veemo {layer}").code == 1
    assert "source\tveemo" not in run(f"search veemo {layer}").out


def test_a_term_an_aspect_and_a_metric_are_gone_everywhere(run: Run, team) -> None:
    layer = team("without:\n  terms: experience\n  aspects: [approach, revenue]\n  metrics: [net-promoter-score]\n")
    said = everything(run, layer)
    for gone in ("experience\tCustomer Experience", "net-promoter-score", '"approach"', '"revenue"'):
        assert gone not in said
    assert json.loads(run(f"show service -f json {layer}").out)["entries"][0]["broader"].keys() <= {"support"}
    for name in ("experience", "net-promoter-score"):
        ran = run(f"show {name} {layer}")
        assert (ran.code, "is left out of this glossary" in ran.err) == (1, True)
    assert run(f"show nps {layer}").code == 1
    assert run(f"search promoter {layer}").code in (0, 1)
    assert "net-promoter-score" not in run(f"search promoter {layer}").out
    together = json.loads(run(f"compare success support service -f json {layer}").out)["together"]
    assert all("experience" not in each["terms"] for each in together)
    assert run(f"check {layer[3:]}").out == "1 file checked: no problems\n"


def test_claims_of_one_term_are_gone(run: Run, team) -> None:
    before = json.loads(run("show success service -f json").out)["entries"]
    layer = team(
        """
without:
  claims:
    success: {approach: [happyfox], timeline: all, definition: all}
    service: {metrics: {net-promoter-score: all, first-response-time: veemo}, definition: [uprighte], broader: all}
"""
    )
    success, service = json.loads(run(f"show success service -f json {layer}").out)["entries"]
    cited = {cite["id"] for claim in success["aspects"]["approach"] for cite in claim["sources"]}
    assert cited == {c["id"] for claim in before[0]["aspects"]["approach"] for c in claim["sources"]} - {"happyfox"}
    assert "timeline" not in success["aspects"]
    assert success["definition"] == []
    assert service["broader"] == {}
    assert set(before[1]["metrics"]) - set(service["metrics"]) <= {"net-promoter-score", "first-response-time"}
    assert "net-promoter-score" in set(before[1]["metrics"]) - set(service["metrics"])
    path = layer[3:]
    assert [each for each in success["left_out"] if each["what"] != "aspects.approach"] == [
        {"what": "definition", "sources": [], "path": path, "line": 4},
        {"what": "aspects.timeline", "sources": [], "path": path, "line": 4},
    ] or {each["what"] for each in success["left_out"]} == {"definition", "aspects.timeline", "aspects.approach"}
    assert {"what": "aspects.approach", "sources": ["happyfox"], "path": path, "line": 4} in success["left_out"]
    page = run(f"show success -f table {layer}").out
    assert "left out" in page
    assert "left_out\taspects.approach, as happyfox says it" in run(f"show success {layer}").out


def test_a_layer_may_say_its_own_in_the_same_place(run: Run, team) -> None:
    layer = team(
        """
without:
  terms: [experience]
  aspects: [approach]
  claims: {success: {definition: all, focus: all}}
aspects: {approach: {name: How it goes about it, values: [slow, fast]}}
terms:
  experience: {name: Our experience, aspects: {approach: slow}}
  success: {definition: Ours., aspects: {focus: ours, approach: fast}}
"""
    )
    success, experience = json.loads(run(f"show success experience -f json {layer}").out)["entries"]
    assert [claim["text"] for claim in success["definition"]] == ["Ours."]
    assert [claim["text"] for claim in success["aspects"]["focus"]] == ["ours"]
    assert [claim["value"] for claim in success["aspects"]["approach"]] == ["fast"]
    assert experience["name"] == "Our experience"
    assert set(experience["aspects"]) == {"approach"}
    assert experience["left_out"][0]["what"] == "everything"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "{sources: [vemo]}",
            "1:21: error[unknown-omission]: no earlier layer has a source 'vemo' to leave out; did you",
        ),
        ("{terms: sucess}", "error[unknown-omission]: no earlier layer has a term 'sucess' to leave out; did you mean"),
        ("{aspects: [aproach]}", "no earlier layer has an aspect 'aproach' to leave out; did you mean 'approach'?"),
        ("{metrics: [net-promotor-score]}", "did you mean 'net-promoter-score'?"),
        ("{claims: {sucess: {revenue: all}}}", "no earlier layer has a term 'sucess'"),
        ("{claims: {success: {revenu: all}}}", "no earlier layer has an aspect 'revenu'"),
        ("{claims: {success: {revenue: [happifox]}}}", "no earlier layer has a source 'happifox'"),
        ("{claims: {success: {metrics: {npx: all}}}}", "no earlier layer has a metric 'npx'"),
        (
            "{claims: {success: {revenue: {happyfox: all}}}}",
            "error[wrong-type]: expected all, or a list of the sources",
        ),
        (
            "{claims: {success: {revenue: []}}}",
            "error[wrong-type]: without.claims.success.revenue: expected at least 1",
        ),
        ("{claim: {success: {revenue: all}}}", "unknown key 'claim'; did you mean 'claims'?"),
        (
            "{claims: {success: {revenue: [askhandle]}}}",
            "warning[empty-omission]: nothing is said here by askhandle in an",
        ),
    ],
)
def test_what_cannot_be_left_out_is_told(text: str, said: str, run: Run, team) -> None:
    layer = team(f"without: {text}\n")
    ran = run(f"check {layer[3:]}")
    assert said in ran.out
    assert ran.code == (0 if "warning" in said else 1)


def test_a_layer_cannot_leave_out_what_only_it_says(run: Run, team) -> None:
    layer = team("sources: {own: {title: Own}}\nwithout: {sources: [own]}")
    assert "no earlier layer has a source 'own'" in run(f"check {layer[3:]}").out
    assert "there is no layer before this one" in run(f"check --no-builtin {layer[3:]}").out


def test_what_refers_to_what_is_left_out_is_told_where(run: Run, team) -> None:
    layer = team("without: {terms: [experience]}\nterms: {success: {broader: {experience: [veemo]}}}")
    path = layer[3:]
    assert f"{path}:2:29: error[unknown-term]: unknown term 'experience'; {path}:1 leaves it out of this" in (
        run(f"check {path}").out
    )


def test_what_is_kept_follows_every_edit(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kept file of two layers answers as a new one does, whatever the later layer leaves out next."""
    monkeypatch.setattr("cs_terms.loading.compiling.YOUNG", -(10**9))  # every file counts as old
    shipped, team = tmp_path / "shipped", tmp_path / "team"
    shipped.mkdir()
    team.mkdir()
    for file in ROOT.glob("definitions/*.yaml"):
        (shipped / file.name).write_bytes(file.read_bytes())
    texts = [
        "terms: {own: {name: Own}}",
        "without: {sources: [veemo]}",
        "without: {terms: [experience], metrics: [net-promoter-score]}",
        "\n\nwithout: {terms: [experience], metrics: [net-promoter-score]}",
        "without: {claims: {success: {revenue: all}}}\nsources: {own: {title: Own}}",
        "terms: {own: {name: Own}}",
    ]
    lines = [f"{line} -f json" for line in ("list", "show success service", "claims", "search promoter", "disputes")]
    for time, text in enumerate(texts):
        (team / "a.yaml").write_text(text)
        os.utime(team / "a.yaml", (time, time))
        layers = f"--no-builtin -D {shipped} -D {team}"
        kept = [run(f"{line} {layers}") for line in lines]
        with monkeypatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(tmp_path / f"cache-{time}"))
            assert [run(f"{line} {layers}") for line in lines] == kept
        assert kept[0].code == 0
