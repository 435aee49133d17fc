"""How the audit trail shows what the services of activity rooms write into it."""

from organizations.audit_text import label_details, label_values

label_details(room_step="活动室事项")
label_values(
    "room_step",
    {
        "created": "登记",
        "amended": "修改",
        "closed": "停用",
        "reopened": "恢复使用",
        "booked": "预订",
        "booking_cancelled": "取消预订",
        "opened": "登记开放",
        "withdrawn": "撤回开放记录",
        "asset_saved": "登记设备刊物",
        "asset_state": "登记设备刊物状态",
        "checked": "检查设备刊物",
    },
)
