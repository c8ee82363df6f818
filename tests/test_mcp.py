"""The server for assistants, asked as the protocol is written: what it answers, says is wrong, and survives."""

import io
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT, Ran, Run
from hypothesis import given
from hypothesis import strategies as st

from cs_terms.exchange.mcp import library, messages, tools
from cs_terms.exchange.mcp.server import METHODS, Server
from cs_terms.exchange.mcp.stdio import serve, serve_standard_streams
from cs_terms.exchange.mcp.writing import LIMIT, speak_of_tools
from cs_terms.loading.files import chosen

META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}
NPS = {"promoters": 120, "detractors": 30, "responses": 200}


def server_of(*paths: str, builtin: bool = True, sources: tuple[str, ...] = ()) -> Server:
    return Server(lambda asked: tools.open_served(lambda: chosen(paths, no_builtin=not builtin), sources, tuple(asked)))


@pytest.fixture
def server() -> Server:
    return server_of()


def ask(server: Server, method: str, modern: bool = False, **params: Any) -> Any:
    """The response to a request, without its envelope."""
    if modern:
        params["_meta"] = META
    request = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
    response = json.loads(server.answer(json.dumps(request).encode()) or b"")
    assert (response.pop("jsonrpc"), response.pop("id")) == ("2.0", 7)
    (content,) = response.values()
    return content


def call(server: Server, tool: str, **arguments: Any) -> str:
    """What a tool answers."""
    result = ask(server, "tools/call", name=tool, arguments=arguments)
    assert result["isError"] is False, result
    return text_of(result)


def refused(server: Server, tool: str, **arguments: Any) -> str:
    """What a tool says is wrong."""
    result = ask(server, "tools/call", name=tool, arguments=arguments)
    assert result["isError"] is True
    return text_of(result)


def text_of(result: Any) -> str:
    (content,) = result["content"]
    assert content["type"] == "text"
    assert len(content["text"]) <= LIMIT
    return content["text"]


# What tools answer

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "compare success support": ("compare", {"terms": ["success", "support"]}),
    "compare success support service experience": (
        "compare",
        {"terms": ["success", "support", "service", "experience"]},
    ),
    "compare success support --full": ("compare", {"terms": ["success", "support"], "detail": "full"}),
    "compare success service -a approach -a scope -a metrics": (
        "compare",
        {"terms": ["success", "service"], "aspects": ["approach", "scope", "metrics"]},
    ),
    "compare success support --brief": ("compare", {"terms": ["success", "support"], "detail": "values"}),
    "compare success support --differences": ("compare", {"terms": ["success", "support"], "differences": True}),
    "compare service --by source": ("compare_sources", {"term": "service"}),
    "compare service --by source --full": ("compare_sources", {"term": "service", "detail": "full"}),
    "show nps approach happyfox": ("show", {"names": ["nps", "approach", "happyfox"]}),
    "show success": ("show", {"names": ["success"]}),
    "metrics": ("metrics", {}),
    "metrics cx": ("metrics", {"terms": ["cx"]}),
    "disputes": ("disputes", {}),
    "disputes success": ("disputes", {"terms": ["success"]}),
    "calc nps promoters=120 detractors=30 responses=200": ("calc", {"metric": "nps", "inputs": NPS}),
    "list": ("list", {}),
    "list sources": ("list", {"kind": "sources"}),
    "search wait queue": ("search", {"words": "wait queue"}),
    "search customer": ("search", {"words": "customer"}),
}
"""A command, and the call that asks the same."""
OWN = "no source says does not say none n how many of say so who they are metrics with terms"


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("command", CALLS)
@pytest.mark.parametrize("source", ["", "happyfox"])
def test_tools_say_what_the_command_says_and_no_more(command: str, source: str, server: Server, run: Run) -> None:
    tool, arguments = CALLS[command]
    narrowed = {**arguments, "sources": [source]} if source else arguments
    options = f"-s {source}" if source else ""
    printed = run(f"{command} {options} -f markdown")
    if printed.code:
        assert printed.err.splitlines()[0].removeprefix("csterms: ") in refused(server, tool, **narrowed)
        return
    answer = call(server, tool, **narrowed)
    footer = re.compile(r"^(\*\(?(n|Next|Empty|Rows that|\d+ more|S)\b|Cut at ).*", re.MULTILINE)
    said = words(printed.out + run(f"{command} {options} -f json").out)  # the places are in the JSON
    own = words(OWN)
    assert words(footer.sub("", answer)) - said - own == set()
    if "Cut at" not in answer and not arguments.get("aspects"):
        lost = words(footer.sub("", printed.out)) - words(answer)
        assert lost - {"source"} == set() or command == "list"  # which leaves the sources out


