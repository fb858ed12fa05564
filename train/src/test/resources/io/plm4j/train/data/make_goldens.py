"""Makes the files beside it: pictures, rows of every kind, and what Hugging Face's code makes of them.

    python make_goldens.py CORE_TEST_RESOURCES [pictures]

CORE_TEST_RESOURCES is core/src/test/resources/io/plm4j, whose small tokenizer and processor are used (tiles of 56 x 56
pixels, four tokens each). With `pictures` these are drawn anew. Written with transformers 5.18.0 and Pillow 12. All numbers
are ids: they are compared exactly.

Labels are what transformers' users make of a conversation: `card` is every id but the placeholders', of a text that ends
with one more opening of an answer; `assistant` is what the ids of the messages up to an answer have beyond those of the
messages before it, opening included, each counted on its own. `plm` has the opening among the labels and ends with
<|end_of_text|>.
"""
import json, os, random, shutil, sys, tempfile
os.environ["HF_HUB_OFFLINE"] = "1"

HERE = os.path.dirname(os.path.abspath(__file__))
FRAMES = 4  # that the test takes of its video


def draw():
    from PIL import Image
    rng = random.Random(3)
    for name, size in (("a.png", (40, 30)), ("b.png", (120, 60)), ("c.png", (30, 90))):
        low = Image.new("RGB", (4, 4))
        low.putdata([tuple(rng.randrange(256) for _ in range(3)) for _ in range(16)])
        low.resize(size, Image.NEAREST).save(os.path.join(HERE, name), optimize=True)


def human(text):
    return {"from": "human", "value": text}


def assistant(text):
    return {"from": "assistant", "value": text}


# Rows, and the same as transformers takes it: messages whose pictures and videos stand in their places.
ROWS = [
    ({"image": "a.png", "conversations": [human("<image>\nWhat is this?"), assistant("A red bicycle.")]},
     [["I", "What is this?"], ["A red bicycle."]]),
    ({"image": ["b.png"], "conversations": [human("Describe it.\n<image>"), assistant("A wall, and a cat.")]},
     [["I", "Describe it."], ["A wall, and a cat."]]),
    ({"image": ["a.png", "b.png"], "conversations": [
        human("First <image> and then\n<image>, which is it?"), assistant("The second."),
        human("And why?"), assistant("It's   red \n")]},
     [["First <|image|> and then\n<|image|>, which is it?"], ["The second."], ["And why?"], ["It's   red \n"]]),
    ({"image": ["a.png", "b.png", "c.png"], "conversations": [
        human("<image><image>What differs?"), assistant("The wall."), human("And <image>?"), assistant("Nothing.")]},
     [["<|image|><|image|>What differs?"], ["The wall."], ["And <|image|>?"], ["Nothing."]]),
    ({"image": "b.png", "bbox": [[10, 20, 30, 40], [0, 0, 120, 60]], "width": 120, "height": 60, "conversations": [
        human("What is in <|bbox0|>?"), assistant("A cat, not as in <|bbox1|>.")]},
     [["I", "What is in [083,333,333,999]?"], ["A cat, not as in [000,000,999,999]."]]),
    ({"video": "clip.mp4", "conversations": [human("<video>\nWhat happens?"), assistant("It becomes lighter.")]},
     [["V", "What happens?"], ["It becomes lighter."]]),
    ({"video": "clip.mp4", "start_time": 0.2, "end_time": 1.0, "bbox_map": {"8": [1, 2, 30, 40], "9": None},
      "conversations": [human("What is in the red rectangle?"), assistant("Nothing.")]},
     [["V", "What is in the red rectangle?"], ["Nothing."]]),
    ({"conversations": [human("Who counted the ships?"), assistant("A lighthouse keeper."),
                        human("How many on Monday?"), assistant(17), human("Thanks")]},
     [["Who counted the ships?"], ["A lighthouse keeper."], ["How many on Monday?"], ["17"]]),
    ({"conversations": [assistant("Hello"), human("東京の猫 🐱👍🏽?"), assistant("犬と猫の写真。"),
                        human("e\u0301 ½"), assistant("")]},
     [["東京の猫 🐱👍🏽?"], ["犬と猫の写真。"], ["e\u0301 ½"], [""]]),
    ({"image": "c.png", "text": "A tall picture."}, [["I", ""], ["A tall picture."]]),
    ({"image": "a.png", "question": "Colour?", "answer": "Red.\n\nAnd   green"},
     [["I", "Colour?"], ["Red.\n\nAnd   green"]]),
    ({"messages": [{"role": "system", "content": " You answer in one word. "},
                   {"role": "user", "content": [{"type": "text", "text": "Which "}, {"type": "image"},
                                                {"type": "text", "text": " colour?"}]},
                   {"role": "assistant", "content": [{"type": "text", "text": "Blue"}]}], "images": ["c.png"]},
     ["S:You answer in one word.", ["Which ", "I", " colour?"], ["Blue"]]),
]


