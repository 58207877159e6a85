from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

from olhar.data.cache.folder import stores
from olhar.data.cache.writing import MARK, use_store, write_store


def test_two_that_find_a_store_damaged_agree_on_what_takes_its_place():
    folder, both_have_seen_it = stores() / "damaged-for-two", Barrier(2)
    folder.mkdir(parents=True)
    (folder / MARK).write_text('{"by": 0}')

    def open_store(place):
        _, about = use_store(place, fresh=True)
        if not about["by"]:
            with suppress(BrokenBarrierError):
                both_have_seen_it.wait(timeout=0.5)
        return about["by"] or None

    def written_by(who):
        return write_store(folder, 0, lambda draft: (draft / MARK).write_text(f'{{"by": {who}}}'), open_store)

    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(written_by, (1, 2)))
    assert got == [open_store(folder)] * 2
    assert not [*folder.parent.glob(f"{folder.name}.*")]