def test_an_answer_at_first_sight_says_how_to_ask_for_more(server: Server) -> None:
    answer = call(server, "compare", terms=["success", "support"])
    assert len(answer) < 2000
    assert (
        '(n): how many of 5 sources say so; +n: so many more. 18 more rows, sentences: detail "full", or aspects'
        in answer
    )
    assert "| Scope | *no source says* | narrower than service (1) |" in answer
    assert "detail" in call(server, "compare_sources", term="service")
    assert "All rows: differences false." in call(server, "compare", terms=["success", "support"], differences=True)


@pytest.mark.parametrize("command", CALLS)
def test_no_answer_speaks_of_commands_and_options(command: str, server: Server) -> None:
    tool, arguments = CALLS[command]
    assert not re.search(r"csterms \w|--\w| -[a-z] ", call(server, tool, **arguments))


def test_what_is_contested_is_said_to_be(server: Server) -> None:
    for detail in ("short", "full"):
        said = call(server, "compare", terms=["success", "service"], detail=detail)
        assert "***contested" in said
    assert "| Approach<br>***contested*** |" in call(server, "compare_sources", term="service")
    for depth in ({"aspects": ["approach"]}, {"detail": "values"}, {"detail": "full"}):
        assert re.search(
            r"^\| Approach \*\*\*\(contested\)\*\*\*",
            call(server, "compare_sources", term="service", **depth),
            re.MULTILINE,
        )
    assert "The sources contradict each other in" in call(server, "disputes")


def test_in_full_every_claim_has_its_source_and_place(server: Server) -> None:
    said = call(server, "compare", terms=["success", "service"], aspects=["approach"])
    claims = re.findall(r"^  - .*", said, re.MULTILINE)
    assert len(claims) > 5
    assert all(re.search(r"\[\^[\w-]+\] \(\*.+\*\)", claim) for claim in claims)
    assert re.search(r"^\[\^happyfox\]: HappyFox, .* <https://", said, re.MULTILINE)


def test_a_long_answer_is_cut_between_rows_and_names_what_is_left_out(server: Server) -> None:
    terms = ["success", "support", "service", "experience"]
    said = call(server, "compare", terms=terms, detail="full")
    last = said.splitlines()[-1]
    left = re.fullmatch(
        r"Cut at 12,000 characters; (\d+) rows left out: (.*), and others\. Ask again with aspects.*", last
    )
    assert left
    assert len(said) > LIMIT / 2
    first = left[2].split(", ")[0]
    assert first in call(server, "compare", terms=terms, aspects=[first])


def test_a_cut_answer_has_the_footnotes_of_what_is_left(server: Server) -> None:
    with server.open(()) as glossary:
        metrics = list(glossary.metrics)
    said = call(server, "show", names=metrics)
    assert "Name one entry at a time." in said
    cited = set(re.findall(r"\[\^([\w-]+)\](?!:)", said))
    assert cited == set(re.findall(r"^\[\^([\w-]+)\]:", said, re.MULTILINE))


def test_a_glossary_of_any_size_has_answers_of_a_bounded_one(glossary_of: Callable[[object], Path]) -> None:
    terms = {f"t{number}": {"name": f"Term {number}", "definition": "word " * 20} for number in range(3000)}
    terms["t0"]["definition"] = "long " * 9000
    path = glossary_of({"terms": terms})
    server = server_of(str(path), builtin=False)
    for tool, arguments in (
        ("list", {}),
        ("search", {"words": "word"}),
        ("metrics", {}),
        ("show", {"names": ["t0"]}),
        ("show", {"names": list(terms)[1:]}),
        ("compare", {"terms": ["t0", "t1"]}),
        ("compare", {"terms": list(terms)}),
    ):
        assert "Cut" in call(server, tool, **arguments) or tool == "metrics"
    listed = ask(server, "resources/list")
    assert len(listed["resources"]) == 101
    seen = len(listed["resources"])
    while "nextCursor" in listed:
        listed = ask(server, "resources/list", cursor=listed["nextCursor"])
        seen += len(listed["resources"])
    assert seen == 3001
    completed = ask(
        server, "completion/complete", ref={"type": "ref/resource", "uri": "csterms://term/{id}"}, argument=T1
    )
    assert completed["completion"]["total"] == 1111
    assert len(completed["completion"]["values"]) == 100
    assert completed["completion"]["hasMore"] is True


T1 = {"name": "id", "value": "t1"}


