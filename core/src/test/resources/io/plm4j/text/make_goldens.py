"""Makes the files beside it: a small tokenizer, and what Hugging Face's code makes of texts and conversations with it.

    python make_goldens.py [tokenizer]

With `tokenizer` the small vocabulary is trained anew first, which changes all ids. Written with transformers 5.18.0,
tokenizers 0.23.2 and Jinja2 3.1.6. All numbers are ids or characters: they are compared exactly.
"""
import json, os, random, sys, tempfile
os.environ["HF_HUB_OFFLINE"] = "1"
from datetime import datetime

HERE = os.path.dirname(os.path.abspath(__file__))
SMALL = os.path.join(HERE, "small")
SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
         r"|\s*[\r\n]+|\s+(?!\S)|\s+")
TEXT = """A lighthouse keeper counted the ships that passed in the night. There were 17 on Monday, 203 on Tuesday,
and on Wednesday, when the fog came, none at all; he wrote "none" into the book and made tea.
You are a helpful language and vision assistant. You are able to understand the visual content.
What is shown in the picture? It's a red bicycle that leans against a wall, isn't it? They'll say we've seen it,
I'm sure, and you'd agree. for (int i = 0; i < n; i++) { total += values[i]; }   // adds them up
Der Hund läuft über die Straße und sieht die Katze. Où est le café près de la gare? ¿Dónde está el niño?
Собака идёт по улице. Кошка сидит на окне. 東京の猫は静かです。犬と猫の写真を見る。 서울의 고양이는 조용합니다.
Γάτα και σκύλος. نمایش تصویر و متن. चित्र में एक बिल्ली है। 🐱🐶 👍🏽
the the the and and and picture picture describe describe the image the video the user the assistant system
"""
SPECIAL = ["<|begin_of_text|>", "<|end_of_text|>", "<|image|>", "<|video|>", "<|reserved_special_token_2|>",
           "<|reserved_special_token_3|>", "<|start_header_id|>", "<|end_header_id|>",
           "<|reserved_special_token_4|>", "<|eot_id|>", "<|reserved_special_token_5|>",
           "<|reserved_special_token_55|>"]


def write(name, value):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as f:
        if isinstance(value, list):
            f.write("[\n" + ",\n".join(json.dumps(v, ensure_ascii=True) for v in value) + "\n]\n")
        else:
            json.dump(value, f, ensure_ascii=True, indent=1)


def train():
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    tok = Tokenizer(models.BPE(ignore_merges=True))
    tok.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(SPLIT), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tok.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=700, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
                                  show_progress=False)
    tok.train_from_iterator([TEXT] * 3 + TEXT.split("\n") * 2, trainer)
    raw = json.loads(tok.to_str())
    # Llama 3 has words, too, that no merges lead to; only ignore_merges finds them.
    for word in ["zebra", "Ġzebra", "Ġquokkas"]:
        raw["model"]["vocab"][word] = len(raw["model"]["vocab"])
    tok = Tokenizer.from_str(json.dumps(raw))
    tok.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in SPECIAL])
    tok.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(
            single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1",
            special_tokens=[("<|begin_of_text|>", tok.token_to_id("<|begin_of_text|>"))])])
    with open(os.path.join(SMALL, "tokenizer.json"), "w", encoding="utf-8") as f:
        json.dump(json.loads(tok.to_str()), f, ensure_ascii=False, separators=(",", ":"))


def sample(rng):
    words = (TEXT.split() + "zebra quokkas WE'LL they'Ve don'T 'ſ he'D 1234567 ３４５６ ½Ⅷ <|eot_id|> <|image|> <|eot".split()
             + [" ", "  ", "   ", "\n ", " \n", "\r", "\n\n\n", "\t", "\u00a0", "\u3000", "\u2028", "\u0085", "\x1c", "\x00",
                "\ufeff", "\u200d", "e\u0301", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "''s", "'''"])
    kind = rng.random()
    if kind < 0.5:
        return "".join(rng.choice(words) + rng.choice(["", " "]) for _ in range(rng.randint(0, 12)))
    if kind < 0.8:
        return "".join(rng.choice("aA1 \n\r\t'.,sStTdDmMlLrReEvVſ\u0301é９ \u00a0\u2003-<|>") for _ in range(rng.randint(1, 25)))
    out = ""
    while len(out) < 10:
        c = rng.randrange(0x110000)
        if not 0xd800 <= c < 0xe000:
            out += chr(c)
    return out


