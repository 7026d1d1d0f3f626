"""Recreate static/vendor: Leaflet and Leaflet.draw as published, with licences and checksums.

Run by hand, with npm and a registry at hand: `python scripts/vendor_assets.py`. The running product
never fetches anything; a test compares the files with static/vendor/manifest.json.
"""

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

VENDOR = Path(__file__).resolve().parents[1] / "static" / "vendor"

_DRAW_LICENCE = """\
Copyright (c) 2012-2017, Jacob Toye, Jon West, Smartrak, Leaflet

Permission is hereby granted, free of charge, to any person obtaining
a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to
permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be
included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION
OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION
WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True)
class Package:
    """One npm package: which of its files are wanted, and its licence.

    Attributes
    ----------
    name, version
        As on the registry.
    licence
        SPDX identifier.
    files
        Paths inside the package, mapped to paths inside our folder.
    licence_text
        Text for packages whose tarball carries none; "" where LICENSE is among `files`.
    """

    name: str
    version: str
    licence: str
    files: dict[str, str]
    licence_text: str = ""

    @property
    def folder(self) -> str:
        """Folder under static/vendor; the version in its name keeps browsers' caches honest."""
        return f"{self.name}-{self.version}"


PACKAGES = (
    Package(
        "leaflet",
        "1.9.4",
        "BSD-2-Clause",
        {
            "LICENSE": "LICENSE",
            "dist/leaflet.js": "leaflet.js",
            "dist/leaflet.css": "leaflet.css",
            "dist/images/layers.png": "images/layers.png",
            "dist/images/layers-2x.png": "images/layers-2x.png",
            "dist/images/marker-icon.png": "images/marker-icon.png",
            "dist/images/marker-icon-2x.png": "images/marker-icon-2x.png",
            "dist/images/marker-shadow.png": "images/marker-shadow.png",
        },
    ),
    Package(
        "leaflet-draw",
        "1.0.4",
        "MIT",
        {
            "dist/leaflet.draw.js": "leaflet.draw.js",
            "dist/leaflet.draw.css": "leaflet.draw.css",
            "dist/images/spritesheet.png": "images/spritesheet.png",
            "dist/images/spritesheet-2x.png": "images/spritesheet-2x.png",
            "dist/images/spritesheet.svg": "images/spritesheet.svg",
        },
        licence_text=_DRAW_LICENCE,
    ),
)


def main() -> None:
    """Pack every package, take the wanted files, write the manifest."""
    manifest = []
    for package in PACKAGES:
        target = VENDOR / package.folder
        shutil.rmtree(target, ignore_errors=True)
        with tempfile.TemporaryDirectory() as folder:
            _extract(package, _pack(package, Path(folder)), target)
        if package.licence_text:
            (target / "LICENSE").write_text(package.licence_text, encoding="utf-8", newline="\n")
        manifest.append(_entry(package, target))
    text = json.dumps({"packages": manifest}, indent=1) + "\n"
    (VENDOR / "manifest.json").write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(PACKAGES)} packages in {VENDOR.relative_to(VENDOR.parents[1])}")


def _pack(package: Package, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        message = "npm is not installed"
        raise SystemExit(message)
    command = [npm, "pack", "--silent", f"{package.name}@{package.version}"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603 -- names from PACKAGES
    return folder / done.stdout.strip().splitlines()[-1]


def _extract(package: Package, archive: Path, target: Path) -> None:
    with tarfile.open(archive) as tar:
        for inside, outside in package.files.items():
            member = tar.extractfile(str(PurePosixPath("package") / inside))
            if member is None:
                message = f"{inside} is not a file in {archive.name}"
                raise SystemExit(message)
            path = target / outside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(member.read())


def _entry(package: Package, target: Path) -> dict[str, object]:
    files = sorted(path for path in target.rglob("*") if path.is_file())
    return {
        "name": package.name,
        "version": package.version,
        "licence": package.licence,
        "folder": package.folder,
        "sha256": {
            path.relative_to(target).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        },
    }


if __name__ == "__main__":
    main()
