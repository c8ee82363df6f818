"""Messages of the protocol: what a line says, in which revision, and what is wrong with it."""

import codecs
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

Decoded = TypeVar("Decoded")

MODERN = ("2026-07-28",)
"""The revisions that carry their version in every request."""
LEGACY = ("2025-11-25", "2025-06-18")
"""Those that open with `initialize`, the newest first."""
LONGEST = 8_000_000
"""The most bytes of a message that is read."""
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL_ERROR = -32700, -32600, -32601, -32602, -32603
UNSUPPORTED_VERSION = -32022
META = "io.modelcontextprotocol/"
"""What the keys of the protocol's own metadata begin with."""


class RpcError(Exception):
    """An answer that is an error of the protocol."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.error = {"code": code, "message": message, **({} if data is None else {"data": data})}


class Message(Struct, frozen=True):
    """The envelope of a message. What is in it is decoded once it is known whom to answer."""

    id: msgspec.Raw = msgspec.Raw(b"")
    """As it is written; nothing in a notification."""
    jsonrpc: msgspec.Raw = msgspec.Raw(b"")
    method: msgspec.Raw = msgspec.Raw(b"")
    params: msgspec.Raw = msgspec.Raw(b"{}")
    result: msgspec.Raw = msgspec.Raw(b"")
    """Stands in responses alone, and the server sends no request that could have one."""
    error: msgspec.Raw = msgspec.Raw(b"")
    """Likewise."""

    @property
    def wants_response(self) -> bool:
        """Whether it is a request, right or wrong, and neither a notification nor a response."""
        return not (bytes(self.result) or bytes(self.error)) and (bytes(self.id) != b"" or bytes(self.method) == b"")

    @property
    def has_id(self) -> bool:
        """Whether its id is one that a response can bear."""
        try:
            msgspec.json.decode(self.id, type=int | str)
        except (msgspec.DecodeError, ValueError):
            return False
        return b"." not in (id := bytes(self.id)) or id.startswith(b'"')


class Empty(Struct, frozen=True):
    """The parameters of a method that takes none."""


class Cursor(Struct, frozen=True):
    """Where a list goes on."""

    cursor: str | None = None


class ToolCall(Struct, frozen=True):
    """A tool and its arguments."""

    name: str
    arguments: dict[str, Any] | None = None


class Address(Struct, frozen=True):
    """The address of a resource."""

    uri: str


class PromptCall(Struct, frozen=True):
    """A prompt and its arguments."""

    name: str
    arguments: dict[str, str] | None = None


class Reference(Struct, frozen=True):
    """A prompt by name, or a template by address."""

    type: Literal["ref/prompt", "ref/resource"]
    name: str = ""
    uri: str = ""


class Argument(Struct, frozen=True):
    """An argument and what is typed of it."""

    name: str
    value: str


class Context(Struct, frozen=True):
    """The arguments that are filled in already."""

    arguments: dict[str, str] | None = None


class Completion(Struct, frozen=True):
    """What is to be completed."""

    ref: Reference
    argument: Argument
    context: Context | None = None


class Hello(Struct, frozen=True, rename="camel"):
    """How an older client opens."""

    protocol_version: str


_MESSAGE = msgspec.json.Decoder(Message)


def decode(line: bytes) -> Message:
    """Returns the message on a line. Raises RpcError where it is none."""
    if len(line.rstrip(b"\r\n")) > LONGEST:
        raise RpcError(INVALID_REQUEST, f"a message has at most {LONGEST:,} bytes")
    try:
        return _MESSAGE.decode(line.removeprefix(codecs.BOM_UTF8))  # some clients on Windows begin with one
    except msgspec.ValidationError as error:
        message = "a message is one JSON object; a batch of them is not read"
        raise RpcError(INVALID_REQUEST, message) from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RpcError(PARSE_ERROR, f"the line is no JSON: {error}") from error


def decode_method(message: Message) -> str:
    """Returns the method of a request. Raises RpcError where the request is none of JSON-RPC."""
    if not message.has_id:
        raise RpcError(INVALID_REQUEST, "an id is a string or an integer")
    try:
        msgspec.json.decode(message.jsonrpc, type=Literal["2.0"])
        return msgspec.json.decode(message.method, type=str)
    except (msgspec.DecodeError, ValueError) as error:
        raise RpcError(INVALID_REQUEST, 'a request has "jsonrpc": "2.0" and a method') from error


def decode_params(message: Message, takes: type[Decoded]) -> Decoded:
    """Returns the parameters of a request. Raises RpcError with the place of what is wrong."""
    try:
        return msgspec.json.decode(message.params, type=takes)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RpcError(INVALID_PARAMS, f"params: {error}") from error


def is_modern(params: dict[str, Any], method: str) -> bool:
    """Returns whether a request carries its version. Raises RpcError where it carries one that is not served, or half."""
    meta = params.get("_meta")
    given = {key: value for key, value in meta.items() if key.startswith(META)} if isinstance(meta, dict) else {}
    version, capabilities = given.get(f"{META}protocolVersion"), given.get(f"{META}clientCapabilities")
    if version is None and capabilities is None and method != "server/discover":
        return False
    if not isinstance(version, str):
        raise RpcError(INVALID_PARAMS, f"params: _meta lacks {META}protocolVersion, a string")
    if version not in MODERN:
        data = {"supported": MODERN, "requested": version}
        raise RpcError(UNSUPPORTED_VERSION, "this protocol version is not supported", data)
    if not isinstance(capabilities, dict):
        raise RpcError(INVALID_PARAMS, f"params: _meta lacks {META}clientCapabilities, an object")
    return True
