/** @file The quantile function of the beta distribution (scipy's `stats.beta.ppf`), for the Beta schedule. */

/** The x at which the distribution Beta(a, b) has the share `probability` below it. To about 1e-14, by bisection. */
export function betaQuantile(probability: number, a: number, b: number): number {
  if (probability <= 0) return 0;
  if (probability >= 1) return 1;
  // The upper half is the lower half of the mirrored distribution, where small distances from the end keep their digits.
  if (probability > 0.5 && regularizedBeta(0.5, a, b) < probability) return 1 - betaQuantile(1 - probability, b, a);
  let [low, high] = [0, 1];
  while (true) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high || high - low < 1e-15 * high) return middle;
    if (regularizedBeta(middle, a, b) < probability) low = middle;
    else high = middle;
  }
}

/** I_x(a, b), by the continued fraction 8.17.22 of the Digital Library of Mathematical Functions. */
function regularizedBeta(x: number, a: number, b: number): number {
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const TERMS = 200;
  let fraction = 1;
  for (let n = TERMS; n > 0; n--) {
    const m = Math.floor(n / 2);
    const coefficient =
      n % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    fraction = 1 + coefficient / fraction;
  }
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  return Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta) / (a * fraction);
}

/** ln of the gamma function: Stirling's series from 15 on, and the recurrence for smaller arguments. */
function logGamma(x: number): number {
  let [shifted, correction] = [x, 0];
  while (shifted < 15) correction += Math.log(shifted++);
  const inverse = 1 / shifted ** 2;
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / shifted;
  return (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series - correction;
}
