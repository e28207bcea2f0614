// The most that this machine can do with the kernel's instructions: 128-bit SIMD, one core.

// Reads and adds, as rows are added for spikes: `bytes` bytes from `at` on (a multiple of 96), `repeats` times. Six
// chains hide the latency of an addition; with eight, registers are spilled.
export function addRows(at: usize, bytes: usize, repeats: i32): f32 {
  const zero = f32x4.splat(0);
  let a = zero,
    b = zero,
    c = zero,
    d = zero,
    e = zero,
    f = zero;
  const end = at + bytes;
  do {
    let p = at;
    do {
      a = f32x4.add(a, v128.load(p));
      b = f32x4.add(b, v128.load(p, 16));
      c = f32x4.add(c, v128.load(p, 32));
      d = f32x4.add(d, v128.load(p, 48));
      e = f32x4.add(e, v128.load(p, 64));
      f = f32x4.add(f, v128.load(p, 80));
      p += 96;
    } while (p < end);
  } while (--repeats > 0);
  return sum(a, b, c, d, e, f, zero, zero);
}

// Additions only: 8 chains, 64 vectors per turn. The summand is an argument, so that the compiler knows nothing
// beforehand.
export function add(turns: i32, summand: f32): f32 {
  const s = f32x4.splat(summand);
  let a = s,
    b = s,
    c = s,
    d = s,
    e = s,
    f = s,
    g = s,
    h = s;
  for (; turns > 0; turns--) {
    for (let k = 0; k < 8; k++) {
      a = f32x4.add(a, s);
      b = f32x4.add(b, s);
      c = f32x4.add(c, s);
      d = f32x4.add(d, s);
      e = f32x4.add(e, s);
      f = f32x4.add(f, s);
      g = f32x4.add(g, s);
      h = f32x4.add(h, s);
    }
  }
  return sum(a, b, c, d, e, f, g, h);
}

// A chain of 32 dependent integer operations per turn, one cycle each; it gives the clock.
export function chain(turns: i32, x: i32, y: i32): i32 {
  for (; turns > 0; turns--) {
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
    x = (x ^ y) + y;
  }
  return x;
}

function sum(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128): f32 {
  const all = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
  return (
    f32x4.extract_lane(all, 0) + f32x4.extract_lane(all, 1) + f32x4.extract_lane(all, 2) + f32x4.extract_lane(all, 3)
  );
}