def test_silence_is_said_to_be_silence(glossary: Callable[..., Path]) -> None:
    path = glossary(a="{aspects: {q: {name: Q}}, terms: {a: {name: A, aspects: {q: yes}}, b: {name: B}}}")
    alone = server_of(str(path), builtin=False)
    assert "| Q | yes | *no source says* |" in call(alone, "compare", terms=["a", "b"])
    assert "no source gives it a metric" in call(alone, "metrics", terms=["a"])
    assert "Nothing is said." in call(alone, "list", kind="metrics")


def test_numbers_are_worked_out_exactly(server: Server) -> None:
    assert "**45 points**" in call(server, "calc", metric="NPS", inputs=NPS)
    assert "33.33 percent" in call(
        server, "calc", metric="csat", inputs={"satisfied_responses": 0.1, "responses": "0.3"}
    )
    assert "21" in call(server, "calc", metric="frt", inputs={"first_response_minutes": [12, 30]})


# What tools say is wrong


def test_a_long_result_is_an_answer(server: Server) -> None:
    large = "1" + "0" * 29
    assert large in call(server, "calc", metric="frt", inputs={"first_response_minutes": [large, large]})


def test_errors_name_candidates_and_the_next_step(server: Server) -> None:
    said = refused(server, "show", names=["CS"])
    assert said.startswith("'CS' means 3 things:")
    assert "service  Customer Service" in said
    said = refused(server, "compare", terms=["sucess", "support"])
    assert "did you mean success?" in said
    assert "Candidates: success (term, Customer Success)" in said
    said = refused(server, "compare", terms=["nps", "support"])
    assert 'show with names ["net-promoter-score"]' in said
    said = refused(server, "calc", metric="nps", inputs={"promoters": 1})
    assert "missing are" in said
    assert 'show with names ["net-promoter-score"] says what each input means' in said
    said = refused(server, "calc", metric="nps", inputs={**NPS, "responses": 0})
    assert "by zero" in said
    assert "no formula is agreed" in refused(server, "calc", metric="health-score", inputs={})
    assert "has no reading called 'x'" in refused(server, "calc", metric="nps", inputs=NPS, reading="x")
    assert "nothing has" in refused(server, "search", words="xyzzy")
    assert 'list with kind "terms"' in refused(server, "metrics", terms=["qqqqqqq"])
    said = refused(server, "compare", terms=["success", "success"])
    assert 'compare_sources with term "success"' in said


WRONG_ARGUMENTS = [
    ("compare", {}, ["the call lacks `terms`", "compare needs terms, and takes"]),
    ("compare", {"terms": "success"}, ["expected `array`, got `str`, at terms"]),
    (
        "compare",
        {"terms": ["success"]},
        ["a comparison takes two terms or more, got 1", 'compare_sources with term "success"'],
    ),
    ("compare", {"terms": ["success", 3]}, ["at terms[1]"]),
    ("compare", {"terms": ["a", "b"], "detail": "long"}, ["'long'", "at detail"]),
    ("compare", {"terms": ["a", "b"], "aspect": []}, ["there is no argument `aspect`", "did you mean 'aspects'?"]),
    ("show", {"names": []}, ["at names"]),
    ("show", {"names": ["nps"], "kind": "thing"}, ["at kind"]),
    ("calc", {"metric": "nps", "inputs": {"promoters": None}}, ["at inputs"]),
    ("calc", {"metric": "nps", "inputs": NPS, "digits": 99}, ["at digits"]),
    ("calc", {"metric": "nps", "inputs": {"promoters": True}}, ["at inputs"]),
    ("list", {"kind": "term"}, ["at kind"]),
    ("search", {"words": ["a"]}, ["at words"]),
    ("search", {"words": " "}, ["no word in"]),
    ("metrics", {"sources": ["nosuch"]}, ["no source is called 'nosuch'"]),
]


@pytest.mark.parametrize(("tool", "arguments", "expected"), WRONG_ARGUMENTS)
def test_bad_arguments_are_named_with_their_place(
    tool: str, arguments: dict[str, Any], expected: list[str], server: Server
) -> None:
    said = refused(server, tool, **arguments)
    for part in expected:
        assert part in said
    assert not re.search(r"csterms |\$\.| -\w ", said)


