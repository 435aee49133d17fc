"""Demo data: one street's year, synthetic and the same for the same day.

Nobody here exists: the ID numbers carry a region that was never given out.
"""

from reports.demo.build import Account, build_demo

__all__ = ["Account", "build_demo"]
