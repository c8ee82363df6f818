"""The server for assistants, spoken to by the protocol's own clients, and judged by its own types, in both eras.

What is not installed everywhere is skipped: the SDK (extra test-mcp), the inspector (`mcp-inspector` of npm, with Node 22), and the
published JSON Schemas, which MCP_SCHEMAS names: the folder `schema` of github.com/modelcontextprotocol/modelcontextprotocol.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT
from test_mcp import CALLS, META, RAW, server_of

needed = "the protocol's own client is not installed: pip install -e '.[test-mcp]'"
mcp = pytest.importorskip("mcp", reason=needed)
stdio = pytest.importorskip("mcp.client.stdio", reason=needed)
methods = pytest.importorskip("mcp_types.methods", reason=needed)

MODES = {"legacy": "2025-11-25", "auto": "2026-07-28", "2026-07-28": "2026-07-28"}
"""How the client opens, and the revision that it then speaks."""


def talk(mode: str, say: Callable[[Any], Awaitable[None]], *options: str) -> None:
    """Starts the command as a client does, and ends it as one does."""
    environment = {name: value for name, value in os.environ.items() if name.startswith(("XDG_", "PATH"))}
    started = stdio.StdioServerParameters(
        command=sys.executable, args=["-m", "cs_terms", "mcp", *options], env={**environment, "PYTHONPATH": str(ROOT)}
    )

    async def run() -> None:
        async with mcp.Client(started, mode=mode) as client:
            await say(client)

    asyncio.run(run())


@pytest.mark.parametrize("mode", MODES)
def test_the_client_agrees_on_a_revision_and_sees_everything(mode: str) -> None:
    async def say(client: Any) -> None:
        assert client.protocol_version == MODES[mode]
        if mode != "2026-07-28":  # a client that opens without asking knows nothing of the server
            assert client.server_info.name == "csterms"
            assert "Name the source" in client.instructions
        listed = await client.list_tools()
        assert [tool.name for tool in listed.tools][:2] == ["search", "compare"]
        assert all(tool.annotations.read_only_hint for tool in listed.tools)
        assert str((await client.list_resources()).resources[0].uri) == "csterms://glossary"
        assert len((await client.list_resource_templates()).resource_templates) == 4
        assert len((await client.list_prompts()).prompts) == 2

    talk(mode, say)


@pytest.mark.parametrize("mode", MODES)
def test_the_client_calls_every_tool(mode: str) -> None:
    async def say(client: Any) -> None:
        for tool, arguments in CALLS.values():
            called = await client.call_tool(tool, arguments)
            assert called.is_error is False
            assert called.content[0].text
        wrong = await client.call_tool("show", {"names": ["CS"]})
        assert wrong.is_error is True
        assert "means 3 things" in wrong.content[0].text
        with pytest.raises(mcp.MCPError, match="there is no tool") as raised:
            await client.call_tool("nosuch", {})
        assert raised.value.error.code == -32602
        read = await client.read_resource("csterms://term/success")
        assert "Customer Success" in read.contents[0].text
        with pytest.raises(mcp.MCPError, match="no term is called"):
            await client.read_resource("csterms://term/nosuch")
        prompt = await client.get_prompt("explain-difference", {"first": "success", "second": "support"})
        assert "Explain how" in prompt.messages[0].content.text

    talk(mode, say)


def test_the_client_serves_one_source_alone() -> None:
    async def say(client: Any) -> None:
        called = await client.call_tool("disputes", {})
        assert "happyfox" not in called.content[0].text

    talk("auto", say, "-s", "uprighte")


REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("tools/list", {}),
    ("resources/list", {}),
    ("resources/templates/list", {}),
    ("prompts/list", {}),
    ("resources/read", {"uri": "csterms://glossary"}),
    ("prompts/get", {"name": "define-term", "arguments": {"term": "success"}}),
    (
        "completion/complete",
        {"ref": {"type": "ref/prompt", "name": "define-term"}, "argument": {"name": "term", "value": ""}},
    ),
    *(("tools/call", {"name": tool, "arguments": arguments}) for tool, arguments in CALLS.values()),
    ("tools/call", {"name": "show", "arguments": {"names": ["CS"]}}),
]
HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
BY_REVISION = [
    *(("2025-11-25", method, params) for method, params in [*REQUESTS, ("initialize", HELLO), ("ping", {})]),
    *(("2025-06-18", method, params) for method, params in REQUESTS),
    *(("2026-07-28", method, {**params, "_meta": META}) for method, params in [*REQUESTS, ("server/discover", {})]),
]


@pytest.mark.parametrize(("revision", "method", "params"), BY_REVISION)
def test_results_are_of_the_types_that_each_revision_publishes(
    revision: str, method: str, params: dict[str, Any]
) -> None:
    """The SDK generates its types from the published JSON Schema of each revision."""
    request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    methods.CLIENT_REQUESTS[method, revision].model_validate(request)
    response = json.loads(server_of().answer(json.dumps(request).encode()) or b"")
    methods.validate_server_result(method, revision, response["result"])


SCHEMAS = os.environ.get("MCP_SCHEMAS", "")
TYPES = {
    "tools/list": "ListToolsResult",
    "tools/call": "CallToolResult",
    "resources/list": "ListResourcesResult",
    "resources/templates/list": "ListResourceTemplatesResult",
    "resources/read": "ReadResourceResult",
    "prompts/list": "ListPromptsResult",
    "prompts/get": "GetPromptResult",
    "completion/complete": "CompleteResult",
    "initialize": "InitializeResult",
    "ping": "EmptyResult",
    "server/discover": "DiscoverResult",
}
"""The type of each method's result, as the schemas call it."""


