"""Makes the golden files of the package io.plm4j.media: small pictures and what the reference sees in them.

    python media.py ../resources/media

Needs Pillow, torch, torchvision, transformers and, for samplings that Pillow does not write, cjpeg and tiffcp.
The files in the repository were made with Pillow 12.3.0, torch 2.13.0, torchvision 0.28.0, transformers 5.18.0,
libjpeg-turbo-progs 2.1.5 and libtiff-tools 4.5.0.
"""
import io
import json
import random
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as F
from transformers.models.perception_lm.image_processing_perception_lm import PerceptionLMImageProcessor

OUT = Path(sys.argv[1])
PICTURES = OUT / "pictures"
PICTURES.mkdir(parents=True, exist_ok=True)


def formula(w, h, channels=3):
    """The same pattern as in the Java tests, in whole numbers: slopes with some noise on them."""
    y, x, c = np.mgrid[:h, :w, :channels]
    return ((7 * x + 13 * y + 29 * c + 5 * ((x * y) % 17)) % 256).astype(np.uint8)


def smooth(w, h, channels=3):
    y, x, c = np.mgrid[:h, :w, :channels].astype(float)
    return np.clip(128 + 90 * np.sin(x / (5 + c)) * np.cos(y / (6 - c / 2)) + 30 * np.sin(x * y / 40 + c), 0, 255).astype(np.uint8)


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def cjpeg(image, *options):
    return subprocess.run(["cjpeg", *options], input=encoded(image, "PPM"), stdout=subprocess.PIPE, check=True).stdout


def tiffcp(image, *options):
    with tempfile.TemporaryDirectory() as folder:
        image.save(f"{folder}/in.tif")
        subprocess.run(["tiffcp", *options, f"{folder}/in.tif", f"{folder}/out.tif"], check=True)
        return Path(f"{folder}/out.tif").read_bytes()


