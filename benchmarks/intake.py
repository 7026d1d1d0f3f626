"""What reading, mapping and checking a table costs: CPU seconds and peak memory, a process each.

    python -m benchmarks.intake [--rows-xlsx 10000] [--rows-csv 1000000]

The workbook and the CSV are made first, with headings, names, codes, windows and hours as clerks
write them; 1 row in 1,000 has a fault. The CPU of the process that reads a workbook is counted with
ours. Memory is the highest of the whole process, with the interpreter and its libraries.
"""

import argparse
import io
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import xlsxwriter

from geo.intake import read_table
from geo.intake.duplicates import find_doubles

HEADINGS = (
    "编号",
    "名称",
    "经度",
    "纬度",
    "所属镇街",
    "类型",
    "服务项目",
    "座位数",
    "开放时间",
    "地址",
)
TOWNS = ("兴丰街道", "清源", "榆堡镇", "天宫院街道")
WINDOWS = ("工作日午间", "工作日上午", "工作日下午")


def stations_xlsx(rows: int) -> bytes:
    """Return a workbook of stations."""
    rng = np.random.default_rng(1)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": True})
    sheet = book.add_worksheet("驿站")
    sheet.write_row(0, 0, HEADINGS)
    for i in range(rows):
        lon: float | str = round(116.2 + rng.uniform(0, 0.5), 6)
        cells = [
            f"S{i:06d}",
            f"第{i}暖心驿站",
            "abc" if i % 1000 == 999 else lon,
            round(39.5 + rng.uniform(0, 0.3), 6),
            TOWNS[i % 4],
            "临街驿站",
            "饮水、座椅、空调",
            int(rng.integers(1, 60)),
            ("周一至周五 8:30-17:30", "24小时", "8点-18点")[i % 3],
            f"兴华大街{i}号",
        ]
        sheet.write_row(i + 1, 0, cells)
    book.close()
    return out.getvalue()


def demand_csv(rows: int) -> bytes:
    """Return a CSV of demand: three windows a point."""
    rng = np.random.default_rng(2)
    points = -(-rows // 3)
    lon = np.round(116.2 + rng.uniform(0, 0.5, points), 6).tolist()
    lat = np.round(39.5 + rng.uniform(0, 0.3, points), 6).tolist()
    workers = rng.integers(1, 300, rows).tolist()
    lines = ["编号,经度,纬度,所属镇街,时段,职工人数"]
    for i in range(rows):
        p = i // 3
        heads = "abc" if i % 1000 == 999 else workers[i]
        lines.append(f"D{p:06d},{lon[p]},{lat[p]},{TOWNS[p % 4]},{WINDOWS[i % 3]},{heads}")
    return "\n".join(lines).encode("gb18030")


def measure(file: Path, table: str) -> tuple[int, int, float, float, float, float]:
    """Return kept and rejected rows, seconds of CPU (both processes) and wall, MiB of either."""
    read_table(b"id,lon,lat,workers\na,116.3,39.7,1\n", table, datum="wgs84")  # imports
    start, wall = _cpu_s(), time.perf_counter()
    intake = read_table(file, table, datum="gcj02")
    find_doubles(intake, table)
    spent, took = _cpu_s() - start, time.perf_counter() - wall
    own, child = (_peak_mib(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return intake.imported, intake.rejected, spent, took, own, child


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows-xlsx", type=int, default=10_000)
    parser.add_argument("--rows-csv", type=int, default=1_000_000)
    wanted = parser.parse_args()
    cases: tuple[tuple[str, str, int, Callable[[int], bytes]], ...] = (
        ("stations.xlsx", "stations", wanted.rows_xlsx, stations_xlsx),
        ("demand.csv", "demand", wanted.rows_csv, demand_csv),
    )
    # A fresh process each: the highest memory of one must not hide that of the next.
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        for name, table, rows, make in cases:
            file = Path(folder) / name
            file.write_bytes(make(rows))
            with context.Pool(1) as pool:
                kept, rejected, cpu, wall, own, child = pool.apply(measure, (file, table))
            print(
                f"{name}: {rows:,} rows, {file.stat().st_size / 2**20:.1f} MiB: {cpu:.1f} s CPU,"
                f" {wall:.1f} s, peak {own:.0f} MiB and {child:.0f} MiB in the other process;"
                f" kept {kept:,}, rejected {rejected:,}"
            )


def _cpu_s() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _peak_mib(who: int) -> float:
    peak = resource.getrusage(who).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


if __name__ == "__main__":
    main()
