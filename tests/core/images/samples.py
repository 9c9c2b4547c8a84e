"""Files as people and others send them, drawn here: four colours in the corners, and a word where none may be left."""

from __future__ import annotations

import base64
import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

CANARY = "canary-40.7128N"
RED, GREEN, BLUE, WHITE = (192, 0, 0), (0, 160, 0), (0, 0, 192), (255, 255, 255)
CORNERS = (RED, BLUE, GREEN, WHITE)
SIZE = (64, 48)
TRANSPOSE = Image.Transpose
# How a camera that was held so lies to the picture: the reverse of what makes it upright.
HELD = {
    2: TRANSPOSE.FLIP_LEFT_RIGHT,
    3: TRANSPOSE.ROTATE_180,
    4: TRANSPOSE.FLIP_TOP_BOTTOM,
    5: TRANSPOSE.TRANSPOSE,
    6: TRANSPOSE.ROTATE_90,
    7: TRANSPOSE.TRANSVERSE,
    8: TRANSPOSE.ROTATE_270,
}
# The picture below, lying on its side and saying so; written by an encoder that is not installed here.
HEIC = base64.b85decode(
    "0000SW^{RQXk}?*00000ZE0pPXk}?*ZE0a<0005VZDn*}000000000XXk=`10000000000aA{+700000000000000000000G"
    "-+&aV*mgE07O6l0ssL300001>;M4(00000003D40ssI200Kn-0RR9100000asU7TIB98aW&i*H00062000$fZf0cy000000R"
    "RAKc4ILB0000LX>Mj^0ssI300IC2MR;ju000004sdC7Z2$lO00031009SSaB^?}008D`aAR)(004Gqc4I>U18@KU0FVFx000"
    "0U@BsY%`1k+-4+CHT0RR|40Sp2E{{wIU00RJ!0009300RIXx&lC90096hLID8-Z~y=U0FVFx0{{R603M(qfd!W8<fgf}2xu@"
    "M00096AOHXZ03l)k0RRR>0l{;?i2wiq6Ju{|a&BX6cmM$a4FCp!0000KX>)L8000000000$0000$0000eV{Bn?0000m00001"
    "0000$00001|NsB+0000200000000020000GaA|mH000000|*ER00009X>xCL0{{R38EJ5BVE_OC000000RRC8fdT^sgoXeB0"
    "2*m>Wo7^X0000001jhhb7KGk009620002fZDe6|00010C;_ht;PD1d5&!%n!IAQmKl=aM+@SN;HdFioM(<!-ehid!DjK$f|K"
    "}IYu=+iUvZ?z|KMDV!U@hI!yDMw`ip$Bk{Op3gjLXl4-}XZNZg+z>@Bjb+21R&jW&i+9O#mtY000O80|5^J0ssI25C8xGG65"
    "0*0{{R30RRR70EcM+1ONa40RR91LI3~&0ApcpVRCsbG%zkVF)}z#0004y0{{X5000yK002|~0000oFfuecFf%$ZIUq7KIyE^"
    "uH8=n"
)


