from organizations.imports.reading import Finding
from organizations.imports.register import Outcome, import_register, preview_register

__all__ = ["Finding", "Outcome", "import_register", "preview_register"]