def texts(tok):
    rng = random.Random(1)
    cases = [sample(rng) for _ in range(300)]
    write("encodings.json", [{"text": t, "ids": tok.encode(t, add_special_tokens=False)} for t in cases])
    rows = []
    for _ in range(150):
        ids = [rng.randrange(len(tok)) if rng.random() < 0.5 else rng.randrange(256) for _ in range(rng.randint(0, 12))]
        rows.append({"ids": ids, "text": tok.decode(ids, skip_special_tokens=True),
                     "verbatim": tok.decode(ids, skip_special_tokens=False)})
    for t in cases[:50]:
        ids = tok.encode(t, add_special_tokens=False)
        rows.append({"ids": ids, "text": tok.decode(ids, skip_special_tokens=True), "verbatim": tok.decode(ids)})
    write("decodings.json", rows)


I, V = {"type": "image"}, {"type": "video"}


def T(text):
    return {"type": "text", "text": text}


def user(*content):
    return {"role": "user", "content": list(content)}


def assistant(text):
    return {"role": "assistant", "content": [T(text)]}


CONVERSATIONS = [
    [user(T("What is this?"))],
    [user(I, T("Describe the picture."))],
    [user(T("Describe the picture."), I)],
    [user(I, I, T("What is the difference?"))],
    [user(V, T("What happens in the video?"))],
    [user(T("First"), V, T(" then "), I, T("last  "), I)],
    [{"role": "system", "content": "  You answer in one word.\n"}, user(I, T("Colour?"))],
    [user(I, T("What is it?")), assistant("A bicycle."), user(T("And its colour?")), assistant(" Red. "), user(I, T("And this?"))],
    [user(T("  leading and trailing \n\n")), assistant("\tx\u00a0"), user(T("\u3000"))],
    [user(T("東京の猫 🐱🐶👍🏽 ½ नमस्ते e\u0301 \U0001f469\u200d\U0001f467 \U00020000"))],
    [user(T("")), assistant(""), user(T("again"))],
    [user(T("two\n\n\nbreaks   and   blanks\r\nCR 1234567 WE'LL"))],
    [user(T("It ends <|eot_id|> here, <|start_header_id|>system<|end_header_id|>"))],
    [user(T("<|eot"), T("_id|> crosses")), assistant("<|end_of_text|>"), user(T("ok"))],
]


def conversations(processor):
    import numpy
    from PIL import Image
    rng = random.Random(2)
    rows = []
    for messages in CONVERSATIONS:
        for opens in (True, False):
            images = sum(c["type"] == "image" for m in messages if m["role"] != "system" for c in m["content"])
            videos = sum(c["type"] == "video" for m in messages if m["role"] != "system" for c in m["content"])
            given = {}
            if images:
                given["images"] = [[Image.new("RGB", (rng.randint(20, 300), rng.randint(20, 300))) for _ in range(images)]]
            if videos:
                given["videos"] = [numpy.zeros((rng.randint(1, 5), 30, 40, 3), "uint8") for _ in range(videos)]
                given["do_sample_frames"] = False
            text = processor.apply_chat_template(messages, add_generation_prompt=opens, tokenize=False)
            out = processor(text=[text], add_special_tokens=False, **given)
            per_tile = (56 // 14 // 2) ** 2
            rows.append({
                "messages": messages, "opens": opens, "ids": list(map(int, out["input_ids"][0])), "text": text,
                "images": [int(p.shape[0]) * per_tile for p in out.get("pixel_values", [])],
                "videos": [int(p.shape[0]) * per_tile for p in out.get("pixel_values_videos", [])]})
    write("conversations.json", rows)


def templates():
    """Renders the templates of templates.json and writes the results into the same file."""
    from transformers.utils import chat_template_utils
    import jinja2

    class Noon(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 3, 5, 14, 7, 9)
    chat_template_utils.datetime = Noon
    compile_template = chat_template_utils._cached_compile_jinja_template
    with open(os.path.join(HERE, "templates.json"), encoding="utf-8") as f:
        cases = json.load(f)
    rows = []
    for case in cases:
        variables = case.get("variables", {})
        try:
            rendered = {"rendered": compile_template(case["template"]).render(**variables)}
        except (jinja2.exceptions.TemplateError, TypeError, ValueError, ZeroDivisionError, OverflowError,
                SyntaxError) as e:
            rendered = {"error": type(e).__name__}
        case = {k: v for k, v in case.items() if k not in ("rendered", "error")}
        rows.append({**case, **rendered})
    write("templates.json", rows)


def main():
    if "tokenizer" in sys.argv[1:]:
        train()
    from transformers import AutoProcessor
    processor = AutoProcessor.from_pretrained(SMALL)
    texts(processor.tokenizer)
    conversations(processor)
    templates()


main()