def drawn(size: tuple[int, int] = SIZE) -> Image.Image:
    """Red, blue, green and white, each in its corner."""
    picture = Image.new("RGB", size, WHITE)
    pen, (x, y) = ImageDraw.Draw(picture), (size[0] // 2, size[1] // 2)
    pen.rectangle((0, 0, size[0], y - 1), BLUE)
    pen.rectangle((0, y, x, size[1]), GREEN)
    pen.rectangle((0, 0, x, y - 1), RED)
    return picture


def corners(picture: Image.Image) -> list[tuple[int, ...]]:
    x, y = picture.width // 4, picture.height // 4
    points = ((x, y), (3 * x, y), (x, 3 * y), (3 * x, 3 * y))
    return [tuple(picture.convert("RGB").getpixel(point)) for point in points]  # type: ignore[arg-type]


def written(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def telling(orientation: int = 1) -> Image.Exif:
    """What a telephone says: maker, place, day, and how it was held."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = CANARY, orientation
    exif.get_ifd(0x8769)[0x9003] = "2024:03:09 23:59:58"
    exif.get_ifd(0x8825)[0x001D] = CANARY
    return exif


def held(orientation: int, kind: str = "JPEG") -> bytes:
    picture = drawn()
    if orientation in HELD:
        picture = picture.transpose(HELD[orientation])
    return written(picture, kind, exif=telling(orientation))


def swapped_profile() -> bytes:
    """A profile of a screen on which red and blue are exchanged."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")


def grey_of_sixteen_bits() -> bytes:
    grey = Image.new("I;16", (2, 2))
    for place, value in enumerate((0, 65535, 32768, 16384)):
        grey.putpixel((place % 2, place // 2), value)
    return written(grey.resize((64, 64), Image.Resampling.NEAREST), "PNG")


def see_through(mode: str, kind: str = "PNG") -> bytes:
    picture = drawn().convert("RGBA")
    picture.paste((0, 0, 0, 0), (SIZE[0] // 2, SIZE[1] // 2, *SIZE))
    if mode == "P":
        picture = picture.quantize(8)
    return written(picture.convert(mode), kind)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb() -> bytes:
    """A header of 900 million pixels, and next to nothing behind it."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    black = zlib.compress(bytes(3751 * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", black) + chunk(b"IEND", b"")


def broken_png() -> bytes:
    """Whole by its chunks and their sums, but what they hold unpacks to half a picture and then to nothing."""
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(range(256)) * 49)
    half = packed[: len(packed) // 2] + b"\xff" * 20
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", half) + chunk(b"IEND", b"")


def jpeg_bomb() -> bytes:
    jpeg = bytearray(written(drawn(), "JPEG"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(jpeg)


def text_bomb() -> bytes:
    """A PNG whose words unpack to sixty-eight megabytes."""
    info = PngInfo()
    for number in range(68):
        info.add_text(f"key-{number}", "0" * 1_000_000, zip=True)
    return written(drawn(), "PNG", pnginfo=info)


def with_words(kind: str) -> bytes:
    """A picture with its canary in all the places that its format has."""
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{CANARY}</x:xmpmeta>".encode()
    options: dict[str, object] = {"exif": telling(), "xmp": xmp}
    if kind == "JPEG":
        options["comment"] = CANARY
    if kind == "PNG":
        info = PngInfo()
        info.add_text("Comment", CANARY)
        info.add_itxt("XML:com.adobe.xmp", CANARY)
        options = {"exif": telling(), "pnginfo": info}
    return written(drawn(), kind, **options)


def archive() -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as packed:
        packed.writestr("page.html", CANARY)
    return file.getvalue()


def moving(kind: str) -> bytes:
    other = Image.new("RGB", SIZE, BLUE)
    return written(drawn(), kind, save_all=True, append_images=[other], duration=100)


def several_in_one() -> bytes:
    """As telephones write it that keep a second view of the scene."""
    return written(drawn(), "MPO", save_all=True, append_images=[Image.new("RGB", SIZE, BLUE)])


JPEG = written(drawn(), "JPEG")
PNG = written(drawn(), "PNG")
UPRIGHT = {
    "a JPEG": JPEG,
    "a JPEG for slow lines": written(drawn(), "JPEG", progressive=True),
    "a PNG": PNG,
    "a WebP": written(drawn(), "WEBP", lossless=True),
    "an AVIF": written(drawn(), "AVIF", quality=90),
    "a HEIC": HEIC,
    "two pictures in one JPEG": several_in_one(),
    "a palette": written(drawn().quantize(8), "PNG"),
    "a palette with holes": see_through("P"),
    "a PNG with holes": see_through("RGBA"),
    "a WebP with holes": see_through("RGBA", "WEBP"),
    "an AVIF with holes": see_through("RGBA", "AVIF"),
    **{f"a camera held the way {number}": held(number) for number in range(1, 9)},
    "a WebP on its side": held(6, "WEBP"),
    "an AVIF on its side": held(8, "AVIF"),
    "a PNG upside down": held(3, "PNG"),
    "a JPEG and a page": JPEG + f"<html><script>{CANARY}</script></html>".encode(),
    "a JPEG and an archive": JPEG + archive(),
    "a broken note of the place": JPEG[:2]
    + b"\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\x7f"
    + JPEG[2:],
}