def test_no_argument_is_a_path(server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("98765.4321")
    for value in (f"@{secret}", f" @{secret}", "@-", [f"@{secret}"]):
        said = refused(server, "calc", metric="nps", inputs={**NPS, "promoters": value})
        assert "promoters: no file is read for an assistant" in said
    for tool, arguments in (("show", {"names": [str(secret)]}), ("search", {"words": str(secret)})):
        assert "98765" not in refused(server, tool, **arguments).replace(str(secret), "")
    assert ask(server, "resources/read", uri=f"file://{secret}")["code"] == -32602
    assert ask(server, "resources/read", uri=f"csterms://term/{secret}")["code"] == -32602


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("csterms show nps says what each input means", 'show with names ["nps"] says what each input means'),
        ("csterms list terms prints all names", 'list with kind "terms" prints all names'),
        ("csterms list prints all names", "list prints all names"),
        ("leave 'vs' out: csterms compare a 'b c'", 'leave \'vs\' out: compare with terms ["a", "b c"]'),
        ("see it: csterms compare success --by source", 'see it: compare_sources with term "success"'),
        ("-s may be bain, dela", "sources may be bain, dela"),
        ("leave -s out: csterms calc nps NAME=VALUE...", "leave sources out"),
        ("csterms show it's", 'show with names ["it\'s"]'),
        ("did you mean success?", "did you mean success?"),
    ],
)
def test_hints_name_tools_in_place_of_commands(said: str, told: str) -> None:
    assert speak_of_tools(said) == told


# Layers


