"""Sources of figures and warnings in the words of an office.

The registries name the working papers they were taken from; pages and workbooks name
what stands in them.
"""

import re

_PAPERS = (
    (re.compile(r"（(?:见\s*)?domain\.md[^（）]*）"), ""),
    (re.compile(r"domain\.md[\s\d.]*第\s*(\d+)\s*条"), r"平台预警清单第\1条"),
    (re.compile(r"^domain\.md[\s\d.]*（(.*)）$"), r"\1"),
    (re.compile(r"[，、；]?\s*domain\.md[\s\d.]*"), ""),
    (re.compile(r"seed\.txt\s*"), "街道经验材料："),
    (re.compile(r"issue\s*\d+\s*第\s*(\d+)\s*节"), "平台建设需求"),
)
DEFAULT = "本平台工作惯例"


def source_text(source: str) -> str:
    """Return the source as a user reads it."""
    for pattern, words in _PAPERS:
        source = pattern.sub(words, source)
    return source.strip() or DEFAULT
