"""How the audit trail shows what the services of conferences write into it."""

from organizations.audit_text import label_details, label_values

label_details(conference_step="党建联席会事项")
label_values(
    "conference_step",
    {
        "founded": "成立",
        "amended": "修改",
        "ended": "终止",
        "seats_added": "加入成员单位",
        "seat_left": "成员单位退出",
        "delegate_named": "登记或更换代表",
        "called": "召集会议",
        "meeting_amended": "修改会议通知",
        "meeting_cancelled": "取消会议",
        "link_made": "换会议链接",
        "topic_put": "登记议题",
        "topic_by_link": "单位提出议题",
        "topic_withdrawn": "撤回议题",
        "agenda_set": "确定议程",
        "attendance": "登记到会情况",
        "minutes": "填写会议记录",
        "decided": "登记议定事项",
        "decision_amended": "修改议定事项",
        "decision_noted": "登记办理进展",
        "decision_closed": "登记办结",
        "briefing_issued": "签发通报",
    },
)
