"""What the operating system refused, in the words of the people here: it says so in English or the machine's locale."""

from __future__ import annotations

import errno
from typing import Final

#: How problems say that something is no file that can be read.
NO_FILE: Final = "不是普通文件（管道、套接字或设备），不能读取"
_REASONS: Final = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限，或文件正被别的程序打开",
    errno.EPERM: "没有权限",
    errno.ENXIO: NO_FILE,  # what the system says of sockets, and we of pipes and devices
    errno.EFBIG: "文件太大",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EEXIST: "已经有同名的文件",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出了磁盘配额",
    errno.EROFS: "所在磁盘是只读的",
    errno.ENAMETOOLONG: "路径太长",
    errno.EIO: "磁盘或网络盘读写出错",
    errno.EBUSY: "正被占用",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENOMEM: "内存不够",
    errno.ELOOP: "链接绕成了圈",
    errno.EINVAL: "位置或文件名不合规则",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ENOEXEC: "不是能运行的程序",
    errno.ETIMEDOUT: "等了太久没有回应",
    errno.ESTALE: "网络盘断开过，要重新连接",
}


def reason_of(error: Exception) -> str:
    """Why the system refused, as a clause without a subject; its own number where it is a rare one."""
    number = getattr(error, "errno", None)
    if not isinstance(number, int):
        return "系统没有说明原因"
    return _REASONS.get(number, f"系统错误 {number}")
