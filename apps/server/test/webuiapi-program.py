"""Uses the functions of webuiapi (PyPI) with the server at the given port. Prints "ok", or fails."""

import io
import sys

import webuiapi
from PIL import Image

api = webuiapi.WebUIApi(host="127.0.0.1", port=int(sys.argv[1]), sampler="Euler a", steps=4)
assert not api.has_controlnet and not api.has_adetailer and not api.has_animatediff
api.util_wait_for_ready(check_interval=0.1)

SIZE = dict(width=64, height=64)
drawn = api.txt2img(prompt="a photo of a woman", negative_prompt="blurry", seed=5, cfg_scale=4, batch_size=2, **SIZE)
assert len(drawn.images) == 2 and drawn.image.size == (64, 64), drawn.images
assert drawn.info["all_seeds"] == [5, 6] and drawn.info["sampler_name"] == "Euler a", drawn.info
assert drawn.parameters["steps"] == 4 and drawn.parameters["cfg_scale"] == 4, drawn.parameters
assert drawn.image.info["parameters"] == drawn.info["infotexts"][0], drawn.image.info
again = api.txt2img(prompt="a photo of a woman", negative_prompt="blurry", seed=6, cfg_scale=4, **SIZE)
assert again.image.tobytes() == drawn.images[1].tobytes(), "a picture of a batch is not the single one"
karras = api.txt2img(prompt="a man", sampler_name="DPM++ 2M", scheduler="karras", seed=1, **SIZE)
assert "Schedule type: Karras" in karras.info["infotexts"][0], karras.info
hires = api.txt2img(
    prompt="a man", seed=1, enable_hr=True, hr_scale=2, hr_upscaler=webuiapi.HiResUpscaler.Latent, denoising_strength=0.7, **SIZE
)
assert hires.image.size == (128, 128), hires.image.size
clip = api.txt2img(prompt="a man", seed=1, override_settings={"CLIP_stop_at_last_layers": 2}, **SIZE)
assert clip.info["clip_skip"] == 2 and "Clip skip: 2" in clip.info["infotexts"][0], clip.info

told = api.png_info(drawn.image)
assert told.info.startswith("a photo of a woman\nNegative prompt: blurry\nSteps: 4, Sampler: Euler a"), told.info
large = Image.effect_noise((1500, 1500), 90).convert("RGB")
large.save(io.BytesIO(), "PNG")
assert api.png_info(large).info == "", "a bare picture has no settings"

assert api.util_get_model_names()[0].startswith("demo-world.safetensors"), api.util_get_model_names()
api.util_set_model("demo-world")
assert api.util_get_current_model() in api.util_get_model_names(), api.util_get_current_model()
assert "Euler a" in api.util_get_sampler_names() and "karras" in api.util_get_scheduler_names()
options = api.get_options()
options["CLIP_stop_at_last_layers"] = 1
assert api.set_options(options) is None
for get in (
    api.get_cmd_flags, api.get_progress, api.get_upscalers, api.get_latent_upscale_modes, api.get_sd_models,
    api.get_embeddings, api.get_memory, api.get_schedulers, api.get_scripts, api.get_samplers,
):
    assert get(), get
for get in (api.get_loras, api.get_hypernetworks, api.get_face_restorers, api.get_realesrgan_models, api.get_sd_vae):
    assert get() == [], get
assert isinstance(api.get_prompt_styles(), list)
assert api.refresh_checkpoints() is None and api.interrupt() == {} and api.skip() is None


def refused(call, name):
    """A1111's clients raise the status and the body: 422 and a sentence that names what is not there."""
    try:
        call()
    except RuntimeError as error:
        status, body = error.args
        assert status == 422 and name in body, error
    else:
        raise AssertionError(f"{name} was not refused")


unit = webuiapi.ControlNetUnit(image=drawn.image, module="canny")
refused(lambda: api.txt2img(prompt="a man", controlnet_units=[unit], alwayson_scripts={}), "ControlNet")
faces = [webuiapi.ADetailer(ad_model="face.pt")]
# The client keeps what it adds to its own default for alwayson_scripts, so each call brings another.
refused(lambda: api.txt2img(prompt="a man", adetailer=faces, alwayson_scripts={}), "ADetailer")
refused(lambda: api.txt2img(prompt="a man", script_name="x/y/z plot"), "script_name")
refused(lambda: api.txt2img(prompt="a man", restore_faces=True), "restore_faces")
refused(lambda: api.img2img(images=[drawn.image], prompt="a man"), "img2img")
refused(lambda: api.interrogate(drawn.image), "BLIP")
refused(lambda: api.extra_single_image(drawn.image), "finished pictures")
print("ok")
