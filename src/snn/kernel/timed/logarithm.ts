// Natural logarithms of four numbers by additions, multiplications and one division, each rounded to float32:
//
//   u = 2^e m ,  m in [sqrt(1/2), sqrt(2))        ln u = e ln 2 + ln m
//   ln((1 + s) / (1 - s)) = 2 s (1 + q (1/3 + q (1/5 + q / 7))) ,  q = s^2 ,  |s| <= 0.172
//
// With all roundings the error is at most 3e-7.

const LN2: f32 = 0.6931471805599453;
/** Bits of sqrt(1/2). */
const ROOT_HALF: i32 = 0x3f3504f3;

/** `ln u` for `u > 0`. */
export function logarithm(u: v128): v128 {
  const e = i32x4.shr_s(i32x4.sub(u, i32x4.splat(ROOT_HALF)), 23);
  const m = i32x4.sub(u, i32x4.shl(e, 23));
  const one = f32x4.splat(1);
  const s = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(e), f32x4.splat(LN2)), twiceArtanh(s));
}

/** `ln((1 + s) / (1 - s))` for `|s| <= 0.172`. */
export function twiceArtanh(s: v128): v128 {
  const q = f32x4.mul(s, s);
  let sum = f32x4.mul(q, f32x4.splat(<f32>(1.0 / 7.0)));
  sum = f32x4.mul(q, f32x4.add(sum, f32x4.splat(<f32>(1.0 / 5.0))));
  sum = f32x4.mul(q, f32x4.add(sum, f32x4.splat(<f32>(1.0 / 3.0))));
  return f32x4.mul(f32x4.add(s, s), f32x4.add(sum, f32x4.splat(1)));
}
