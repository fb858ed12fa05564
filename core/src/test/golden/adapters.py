"""Logits of the closed-form models with closed-form adapters, by transformers and PEFT.

Usage: python adapters.py golden/tiny_model.json > golden/peft.json
Every tensor of an adapter follows a closed form: with ph = 0.11 * (sum of the bytes of its name in the file mod 101), k its
row-major index and s = sin(0.37 * k + ph), A is 0.3 * s, B is 0.2 * s, and a magnitude is the length of the base's row times
1 + 0.2 * s.
"""
import json, math, sys, tempfile

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict, set_peft_model_state_dict
from transformers import PerceptionLMConfig, PerceptionLMForConditionalGeneration

CASES = {
    "lora": dict(r=3, lora_alpha=6, target_modules=["q_proj", "v_proj", "down_proj"]),
    "dora": dict(r=2, lora_alpha=5, use_dora=True, target_modules="all-linear"),
    "patterns": dict(
        r=4,
        lora_alpha=2,
        use_rslora=True,
        target_modules=r".*language_model.*\.(q|gate)_proj|.*\.(qkv|fc[12]|linear_2)",
        rank_pattern={"q_proj": 2, r"blocks\.1\.mlp\.fc\d": 6},
        alpha_pattern={"linear_2": 3, "layers.1.*gate_proj": 7},
    ),
    "layers": dict(
        r=2, lora_alpha=4, target_modules=["up_proj", "fc1"], layers_to_transform=[1], exclude_modules=["gate_proj"]
    ),
}


def sines(name, shape):
    phase = 0.11 * (sum(name.encode()) % 101)
    return np.sin(0.37 * np.arange(math.prod(shape), dtype=np.float64) + phase).reshape(shape)


def value(name, shape):
    s = sines(name, shape)
    if "gamma_" in name:
        return 0.5 + 0.1 * s
    if name.endswith("bias"):
        return 0.05 * s
    if len(shape) == 1 and "norm" in name:
        return 1 + 0.1 * s
    if len(shape) >= 2 and not any(t in name for t in ("pos_embed", "cls_token", "embed_tokens")):
        return s * 1.5 / math.sqrt(math.prod(shape[1:]))
    return 0.5 * s


def model(present):
    args = dict(embed_dim=32, num_heads=2, depth=2, img_size=[56, 56], ref_feat_shape=[4, 4], global_pool="")
    args.update(use_post_transformer_norm=False, init_values=0.1, patch_size=14)
    name = "vit_pe_core_large_patch14_336" if present else "vit_pe_core_gigantic_patch14_448"
    rope = dict(rope_type="llama3", factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0, rope_theta=5e5)
    rope["original_max_position_embeddings"] = 8192
    config = PerceptionLMConfig(
        vision_config=dict(model_type="timm_wrapper", architecture=name, model_args=args, num_classes=0, do_pooling=True),
        text_config=dict(
            model_type="llama", hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, head_dim=16, vocab_size=320, rms_norm_eps=1e-5, max_position_embeddings=256,
            rope_parameters=rope, tie_word_embeddings=present,
        ),
        vision_use_cls_token=present, projector_pooling_ratio=2, image_token_id=302, video_token_id=303,
        tie_word_embeddings=present,
    )
    net = PerceptionLMForConditionalGeneration(config).float().eval()
    state = {k: torch.from_numpy(value(k, v.shape)).float() for k, v in net.state_dict().items() if k != "lm_head.weight" or not present}
    net.load_state_dict(state, strict=False)
    net.tie_weights()
    return net


def logits(net, ids):
    pixels = np.sin(0.013 * np.arange(3 * 3 * 56 * 56, dtype=np.float64) + 0.7).reshape(1, 3, 3, 56, 56)
    with torch.no_grad():
        return net(input_ids=ids, pixel_values=torch.from_numpy(pixels).float()).logits[0]


def main():
    tiny = json.load(open(sys.argv[1]))
    out = {}
    for variant, present in (("cls_tied", True), ("nocls_untied", False)):
        ids = torch.tensor(tiny[variant]["input_ids"]).view(1, -1)
        base = logits(model(present), ids)[-1]
        gap = (base[: len(tiny[variant]["logits_last"])] - torch.tensor(tiny[variant]["logits_last"])).abs().max()
        assert gap < 1e-3, gap
        out[variant] = {}
        for case, settings in CASES.items():
            net = get_peft_model(model(present), LoraConfig(**settings)).eval()
            state = get_peft_model_state_dict(net)
            modules = dict(net.base_model.model.named_modules())
            for name, tensor in state.items():
                s = sines(name, tensor.shape)
                if "magnitude" in name:
                    weight = modules[name.split(".lora_")[0].removeprefix("base_model.model.")].base_layer.weight
                    s = weight.double().norm(dim=1).detach().numpy() * (1 + 0.2 * s)
                else:
                    s = s * (0.3 if "lora_A" in name else 0.2)
                state[name] = torch.from_numpy(s).float()
            set_peft_model_state_dict(net, state)
            with tempfile.TemporaryDirectory() as folder:
                net.save_pretrained(folder)
                config = json.load(open(folder + "/adapter_config.json"))
            config["target_modules"] = config["target_modules"] if isinstance(config["target_modules"], str) else sorted(config["target_modules"])
            config["base_model_name_or_path"] = None
            last = logits(net, ids)[-1]
            out[variant][case] = {
                "config": config,
                "tensors": {k: list(v.shape) for k, v in sorted(state.items())},
                "moved": float((last - base).abs().max()),
                "logits_last": [round(float(v), 6) for v in last[:64]],
            }
    json.dump(out, sys.stdout)


main()
