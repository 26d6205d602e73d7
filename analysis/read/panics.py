"""A library that panics, kept from ending the program and from writing to the terminal."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


class PanicError(Exception):
    """A library written in Rust gave up on a damaged file."""


@contextmanager
def as_faults() -> Iterator[None]:
    """Raise PanicError where a library panics; what it writes to standard error about that is not shown.

    What else is written there meanwhile is passed on.
    """
    with tempfile.TemporaryFile() as kept:
        sys.stderr.flush()
        usual = os.dup(2)
        os.dup2(kept.fileno(), 2)
        panicked = False
        try:
            yield
        except BaseException as fault:
            # The panic of pyo3 is no Exception, and its class has no name to import.
            if type(fault).__name__ != "PanicException":
                raise
            panicked = True
            raise PanicError(str(fault)) from fault
        finally:
            sys.stderr.flush()
            os.dup2(usual, 2)
            os.close(usual)
            kept.seek(0)
            if not panicked and (text := kept.read()):
                os.write(2, text)