def messages(turns):
    result, role = [], "user"
    for turn in turns:
        if isinstance(turn, str):
            result.append({"role": "system", "content": turn[2:]})
            continue
        parts = [{"type": {"I": "image", "V": "video"}[p]} if p in ("I", "V") else {"type": "text", "text": p} for p in turn]
        result.append({"role": role, "content": parts})
        role = "assistant" if role == "user" else "user"
    return result


def processors(core):
    from transformers import AutoProcessor
    folder = tempfile.mkdtemp()
    for name in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
        shutil.copy(os.path.join(core, "text", "small", name), folder)
    shutil.copy(os.path.join(core, "testkit", "processor_config.json"), folder)
    result = {}
    for kind in ("vanilla", "thumb+tile"):
        result[kind] = AutoProcessor.from_pretrained(folder)
        result[kind].image_processor.vision_input_type = kind
    return result


def encode(proc, text, row):
    import numpy
    from PIL import Image
    given = {}
    paths = row.get("image", row.get("images", []))
    paths = [paths] if isinstance(paths, str) else paths
    count = text.count("<|image|>")
    if count:
        given["images"] = [Image.open(os.path.join(HERE, p)) for p in paths[:count]]
    if "<|video|>" in text:
        given["videos"] = [numpy.zeros((FRAMES, 48, 64, 3), dtype="uint8")]
        given["do_sample_frames"] = False
    # Pictures of different sizes have different numbers of tiles, which must not be stacked.
    return proc(text=[text], add_special_tokens=False, **given)["input_ids"][0]


def golden(row, turns, proc):
    tok = proc.tokenizer
    talk = messages(turns)
    ids = lambda m, opens: list(encode(proc, proc.apply_chat_template(m, add_generation_prompt=opens, tokenize=False), row))
    whole = ids(talk, False)
    masked = [-100] * len(whole)
    plm = list(masked)
    for i, message in enumerate(talk):
        if message["role"] == "assistant":
            start, answer, end = len(ids(talk[:i], False)), len(ids(talk[:i], True)), len(ids(talk[:i + 1], False))
            masked[answer:end] = whole[answer:end]
            plm[start:end] = whole[start:end]
    card = ids(talk, True)
    shown = {tok.image_token_id, tok.video_token_id}
    end = tok.convert_tokens_to_ids("<|end_of_text|>")
    return {"assistant": {"ids": whole, "labels": masked},
            "card": {"ids": card, "labels": [-100 if t in shown else t for t in card]},
            "plm": {"ids": whole + [end], "labels": plm + [end]}}


def main():
    core = sys.argv[1]
    if "pictures" in sys.argv:
        draw()
    procs = processors(core)
    with open(os.path.join(HERE, "rows.jsonl"), "w", encoding="utf-8") as f:
        for row, _ in ROWS:
            f.write(json.dumps(row, ensure_ascii=False) + "\n")
    lines = []
    for kind, proc in procs.items():
        for number, (row, turns) in enumerate(ROWS):
            several = isinstance(row.get("image"), list) and len(row["image"]) > 1
            # Meta's rows of several pictures show each as one tile, however single ones are cut.
            for labels, value in golden(row, turns, procs["vanilla"] if several else proc).items():
                numbers = {key: [int(x) for x in value[key]] for key in ("ids", "labels")}
                lines.append(json.dumps({"row": number, "input": kind, "mode": labels, **numbers}, separators=(",", ":")))
    with open(os.path.join(HERE, "golden.json"), "w", encoding="utf-8") as f:
        f.write("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
