"""Names and phones masked: enough to tell two apart, not enough to call anybody."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.privacy import mask, masked_frame, masked_values, personal_columns, unmasked
from geo.tables import Personal, columns
from register import KINDS


@pytest.mark.parametrize(
    ("personal", "text", "shown"),
    [
        ("name", "张三", "张**"),
        ("name", "欧阳小明", "欧**"),
        ("name", "张三、李四；王五", "张**、李**、王**"),
        ("name", "Zhang San", "Z**"),
        ("phone", "13800000000", "138****0000"),
        ("phone", "138 0000 0000", "138****0000"),
        ("phone", "+86 138-0000-1234", "861******1234"),
        ("phone", "010-69241234", "010****1234"),
        ("phone", "69241234", "********"),
        ("phone", "13800000000、13911112222", "138****0000、139****2222"),
        ("phone", "张三 13800000000", "138****0000"),
        ("phone", "13800000000（张三）", "138****0000"),
        ("phone", "（办公室）69241234", "********"),
        ("phone", "微信 zhangsan", "**"),
        ("text", "我叫张三，电话13800000000，想要个歇脚的地方", "**"),
        ("", "兴丰大街1号", "兴丰大街1号"),
        ("phone", "", ""),
        ("name", "", ""),
        ("name", "、", ""),
    ],
)
def test_what_is_shown(personal: Personal, text: str, shown: str) -> None:
    assert mask(personal, text) == shown


@given(st.sampled_from(["name", "phone", "text"]), st.text(max_size=40))
def test_masking_what_is_masked_changes_nothing(personal: Personal, text: str) -> None:
    once = mask(personal, text)
    assert mask(personal, once) == once


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text(alphabet="张三李四 :：,，()（）/-+转", max_size=8),
    st.text(alphabet="张三李四 :：,，()（）/-+转", max_size=8),
)
def test_four_digits_of_a_mobile_phone_are_never_shown(phone: str, before: str, after: str) -> None:
    shown = mask("phone", before + phone + after)
    assert "*" in shown
    assert sum(character.isdigit() for character in shown) <= 7
    assert phone[3:7] not in shown.replace(phone[:3] + "****" + phone[-4:], "")


def test_every_contact_of_the_schema_is_masked() -> None:
    found = {kind: personal_columns(kind) for kind in KINDS if personal_columns(kind)}
    contact = ("contact_name", "contact_phone")
    assert found == {
        **dict.fromkeys(("stations", "candidates", "enterprises", "hosts"), contact),
        "needs": ("said",),
        "users": ("person",),
    }
    for kind in KINDS:
        phones = {c.name for c in columns(kind) if "phone" in c.name}
        assert phones <= set(personal_columns(kind))


def test_a_frame_and_a_row() -> None:
    frame = pd.DataFrame(
        {"id": ["a", "b"], "contact_phone": ["13800000000", None], "name": ["张三面馆", "b"]},
        index=[3, 7],
    )
    shown = masked_frame("hosts", frame)
    assert shown["contact_phone"].tolist() == ["138****0000", ""]
    assert shown["name"].tolist() == ["张三面馆", "b"]
    assert frame["contact_phone"].tolist()[0] == "13800000000"
    assert shown.index.tolist() == [3, 7]
    assert masked_values("hosts", {"contact_name": "张三", "seats": 4, "town": "张三"}) == {
        "contact_name": "张**",
        "seats": 4,
        "town": "张三",
    }


def test_a_mask_that_comes_back_is_what_is_stored() -> None:
    stored = {"contact_name": "张三", "contact_phone": "13800000000", "name": "驿站"}
    given_back = {"contact_name": "张**", "contact_phone": "139****0000", "name": "驿**"}
    assert unmasked("stations", given_back, stored) == {
        "contact_name": "张三",
        "contact_phone": "139****0000",
        "name": "驿**",
    }
