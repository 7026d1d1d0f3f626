"""Recreate static/vendor: Leaflet as published, with its licence and checksums.

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
    """

    name: str
    version: str
    licence: str
    files: dict[str, str]

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
)


def main() -> None:
    """Pack every package, take the wanted files, write the manifest."""
    manifest = []
    for package in PACKAGES:
        target = VENDOR / package.folder
        shutil.rmtree(target, ignore_errors=True)
        with tempfile.TemporaryDirectory() as folder:
            _extract(package, _pack(package, Path(folder)), target)
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
