"""What setup.cfg cannot say: everything is installed below one package, ``cohorte``, whatever it is called here.

``engine`` and ``process`` are names that another distribution may bear; in site-packages they stand as
``cohorte/engine`` and ``cohorte/process.py``, beside the sample data.
"""

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

NAME = "cohorte"


class Build(build_py):
    """The build without this script, which stands in the folder of the package."""

    def find_package_modules(self, package, folder):
        """The modules of one package, as (package, module, file)."""
        return [found for found in super().find_package_modules(package, folder) if found[1] != "setup"]


setup(
    packages=[NAME, *(f"{NAME}.{package}" for package in find_packages(include=["engine", "engine.*"]))],
    package_dir={NAME: "."},
    package_data={
        NAME: ["py.typed", "sample_data/**/*", "sample_data/.cohorte/*"],
        f"{NAME}.engine.referential.shipped": ["*.toml"],
        f"{NAME}.engine.outputs.record": ["*.typ"],
        f"{NAME}.engine.browser": ["pages/*.html", "assets/*"],
    },
    cmdclass={"build_py": Build},
)
