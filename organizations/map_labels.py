"""How the audit trail shows what the services of outlines write into it."""

from organizations.audit_text import label_details, label_values

label_details(map_step="社区边界")
label_values("map_step", {"drawn": "画上示意图", "replaced": "替换", "removed": "删除"})
