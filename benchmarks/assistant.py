"""What `csterms mcp` takes: until it is ready, of memory, and for a call of each tool."""

import json
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

CALLS: dict[str, dict[str, Any]] = {
    "search": {"words": "upsell"},
    "compare": {"terms": ["success", "support"]},
    "compare_sources": {"term": "service"},
    "show": {"names": ["nps"]},
    "metrics": {"terms": ["support"]},
    "disputes": {},
    "calc": {"metric": "nps", "inputs": {"promoters": 120, "detractors": 30, "responses": 200}},
    "list": {},
}
FULL = {"terms": ["success", "support", "service", "experience"], "detail": "full"}


class Call(NamedTuple):
    """What calls of one tool took."""

    seconds: float
    """At the median."""
    characters: int
    """Of the answer."""


class Assistant:
    """A running server and its one client."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str]) -> None:
        start = time.perf_counter()
        self._running = subprocess.Popen([*argv, "mcp"], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ask("initialize", {"protocolVersion": "2025-11-25"})
        self.ready = time.perf_counter() - start
        """Seconds from its start to its first response."""

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """Returns the result of a request."""
        assert self._running.stdin
        assert self._running.stdout
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        self._running.stdin.write(json.dumps(request).encode() + b"\n")
        self._running.stdin.flush()
        return json.loads(self._running.stdout.readline())["result"]

    def call(self, tool: str, arguments: dict[str, Any], rounds: int) -> Call:
        """Calls a tool so often. Raises RuntimeError where it fails."""
        taken = []
        for _ in range(rounds):
            start = time.perf_counter()
            result = self.ask("tools/call", {"name": tool, "arguments": arguments})
            taken.append(time.perf_counter() - start)
            if result["isError"]:
                raise RuntimeError(result["content"][0]["text"])
        return Call(statistics.median(taken), len(result["content"][0]["text"]))

    def memory(self) -> float:
        """Returns the most memory that it has held, in MB."""
        status = Path(f"/proc/{self._running.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def end(self) -> None:
        """Ends it, as a client does."""
        self._running.communicate()
