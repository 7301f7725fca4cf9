"""行政区划代码 (GB/T 2260): the few that this office meets, and the provinces, to judge whether a code is plausible.

Not a gazetteer: codes change by decree and development zones (晋城经开区) are in no table, so an unknown
code is never an error, only a warning.
"""

from __future__ import annotations

PROVINCES: dict[str, str] = {
    "11": "北京",
    "12": "天津",
    "13": "河北",
    "14": "山西",
    "15": "内蒙古",
    "21": "辽宁",
    "22": "吉林",
    "23": "黑龙江",
    "31": "上海",
    "32": "江苏",
    "33": "浙江",
    "34": "安徽",
    "35": "福建",
    "36": "江西",
    "37": "山东",
    "41": "河南",
    "42": "湖北",
    "43": "湖南",
    "44": "广东",
    "45": "广西",
    "46": "海南",
    "50": "重庆",
    "51": "四川",
    "52": "贵州",
    "53": "云南",
    "54": "西藏",
    "61": "陕西",
    "62": "甘肃",
    "63": "青海",
    "64": "宁夏",
    "65": "新疆",
    "71": "台湾",
    "81": "香港",
    "82": "澳门",
}
SHANXI_CITIES = range(1, 12)  # 1401 太原 … 1411 吕梁
JINCHENG = "1405"
KNOWN: dict[str, str] = {
    "140500": "晋城市",
    "140502": "城区",
    "140521": "沁水县",
    "140522": "阳城县",
    "140524": "陵川县",
    "140525": "泽州县",
    "140581": "高平市",
    "141122": "交城县",
    "210300": "鞍山市",
}
NATIONAL = ("000000", "100000")  # central projects; bodies registered with the State


def implausible(code: str) -> str | None:
    """Why a six-character region code looks wrong (Chinese), or None when it is plausible."""
    if code in KNOWN or code in NATIONAL:
        return None
    if not (code.isascii() and code.isdigit()):
        return f"行政区划代码“{code}”不全是数字"
    if code[:2] not in PROVINCES:
        return f"行政区划代码“{code}”的前两位不是任何省份"
    if code[:2] == "14" and int(code[2:4]) not in SHANXI_CITIES and code[2:] != "0000":
        return f"行政区划代码“{code}”不在山西省现有的市之内"
    if code.startswith(JINCHENG):
        return f"行政区划代码“{code}”不是晋城市现有的县（市、区）"
    return None
