"""What layers say, put together."""

import json

from conftest import Run


def test_a_later_layer_adds_and_its_scalars_win(run: Run, tmp_path) -> None:
    (tmp_path / "team.yaml").write_text(
        """
sources: {handbook: {title: Our handbook}}
terms:
  success:
    name: Customer Happiness
    abbreviations: {CH: {handbook: p. 1}}
    aspects:
      approach: {value: reactive, text: Waits., sources: {handbook: p. 2}}
      scope: wide
      timeline: long-term
    metrics: {net-promoter-score: [handbook]}
metrics:
  net-promoter-score: {unit: percent}
together: [{terms: [success, experience], text: Hand in hand., sources: [handbook]}]
"""
    )
    layer = f"-D {tmp_path}"
    shown = json.loads(run(f"show ch nps -f json {layer}").out)["entries"]
    assert shown[0]["id"] == "success"
    assert shown[0]["name"] == "Customer Happiness"
    assert shown[0]["abbreviations"] == ["CS", "CH"]
    assert [claim["value"] for claim in shown[0]["aspects"]["approach"]] == ["proactive"] * 5 + ["reactive"]
    assert shown[0]["aspects"]["scope"] == [{"value": None, "text": "wide", "sources": [], "note": None}]
    alike = [claim for claim in shown[0]["aspects"]["timeline"] if not claim["text"]]
    assert [(claim["value"], [cite["id"] for cite in claim["sources"]]) for claim in alike] == [
        ("long-term", ["happyfox"])
    ]
    assert [origin["path"].split("/")[-1] for origin in shown[0]["origins"]] == ["success.yaml", "team.yaml"]
    assert shown[0]["origins"][1]["line"] == 4
    assert (shown[1]["unit"], shown[1]["better"]) == ("percent", "higher")
    assert [cite["id"] for cite in shown[1]["measures"]["success"]] == ["handbook"]
    answer = json.loads(run(f"compare success experience -f json {layer}").out)
    assert "Hand in hand." in [each["text"] for each in answer["together"]]
    disputed = json.loads(run(f"disputes success -f json {layer}").out)["aspects"]
    assert [each["aspect"] for each in disputed] == ["approach"]


def test_bare_claims_are_values_where_the_set_is_closed_in_whatever_layer(run: Run, tmp_path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    (one / "a.yaml").write_text(
        "aspects: {cost: {name: Cost}, speed: {name: Speed}}\nterms: {a: {name: A, aspects: {cost: low, speed: low}}}"
    )
    (other / "b.yaml").write_text(
        "aspects: {cost: {values: [low, high]}}\nterms: {a: {aspects: {cost: {value: low, sources: [x]}}}}\nsources: {x: {title: X}}"
    )
    answer = json.loads(run(f"show a --no-builtin -D {one} -D {other} -f json").out)
    aspects = answer["entries"][0]["aspects"]
    assert [(claim["value"], claim["text"]) for claim in aspects["cost"]] == [("low", None)]
    assert [cite["id"] for cite in aspects["cost"][0]["sources"]] == ["x"]
    assert [(claim["value"], claim["text"]) for claim in aspects["speed"]] == [(None, "low")]


def test_layers_come_from_the_environment_too(run: Run, tmp_path, monkeypatch) -> None:
    (tmp_path / "a.yml").write_text("terms: {a: {name: From the environment}}")
    (tmp_path / "b.yaml").write_text("terms: {a: {name: Given}}")
    monkeypatch.setenv("CSTERMS_DEFINITIONS", f"{tmp_path / 'a.yml'}:")
    monkeypatch.setenv("CSTERMS_NO_BUILTIN", "1")
    assert json.loads(run("list -f json").out)["entries"][0]["name"] == "From the environment"
    listed = json.loads(run(f"list -f json -D {tmp_path / 'b.yaml'}").out)["entries"]
    assert [(each["kind"], each["name"]) for each in listed] == [("term", "Given")]


def test_readings_of_the_same_name_are_replaced(run: Run, tmp_path) -> None:
    for name, formula in (("one", "x"), ("two", "2 * x")):
        (tmp_path / f"{name}.yaml").write_text(
            f"metrics: {{m: {{name: M, readings: [{{name: r, formula: {formula}, inputs: {{x: a number}}}}]}}}}"
        )
    answer = json.loads(run(f"show m --no-builtin -D {tmp_path}/one.yaml -D {tmp_path}/two.yaml -f json").out)
    assert [reading["formula"] for reading in answer["entries"][0]["readings"]] == ["2 * x"]
