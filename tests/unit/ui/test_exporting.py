"""What is seen is what the file has: headings, shares as shares, names that stay names."""

import io

import openpyxl
import pandas as pd
import pytest
import streamlit as st

from register import Register, Wanted
from tests.unit.ui.conftest import WHO
from ui import exporting
from ui.exporting import Exported, as_shown
from ui.ledger import export as ledger_export

TABLE = pd.DataFrame(
    {
        "name": ["=1+1", "甲镇"],
        "share": [12.5, None],
        "workers": pd.Series([10, None], dtype="Int64"),
        "kind": [["临街", "流动"], None],
    }
)


@pytest.fixture(autouse=True)
def no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written beside the session: whoever asks it there fails."""
    monkeypatch.setattr("streamlit.session_state", None)


def cells(content: bytes) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_a_sheet_has_the_headings_and_the_figures_of_the_screen() -> None:
    config = {
        "name": st.column_config.TextColumn("单位"),
        "share": st.column_config.NumberColumn("覆盖率", format="%.1f%%"),
        "workers": st.column_config.NumberColumn("职工", format="localized"),
    }
    found = as_shown(TABLE[["name", "share", "workers"]], "覆盖", config)
    assert found.shares == {"share"}
    rows = cells(exporting.sheet_bytes(found, "zh"))
    assert ("单位", "覆盖率", "职工") in rows
    assert ("=1+1", 0.125, 10) in rows
    assert ("甲镇", None, None) in rows


def test_csv_opens_in_excel_and_holds_no_formula() -> None:
    found = Exported(TABLE, "覆盖", {"name": "单位", "kind": "类型"})
    text = exporting.csv_of(found, "zh").decode("utf-8-sig")
    assert text.splitlines() == ["单位,类型", "'=1+1,临街、流动", "甲镇,"]


def test_the_ledger_leaves_whole_and_masked(
    district: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        place = {"name": f"驿站{number}", "lon": 116.3, "lat": 39.7, "town": "甲镇"}
        personal = {"contact_name": "张三丰", "contact_phone": "13812345678"}
        district.add("hosts", {**place, **personal}, who=WHO)
    monkeypatch.setattr(ledger_export, "_BATCH", 2)

    def rows(role: str) -> pd.DataFrame:
        return ledger_export.ledger_rows(district, "hosts", Wanted(), "created", (role, ""))

    assert rows("planner")["contact_phone"].tolist() == ["13812345678"] * 3
    assert "13812345678" not in set(rows("manager")["contact_phone"])