def test_layers_are_those_of_the_command(glossary: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = glossary(
        a="{sources: {book: {title: Book}}, terms: {lake: {name: Lake, definition: {text: Water., sources: [book]}}}}"
    )
    over, alone = server_of(str(path)), server_of(str(path), builtin=False)
    assert "Water." in call(over, "show", names=["lake"])
    assert "Customer Success" in call(over, "list", kind="terms")
    assert "Customer Success" not in call(alone, "list", kind="terms")
    monkeypatch.setenv("CSTERMS_DEFINITIONS", str(path))
    assert "Water." in call(server_of(), "show", names=["lake"])


def test_only_the_served_sources_are_spoken_for() -> None:
    server = server_of(sources=("uprighte", "veemo"))
    assert "happyfox" not in call(server, "compare", terms=["success", "service"], aspects=["approach"])
    assert "veemo" not in call(server, "disputes", sources=["uprighte"])
    said = refused(server, "compare", terms=["success", "service"], sources=["happyfox"])
    assert "happyfox is not among the sources that this server speaks for" in said
    assert "sources may be uprighte, veemo" in said
    assert "no source is called 'nosuch'" in refused(server_of(sources=("nosuch",)), "list")


def test_an_edited_file_is_seen_by_the_next_call(glossary: Callable[..., Path]) -> None:
    path = glossary(a="{terms: {lake: {name: Lake, definition: Water.}}}")
    server = server_of(str(path), builtin=False)
    assert "Water." in call(server, "show", names=["lake"])
    glossary(a="{terms: {lake: {name: Lake, definition: Ice.}}}")
    assert "Ice." in call(server, "show", names=["lake"])
    glossary(a="{terms: {lake: {nmae: Lake}}}")
    said = refused(server, "show", names=["lake"])
    assert re.search(r"a\.yaml:1:\d+: error\[unknown-key\]", said)
    assert ask(server, "resources/list")["code"] == -32603
    glossary(b="{terms: {pond: {name: Pond}}}", a="{terms: {lake: {name: Lake}}}")
    assert "Pond" in call(server, "list")


# Resources, prompts, completions


def test_resources_are_the_glossary_and_its_entries(server: Server) -> None:
    listed = ask(server, "resources/list")["resources"]
    assert [each["uri"] for each in listed] == [
        "csterms://glossary",
        *(f"csterms://term/{id}" for id in ("experience", "service", "success", "support")),
    ]
    for each in [*listed, {"uri": "csterms://metric/NPS"}, {"uri": "csterms://term/Customer%20Success"}]:
        (content,) = ask(server, "resources/read", uri=each["uri"])["contents"]
        assert content["uri"] == each["uri"]
        assert content["mimeType"] == "text/markdown"
        assert "|" in content["text"]
    templates = ask(server, "resources/templates/list")["resourceTemplates"]
    assert [each["uriTemplate"] for each in templates] == [
        f"csterms://{kind}/{{id}}" for kind in ("term", "metric", "aspect", "source")
    ]
    for uri in ("csterms://term/nosuch", "csterms://term/CS", "csterms://term/", "csterms://thing/x", "x", "csterms:"):
        error = ask(server, "resources/read", uri=uri)
        assert (error["code"], error["data"]) == (-32602, {"uri": uri})
    assert "means 3 things" in ask(server, "resources/read", uri="csterms://term/CS")["message"]


def test_an_id_that_two_kinds_bear_is_found_by_its_kind(glossary: Callable[..., Path]) -> None:
    path = glossary(a="{terms: {lake: {name: Lake}}, aspects: {lake: {name: Lake too, question: Wet?}}}")
    server = server_of(str(path), builtin=False)
    (content,) = ask(server, "resources/read", uri="csterms://aspect/lake")["contents"]
    assert "Wet?" in content["text"]
    assert "means 2 things" in refused(server, "show", names=["lake"])
    assert "Wet?" in call(server, "show", names=["lake"], kind="aspect")


def test_prompts_hold_the_answer_to_begin_with(server: Server) -> None:
    listed = ask(server, "prompts/list")["prompts"]
    assert [each["name"] for each in listed] == ["explain-difference", "define-term"]
    assert all(each["description"] for each in listed)
    arguments = {"first": "Customer Success", "second": "support"}
    (message,) = ask(server, "prompts/get", name="explain-difference", arguments=arguments)["messages"]
    assert "Explain how Customer Success and Customer Support differ" in message["content"]["text"]
    assert "| Approach | proactive (5) | reactive (3) |" in message["content"]["text"]
    (message,) = ask(server, "prompts/get", name="define-term", arguments={"term": "cx"})["messages"]
    assert "Define Customer Experience" in message["content"]["text"]
    for name, given_ in (
        ("nosuch", {}),
        ("define-term", {}),
        ("define-term", {"term": "x"}),
        ("define-term", {"a": "b"}),
    ):
        assert ask(server, "prompts/get", name=name, arguments=given_)["code"] == -32602


def test_completions_are_ids_that_are_not_given_yet(server: Server) -> None:
    def complete(ref: dict[str, str], name: str, value: str, **context: Any) -> Any:
        found = ask(server, "completion/complete", ref=ref, argument={"name": name, "value": value}, **context)
        return found["completion"]["values"] if "completion" in found else found["code"]

    prompt = {"type": "ref/prompt", "name": "explain-difference"}
    assert complete(prompt, "first", "su") == ["success", "support"]
    assert complete(prompt, "second", "su", context={"arguments": {"first": "success"}}) == ["support"]
    assert complete({"type": "ref/resource", "uri": "csterms://source/{id}"}, "id", "Veem") == ["veemo"]
    assert complete({"type": "ref/resource", "uri": "csterms://metric/{id}"}, "id", "zzz") == []
    assert complete(prompt, "third", "") == -32602
    assert complete({"type": "ref/prompt", "name": "nosuch"}, "first", "") == -32602
    assert complete({"type": "ref/resource", "uri": "csterms://nosuch/{id}"}, "id", "") == -32602
    assert complete({"type": "nosuch"}, "id", "") == -32602


# The protocol


def test_tools_are_listed_with_valid_schemas_in_one_order(server: Server) -> None:
    listed = ask(server, "tools/list")["tools"]
    assert [each["name"] for each in listed] == list(tools.TOOLS)
    for each in listed:
        jsonschema.Draft202012Validator.check_schema(each["inputSchema"])
        assert each["inputSchema"]["type"] == "object"
        assert each["inputSchema"]["additionalProperties"] is False
        assert all(property["description"] for property in each["inputSchema"]["properties"].values())
        assert each["annotations"]["readOnlyHint"] is True
        assert "$ref" not in json.dumps(each)
    for tool, arguments in CALLS.values():
        schema = next(each["inputSchema"] for each in listed if each["name"] == tool)
        jsonschema.validate(arguments, schema)


@pytest.mark.parametrize("modern", [False, True])
def test_each_request_is_answered_in_the_revision_it_is_written_in(modern: bool, server: Server) -> None:
    listed = ask(server, "tools/list", modern=modern)
    called = ask(server, "tools/call", modern=modern, name="list", arguments={})
    for result in (listed, called):
        assert (result.get("resultType") == "complete") is modern
        assert ("_meta" in result) is modern
    assert ("ttlMs" in listed, "cacheScope" in listed) == (modern, modern)
    assert "ttlMs" not in called
    assert ask(server, "resources/read", modern=modern, uri="csterms://glossary").get("ttlMs") == (
        0 if modern else None
    )
    assert ("supportedVersions" in ask(server, "server/discover", modern=modern)) is modern


def test_older_clients_open_with_initialize(server: Server) -> None:
    for asked, answered in (("2025-11-25", "2025-11-25"), ("2025-06-18", "2025-06-18"), ("2024-11-05", "2025-11-25")):
        hello = ask(
            server, "initialize", protocolVersion=asked, capabilities={}, clientInfo={"name": "x", "version": "1"}
        )
        assert hello["protocolVersion"] == answered
        assert set(hello["capabilities"]) == {"tools", "resources", "prompts", "completions"}
        assert hello["serverInfo"]["name"] == "csterms"
    assert ask(server, "ping") == {}


def request(**parts: Any) -> str:
    whole = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", **parts}
    return json.dumps({key: part for key, part in whole.items() if part is not ...})


def meta(**parts: Any) -> dict[str, Any]:
    whole = META | {f"io.modelcontextprotocol/{key}": part for key, part in parts.items()}
    return {"_meta": {key: part for key, part in whole.items() if part is not ...}}


SILENT = None
RAW: list[tuple[str | bytes, Any, int | None]] = [
    # what a client sends, the id of the response, its error; SILENT where there is none
    ("garbage", ..., -32700),
    ("{", ..., -32700),
    ('{"jsonrpc": "2.0", "id": 1, "method": "ping"} x', ..., -32700),
    (b"\xff\xfe", ..., -32700),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "\xff"}', 1, -32600),
    (b'{"jsonrpc": "2.0", "id": "\xff", "method": "ping"}', ..., -32600),
    ("[" * 100_000, ..., -32600),
    ('{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"a":' + "[" * 100_000, ..., -32700),
    ('{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"a":' + "[" * 5000 + "]" * 5000 + "}}", ..., -32700),
    (f"[{request()}]", ..., -32600),
    ("[]", ..., -32600),
    ('"text"', ..., -32600),
    ("null", ..., -32600),
    ("{}", ..., -32600),
    (request(id=...), SILENT, None),
    (request(id=..., method="notifications/cancelled", params={"requestId": 3}), SILENT, None),
    (request(id=..., method="nosuch"), SILENT, None),
    (request(method=..., result={}), SILENT, None),
    (request(method=..., error={"code": 1, "message": ""}), SILENT, None),
    (request(id=None), ..., -32600),
    (request(id=1.5), ..., -32600),
    (request(id=True), ..., -32600),
    (request(id=[1]), ..., -32600),
    (request(id={}), ..., -32600),
    (request(id=0), 0, None),
    (request(id=-5), -5, None),
    (request(id=10**40), 10**40, None),
    (request(id=""), "", None),
    (request(id="\u20ac \u2028 \x07"), "\u20ac \u2028 \x07", None),
    (request(id="x" * 1_000_000), "x" * 1_000_000, None),
    (request(jsonrpc="1.0"), 1, -32600),
    (request(jsonrpc=...), 1, -32600),
    (request(method=...), 1, -32600),
    (request(method=3), 1, -32600),
    (request(method="nosuch"), 1, -32601),
    (request(method="x" * 1_000_000), 1, -32601),
    (request(method="answer"), 1, -32601),
    (request(params=[]), 1, -32602),
    (request(params=None), 1, -32602),
    (request(params=3), 1, -32602),
    (request(params={"cursor": "x"}), 1, -32602),
    (request(params={"cursor": 3}), 1, -32602),
    (request(method="resources/list", params={"cursor": "-1"}), 1, -32602),
    (request(method="resources/list", params={"cursor": "9" * 9}), 1, None),
    (request(params={"_meta": {"progressToken": 3}}), 1, None),
    (request(params={"_meta": 3}), 1, None),
    (request(params=meta()), 1, None),
    (request(params=meta(protocolVersion="1900-01-01")), 1, -32022),
    (request(params=meta(protocolVersion="2025-11-25")), 1, -32022),
    (request(params=meta(protocolVersion=...)), 1, -32602),
    (request(params=meta(protocolVersion=3)), 1, -32602),
    (request(params=meta(clientCapabilities=...)), 1, -32602),
    (request(params=meta(clientCapabilities=[])), 1, -32602),
    (request(method="server/discover", params=meta()), 1, None),
    (request(method="server/discover"), 1, -32602),
    (request(method="server/discover", params=meta(protocolVersion="x")), 1, -32022),
    (request(method="initialize", params=meta()), 1, -32601),
    (request(method="initialize"), 1, -32602),
    (request(method="ping", params=meta()), 1, -32601),
    (request(method="subscriptions/listen", params=meta()), 1, -32601),
    (request(method="logging/setLevel", params={"level": "debug"}), 1, -32601),
    (request(method="tools/call"), 1, -32602),
    (request(method="tools/call", params={"name": "nosuch"}), 1, -32602),
    (request(method="tools/call", params={"name": 3}), 1, -32602),
    (request(method="tools/call", params={"name": "list", "arguments": []}), 1, -32602),
    (request(method="tools/call", params={"name": "list", "arguments": None}), 1, None),
    (request(method="tools/call", params={"name": "search", "arguments": {"words": "x" * 1_000_000}}), 1, None),
    ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"calc","arguments":{"a":1e999}}}', 1, -32602),
    (request(method="resources/read", params={"uri": "x" * 1_000_000}), 1, -32602),
    (request(method="prompts/get", params={"name": "define-term", "arguments": {"term": 3}}), 1, -32602),
]


