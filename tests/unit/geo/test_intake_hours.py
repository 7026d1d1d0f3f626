import pytest

from geo.intake.hours import plain_hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("8点-18点", "08:00-18:00"),
        ("９：００—２１：００", "09:00-21:00"),
        ("营业时间：8:00-22:00", "08:00-22:00"),
        ("全天", "24/7"),
        ("24小时开放", "24/7"),
        ("7*24小时", "24/7"),
        ("周一至周五 8:30–12:00", "Mo-Fr 08:30-12:00"),
        ("星期一到星期五：8:30-17:30", "Mo-Fr 08:30-17:30"),
        ("工作日9:00-18:00", "Mo-Fr 09:00-18:00"),
        (
            "周一至周五8:30-12:00，13:00-17:30；周六、周日 9:00-17:00",
            "Mo-Fr 08:30-12:00,13:00-17:30; Sa,Su 09:00-17:00",
        ),
        ("周一到周六8点半至17点，周日休息", "Mo-Sa 08:30-17:00; Su off"),
        ("上午9:00-11:30，下午1:30-5:00", "09:00-11:30,13:30-17:00"),
        ("每天 早8点到晚8点", "08:00-20:00"),
        ("20:00-次日6:00", "20:00-06:00"),
        ("晚上8点-2点", "20:00-02:00"),
        ("Mo-Fr 08:00-18:00; PH off", "Mo-Fr 08:00-18:00; PH off"),
    ],
)
def test_hours_as_clerks_write_them(text: str, hours: str) -> None:
    assert plain_hours(text) == hours


@pytest.mark.parametrize(
    "text",
    [
        "随时",
        "看情况",
        "25:00-30:00",
        "夏季 8:00-18:00",
        "8:75-18:00",
        "周一至周五",
        "电话 69243000",
    ],
)
def test_what_cannot_be_known_is_not_guessed(text: str) -> None:
    assert plain_hours(text) is None
