"""Puts what lies at the top of the project into the wheel, as `pcorg/shipped`: templates, fixtures, built static files.

All else about the package is in pyproject.toml.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
SHIPPED = ("templates", "fixtures", "staticfiles", "package.json")


class WithShipped(build_py):
    """The packages, and beside them what they read. Raises FileNotFoundError where the assets are not built."""

    def run(self) -> None:
        if not (ROOT / "staticfiles" / "staticfiles.json").exists():
            raise FileNotFoundError("The static files are not collected: run make assets first.")
        super().run()
        target = Path(self.build_lib) / "pcorg" / "shipped"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in SHIPPED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, target / name)
            else:
                shutil.copyfile(source, target / name)


setup(cmdclass={"build_py": WithShipped})
