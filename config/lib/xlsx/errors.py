"""The one error of this package, with a Chinese sentence for each cause."""

from __future__ import annotations

MESSAGES = {
    # the file as a whole
    "missing": "没有找到上传的文件，请重新上传。",
    "empty_file": "这个文件是空的（0 字节）。请确认文件已保存完整后重新上传。",
    "too_large": "文件有 {size} MB，超过 {limit} MB 的上限。请拆成几个文件分别上传。",
    "extension": "不支持“{extension}”文件。请在 WPS 或 Excel 中另存为 .xlsx 后再上传"
    "（也可上传 .xls、.csv）。",
    "no_extension": "文件名没有扩展名，无法确定格式。请上传 .xlsx、.xls 或 .csv 文件。",
    "wrong_extension": "扩展名是 .{extension}，内容却是{actual}。"
    "请在 WPS 或 Excel 中打开，另存为 .xlsx 后重新上传。",
    "not_workbook": "这个文件不是电子表格，扩展名可能被改过。"
    "请在 WPS 或 Excel 中打开原表，另存为 .xlsx 后重新上传。",
    "other_office": "这是{actual}，不是电子表格。请把内容复制到电子表格中再上传。",
    "other_sheet": "这是{actual}格式的表格。"
    "请在 WPS 或 Excel 中另存为 .xlsx 后重新上传。",
    "truncated": "这个文件只有一半，可能没有传完或没有保存好。"
    "请重新保存或重新下载后再上传。",
    "damaged": "这个工作簿已损坏，无法读取。请在 WPS 或 Excel 中打开并另存为新的 .xlsx"
    " 后重新上传。",
    "encrypted": "这个文件设置了打开密码。请在 WPS 或 Excel 中去掉密码后重新上传。",
    # what it carries
    "macro": "这个工作簿含有宏程序，为安全起见不能上传。"
    "请另存为不含宏的 .xlsx 后重新上传。",
    "active_x": "这个工作簿含有 ActiveX 控件，为安全起见不能上传。"
    "请删除控件，或把数据复制到新工作簿后重新上传。",
    "embedded": "这个工作簿里嵌入了其他文件或对象。"
    "请删除嵌入的对象，或把数据复制到新工作簿后重新上传。",
    "external_links": "这个工作簿链接到了别的文件。"
    "请在“数据—编辑链接”中断开链接（或粘贴为数值）后重新上传。",
    "connections": "这个工作簿带有外部数据连接。请在“数据—连接”中删除连接后重新上传。",
    "doctype": "这个文件里有不允许的 DOCTYPE 或实体声明，已拒绝读取。"
    "请把数据复制到新建的工作簿后重新上传。",
    "xml_encoding": "这个工作簿的内部编码不是 UTF-8。"
    "请在 WPS 或 Excel 中打开并另存为 .xlsx 后重新上传。",
    # sizes inside
    "too_many_parts": "这个工作簿内含 {count} 个部件，超过 {limit} 个的上限。"
    "请把数据复制到新建的工作簿后重新上传。",
    "inflated": "这个文件解压后超过 {limit} MB，已停止读取。"
    "请删除多余的行、列和图片，或拆成几个文件。",
    "ratio": "这个文件的压缩比异常（超过 {limit} 倍），已停止读取。"
    "请把数据复制到新建的工作簿后重新上传。",
    "row_number": "工作表“{sheet}”里出现了不可能的行号 {row}，文件可能被改动过。"
    "请把数据复制到新建的工作簿后重新上传。",
    "too_many_rows": "工作表“{sheet}”超过 {limit} 行。请拆成几个文件分别上传。",
    "far_row": "工作表“{sheet}”的第 {row} 行还有内容，超过 {limit} 行的上限。"
    "如是误填，请删除该行后重新上传；如数据确实很多，请拆成几个文件。",
    "too_many_columns": "工作表“{sheet}”的 {column} 列还有内容，超过 {limit} 列的上限。"
    "请删除多余的列后重新上传。",
    "merged_cells": "工作表“{sheet}”的合并单元格过多或范围过大。请取消合并后重新上传。",
    "no_sheets": "这个工作簿里没有工作表。请检查文件后重新上传。",
    "empty": "这个工作簿里没有任何内容。请检查是否选错了文件。",
    # csv
    "csv_encoding": "这个 CSV 文件的编码无法识别。"
    "请在 WPS 或 Excel 中另存为 .xlsx，或另存为 UTF-8 编码的 CSV。",
    "csv_quotes": "CSV 文件第 {row} 行附近的引号不成对，无法读取。"
    "请改正该行，或另存为 .xlsx 后重新上传。",
    "csv_field": "CSV 文件第 {row} 行附近有一个单元格的内容过长。"
    "请改正该行后重新上传。",
    # the sandbox
    "too_slow": "读取这个文件超过 {limit} 秒，已停止。"
    "请删除多余的行、列和格式，或把数据复制到新建的工作簿后重新上传。",
    "memory": "读取这个文件需要的内存过多，已停止。"
    "请删除多余的行、列和格式，或把数据复制到新建的工作簿后重新上传。",
    # writing
    "rows_full": "工作表“{sheet}”超过 1048576 行，Excel 放不下。请缩小导出范围。",
    "same_sheet": "工作表“{sheet}”不在这个工作簿里，无法标注错误。",
}


class WorkbookError(ValueError):
    """A workbook that cannot be used; `code` is stable, `message` is Chinese."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.message = MESSAGES[code].format(**values)
        self.values = values
        super().__init__(self.message)
