"""csterms: what each term means, what it is measured by, who says so, and where the sources disagree."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cs_terms.api import Glossary
    from cs_terms.errors import AmbiguousNameError, CstermsError, UnknownNameError

__all__ = ["AmbiguousNameError", "CstermsError", "Glossary", "UnknownNameError"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Imports what is asked for, so that the command line does not pay for what it does not use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "Glossary":
        from cs_terms.api import Glossary

        return Glossary
    from cs_terms import errors

    return getattr(errors, name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
