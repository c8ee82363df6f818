"""The server on standard input and output, which carry the protocol and nothing else."""

import contextlib
import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import BinaryIO

from cs_terms.exchange.mcp.messages import LONGEST
from cs_terms.exchange.mcp.server import Server
from cs_terms.exchange.mcp.tools import open_served
from cs_terms.loading.files import Layer
from cs_terms.output.streams import say


def serve_standard_streams(layers: Callable[[], Sequence[Layer]], sources: Sequence[str]) -> None:
    """Serves the glossary of these layers, which are looked for anew at every request, until standard input ends."""
    gc.freeze()  # what is loaded by now stays; only what requests leave behind is worth going through
    if sys.stdin is None:
        return
    requests, responses = sys.stdin.buffer, sys.stdout.buffer
    if sys.stdin.isatty():
        say("csterms mcp: an assistant starts this command and speaks to it; docs/assistants.md says how to set it up")
    with (
        open(os.devnull, encoding="utf-8") as nothing,
        contextlib.redirect_stdout(sys.stderr),
    ):
        before, sys.stdin = sys.stdin, nothing
        try:
            serve(Server(lambda asked: open_served(layers, tuple(sources), tuple(asked))), requests, responses)
        finally:
            sys.stdin = before


def serve(server: Server, requests: BinaryIO, responses: BinaryIO) -> None:
    """Answers each line of requests with a line, until the requests end or nobody reads the responses."""
    while line := requests.readline(LONGEST + 2):
        whole = line
        while len(whole) > LONGEST and not whole.endswith(b"\n"):  # what is too long is read and forgotten
            whole = requests.readline(LONGEST + 2) or b"\n"
        if not line.strip():
            continue
        response = server.answer(line)
        if response is not None:
            try:
                responses.write(response + b"\n")
                responses.flush()
            except BrokenPipeError:
                return
            gc.collect()  # while the client reads; the command line runs without, since it is over at once
