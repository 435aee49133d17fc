"""What the committee may set for mutual aid."""

from __future__ import annotations

from members.parameters.days import register_days
from organizations.parameters import ParameterSpec, register

CERTIFICATE_ABOVE = register(
    ParameterSpec(
        key="members.mutual_certificate_above",
        label="捐赠超过多少元另发荣誉证书",
        kind="integer",
        default=5000,
        minimum=1,
        maximum=10_000_000,
        unit="元",
        source="合肥高新区党员关爱资金管理办法：捐赠给收据，5000元以上颁发荣誉证书",
    )
).key
WAIT_DAYS = "members.mutual_wait_days"
PUBLISH_DAYS = "members.mutual_publish_days"

register_days(
    WAIT_DAYS,
    "互助金支出登记几天没有确认就提醒",
    3,
    60,
    "《会计法》第二十五条：经办、审批相互分离；天数为本平台默认值",
)
register_days(
    PUBLISH_DAYS,
    "捐助活动结束几天没有公示就提醒",
    15,
    180,
    "《慈善法》：募捐情况应当公开；“共产党员献爱心”捐献的收支向党员、群众公布；"
    "天数为本平台默认值",
)
