"""Five files as they come: each looks real, each is a mess of its own. All of it is invented.

    python -m tests.ugly_files FOLDER

writes them, for looking at the import page with them; tests read them from memory.
"""

import io
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from geo.datum import from_wgs84


@dataclass(frozen=True)
class Ugly:
    """A file, what it holds, and what a person has to say of it."""

    name: str
    data: bytes
    table: str
    datum: str | None = None
    sheet: str | None = None
    mapping: dict[str, str] = field(default_factory=dict)


STATIONS = (
    ("富强西里暖心驿站", 116.3301, 39.7326, "兴丰街道"),
    ("兴华里暖心驿站", 116.3294, 39.7270, "兴丰街道"),
    ("高米店工会服务站", 116.3291, 39.7650, "高米店街道"),
    ("榆堡镇物流园驿站", 116.3160, 39.5140, "榆堡镇"),
    ("天官院卡车司机驿站", 116.3204, 39.6917, "天官院街道"),
    ("瀛海镇流动驿站", 116.4440, 39.7570, "瀛海镇"),
)


def survey_of_stations() -> Ugly:
    """A workbook with a cover, title rows, headings over two rows, Amap's datum, text for numbers.

    Coordinates carry a degree sign, one is blank; phones are numbers; towns are merged downwards;
    a total and the clerk's line stand below.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    cover = book.add_worksheet("填表说明")
    cover.write(0, 0, "请各镇街、产业基地总工会于每月 25 日前报送")
    cover.write(2, 0, "坐标请用高德地图拾取")
    sheet = book.add_worksheet("驿站")
    middle = book.add_format({"align": "center"})
    day = book.add_format({"num_format": "yyyy/m/d"})
    sheet.merge_range(0, 0, 0, 8, "大兴区户外劳动者暖心驿站台账（2026 年 10 月）", middle)
    sheet.write(1, 0, "填报单位：大兴区总工会")
    for column, text in ((0, "序号"), (1, "驿站名称"), (2, "所属镇街"), (5, "建成日期")):
        sheet.merge_range(2, column, 3, column, text, middle)
    sheet.merge_range(2, 3, 2, 4, "坐标（高德）", middle)
    sheet.write_row(3, 3, ["经度", "纬度"])
    sheet.merge_range(2, 6, 2, 7, "联系", middle)
    sheet.write_row(3, 6, ["联系人", "联系电话"])
    sheet.merge_range(2, 8, 3, 8, "开放时间", middle)
    for i, (name, lon, lat, town) in enumerate(STATIONS):
        x, y = (float(part) for part in from_wgs84(lon, lat, "gcj02"))
        row = 4 + i
        sheet.write(row, 0, i + 1)
        sheet.write(row, 1, name)
        if i != 1:
            sheet.write(row, 2, town)
        if i != 5:
            sheet.write_string(row, 3, f"{x:.6f}°")
            sheet.write_string(row, 4, f" {y:.6f}")
        sheet.write_datetime(row, 5, date(2025, 3, 1 + i), day)
        sheet.write(row, 6, "张三")
        sheet.write(row, 7, 13800000000 + i)
        sheet.write(row, 8, "周一至周五 8:30-17:30")
    sheet.merge_range(4, 2, 5, 2, "兴丰街道")
    _foot(sheet, 4 + len(STATIONS), len(STATIONS))
    book.close()
    return Ugly("暖心驿站台账.xlsx", out.getvalue(), "stations", sheet="驿站")


def candidates_of_a_town() -> Ugly:
    """A CSV in GBK: positions in one column without quotes, costs in 万, full-width digits."""
    lines = ["候选点汇总表,,,,", "名称,坐标(百度),预计投入,座位数,可提供服务"]
    for i, (name, lon, lat, _) in enumerate(STATIONS):
        x, y = (float(part) for part in from_wgs84(lon + 0.004, lat + 0.003, "bd09"))
        cost = ("０．３万", "5000元", '"5,000"', "", "3千", "１．２万")[i]
        lines.append(f"{name}二期,{x:.6f},{y:.6f},{cost},{4 + i}个,饮水、座椅/空调")
    lines += ["", "合计,,3.7万,,", "填表人：李四,,审核：王五,,"]
    return Ugly("候选点.csv", "\r\n".join(lines).encode("gbk"), "candidates")


def register_of_enterprises() -> Ugly:
    """The register of large enterprises: no positions, long codes, sums between the towns."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("百人以上企业")
    sheet.merge_range(0, 0, 0, 6, "百人以上企业信息台账", None)
    heads = [
        "序号",
        "企业全称",
        "统一社会信用代码",
        "注册地址",
        "所属镇街",
        "职工人数（人）",
        "认领单位",
    ]
    sheet.write_row(1, 0, heads)
    rows = [
        [
            "1",
            "北京甲药业公司",
            "91110115MA0000001X",
            "永大路38号",
            "生物医药产业基地",
            "1,200人",
        ],
        ["2", "北京乙医疗器械有限公司", "911101150000000020", "天河西路19号", "", "约300"],
        ["", "小计", "", "", "", "1500"],
        ["3", "北京丙物流有限公司", "911101150000000039", "京南物流园", "天宫院街道", "２６０"],
        [
            "4",
            "北京甲药业公司",
            "91110115MA0000001X",
            "永大路38号院",
            "大兴生物医药基地",
            "1150",
        ],
        ["", "合计", "", "", "", "2910"],
    ]
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            sheet.write_string(2 + i, j, cell)
    sheet.write(9, 0, "备注：数据来源于会员库和税务库")
    book.close()
    return Ugly("百人以上企业信息台账.xlsx", out.getvalue(), "enterprises")


