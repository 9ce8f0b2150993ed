"""The baseline of the bench: diffusers and PyTorch on SD 1.5's sizes with random weights, run as a Python user would.

    python torch-baseline.py step|unet|vae [threads]        (needs torch, diffusers, transformers)

Prints one JSON line: name, seconds (fastest of the repeats after one run to warm up), peak resident memory in GB.
`step` is one step of diffusers' textual_inversion script at 256 x 256, batch 1, fp32; it encodes the picture again in every step.
"""
import json
import resource
import sys
import time

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

UNET = dict(sample_size=64, cross_attention_dim=768, attention_head_dim=8)
VAE = dict(
    block_out_channels=(128, 256, 512, 512),
    layers_per_block=2,
    latent_channels=4,
    sample_size=512,
    down_block_types=("DownEncoderBlock2D",) * 4,
    up_block_types=("UpDecoderBlock2D",) * 4,
)
TEXT = dict(
    vocab_size=49408,
    hidden_size=768,
    intermediate_size=3072,
    num_hidden_layers=12,
    num_attention_heads=12,
    max_position_embeddings=77,
    hidden_act="quick_gelu",
    projection_dim=768,
)


def timed(name, run, repeats=3):
    run()
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    print(json.dumps({"name": name, "seconds": round(best, 3), "peakGb": round(peak, 2)}), flush=True)


def frozen(module):
    return module.eval().requires_grad_(False)


def step():
    unet, vae = frozen(UNet2DConditionModel(**UNET)), frozen(AutoencoderKL(**VAE))
    text = CLIPTextModel(CLIPTextConfig(**TEXT)).requires_grad_(False)
    table = text.get_input_embeddings().weight.requires_grad_(True)
    optimizer = torch.optim.AdamW([table], 5e-3)
    picture, ids = torch.randn(1, 3, 256, 256), torch.randint(0, 49408, (1, 77))

    def run():
        latents = vae.encode(picture).latent_dist.sample() * 0.18215
        noise = torch.randn_like(latents)
        predicted = unet(latents + noise, torch.tensor([500]), text(ids)[0]).sample
        torch.nn.functional.mse_loss(predicted, noise).backward()
        optimizer.step()
        optimizer.zero_grad()

    timed("step", run)


def unet():
    network = frozen(UNet2DConditionModel(**UNET))
    x, context = torch.randn(1, 4, 64, 64), torch.randn(1, 77, 768)
    with torch.inference_mode():
        timed("unet", lambda: network(x, torch.tensor([500]), context))


def vae():
    network = frozen(AutoencoderKL(**VAE))
    z = torch.randn(1, 4, 64, 64)
    with torch.inference_mode():
        timed("vae", lambda: network.decode(z), repeats=1)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        torch.set_num_threads(int(sys.argv[2]))
    {"step": step, "unet": unet, "vae": vae}[sys.argv[1]]()
