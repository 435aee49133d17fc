"""The bytes of an upload and what was found out about them; in the child."""

from __future__ import annotations

from functools import cached_property

from config.lib.xlsx.kinds import check_extension
from config.lib.xlsx.limits import Limits
from config.lib.xlsx.package import Package


class Upload:
    """A file of the kind its extension claims. Raises WorkbookError for others."""

    def __init__(self, data: bytes, extension: str, limits: Limits) -> None:
        check_extension(extension)
        self.data, self.extension, self.limits = data, extension, limits

    @cached_property
    def package(self) -> Package:
        """The parts of an .xlsx, checked the first time they are read."""
        return Package(self.data, self.limits)
