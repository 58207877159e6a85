"""One BLAS thread while a head learns and is judged: products are small, and threads that wait for each other take ten times as
long."""

from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def one_blas_thread() -> Generator[None]:
    """Within, NumPy's matrix products use one thread; afterwards as many as before."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield
