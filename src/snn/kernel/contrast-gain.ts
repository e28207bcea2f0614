// Contrast gain of the encodings `edges` and `scene`: ⌊GAIN p / d⌋ for d ≥ 4 p, GAIN p < 2^31. The quotient is at most
// 1456, so float32 is off by at most one, which is corrected.

export const GAIN: i32 = 5824;

/** ⌊GAIN p / d⌋ of four integers; `inverse` is 1 / d in float32. */
export function quotient(p: v128, divisor: v128, inverse: v128): v128 {
  const dividend = i32x4.mul(p, i32x4.splat(GAIN));
  let found = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.convert_i32x4_s(dividend), inverse));
  const rest = i32x4.sub(dividend, i32x4.mul(found, divisor));
  found = i32x4.add(found, i32x4.lt_s(rest, i32x4.splat(0)));
  return i32x4.sub(found, i32x4.ge_s(rest, divisor));
}
