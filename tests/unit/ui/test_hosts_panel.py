"""The panel that proposes candidates: its table, its drawing, and one batch that can be undone."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from register import Register
from siting.candidates import ORIGINS, generate
from siting.model import Inputs, LayerSource, Parameters
from tests.unit.siting.tables import main_street_town, place, table
from ui import keys
from ui.workbench.hosts import Preview, preview_table
from ui.workbench.hosts_sketch import HEIGHT, WIDTH, draw_sketch

HOSTS = [
    {"id": "H1", "name": "甲银行", **place(100, 5), "host_type": "bank"},
    {"id": "H2", "name": "乙饭馆", **place(110, 5), "host_type": "restaurant"},
    {"id": "H3", "name": "<b>丙</b>", **place(700, 5), "host_type": "school", "hours": "24/7"},
]


@pytest.fixture
def register(tmp_path: Path) -> Register:
    made = Register.create(tmp_path / "r.db", tmp_path, name="大兴区", sort="real", who="张三")
    made.put_records("hosts", table("hosts", HOSTS), LayerSource("hosts", "t"), who="张三")
    return made


def page(folder: str) -> None:
    from pathlib import Path  # noqa: PLC0415 -- a script of its own

    from register import Register  # noqa: PLC0415
    from ui.compute import read_book  # noqa: PLC0415
    from ui.workbench.hosts import draw_hosts  # noqa: PLC0415

    with Register(Path(folder) / "r.db", Path(folder)) as held:
        draw_hosts(held, read_book(held).inputs)


def test_what_is_proposed_is_stored_as_one_batch_and_taken_back(register: Register) -> None:
    app = AppTest.from_function(page, args=(str(register.folder),), default_timeout=60).run()
    assert not app.exception
    app.button(key="hosts_propose").click().run()
    assert not app.exception
    shown = app.dataframe[0].value
    assert shown["name"].tolist() == ["甲银行", "<b>丙</b>"]
    app.button(key="hosts_store").click().run()
    assert not app.exception
    kept = register.records("candidates")
    assert [(one["name"], one["state"], one["host"]) for one in kept] == [
        ("甲银行", "proposed", "H1"),
        ("<b>丙</b>", "proposed", "H3"),
    ]
    assert app.success[0].value == "已存入候选点：新增 2 个，更新 0 个，状态为“提议”。"
    app.button(key="hosts_undo").click().run()
    assert register.records("candidates") == ()
    app.button(key="hosts_propose").click().run()
    assert len(app.dataframe[0].value) == 2


def test_the_table_marks_what_is_assumed() -> None:
    given = Inputs(table("demand", []), table("stations", []), hosts=table("hosts", HOSTS))
    found = generate(given, Parameters(), origins=("host",))
    told = preview_table(Preview(1, found, {}, "k"), "zh")
    assert told["name"].tolist() == ["甲银行", "<b>丙</b>"]
    assert told["cost"].tolist() == ["2,000 元（默认）", "5,000 元（默认）"]
    assert [str(hours).endswith("（默认）") for hours in told["hours"]] == [True, False]


def test_the_drawing_holds_every_mark_and_no_name() -> None:
    rng = np.random.default_rng(1)
    lon, lat = 116.3 + rng.random(40) / 10, 39.7 + rng.random(40) / 10
    origins = ORIGINS * 8
    frame = pd.DataFrame(place(0, 0), index=[0])
    held = frame["lon"].to_numpy(), frame["lat"].to_numpy()
    drawn = draw_sketch((lon, lat), origins, held, main_street_town(), "图")
    assert drawn.count('r="4.5"') == 8
    assert drawn.count("<polygon") == 32
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in drawn
    assert keys.HOSTS_PREVIEW in keys.OF_ONE_PROJECT


def test_a_large_import_does_not_hide_itself_from_the_recent_changes(
    empty_district: Register,
) -> None:
    rows = [{"id": f"H{i}", "name": "甲", **place(i * 50, 0)} for i in range(400)]
    empty_district.put_records("hosts", table("hosts", rows), LayerSource("hosts", "t"), who="张三")
    app = AppTest.from_function(data, default_timeout=60).run()
    assert not app.exception
    assert app.button(key="undo_last").label.startswith("撤销")


def data() -> None:
    from ui.data import page as data_page  # noqa: PLC0415 -- a script of its own

    data_page.draw()
