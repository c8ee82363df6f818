"""Exports as the systems' own programs take them: what `.ci/clients` installs. Skipped where a client is not there."""

import csv
import json
import os
import random
import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, Run

from cs_terms.exchange.datahub import escape, unescape

BASE = "https://example.org/glossary/"
GLOSSARIES = {"shipped": "", "stress": f"--no-builtin -D {ROOT / 'tests' / 'exchange' / 'stress.yaml'}"}
KEPT = os.environ.get("CSTERMS_TEST_CLIENTS", "")
"""Where the clients are; read here, because no setting reaches a test."""
CANARY = "must-not-be-read"
MODEL = """
import importlib.util, json, pathlib, sys, types
folder = importlib.util.find_spec("metadata").submodule_search_locations[0]
package = types.ModuleType("metadata")  # the package itself would import the whole of what it depends on
package.__path__ = [folder]
sys.modules["metadata"] = package
from metadata.generated.schema.api.data.createGlossaryTerm import CreateGlossaryTermRequest
print(len([CreateGlossaryTermRequest.model_validate(each) for each in json.load(sys.stdin)]))
"""


def client(name: str, *arguments: object, cwd: Path, given: str | None = None) -> str:
    """Runs a client with a canary in its environment and returns what it printed."""
    program = Path(KEPT, name)
    if not KEPT or not program.exists():
        pytest.skip("the clients are not installed: CSTERMS_TEST_CLIENTS=$(.ci/clients)")
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(cwd), "HOSTNAME": CANARY, "NOT_SET": CANARY, "LANG": "C.UTF-8",
        "DATAHUB_TELEMETRY_ENABLED": "false",
    }  # fmt: skip
    done = subprocess.run(
        [program, *map(str, arguments)], cwd=cwd, env=environment, input=given, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(params=GLOSSARIES)
def export(request: pytest.FixtureRequest, run: Run, tmp_path: Path):
    """Exports a glossary and returns the path."""

    def call(system: str, name: str, options: str = "") -> Path:
        path = tmp_path / name
        ran = run(f"export {system} {options} {GLOSSARIES[request.param]} -o {path}")
        assert ran.code == 0, ran.err
        return path

    call.glossary = request.param
    return call


ESCAPES = """
import json, sys
from datahub.configuration.config_loader import EnvResolver
for escaped in json.load(sys.stdin):
    print(json.dumps(EnvResolver({"X": "expanded", "HOME": "expanded"}).resolve({"key": escaped})["key"]))
"""


def test_datahub_s_own_resolver_gives_every_text_back(tmp_path: Path) -> None:
    chosen = random.Random(1)
    texts = [
        "".join(
            chosen.choices(["$", "{", "}", "\\", "X", " ", "${X}", "$HOME", "'", '"', "a", "é"], k=chosen.randint(1, 9))
        )
        for _ in range(5000)
    ]
    resolved = client(
        "datahub/bin/python", "-c", ESCAPES, cwd=tmp_path, given=json.dumps([escape(text) for text in texts])
    )
    read = [json.loads(line) for line in resolved.splitlines() if line.startswith('"')]
    # A text that begins with $ gets a blank in front, which an import takes away.
    assert [
        text if text in (came, came[1:]) and came.strip(" ") == text.strip(" ") else None
        for came, text in zip(read, texts, strict=True)
    ] == texts
    assert [unescape(escape(text)) for text in texts] == texts


def test_datahub_ingests_it_and_expands_nothing(export, tmp_path: Path) -> None:
    path = export("datahub", "glossary.yml", "--root '${HOME} terms'")
    recipe = {
        "source": {"type": "datahub-business-glossary", "config": {"file": str(path), "enable_auto_id": False}},
        "sink": {"type": "file", "config": {"filename": str(tmp_path / "mce.json")}},
    }
    (tmp_path / "recipe.json").write_text(json.dumps(recipe))
    said = client("datahub/bin/datahub", "ingest", "-c", "recipe.json", cwd=tmp_path)
    assert "Pipeline finished successfully" in said
    assert "all valid" in client("datahub/bin/datahub", "check", "metadata-file", "mce.json", cwd=tmp_path)
    events = (tmp_path / "mce.json").read_text(encoding="utf-8")
    assert "${HOME} terms" in events
    assert ("${NOT_SET}" in events) == (export.glossary == "stress")
    assert CANARY not in events
    assert f'"name": "{tmp_path}' not in events
    # Every reference leads to a term of the file: a wrong path would make a term of it.
    made = set(re.findall(r'"(?:urn|entityUrn)": "(urn:li:glossaryTerm:[^"]*)"', events))
    referred = set(re.findall(r'^\s*"(urn:li:glossaryTerm:[^"]*)",?$', events, re.MULTILINE))
    assert referred <= made


def test_rdflib_and_skosify_take_it(export, tmp_path: Path) -> None:
    path = export("skos", "glossary.ttl", f"--base {BASE}")
    assert "skos:Concept" in client("skosify/bin/rdfpipe", path, cwd=tmp_path)
    said = client("skosify/bin/skosify", path, "-o", "out.ttl", cwd=tmp_path)
    assert not re.search("ERROR|CRITICAL", said)
    warnings = re.findall("WARNING: (.*)", said)
    assert [each for each in warnings if "Redundant hierarchical relationship" not in each] == []


def test_vocpub_holds_where_definitions_are_one(export, tmp_path: Path) -> None:
    path = export("skos", "glossary.ttl", f"--base {BASE} --definitions-as one")
    said = client("voc4cat/bin/voc4cat", "check", "-p", "vocpub-5.2", "--fail-at-level", 3, path, cwd=tmp_path)
    assert "valid according to the vocpub-5.2 profile" in said


def test_okf_schema_finds_nothing(export, tmp_path: Path) -> None:
    path = export("okf", "okf")
    said = client("okf/bin/okf-schema", "validate", "--path", path, cwd=tmp_path)
    assert "conformant" in said
    assert "WARNING" not in said


def test_openmetadata_s_rules_and_model_take_it(export, tmp_path: Path) -> None:
    path = export("openmetadata", "glossary.csv", "--glossary 'Our terms'")
    requests = read_as_openmetadata(path.read_bytes(), "Our terms")
    assert requests
    said = client("openmetadata-model/bin/python", "-c", MODEL, cwd=tmp_path, given=json.dumps(requests))
    assert said.splitlines()[0] == str(len(requests)) or str(len(requests)) in said.splitlines()


def read_as_openmetadata(data: bytes, glossary: str) -> list[dict[str, object]]:
    """The rows as OpenMetadata's importer reads them, by the rules it has; raises where it would refuse one."""
    from cs_terms.exchange.openmetadata import HEADER

    text = data.decode("utf-8")
    assert not text.startswith("\ufeff")
    header, *rows = csv.reader(text.splitlines(keepends=True), strict=True)
    assert tuple(header) == HEADER
    known: set[str] = set()
    requests: list[dict[str, object]] = []
    for row in rows:
        assert len(row) == len(HEADER)
        assert not any(cell.startswith("- ") for cell in row)
        cells = dict(zip(header, row, strict=True))
        name, parent = cells["name*"], cells["parent"]
        assert 0 < len(name) <= 256
        assert "::" not in name
        assert not parent or parent in known, parent
        quoted = '"' + name.replace('"', '""') + '"' if re.search('[."]', name) else name
        full = f"{parent or glossary}.{quoted}"
        assert full not in known
        known.add(full)
        pairs = cells["references"].split(";") if cells["references"] else []
        assert len(pairs) % 2 == 0
        references = [{"name": pairs[at], "endpoint": pairs[at + 1]} for at in range(0, len(pairs), 2)]
        assert not any(re.search(r"\s", each["endpoint"]) for each in references)
        assert cells["description"]
        requests.append({
            "glossary": glossary, "name": name, "displayName": cells["displayName"], "description": cells["description"],
            "synonyms": list(filter(None, cells["synonyms"].split(";"))), "references": references,
        } | ({"parent": parent} if parent else {}))  # fmt: skip
    return requests
