"""csterms: what each term means, what it is measured by, who says so, and where the sources disagree."""

__version__ = "0.1.0"