def surveyed_points() -> Ugly:
    """Tab-separated UTF-16 from a surveyor: X is the northing, metres of a 3-degree zone."""
    lines = ["点号\tX坐标（m）\tY坐标（m）\t在职职工数\t街镇"]
    for i, (_, lon, lat, town) in enumerate(STATIONS):
        east, north = (float(part) for part in from_wgs84(lon, lat, "EPSG:4548"))
        lines.append(f"D{i + 1:03d}\t{north:.3f}\t{east:.3f}\t{100 + i}人\t{town}")
    lines.append("D007\t4398000.000\t39442000.000\t80\t黄村镇")  # another zone's way of writing
    text = "\r\n".join([*lines, "合 计\t\t\t615\t"])
    return Ugly("测绘成果.txt", text.encode("utf-16"), "demand", datum="EPSG:4548")


def points_of_many_hands() -> Ugly:
    """A CSV that several people filled in: a column of datums, minutes, exchanged axes, 0/0."""
    gcj = [f"{float(part):.6f}" for part in from_wgs84(116.3301, 39.7326, "gcj02")]
    bd = [f"{float(part):.6f}" for part in from_wgs84(116.3291, 39.7650, "bd09")]
    lines = [
        "站点编号,站点名称,经度,纬度,坐标系,地址,开放时间,备注",
        f"1,富强西里驿站,{gcj[0]},{gcj[1]},高德,富强西里1号,8点-18点,",
        f"2,高米店驿站,{bd[0]},{bd[1]},百度地图,高米店2号,随时,",
        '3,兴华里驿站,116°19′45.8″,39°43′37.2″,WGS84,兴华里3号,24小时,"有空调, 有水"',
        "4,瀛海驿站,39.7570,116.4440,WGS84,瀛海4号,,经纬度填反",
        "5,礼贤驿站,0,0,,礼贤5号,,没查到",
        "6,富强西里驿站（新）,116.33015,39.73262,WGS-84,富强西里1号,8:00-18:00,",
        "7,魏善庄驿站,116413000,39664000,WGS84,魏善庄7号,,小数点丢了",
        "8,采育驿站,116.657,39.700,北京54,采育8号,,",
        "9,安定驿站,116.5028,38.6126,WGS84,安定9号,,纬度写错",
        "9,安定驿站二,116.5128,39.6126,WGS84,安定10号,,",
        "10,青云店驿站,,,,青云店镇政府旁,,",
    ]
    return Ugly("汇总（各单位自填）.csv", "\n".join(lines).encode("utf-8-sig"), "stations")


def all_ugly() -> tuple[Ugly, ...]:
    return (
        survey_of_stations(),
        candidates_of_a_town(),
        register_of_enterprises(),
        surveyed_points(),
        points_of_many_hands(),
    )


def _foot(sheet: Worksheet, row: int, count: int) -> None:
    sheet.write(row, 0, "合计")
    sheet.write(row, 1, f"{count} 个")
    sheet.merge_range(row + 1, 0, row + 1, 8, "填表人：李四    审核人：王五    2026 年 10 月 25 日")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for ugly in all_ugly():
        (folder / ugly.name).write_bytes(ugly.data)
