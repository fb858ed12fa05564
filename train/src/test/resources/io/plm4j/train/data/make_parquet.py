"""Makes the Parquet files beside it, with pyarrow 25.0.1, as `datasets` writes them.

    python make_parquet.py

radiology.parquet has the columns of unsloth/Radiology_mini: pictures as {bytes, path}, an id, a caption, a list of codes.
messages.parquet has lists of messages and lists of pictures, in groups of two rows, compressed with zstd.
"""
import os
import pyarrow as pa, pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))


def picture(name):
    with open(os.path.join(HERE, name), "rb") as f:
        return {"bytes": f.read(), "path": name}


PICTURE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
names = ["a.png", "b.png", "c.png", "a.png", "b.png"]
pq.write_table(pa.table({
    "image": pa.array([picture(n) for n in names], PICTURE),
    "image_id": ["ROCO_%05d" % i for i in range(5)],
    "caption": ["A scan of the chest, number %d." % i for i in range(5)],
    "cui": [["C00", "C%d" % i] for i in range(5)],
}), os.path.join(HERE, "radiology.parquet"), compression="snappy")

PART = pa.struct([("type", pa.string()), ("text", pa.string())])
MESSAGE = pa.struct([("role", pa.string()), ("content", pa.list_(PART))])


def talk(images, question, answer):
    show = [{"type": "image", "text": None}] * images
    return [{"role": "user", "content": show + [{"type": "text", "text": question}]},
            {"role": "assistant", "content": [{"type": "text", "text": answer}]}]


pq.write_table(pa.table({
    "messages": pa.array([talk(1, "What is this?", "A wall."), talk(0, "How many?", "17"),
                          talk(2, "What differs?", "All of it.")], pa.list_(MESSAGE)),
    "images": pa.array([[picture("a.png")], None, [picture("b.png"), picture("c.png")]], pa.list_(PICTURE)),
    "score": [0.5, 1.0, None],
}), os.path.join(HERE, "messages.parquet"), compression="zstd", row_group_size=2)
