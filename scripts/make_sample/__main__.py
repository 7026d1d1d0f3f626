"""Make the sample anew: `python -m scripts.make_sample`."""

from scripts.make_sample.files import make_sample
from scripts.make_sample.plane import DATA

if __name__ == "__main__":
    folder = DATA / "sample"
    folder.mkdir(exist_ok=True)
    make_sample(folder)
    for path in sorted(folder.iterdir()):
        print(f"{path.stat().st_size:>9,} {path.name}")
