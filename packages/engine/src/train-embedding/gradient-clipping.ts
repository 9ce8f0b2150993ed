/** @file Gradient clipping as in torch.nn.utils, on true gradients (A1111 clips them while they are still scaled by 65536). */

/** `clip_grad_value_` and `clip_grad_norm_` in place. */
export function clipGradient(gradient: Float32Array, mode: "disabled" | "value" | "norm", limit: number): void {
  switch (mode) {
    case "disabled":
      return;
    case "value":
      for (let i = 0; i < gradient.length; i++) gradient[i] = Math.min(Math.max(gradient[i]!, -limit), limit);
      return;
    case "norm": {
      const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
      // torch's epsilon in clip_grad_norm_.
      const scale = limit / (norm + 1e-6);
      if (scale < 1) for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * scale;
      return;
    }
    default:
      throw new TypeError(`unknown clipping mode ${String(mode satisfies never)}`);
  }
}
