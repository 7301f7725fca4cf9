"""Writes ``broken/<defect>/`` beside it: returned files broken in one way each, and what is to be said of them.

Run by hand when a defect is added: ``python tests/extractors/opening/make_broken.py``. ``says`` is a part
of the message; ``page`` is there when the file opens and only its first page is refused.
"""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pikepdf
from PIL import Image

HERE = Path(__file__).parent / "broken"


def picture(kind: str, size: tuple[int, int] = (210, 297), **options: object) -> bytes:
    stream = io.BytesIO()
    Image.radial_gradient("L").resize(size).save(stream, kind, **options)
    return stream.getvalue()


def pdf(size: tuple[float, float] = (595, 842), pages: int = 1, **saving: object) -> bytes:
    stream = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page(page_size=size)
        document.save(stream, **saving)
    return stream.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def tiff(width: int, height: int, following: int) -> bytes:
    """One black-and-white page; ``following`` is where the next is said to stand."""
    entries = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, 1),
        (259, 3, 1),
        (262, 3, 0),
        (273, 4, 8),
        (278, 4, height),
    ]
    entries.append((279, 4, 8))
    table = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return (
        b"II*\0"
        + struct.pack("<I", 16)
        + b"\0" * 8
        + struct.pack("<H", len(entries))
        + table
        + struct.pack("<I", following)
    )


def zipped(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def pdf_with_huge_picture() -> bytes:
    stream = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        page = document.pages[0]
        about = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image}
        size = {"/Width": 60000, "/Height": 60000, "/BitsPerComponent": 8}
        coded = {"/ColorSpace": pikepdf.Name.DeviceGray, "/Filter": pikepdf.Name.FlateDecode}
        image = pikepdf.Stream(document, zlib.compress(b"\0" * 100_000), about | size | coded)
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=document.make_indirect(image)))
        page.contents_add(b"q 595 0 0 842 0 0 cm /I Do Q")
        document.save(stream)
    return stream.getvalue()


def pdf_claiming_pages(count: int) -> bytes:
    with pikepdf.open(io.BytesIO(pdf())) as document:
        kids = document.Root.Pages.Kids
        for _ in range(count - 1):
            kids.append(kids[0])
        document.Root.Pages.Count = count
        stream = io.BytesIO()
        document.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return stream.getvalue()


JPEG, A_PDF = picture("JPEG", quality=30), pdf()
SECRET = pikepdf.Encryption(owner="owner", user="open sesame")
FILES: dict[str, tuple[str, bytes, str, bool]] = {
    "zero-bytes": ("returned.pdf", b"", "0 字节", False),
    "zeros-only": ("returned.pdf", b"\0" * 500, "全是零", False),
    "text-named-pdf": ("returned.pdf", "项目单位：".encode(), "认不出", False),
    "web-page-named-pdf": ("returned.pdf", b"<!DOCTYPE html><p>404", "网页", False),
    "password": ("returned.pdf", pdf(encryption=SECRET), "打开密码", False),
    "pdf-head-only": ("returned.pdf", A_PDF[:60], "已损坏", False),
    "pdf-without-pages": ("returned.pdf", pdf(pages=0), "已损坏", False),
    "pdf-too-many-pages": ("returned.pdf", pdf_claiming_pages(3000), "超过上限", False),
    "pdf-endless-strip": ("returned.pdf", pdf((14400, 3)), "不像一页纸", True),
    "pdf-huge-picture": ("returned.pdf", pdf_with_huge_picture(), "百万像素", True),
    "jpeg-cut-short": ("returned.jpg", JPEG[: len(JPEG) // 2], "已损坏", True),
    "jpeg-head-only": ("returned.jpg", JPEG[:20], "已损坏", False),
    "png-bomb": ("returned.png", png_claiming(60000, 60000), "百万像素", True),
    "png-wrong-data": ("returned.png", png_claiming(2000, 3000), "已损坏", True),
    "tiff-bomb": ("returned.tif", tiff(65000, 65000, 0), "百万像素", True),
    "tiff-strip-short": ("returned.tif", tiff(1654, 2339, 0), "已损坏", True),
    "tiff-head-only": ("returned.tif", b"II*\0", "已损坏", False),
    "heic": ("returned.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 50, "HEIC", False),
    "old-doc": ("returned.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧式", False),
    "rar": ("returned.rar", b"Rar!\x1a\x07\x01\x00", "压缩包", False),
    "ofd": ("returned.ofd", zipped(**{"OFD.xml": "<ofd:OFD/>"}), "OFD", False),
    "zip-of-pictures": ("returned.zip", zipped(**{"1.txt": "a"}), "不是 DOCX", False),
    "zip-bomb": ("returned.docx", zipped(**{"word/document.xml": "0" * 30_000_000}), "压缩炸弹", False),
    "zip-cut-short": ("returned.docx", zipped(**{"word/document.xml": "<a/>"})[:60], "已损坏", False),
}


def main() -> None:
    for defect, (name, data, says, page) in FILES.items():
        folder = HERE / defect
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        (folder / "defect.toml").write_text(
            f'file = "{name}"\nsays = "{says}"\npage = {str(page).lower()}\n', "utf-8"
        )


if __name__ == "__main__":
    main()
