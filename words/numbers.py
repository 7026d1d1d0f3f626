"""Numbers as people write them: 万 on Chinese screens, metres up to a kilometre, whole yuan."""

from datetime import date

from words.catalogue import Lang

_WAN = 10_000


def count(value: float, lang: Lang, *, short: bool = False) -> str:
    """Write a head count; `short` gives 8.4万 (zh) or 84.2k (en) for tiles that have no room."""
    if short and lang == "zh" and abs(value) >= _WAN:
        return f"{value / _WAN:,.1f}万"
    if short and lang == "en" and abs(value) >= _WAN:
        return f"{value / 1000:,.1f}k"
    return f"{round(value):,}"


def percent(share: float, *, digits: int = 1) -> str:
    """Write a share (0..1) in per cent."""
    return f"{share * 100:.{digits}f}%"


def points(share: float, lang: Lang, *, digits: int = 1) -> str:
    """Write a difference of two shares in percentage points, with its sign."""
    unit = "个百分点" if lang == "zh" else " pp"
    return f"{share * 100:+.{digits}f}{unit}"


def distance(metres: float, lang: Lang) -> str:
    """Write a length given in metres: metres below one kilometre, kilometres from there on."""
    if metres < 1000:
        return f"{metres:.0f} 米" if lang == "zh" else f"{metres:.0f} m"
    return f"{metres / 1000:.1f} 公里" if lang == "zh" else f"{metres / 1000:.1f} km"


def yuan(amount: float, lang: Lang) -> str:
    """Write an amount in whole yuan."""
    return f"{round(amount):,} 元" if lang == "zh" else f"¥{round(amount):,}"


def day(when: date, lang: Lang) -> str:
    """Write a calendar day."""
    return f"{when.year}年{when.month}月{when.day}日" if lang == "zh" else when.isoformat()
