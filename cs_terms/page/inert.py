"""What is in the page and no part of the document: linked data, and the articles of very many terms."""

import base64
import json
import re
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from cs_terms.model import Source, Term, abbreviations, also_called
from cs_terms.output.elements import Markup, element
from cs_terms.text import is_web_address
from cs_terms.words import searchable

MOST_WHOLE = 8_000_000
"""How many characters the articles of terms may have and still be part of the document."""
_BLOCK = 100
"""How many terms are unpacked at a time."""


def pack_terms(terms: Sequence[Term], articles: Iterable[str]) -> Markup:
    """Returns the articles of terms in compressed blocks, with the words by which each term is found."""
    blocks = []
    written = list(zip(terms, articles, strict=True))
    for start in range(0, len(written), _BLOCK):
        pairs = written[start : start + _BLOCK]
        lines = [line for term, article in pairs for line in (article, _list_words(term))]
        packed = base64.b64encode(zlib.compress("\n".join(lines).encode())).decode()
        ids = " ".join(term.id for term, _ in pairs)
        blocks.append(element("script", Markup(packed), type="text/plain", data_block=ids))
    return Markup("\n".join(blocks))


def _list_words(term: Term) -> str:
    parts = searchable(term)
    return json.dumps([term.id, term.name, parts.abbreviations, parts.synonyms, parts.texts])


def describe_terms(title: str, language: str, terms: Iterable[Term], sources: Iterable[Source]) -> Markup:
    """Returns the terms as a DefinedTermSet of schema.org, as search engines and catalogues read it."""
    described = {
        "@context": "https://schema.org",
        "@type": "DefinedTermSet",
        "@id": "#terms",
        "name": title,
        "inLanguage": language,
        "hasDefinedTerm": [_describe(term) for term in terms],
        "citation": [{key: value for key, value in _describe_source(source).items() if value} for source in sources],
    }
    text = json.dumps(described, ensure_ascii=False, separators=(",", ":"))
    escaped = re.sub("[<>&\u2028\u2029]", lambda match: f"\\u{ord(match.group()):04x}", text)
    return element("script", Markup(escaped), type="application/ld+json")


def _describe(term: Term) -> dict[str, Any]:
    names = [name.label for name in (*abbreviations(term), *also_called(term))]
    texts = [claim.text or claim.value for claim in term.definition]
    return {
        "@type": "DefinedTerm",
        "@id": f"#term-{term.id}",
        "termCode": term.id,
        "name": term.name,
        "inDefinedTermSet": "#terms",
        **({"alternateName": names} if names else {}),
        **({"description": texts[0]} if texts else {}),
    }


def _describe_source(source: Source) -> dict[str, Any]:
    return {
        "@type": "CreativeWork",
        "name": source.title,
        "publisher": source.publisher,
        "datePublished": source.date,
        "url": source.url if source.url and is_web_address(source.url) else None,
    }