@pytest.mark.parametrize(("line", "id", "code"), RAW, ids=[f"{number}" for number in range(len(RAW))])
def test_raw_requests(line: str | bytes, id: Any, code: int | None, server: Server) -> None:
    response = server.answer(line.encode() if isinstance(line, str) else line)
    if id is SILENT:
        assert response is None
        return
    assert response is not None
    assert b"\n" not in response
    decoded = json.loads(response)
    assert decoded["jsonrpc"] == "2.0"
    assert decoded.get("id", ...) == id
    assert decoded.get("error", {}).get("code") == code
    assert ("result" in decoded) is (code is None)


def test_a_byte_order_mark_before_a_line_is_passed_over(server: Server) -> None:
    line = b"\xef\xbb\xbf" + request(method="ping").encode()
    assert "result" in json.loads(server.answer(line) or b"")


def test_a_long_address_is_not_sent_back(server: Server) -> None:
    error = ask(server, "resources/read", uri="x" * 1_000_000)
    assert error["data"] == {"uri": "x" * 200}
    assert len(json.dumps(error)) < 1000


def test_a_version_that_is_not_served_is_told_those_that_are(server: Server) -> None:
    response = json.loads(server.answer(request(params=meta(protocolVersion="2030-01-01")).encode()) or b"")
    served = ask(server, "server/discover", modern=True)["supportedVersions"]
    assert response["error"]["data"] == {"supported": served, "requested": "2030-01-01"}


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_line_is_too_strange(line: bytes) -> None:
    response = server_of().answer(line)
    assert response is None or json.loads(response)["error"]["code"] in (-32700, -32600)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.sampled_from(sorted(METHODS)),
    st.dictionaries(st.sampled_from(["name", "arguments", "uri", "cursor", "ref", "argument", "_meta", "x"]), JSON),
    JSON,
)
def test_no_parameters_are_too_strange(method: str, params: dict[str, Any], id: Any) -> None:
    line = json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).encode()
    response = json.loads(server_of().answer(line) or b"")
    assert response.get("error", {}).get("code") in (None, -32600, -32601, -32602)


