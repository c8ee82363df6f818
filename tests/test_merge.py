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
    assert shown[0]["abbreviations"] == ["CH", "CS"]
    assert [claim["value"] for claim in shown[0]["aspects"]["approach"]] == ["reactive"] + ["proactive"] * 5
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
    assert answer["together"][0]["text"] == "Hand in hand."
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


def test_a_later_layer_s_words_come_first(run: Run, tmp_path) -> None:
    (tmp_path / "team.yaml").write_text(
        """
sources: {handbook: {title: Our handbook}}
aspects: {scope: {also_called: [Reach]}, approach: {values: [anticipating]}}
terms:
  success:
    name: Customer Happiness
    also_called: [joy]
    definition: {text: Our own words., sources: [handbook]}
    aspects: {focus: {value: our own, sources: [handbook]}}
    metrics: {net-promoter-score: [handbook], customer-satisfaction-score: [handbook]}
metrics:
  net-promoter-score:
    readings: [{name: Ours, formula: x, inputs: {x: a number}}]
"""
    )
    layer = f"-D {tmp_path}"
    shown = json.loads(run(f"show success nps scope approach -f json {layer}").out)["entries"]
    assert shown[0]["definition"][0]["text"] == "Our own words."
    assert len(shown[0]["definition"]) > 1
    assert shown[0]["also_called"][0] == "joy"
    assert shown[1]["readings"][0]["name"] == "Ours"
    assert shown[2]["also_called"][0] == "Reach"
    assert shown[3]["values"][0] == "reactive"  # a closed set keeps its order
    assert shown[3]["values"][-1] == "anticipating"
    at_first_sight = run(f"compare success support -f table {layer}").out
    assert "Our own words." in at_first_sight
    in_full = json.loads(run(f"compare success support -a focus -f json {layer}").out)["aspects"][0]
    assert in_full["cells"]["success"]["claims"][0]["value"] == "our own"
    entries = [line.split("\t")[1] for line in run(f"list terms {layer}").out.splitlines()]
    assert entries == [line.split("\t")[1] for line in run("list terms").out.splitlines()]


def test_a_renamed_term_is_found_by_its_old_name(run: Run, tmp_path) -> None:
    (tmp_path / "team.yaml").write_text("terms: {success: {name: Customer Happiness}}")
    assert run(f"show 'Customer Success' -D {tmp_path}").out == run(f"show success -D {tmp_path}").out
    assert run(f"list terms -D {tmp_path}").out.count("Customer Happiness") == 1
