"""The server for assistants, spoken to by the protocol's own client, and judged by its own types, in both eras."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from conftest import ROOT
from test_mcp import CALLS, META, server_of

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
