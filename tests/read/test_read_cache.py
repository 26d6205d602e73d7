"""What a process that reads the same again and again keeps: what has not changed, from one reading to the next."""

from analysis.read import read_cache


class Making:
    """Counts what is made, and keeps of which keys."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def once(self, key: str) -> int:
        def make() -> int:
            self.made.append(key)
            return len(self.made)

        return read_cache.once(key, make)


def test_nothing_is_kept_unless_it_was_asked_for() -> None:
    making = Making()
    assert [making.once("a") for _ in range(2)] == [1, 2]
    assert not read_cache.active()


def test_what_the_last_reading_asked_for_is_kept_and_what_it_did_not_is_forgotten() -> None:
    memory, making = read_cache.Memory(), Making()

    def of(*keys: str) -> list[int]:
        with memory.used():
            assert read_cache.active()
            return [making.once(key) for key in keys]

    assert of("a", "b", "a") == [1, 2, 1]
    assert of("a") == [1]
    assert not read_cache.active()
    # The reading before did not ask for b.
    assert of("a", "b") == [1, 3]
    assert making.made == ["a", "b", "b"]
