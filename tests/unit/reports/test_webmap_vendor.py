import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[3] / "static" / "vendor"


def test_vendored_files_are_those_of_the_manifest() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    listed = {
        f"{package['folder']}/{name}": digest
        for package in manifest["packages"]
        for name, digest in package["sha256"].items()
    }
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.parent != VENDOR
    }
    assert found == listed


def test_every_package_brings_its_licence_and_is_named_in_the_readme() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))
    readme = (VENDOR / "README.md").read_text(encoding="utf-8")
    for package in manifest["packages"]:
        assert "LICENSE" in package["sha256"]
        assert f"| {package['name']} | {package['version']} | {package['licence']}" in readme
