"""What the `csterms` command and `python -m cs_terms` run."""

import gc
import sys

gc.disable()  # a look-up is over before there is anything to collect; going through what was imported takes a tenth of it


def run() -> None:
    """Runs csterms and ends the program with its exit code."""
    try:
        from cs_terms.cli import main

        main()
    except KeyboardInterrupt:  # before `main` can see to it
        sys.exit(130)
    finally:
        gc.freeze()  # so that Python does not go through it all once more when the program ends


if __name__ == "__main__":
    run()
