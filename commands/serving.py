"""The command that opens the app."""

import subprocess
import sys
from pathlib import Path

import click

_APP = Path(__file__).resolve().parents[1] / "streamlit_app.py"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--address", default="127.0.0.1", show_default=True)
def serve(*, port: int, address: str) -> int:
    """Open the app in a browser / 打开应用."""
    command = [sys.executable, "-m", "streamlit", "run", str(_APP)]
    command += [f"--server.port={port}", f"--server.address={address}"]
    return subprocess.call(command)  # noqa: S603 -- our own interpreter and file, no shell