@given(
    st.sampled_from(sorted(tools.TOOLS)),
    st.dictionaries(
        st.sampled_from(
            ["terms", "term", "names", "words", "metric", "inputs", "sources", "kind", "aspects", "detail"]
        ),
        JSON,
    ),
)
def test_no_arguments_are_too_strange(tool: str, arguments: dict[str, Any]) -> None:
    text_of(ask(server_of(), "tools/call", name=tool, arguments=arguments))


def test_a_bug_is_answered_and_the_loop_lives_on(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("\ud800 oh")

    monkeypatch.setattr("cs_terms.answers.disputes.find_disputes", fail)
    error = ask(server, "tools/call", name="disputes")
    assert error["code"] == -32603
    assert error["message"].startswith("a bug in csterms: KeyError")
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" in err
    assert call(server, "list")


def test_lines_that_are_too_long_are_refused_and_forgotten(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("messages", "stdio"):
        monkeypatch.setattr(f"cs_terms.exchange.mcp.{module}.LONGEST", 1000)
    fits = request(id="x" * (1000 - len(request(id=""))))
    lines = [request(id="y" * 5000), fits, "", "   ", request(id="z" * 950), request(id=9), request(id="w" * 2000)]
    responses = io.BytesIO()
    serve(server, io.BytesIO("\n".join(lines).encode()), responses)
    answered = [json.loads(line) for line in responses.getvalue().splitlines()]
    assert [each.get("id", "none")[:1] if isinstance(each.get("id", "none"), str) else each["id"] for each in answered] == [
        "n", "x", "n", 9, "n",
    ]  # fmt: skip
    assert answered[0]["error"]["message"] == "a message has at most 1,000 bytes"
    assert messages.LONGEST == 1000


# The command


def test_standard_output_carries_the_protocol_alone(shell: Callable[..., Ran], tmp_path: Path) -> None:
    flood = [json.dumps({"jsonrpc": "2.0", "id": number, "method": "ping"}) for number in range(5000)]
    lines = [
        "garbage", request(id=1, method="ping"), "[" * 10_000, request(id=2, method="tools/call", params={"name": "list"}),
        request(id=3, method="tools/call", params={"name": "calc", "arguments": {"metric": "nps", "inputs": {"promoters": "@-"}}}),
        *flood, request(id="last", method="ping"),
    ]  # fmt: skip
    (tmp_path / "requests").write_text("\n".join(lines))  # the last one has no end
    ran = shell(f'csterms mcp < "{tmp_path}/requests"')
    assert (ran.code, ran.err) == (0, "")
    answered = [json.loads(line) for line in ran.out.splitlines()]
    assert [each.get("id") for each in answered] == [None, 1, None, 2, 3, *range(5000), "last"]


def test_whatever_prints_or_reads_does_not_touch_the_protocol(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def meddle(*_: object) -> None:
        print("noise")
        raise KeyError(sys.stdin.read())

    monkeypatch.setattr("cs_terms.answers.disputes.find_disputes", meddle)
    lines = [request(id="a", method="tools/call", params={"name": "disputes"}), request(id="b", method="ping")]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(lines).encode())))
    serve_standard_streams(lambda: chosen([], no_builtin=False), ())
    out, err = capsys.readouterr()
    first, second = (json.loads(line) for line in out.splitlines())
    assert first["error"]["message"].startswith("a bug in csterms: KeyError: ''")
    assert second == {"jsonrpc": "2.0", "id": "b", "result": {}}
    assert err.startswith("noise\n")


