"""What people write into the forms: names, phone numbers, materials, remarks. All of it is invented."""

from __future__ import annotations

import numpy as np

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉红建国文学志海晓春雪冬立新宇鹏飞亮辉斌凯浩然佳欣雨子涵梓轩"

MATERIALS = (
    "安全预评价报告",
    "水土保持方案批复",
    "文物保护意见",
    "地质灾害评估报告",
    "社会稳定风险评估",
    "环境影响登记表",
    "用地红线图",
    "取水许可证",
    "施工图审查合格书",
    "消防验收意见书",
)
STAGES = ("立项用地规划许可", "工程建设许可", "施工许可", "竣工验收")
REMARKS = (
    "无",
    "已告知项目单位",
    "材料齐全",
    "按承诺制办理",
    "请尽快补正",
    "已现场查看",
    "待专家评审",
    "同意",
    "容缺受理三日内补齐",
)
OPINIONS = (
    "建议简化材料",
    "希望提前介入",
    "项目长服务热情",
    "建议增加网上办理",
    "无意见",
    "办理及时十分满意",
)
LEDGER = (
    "现场踏勘",
    "与企业电话沟通",
    "提交申请材料",
    "召开协调会",
    "补正材料",
    "领取批复",
    "窗口受理",
    "送达批文",
)
WRITTEN_MONTHS = "一二三四五六七八九十年月日"
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXYabcdefghijklmnopqrstuvwxyz,.-:/()，。、：（）"

#: Every character that the handwriting faces must have.
ALPHABET = "".join(
    sorted(
        set(
            "".join(
                (SURNAMES, GIVEN, *MATERIALS, *STAGES, *REMARKS, *OPINIONS, *LEDGER, WRITTEN_MONTHS, LETTERS)
            )
        )
    )
)


def name(rng: np.random.Generator) -> str:
    """A personal name of two or three characters."""
    given = rng.choice(list(GIVEN), size=int(rng.choice([1, 2], p=[0.3, 0.7])))
    return str(rng.choice(list(SURNAMES))) + "".join(given)


def phone(rng: np.random.Generator) -> str:
    """A mobile number from the block 139 0000 xxxx, which the sample cases use too."""
    return f"1390000{rng.integers(10000):04d}"
