"""Makes golden/regions.json: boxes as Meta's code writes them, and rectangles as Pillow and torchvision draw them.

    python regions.py ../resources/golden/regions.json

The file in the repository was made with Pillow 12.3.0, torch 2.13.0 and torchvision 0.28.0. `texts` are the results of
the format "000" of the original's region transform, which was restated here from its description: x / width and so on,
clamped to 0.999, times 1000, cut off. Pictures are compared by the CRC-32 of their RGB bytes; no tolerance.
"""
import json
import random
import sys
import zlib

import torch
from PIL import Image, ImageDraw
from torchvision.utils import draw_bounding_boxes

random.seed(20251123)


def thousandths(box, width, height):
    x1, y1, x2, y2 = box
    relative = [x1 / width, y1 / height, x2 / width, y2 / height]
    return "[" + ",".join("%03d" % int(min(max(v, 0), 0.999) * 1000) for v in relative) + "]"


texts = []
for _ in range(200):
    width, height = random.randint(1, 4000), random.randint(1, 4000)
    if random.random() < 0.5:
        x, y = random.randint(0, width), random.randint(0, height)
        box = [x, y, x + random.randint(0, width), y + random.randint(0, height)]
    else:
        x, y = random.uniform(0, width), random.uniform(0, height)
        box = [x, y, x + random.uniform(0, width), y + random.uniform(0, height)]
    texts.append({"box": box, "width": width, "height": height, "text": thousandths(box, width, height)})

drawings = []
for i in range(120):
    width, height = random.randint(1, 40), random.randint(1, 40)
    rgb = bytes((7 * x + 13 * y + 50 * c) % 256 for y in range(height) for x in range(width) for c in range(3))
    image = Image.frombytes("RGB", (width, height), rgb)
    boxes = []
    for _ in range(random.choice([1, 1, 2])):
        x1, x2 = sorted(random.uniform(-5, width + 5) for _ in range(2))
        y1, y2 = sorted(random.uniform(-5, height + 5) for _ in range(2))
        boxes.append([x1, y1, x2, y2])
    line = random.choice([4, 4, 4, 1, 2, 7])
    drawn = image.copy()
    for box in boxes:
        ImageDraw.Draw(drawn).rectangle(box, outline="red", width=line)
    tensor = torch.frombuffer(bytearray(rgb), dtype=torch.uint8).reshape(height, width, 3).permute(2, 0, 1)
    vision = draw_bounding_boxes(tensor, torch.tensor(boxes), colors="red", width=line).permute(1, 2, 0).contiguous()
    drawings.append({
        "width": width, "height": height, "line": line, "boxes": boxes,
        "pillow": zlib.crc32(drawn.tobytes()), "torchvision": zlib.crc32(vision.numpy().tobytes()),
    })

with open(sys.argv[1], "w") as out:
    json.dump({"texts": texts, "drawings": drawings}, out, separators=(",", ":"))
same = sum(d["pillow"] == d["torchvision"] for d in drawings)
print(f"{same} of {len(drawings)} drawings are the same in both")