def check_against(revision: str, type: str, value: Any) -> None:
    schema = json.loads((Path(SCHEMAS) / revision / "schema.json").read_text(encoding="utf-8"))
    key = "$defs" if "$defs" in schema else "definitions"
    validator = jsonschema.validators.validator_for(schema)
    jsonschema.validate(value, {**schema, "$ref": f"#/{key}/{type}"}, cls=validator)


@pytest.mark.skipif(not SCHEMAS, reason="MCP_SCHEMAS does not name the published schemas")
@pytest.mark.parametrize("revision", ["2025-06-18", "2025-11-25", "2026-07-28"])
def test_results_fit_the_published_schemas(revision: str) -> None:
    for written, method, params in BY_REVISION:
        if written == revision:
            request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
            response = json.loads(server_of().answer(json.dumps(request).encode()) or b"")
            check_against(revision, TYPES[method], response["result"])
            check_against(revision, "JSONRPCResponse", response)


@pytest.mark.skipif(not SCHEMAS, reason="MCP_SCHEMAS does not name the published schemas")
@pytest.mark.parametrize("revision", ["2025-11-25", "2026-07-28"])
def test_errors_fit_the_published_schemas(revision: str) -> None:
    for line, _, code in RAW:
        if code is not None:
            response = json.loads(server_of().answer(line.encode() if isinstance(line, str) else line) or b"")
            check_against(revision, "JSONRPCErrorResponse", response)


@pytest.mark.skipif(not shutil.which("mcp-inspector"), reason="the inspector of npm is not on the PATH")
@pytest.mark.parametrize("era", ["modern", "legacy"])
def test_the_inspector_sees_no_fault(era: str, command: Path, tmp_path: Path) -> None:
    def inspect(*options: str) -> Any:
        done = subprocess.run(
            ["mcp-inspector", "--cli", command / "csterms", "mcp", "--protocol-era", era, *options],
            env={**os.environ, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return json.loads(done.stdout)

    assert len(inspect("--method", "tools/list", "--strict")["tools"]) == 8
    called = inspect("--method", "tools/call", "--tool-name", "show", "--tool-args-json", '{"names": ["nps"]}')
    assert "Net Promoter Score" in called["content"][0]["text"]
    read = inspect("--method", "resources/read", "--uri", "csterms://term/success")
    assert "Customer Success" in read["contents"][0]["text"]
