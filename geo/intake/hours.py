"""Opening hours as clerks write them -> OpenStreetMap's: 周一 8点-18点 -> Mo 08:00-18:00."""

import re
import unicodedata
from typing import Final

from opening_hours import validate

_ALWAYS: Final = re.compile(
    r"(?:每天|每日|7[*x×]|全年)?(?:24小时|24h|全天候?|全日)(?:全天|x7|[*×]7)?"
)
_STOP_WORDS: Final = re.compile(r"对外|开放|营业|服务|时间|为|均|[()\[\]]|(?<!\d):|:(?!\d)")
_DAY: Final = {
    "一": "Mo",
    "二": "Tu",
    "三": "We",
    "四": "Th",
    "五": "Fr",
    "六": "Sa",
    "日": "Su",
    "天": "Su",
}
_DAYS: Final = {
    "工作日": "Mo-Fr",
    "周末": "Sa-Su",
    "双休日": "Sa-Su",
    "法定节假日": "PH",
    "节假日": "PH",
    "每天": "",
    "每日": "",
    "天天": "",
}
_OFF: Final = re.compile(r"休息|不|关闭|闭馆|除外|休")
_WEEK: Final = r"(?:周|星期|礼拜)"
_TOKEN: Final = re.compile(
    rf"(?P<named>{'|'.join(_DAYS)})"
    rf"|{_WEEK}(?P<first>[一二三四五六日天])(?:-{_WEEK}?(?P<last>[一二三四五六日天]))?"
    r"|(?P<time>(?P<half1>上午|下午|早上|早|晚上|晚|中午)?(?P<h1>\d{1,2})(?:[:点时](?P<m1>\d{1,2}|半)?分?)?"
    r"-(?:次日|第二天|凌晨)*(?P<half2>上午|下午|早上|早|晚上|晚|中午)?(?P<h2>\d{1,2})(?:[:点时](?P<m2>\d{1,2}|半)?分?)?)"
    rf"|(?P<off>{_OFF.pattern})"
    r"|(?P<between>[,;、/和及与\n]+)"
)
_AFTERNOON: Final = ("下午", "晚上", "晚")


def plain_hours(text: str) -> str | None:
    """Return opening hours in OpenStreetMap's syntax.

    What is in that syntax already comes back as it is; None: nobody can tell what was meant.
    """
    if validate(text):
        return text
    plain = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    plain = re.sub(r"--+|[~—–−到至]+", "-", plain)
    plain = _STOP_WORDS.sub("", plain)
    if _ALWAYS.fullmatch(plain):
        return "24/7"
    rules = _rules(plain)
    return rules if rules and validate(rules) else None


def _rules(plain: str) -> str | None:
    """Return the rules of a text of days, times and separators; None if it has more."""
    rules: list[tuple[list[str], list[str]]] = []  # days, times
    end = 0
    for token in _TOKEN.finditer(plain):
        if token.start() != end:
            return None
        end = token.end()
        if token["between"]:
            continue
        if token["time"] or token["off"]:
            if not rules:
                rules.append(([], []))
            rules[-1][1].append(_times(token) if token["time"] else "off")
        else:
            if not rules or rules[-1][1]:
                rules.append(([], []))
            rules[-1][0].append(_days(token))
    if end != len(plain) or not all(times for _, times in rules):
        return None
    return "; ".join(
        f"{','.join(filter(None, days))} {','.join(times)}".strip() for days, times in rules
    )


def _days(token: re.Match[str]) -> str:
    if token["named"]:
        return _DAYS[token["named"]]
    first = _DAY[token["first"]]
    return f"{first}-{_DAY[token['last']]}" if token["last"] else first


def _times(token: re.Match[str]) -> str:
    start = _time(token["h1"], token["m1"], token["half1"])
    end = _time(token["h2"], token["m2"], token["half2"])
    if token["half2"] is None and token["half1"] in _AFTERNOON:  # 下午1:30-5:00
        later = _time(token["h2"], token["m2"], token["half1"])
        end = later if later > start else end
    return f"{start}-{end}"


def _time(hour: str, minute: str | None, half: str | None) -> str:
    hours = int(hour) + (12 if half in _AFTERNOON and int(hour) < 12 else 0)
    minutes = 30 if minute == "半" else int(minute or 0)
    return f"{hours:02d}:{minutes:02d}"
