"""The server: each method of the protocol, in the current revision and in those that open with `initialize`.

A request that carries its protocol version is answered by that revision, any other as older clients expect it. Nothing is
kept from one request to the next.
"""

import sys
import traceback
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec import Struct

from cs_terms import __version__
from cs_terms.errors import BAD_DEFINITIONS, CstermsError
from cs_terms.exchange.mcp import library, tools
from cs_terms.exchange.mcp.messages import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    LEGACY,
    META,
    METHOD_NOT_FOUND,
    MODERN,
    Address,
    Completion,
    Cursor,
    Empty,
    Hello,
    Message,
    PromptCall,
    RpcError,
    ToolCall,
    decode,
    decode_method,
    decode_params,
    is_modern,
)
from cs_terms.exchange.mcp.writing import write_error

HOUR = 3_600_000
"""How many milliseconds a client may keep what only another version of csterms would change."""
SERVER = {"name": "csterms", "title": "csterms glossary", "version": __version__}
CAPABILITIES: dict[str, Any] = {"tools": {}, "resources": {}, "prompts": {}, "completions": {}}
INSTRUCTIONS = (
    "A glossary in which every claim names its source: what terms mean, how they differ, what measures them, and where"
    " the sources contradict each other. Call compare, metrics or disputes before you say which team owns what. Start"
    ' with the short answers; ask for detail "full" with aspects before you quote. Name the source of each claim, say'
    " where sources contradict each other (contested), and say where no source says anything."
)


class Method(Struct, frozen=True):
    """One method of the protocol."""

    takes: type[Struct]
    """Its parameters."""
    answer: Callable[["Server", Any], dict[str, Any]]
    era: Literal["both", "modern", "legacy"] = "both"
    """The revisions that have it."""
    kept: tuple[int, str] | None = None
    """For how many milliseconds the answer may be kept, and by whom; None where it is not to be."""


