import threading
import time

import pytest

from tmdfeat.deep.ahead import ahead


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("depth", [0, 1, 50])
def test_results_come_in_order(threads, depth):
    def slow_first(i):
        time.sleep(0.002 * (i % 3 == 0))
        return i

    assert list(ahead(slow_first, 20, threads=threads, depth=depth)) == list(range(20))


def test_no_more_than_the_depth_is_begun_before_it_is_taken():
    begun = []
    results = ahead(begun.append, 30, threads=2, depth=4)
    for taken in range(1, 10):
        next(results)
        time.sleep(0.005)
        assert len(begun) <= taken + 4
    results.close()


def test_work_goes_on_while_the_consumer_is_busy():
    second = threading.Event()
    results = ahead(lambda i: second.set() if i == 1 else None, 2, threads=1, depth=1)
    next(results)
    assert second.wait(timeout=5)
    results.close()


def test_an_exception_comes_in_its_turn_and_the_rest_is_never_begun():
    begun = []

    def work(i):
        begun.append(i)
        if i == 2:
            raise OSError("no such scan")
        time.sleep(0.002)
        return i

    results = ahead(work, 100, threads=1, depth=3)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(OSError, match="no such scan"):
        next(results)
    assert len(begun) <= 6


def test_closing_early_ends_the_threads():
    before = threading.active_count()
    results = ahead(lambda i: i, 1000, threads=4, depth=8)
    next(results)
    results.close()
    assert threading.active_count() == before