def png(w, h, depth, colour, samples, interlaced=0, palette=b""):
    """PNG of any kind, which Pillow does not write: 16 bits, interlaced."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b""
    for x0, y0, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        for row in samples[y0::dy, x0::dx]:
            if row.size:
                bits = "".join(format(int(v), f"0{depth}b") for v in row.reshape(-1))
                bits += "0" * (-len(bits) % 8)
                raw += b"\0" + bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))
    packed = zlib.compress(raw)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, interlaced))
            + (chunk(b"PLTE", palette) if palette else b"") + chunk(b"IDAT", packed[:40]) + chunk(b"IDAT", packed[40:])
            + chunk(b"IEND", b""))


def pictures():
    rgb, small = Image.fromarray(smooth(45, 37)), Image.fromarray(smooth(19, 23))
    cmyk = Image.fromarray(smooth(33, 21, 4), "CMYK")
    rgba = Image.fromarray(smooth(29, 18, 4), "RGBA")
    for s in ("1x1", "2x1", "2x2", "4x1", "1x4", "4x2"):
        yield f"sequential-{s}.jpg", cjpeg(rgb, "-quality", "60", "-sample", s)
        yield f"progressive-{s}.jpg", cjpeg(rgb, "-quality", "40", "-sample", s, "-progressive")
    yield "restarts.jpg", cjpeg(rgb, "-quality", "70", "-sample", "2x2", "-restart", "1B")
    yield "rgb.jpg", cjpeg(small, "-rgb")
    yield "grey.jpg", encoded(small.convert("L"), "JPEG", quality=50)
    yield "coarse.jpg", cjpeg(small, "-quality", "1")
    ink = encoded(cmyk, "JPEG", quality=80)
    yield "cmyk.jpg", ink
    adobe = ink.index(b"Adobe") + 11
    yield "ycck.jpg", ink[:adobe] + b"\2" + ink[adobe + 1:]
    for w, h in ((1, 1), (2, 3), (16, 16), (17, 9)):
        yield f"{w}x{h}.jpg", encoded(Image.fromarray(smooth(w, h)), "JPEG", subsampling="4:2:0")
    for o in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = o
        for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
            yield f"turned-{o}.{kind.lower()}", encoded(Image.fromarray(smooth(7, 4)), kind, exif=exif)
    rng = np.random.default_rng(1)
    for depth, colour, channels in ((1, 0, 1), (2, 0, 1), (4, 0, 1), (8, 0, 1), (16, 0, 1), (8, 2, 3), (16, 2, 3), (1, 3, 1),
                                    (2, 3, 1), (4, 3, 1), (8, 3, 1), (8, 4, 2), (16, 4, 2), (8, 6, 4), (16, 6, 4)):
        for interlaced in (0, 1):
            samples = rng.integers(0, 1 << min(depth, 9 if colour == 0 else 16), (9, 13, channels))
            palette = rng.integers(0, 256, 3 * min(200, 1 << depth)).astype(np.uint8).tobytes() if colour == 3 else b""
            yield f"depth{depth}-colour{colour}-{interlaced}.png", png(13, 9, depth, colour, samples, interlaced, palette)
    yield "filtered.png", encoded(rgb, "PNG")
    yield "animated.png", encoded(rgb, "PNG", save_all=True, append_images=[rgb.transpose(0)])
    for name, image in (("rgb", rgb), ("rgba", rgba)):
        yield f"lossy-{name}.webp", encoded(image, "WEBP", quality=50)
        yield f"lossless-{name}.webp", encoded(image, "WEBP", lossless=True, exact=True)
        yield f"animated-{name}.webp", encoded(image, "WEBP", save_all=True, append_images=[image.transpose(0)])
    for bits in (1, 2, 4, 8):
        few = rgb.quantize(1 << bits)
        for interlace in (0, 1):
            yield f"bits{bits}-{interlace}.gif", encoded(few, "GIF", interlace=interlace)
        if bits != 2:
            yield f"bits{bits}.bmp", encoded(few, "BMP")
    yield "animated.gif", encoded(rgb, "GIF", save_all=True, append_images=[rgb.transpose(0)], transparency=3)
    part = bytearray(encoded(small.quantize(16), "GIF"))
    part[6:10] = struct.pack("<HH", 30, 28)
    yield "part-of-screen.gif", bytes(part)
    yield "rgb.bmp", encoded(rgb, "BMP")
    yield "rgba.bmp", encoded(rgba, "BMP")
    yield "grey.bmp", encoded(small.convert("L"), "BMP")
    yield "two.bmp", encoded(small.convert("1"), "BMP")
    for name, image in (("rgb", small), ("grey", small.convert("L")), ("palette", small.quantize(40)),
                        ("two", small.convert("1")), ("cmyk", cmyk.crop((0, 0, 9, 9)))):
        for packing in ("none", "lzw:2", "zip:2", "packbits"):
            for cut in (("-r", "5"), ("-t", "-w", "16", "-l", "16")):
                if not (name in ("two", "palette") and ":" in packing):
                    yield f"{name}-{packing.replace(':', '-')}{cut[0]}.tif", tiffcp(image, "-c", packing, *cut)
    yield "big-endian.tif", tiffcp(small, "-B", "-c", "none")
    yield "planes.tif", tiffcp(small, "-p", "separate", "-c", "lzw")
    yield "jpeg.tif", tiffcp(rgb, "-c", "jpeg:75", "-r", "16")
    yield "jpeg-rgb.tif", tiffcp(rgb, "-c", "jpeg:r:75", "-t", "-w", "32", "-l", "32")
    for fax in ("g3:1d", "g3:2d:fill", "g4"):
        yield f"fax-{fax.replace(':', '-')}.tif", tiffcp(rgb.convert("1"), "-c", fax, "-r", "11")
    yield "fax-reversed.tif", tiffcp(rgb.convert("1"), "-c", "g4", "-f", "lsb2msb")
    yield "grey16.tif", encoded(Image.fromarray((formula(9, 7, 1)[:, :, 0].astype(np.uint16) * 2)), "TIFF")


def decoded():
    rows = []
    for name, data in pictures():
        path = PICTURES / name
        path.write_bytes(data)
        image = Image.open(path)
        plain = image.convert("RGB")
        turned = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        rows.append(f"{name} {plain.width} {plain.height} {zlib.crc32(plain.tobytes()):08x} {zlib.crc32(turned.tobytes()):08x}")
    (OUT / "pictures.txt").write_text("\n".join(rows) + "\n")


def nearly_decoded():
    """Colours in half the rows but all columns: Java's libjpeg repeats them where Pillow's blends."""
    path = PICTURES / "half-the-rows.jpg"
    path.write_bytes(cjpeg(Image.fromarray(smooth(45, 37)), "-quality", "60", "-sample", "1x2"))
    Image.open(path).convert("RGB").save(PICTURES / "half-the-rows.png")


def resized():
    random.seed(5)
    pairs = [(1, 1, 14, 14), (23, 17, 14, 14), (1, 50, 7, 7), (50, 1, 9, 13), (64, 64, 64, 64), (30, 20, 45, 45), (45, 30, 45, 45),
             (1000, 3, 56, 56), (3, 1000, 56, 56), (640, 480, 64, 64), (57, 56, 56, 56), (56, 57, 56, 56), (7, 9, 7, 30), (9, 7, 30, 7)]
    pairs += [tuple(random.randint(2, 120) for _ in range(4)) for _ in range(60)]
    rows = []
    for w, h, W, H in pairs:
        a = formula(w, h)
        pillow = Image.fromarray(a).resize((W, H), Image.BICUBIC).tobytes()
        v2 = F.resize(torch.from_numpy(a).permute(2, 0, 1), [H, W], interpolation=InterpolationMode.BICUBIC, antialias=True)
        v2 = v2.permute(1, 2, 0).contiguous().numpy().tobytes()
        rows.append(f"{w} {h} {W} {H} {zlib.crc32(pillow):08x} {zlib.crc32(v2):08x}")
    (OUT / "resize.txt").write_text("\n".join(rows) + "\n")


def grids():
    random.seed(6)
    rows = []
    for limit in (1, 2, 4, 5, 9, 16, 36, 37):
        processor = PerceptionLMImageProcessor(max_num_tiles=limit)
        for i in range(60):
            size = random.choice((448, 56, 14))
            w, h = (int(10 ** random.uniform(0, 4.3)) for _ in range(2)) if i % 2 else (size * random.randint(1, 40) // 2 for _ in range(2))
            grid = processor._fit_image_to_canvas(w, h, size) or processor._find_closest_aspect_ratio(w, h, size)
            rows.append(f"{w} {h} {size} {limit} {grid[0]} {grid[1]}")
    (OUT / "grids.txt").write_text("\n".join(rows) + "\n")


def pixel_values():
    rows = []
    odd = {"image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711], "rescale_factor": 0.0039}
    for w, h, size, limit, kind, options in ((45, 37, 56, 36, "thumb+tile", {}), (45, 37, 56, 36, "vanilla", {}), (300, 100, 28, 9, "thumb+tile", {}),
                                             (1, 1, 14, 4, "thumb+tile", {}), (640, 480, 448, 4, "thumb+tile", {}), (50, 60, 28, 16, "thumb+tile", odd)):
        processor = PerceptionLMImageProcessor(tile_size=size, max_num_tiles=limit, vision_input_type=kind, **options)
        values = processor(images=[Image.fromarray(formula(w, h))], return_tensors="pt")["pixel_values"][0].contiguous()
        rows.append({"width": w, "height": h, "tile_size": size, "max_num_tiles": limit, "vision_input_type": kind, **options,
                     "tiles": values.shape[0], "crc32": f"{zlib.crc32(values.numpy().astype('<f4').tobytes()):08x}"})
    (OUT / "pixel_values.json").write_text(json.dumps(rows, indent=1) + "\n")


decoded()
nearly_decoded()
resized()
grids()
pixel_values()
