"""Large glossaries, the same at every run: terms with claims, names, metrics and citations, in a thousand files."""

import random
from pathlib import Path

WORDS = (
    *(
        "customer",
        "value",
        "retention",
        "proactive",
        "engagement",
        "outcome",
        "journey",
        "adoption",
        "churn",
        "renewal",
    ),
    *("insight", "health", "score", "response", "time", "resolve", "issue", "account", "growth", "plan", "service"),
)
ASPECTS, METRICS, FILES = 8, 90, 1000


def write(folder: Path, terms: int) -> None:
    """Writes a glossary of so many terms, 2.3 KB each: however many they are, a look-up has as many files to look at."""
    folder.mkdir()
    chance = random.Random(1)

    def text(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words))

    lines = ["aspects:"]
    lines += [
        f"  aspect-{number}: {{name: Aspect {number}, question: {text(6)}, values: [v0, v1, v2, v3]}}"
        for number in range(ASPECTS)
    ]
    lines.append("metrics:")
    lines += [f"  metric-{number}: {{name: Metric {number}, unit: percent}}" for number in range(METRICS)]
    (folder / "shared.yaml").write_text("\n".join(lines) + "\n")
    for file in range(FILES):
        source = f"source-{file}"
        lines = [f"sources:\n  {source}: {{title: {text(4)}, url: 'https://example.com/{file}'}}", "terms:"]
        for term in range(file * terms // FILES, (file + 1) * terms // FILES):
            lines += [
                f"  term-{term}:",
                f"    name: {text(3)} {term}",
                f"    abbreviations: [T{term}]",
                f"    also_called: [{text(2)} {term}]",
                "    definition:",
                f"      - text: {text(25)}",
                f"        sources: [{source}]",
                "    aspects:",
            ]
            for aspect in range(ASPECTS):
                lines += [
                    f"      aspect-{aspect}:",
                    f"        - value: v{chance.randrange(4)}",
                    f"          text: {text(15)}",
                    f"          sources: {{{source}: {text(3)}}}",
                ]
            lines.append("    metrics:")
            lines += [
                f"      metric-{metric}: {{{source}: {text(2)}}}" for metric in chance.sample(range(METRICS), k=3)
            ]
        (folder / f"{file:03}.yaml").write_text("\n".join(lines) + "\n")
