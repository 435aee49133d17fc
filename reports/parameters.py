"""What the committee may set about exports."""

from organizations.parameters import ParameterSpec, register

EXPORT_DAYS = register(
    ParameterSpec(
        key="reports.export_days",
        label="导出文件可下载天数",
        kind="integer",
        default=7,
        minimum=1,
        maximum=7,
        unit="天",
        source="个人信息存储期限最小化（GB/T 35273—2020 第6.1条）；天数为本平台默认值",
    )
)
REASON_ROWS = register(
    ParameterSpec(
        key="reports.export_reason_rows",
        label="导出超过多少行须填写用途",
        kind="integer",
        default=500,
        minimum=0,
        maximum=100_000,
        unit="行",
        source="GB/T 35273—2020 第7.1条（访问控制）；行数为本平台默认值",
    )
)
