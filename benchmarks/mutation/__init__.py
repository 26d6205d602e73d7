"""What the tests of a room let pass: `python -m benchmarks.mutation`, told in docs/mutation.md."""

import os

#: One mutant runs at a time, on one thread; Polars reads this when it is imported.
for _threads in ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
