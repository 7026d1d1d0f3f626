"""A file that a button promised is there while the button is: beside Streamlit's own keeper."""

from typing import Any

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from ui.kept_downloads import _HOOK, GRACE_S, Promises


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Any:  # noqa: ANN401 -- Streamlit's
    monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: "me")
    made: Any = media_file_manager.MediaFileManager(MemoryMediaFileStorage("/media"))
    assert hasattr(made, _HOOK)
    setattr(made, _HOOK, Promises(made, clock).let_go)
    return made


def drawn(manager: Any, element: str = "button") -> str:  # noqa: ANN401 -- Streamlit's
    name: str = manager.add_deferred(lambda: b"x", "text/plain", "1.2", "x", element_id=element)
    return name


def test_streamlit_itself_lets_go_too_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: "me")
    bare = media_file_manager.MediaFileManager(MemoryMediaFileStorage("/media"))
    name = drawn(bare)
    bare.clear_session_refs("me")
    bare.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        bare.execute_deferred(name)


def test_a_run_that_is_cut_short_leaves_the_button_its_file(manager: Any) -> None:  # noqa: ANN401
    name = drawn(manager)
    manager.clear_session_refs("me")  # a run begins
    manager.remove_orphaned_files()  # and ends before the button is drawn again, or another's ends
    assert manager.execute_deferred(name)


def test_a_file_goes_when_its_button_has_been_replaced_twice(manager: Any) -> None:  # noqa: ANN401
    first = drawn(manager)
    for _ in range(2):
        manager.clear_session_refs("me")
        second = drawn(manager)
        manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        manager.execute_deferred(first)
    assert manager.execute_deferred(second)


def test_a_file_without_a_button_goes_in_time(manager: Any, clock: Clock) -> None:  # noqa: ANN401
    name = drawn(manager)
    manager.clear_session_refs("me")
    manager.remove_orphaned_files()
    clock.now = GRACE_S - 1
    manager.remove_orphaned_files()
    assert manager.execute_deferred(name)
    clock.now = GRACE_S
    manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        manager.execute_deferred(name)


def test_what_is_on_the_screen_stays_however_long(manager: Any, clock: Clock) -> None:  # noqa: ANN401
    name = drawn(manager)
    clock.now = 10 * GRACE_S
    manager.remove_orphaned_files()
    assert manager.execute_deferred(name)
