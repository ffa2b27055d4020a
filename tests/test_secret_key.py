"""The key that is made once."""

import stat
from concurrent.futures import ThreadPoolExecutor

from playground.secret_key import secret_key


def test_the_key_is_made_once_and_kept(tmp_path):
    path = tmp_path / "var" / "secret_key"
    key = secret_key(path)
    assert len(key) == 50
    assert secret_key(path) == key
    assert list(path.parent.iterdir()) == [path]


def test_only_its_owner_can_read_it(tmp_path):
    path = tmp_path / "secret_key"
    secret_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key(tmp_path / "secret_key"), range(40)))
    assert len(keys) == 1
