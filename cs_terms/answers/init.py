"""What `init` writes: a small glossary to edit, or its skeleton, and the schema by which an editor knows its keys."""

import contextlib
from pathlib import Path

from cs_terms.errors import UNWRITABLE, USAGE, CstermsError
from cs_terms.loading.schema import json_schema
from cs_terms.output.formats import write_json

GLOSSARY = "glossary.yaml"
SCHEMA = "csterms.schema.json"
"""The name by which the first line of the glossary refers to it."""


SKELETON = f"""# yaml-language-server: $schema={SCHEMA}

# Who says things: an id in lower case with hyphens, and below it what is known.
sources:
#  handbook:
#    title: Our handbook

# Questions that are asked of every term.
aspects:
#  cost:
#    name: Cost
#    question: How is it paid for?

# What is compared.
terms:
#  on-premises:
#    name: On-premises
#    definition: {{text: Software on machines of one's own., sources: [handbook]}}
#    aspects:
#      cost: {{value: up front, sources: {{handbook: chapter 3}}}}

# What terms are measured by.
metrics:

# What two or more terms do together.
together:
"""
"""The sections of a glossary, with an entry of each in comments."""


def init(folder: Path, *, blank: bool = False) -> list[Path]:
    """Writes a glossary into a folder, which is made where there is none, and returns the files.

    With `blank`, it is the skeleton alone. Raises CstermsError: USAGE where a file would be written over, in which case none is written; UNWRITABLE where one
    cannot be written.
    """
    starter = Path(__file__).parent.with_name("starter.yaml")
    glossary = SKELETON if blank else starter.read_text(encoding="utf-8")
    contents = {folder / GLOSSARY: glossary, folder / SCHEMA: write_json(json_schema(), "utf-8")}
    written: list[Path] = []
    try:
        for path in contents:
            if path.exists() or path.is_symlink():
                raise CstermsError(USAGE, f"{path} is there already", hint="name a folder that has no such file")
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in contents.items():
            with path.open("x", encoding="utf-8", newline="\n") as file:  # x: never over a file, whoever was quicker
                written.append(path)
                file.write(text)
    except OSError as error:
        for path in written:
            with contextlib.suppress(OSError):
                path.unlink()
        message = f"{error.filename or folder}: cannot be written: {error.strerror}"
        raise CstermsError(UNWRITABLE, message, hint="name a folder that you may write to") from error
    return written
