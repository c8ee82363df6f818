"""`python -m cs_terms` is `csterms`."""

from cs_terms.cli import main

if __name__ == "__main__":
    main()