def test_the_command_ends_with_its_input_and_with_its_reader(shell: Callable[..., Ran]) -> None:
    assert shell("csterms mcp < /dev/null") == (0, "", "")
    assert shell("csterms mcp <&-").code == 0
    line = request(method="tools/call", params={"name": "list"}).replace('"', '\\"')
    ran = shell(f'set +o pipefail; for i in $(seq 2000); do echo "{line}"; done | csterms mcp | head -1 | wc -l')
    assert (ran.code, ran.out.strip(), ran.err) == (0, "1", "")


def test_the_command_takes_layers_and_sources(shell: Callable[..., Ran], glossary: Callable[..., Path]) -> None:
    path = glossary(
        a="{sources: {book: {title: Book}}, terms: {lake: {name: Lake, definition: {text: Water., sources: [book]}}}}"
    )
    line = request(method="tools/call", params={"name": "list"})
    ran = shell(f"echo '{line}' | csterms mcp --no-builtin -D '{path}' -s book")
    assert "Water." in ran.out
    assert "Success" not in ran.out
    ran = shell(f"echo '{line}' | csterms mcp -D nosuch")
    assert (ran.code, ran.err) == (0, "")
    assert "cannot be opened" in json.loads(ran.out)["result"]["content"][0]["text"]
    ran = shell("csterms mcp -D - < /dev/null")
    assert ran.code == 2
    assert "standard input carries the protocol" in ran.err


def test_whoever_starts_it_by_hand_is_told_what_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keyboard = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(keyboard, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdin", keyboard)
    serve_standard_streams(list, ())
    out, err = capsys.readouterr()
    assert (out, sys.stdin) == ("", keyboard)
    assert "an assistant starts this command" in err


def test_only_this_command_loads_the_server(shell: Callable[..., Ran]) -> None:
    loaded = "import sys; sys.argv[1:] = {}; import cs_terms.cli\ntry: cs_terms.cli.main()\nexcept SystemExit: pass\nprint(sorted({{'rich', 'yaml', 'asyncio', 'cs_terms.exchange'}} & set(sys.modules)), file=sys.stderr)"
    for arguments, expected in ((["mcp"], "['cs_terms.exchange']"), (["list"], "[]")):
        ran = shell(f'PYTHONPATH="{ROOT}" "{sys.executable}" -c "{loaded.format(arguments)}" < /dev/null')
        assert ran.err.splitlines()[-1] == expected


# The guide

GUIDE = ROOT / "docs" / "assistants.md"
CONVERSATION = re.compile(r"```json\n(\{\"name\".*?)\n```\n\n````markdown\n(.*?)````", re.DOTALL)


def test_the_conversation_in_the_guide_is_what_the_server_answers(server: Server) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    answers = []
    for asked, _ in CONVERSATION.findall(text):
        content = json.loads(asked)
        answers.append(call(server, content["name"], **content["arguments"]))
    assert len(answers) >= 3
    if "UPDATE_GOLDEN" in os.environ:
        fresh = iter(answers)
        GUIDE.write_text(
            CONVERSATION.sub(lambda match: f"```json\n{match[1]}\n```\n\n````markdown\n{next(fresh)}````", text),
            encoding="utf-8",
        )
    assert [answer for _, answer in CONVERSATION.findall(text)] == answers


def test_the_guide_names_every_tool_and_prompt() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for name in (*tools.TOOLS, *library.PROMPTS):
        assert f"`{name}`" in text
    for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL):
        json.loads(block)