class Server(Struct, frozen=True):
    """Answers requests from a glossary, which is opened anew for each."""

    open: tools.Open

    def answer(self, line: bytes) -> bytes | None:
        """Returns the response to a line, or None where it wants none. Never raises for what is in it."""
        message = Message()
        try:
            message = decode(line)
            if not message.wants_response:
                return None
            return self._respond(message, {"result": self._result(message)})
        except RpcError as error:
            return self._respond(message, {"error": error.error})
        except Exception as bug:  # noqa: BLE001  # whatever it is, the next request has to be answered
            traceback.print_exc(file=sys.stderr)
            said = f"a bug in csterms: {type(bug).__name__}: {bug}"[:1000].encode("ascii", "backslashreplace").decode()
            error_of_ours = {"code": INTERNAL_ERROR, "message": f"{said}; please report it with the request"}
            return self._respond(message, {"error": error_of_ours})

    def _respond(self, message: Message, content: dict[str, Any]) -> bytes:
        id = {"id": message.id} if message.has_id else {}  # an id that cannot be read is left out
        return msgspec.json.encode({"jsonrpc": "2.0", **id, **content})

    def _result(self, message: Message) -> dict[str, Any]:
        name = decode_method(message)
        params = decode_params(message, dict[str, Any])
        modern = is_modern(params, name)
        method = METHODS.get(name)
        if method is None or method.era == ("legacy" if modern else "modern"):
            raise RpcError(METHOD_NOT_FOUND, f"there is no method {name[:200]!r}")
        asked = decode_params(message, method.takes)
        try:
            result = method.answer(self, asked)
        except CstermsError as error:
            code = INTERNAL_ERROR if error.code == BAD_DEFINITIONS else INVALID_PARAMS
            about = {"uri": asked.uri[:200]} if isinstance(asked, Address) else None
            raise RpcError(code, write_error(error), about) from error
        if modern:
            result = {**result, "resultType": "complete", "_meta": {f"{META}serverInfo": SERVER}}
            if method.kept:
                result["ttlMs"], result["cacheScope"] = method.kept
        return result

    def discover(self, _: Empty) -> dict[str, Any]:
        """Returns what the server can do, to clients of the current revision."""
        return {"supportedVersions": list(MODERN), "capabilities": CAPABILITIES, "instructions": INSTRUCTIONS}

    def initialize(self, hello: Hello) -> dict[str, Any]:
        """Returns the same to older clients, with the revision they ask for where it is there."""
        version = hello.protocol_version if hello.protocol_version in LEGACY else LEGACY[0]
        about = {"capabilities": CAPABILITIES, "serverInfo": SERVER, "instructions": INSTRUCTIONS}
        return {"protocolVersion": version, **about}

    def ping(self, _: Empty) -> dict[str, Any]:
        """Returns nothing, to show that the server lives."""
        return {}

    def list_tools(self, asked: Cursor) -> dict[str, Any]:
        """Returns the tools."""
        return {"tools": _only_page(asked, tools.list_tools)}

    def call_tool(self, call: ToolCall) -> dict[str, Any]:
        """Returns what a tool answers."""
        if call.name not in tools.TOOLS:
            known = ", ".join(tools.TOOLS)
            raise RpcError(INVALID_PARAMS, f"there is no tool {call.name[:200]!r}; the tools are {known}")
        return tools.call_tool(self.open, call.name, call.arguments or {})

    def list_resources(self, asked: Cursor) -> dict[str, Any]:
        """Returns the glossary and its terms."""
        with self.open(()) as glossary:
            return library.list_resources(glossary, asked.cursor)

    def list_templates(self, asked: Cursor) -> dict[str, Any]:
        """Returns the templates of resources."""
        return {"resourceTemplates": _only_page(asked, library.list_templates)}

    def read_resource(self, address: Address) -> dict[str, Any]:
        """Returns a resource."""
        with self.open(()) as glossary:
            return library.read_resource(glossary, address.uri)

    def list_prompts(self, asked: Cursor) -> dict[str, Any]:
        """Returns the prompts."""
        return {"prompts": _only_page(asked, library.list_prompts)}

    def get_prompt(self, call: PromptCall) -> dict[str, Any]:
        """Returns a prompt, filled in."""
        with self.open(()) as glossary:
            return library.get_prompt(glossary, call.name, call.arguments or {})

    def complete(self, asked: Completion) -> dict[str, Any]:
        """Returns the ids that an argument may become."""
        name, value = asked.argument.name, asked.argument.value
        given = (asked.context.arguments or {}) if asked.context else {}
        with self.open(()) as glossary:
            if asked.ref.type == "ref/resource":
                return library.complete_template(glossary, asked.ref.uri, name, value)
            return library.complete_prompt(glossary, asked.ref.name, name, value, set(given.values()))


METHODS = {
    "server/discover": Method(Empty, Server.discover, "modern", (HOUR, "public")),
    "initialize": Method(Hello, Server.initialize, "legacy"),
    "ping": Method(Empty, Server.ping, "legacy"),
    "tools/list": Method(Cursor, Server.list_tools, kept=(HOUR, "public")),
    "tools/call": Method(ToolCall, Server.call_tool),
    "resources/list": Method(Cursor, Server.list_resources, kept=(0, "private")),
    "resources/templates/list": Method(Cursor, Server.list_templates, kept=(HOUR, "public")),
    "resources/read": Method(Address, Server.read_resource, kept=(0, "private")),
    "prompts/list": Method(Cursor, Server.list_prompts, kept=(HOUR, "public")),
    "prompts/get": Method(PromptCall, Server.get_prompt),
    "completion/complete": Method(Completion, Server.complete),
}
"""The methods by name; any other is unknown."""


def _only_page(asked: Cursor, entries: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """A list that has one page. Raises RpcError for a cursor, since none was given."""
    if asked.cursor is not None:
        raise RpcError(INVALID_PARAMS, "the list has one page; ask for it without a cursor")
    return entries()
