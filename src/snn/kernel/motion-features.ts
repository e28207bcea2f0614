// Features of a window of an inertial sensor, for its six quantities at once:
//
//   mean       m = Σ x_k / n
//   deviation  s = √(Σ (x_k − m)² / n)
//   crossings  c = (steps at which x_k ≥ m changes) / (n − 1); 0 where n = 1
//
// Each term is divided before it is added, in the order k = 0 … n − 1, each quantity for itself: a scalar loop in
// float64 gives the same bits. Division is exactly rounded, so two quantities in one register change nothing; 1/n as a
// factor would.
//
// It runs in a separate instance without a network; `createMotion` reserves its memory.
import { commit, reserve } from './buffers';

/** Values of one message: six numbers of 8 bytes. */
const SLOT: usize = 48;

/** Messages in a ring, six float64 each. JavaScript writes them. */
export let motionValues: usize = 0;
/** Six means, six deviations, six shares of crossings, float64. */
export let motionFeatures: usize = 0;

/** Messages in the ring. */
let capacity: i32 = 0;

/** Reserves a ring of `messages` messages. */
export function createMotion(messages: i32): bool {
  capacity = messages;
  motionValues = reserve(<usize>messages * SLOT);
  motionFeatures = reserve(3 * SLOT);
  return commit();
}

/** Computes the features of `count` messages from the one in the slot `first` on. */
export function readMotion(first: i32, count: i32): void {
  const start = motionValues + <usize>first * SLOT;
  const end = motionValues + <usize>capacity * SLOT;
  const n = f64x2.splat(<f64>count);
  const none = f64x2.splat(0);

  let a = none;
  let b = none;
  let c = none;
  let at = start;
  for (let k = 0; k < count; k++) {
    a = f64x2.add(a, f64x2.div(v128.load(at), n));
    b = f64x2.add(b, f64x2.div(v128.load(at, 16), n));
    c = f64x2.add(c, f64x2.div(v128.load(at, 32), n));
    at += SLOT;
    if (at === end) at = motionValues;
  }

  let va = none;
  let vb = none;
  let vc = none;
  let crossedA = none;
  let crossedB = none;
  let crossedC = none;
  let wasA = f64x2.ge(v128.load(start), a);
  let wasB = f64x2.ge(v128.load(start, 16), b);
  let wasC = f64x2.ge(v128.load(start, 32), c);
  at = start;
  for (let k = 0; k < count; k++) {
    const xa = v128.load(at);
    const xb = v128.load(at, 16);
    const xc = v128.load(at, 32);
    const da = f64x2.sub(xa, a);
    const db = f64x2.sub(xb, b);
    const dc = f64x2.sub(xc, c);
    va = f64x2.add(va, f64x2.div(f64x2.mul(da, da), n));
    vb = f64x2.add(vb, f64x2.div(f64x2.mul(db, db), n));
    vc = f64x2.add(vc, f64x2.div(f64x2.mul(dc, dc), n));
    const isA = f64x2.ge(xa, a);
    const isB = f64x2.ge(xb, b);
    const isC = f64x2.ge(xc, c);
    // A change sets all bits of its lane, which is −1.
    crossedA = i64x2.sub(crossedA, v128.xor(isA, wasA));
    crossedB = i64x2.sub(crossedB, v128.xor(isB, wasB));
    crossedC = i64x2.sub(crossedC, v128.xor(isC, wasC));
    wasA = isA;
    wasB = isB;
    wasC = isC;
    at += SLOT;
    if (at === end) at = motionValues;
  }

  v128.store(motionFeatures, a);
  v128.store(motionFeatures, b, 16);
  v128.store(motionFeatures, c, 32);
  v128.store(motionFeatures, f64x2.sqrt(va), 48);
  v128.store(motionFeatures, f64x2.sqrt(vb), 64);
  v128.store(motionFeatures, f64x2.sqrt(vc), 80);
  share(crossedA, count, 96);
  share(crossedB, count, 112);
  share(crossedC, count, 128);
}

function share(crossed: v128, count: i32, at: usize): void {
  const steps = <f64>(count > 1 ? count - 1 : 1);
  store<f64>(motionFeatures + at, <f64>i64x2.extract_lane(crossed, 0) / steps);
  store<f64>(motionFeatures + at + 8, <f64>i64x2.extract_lane(crossed, 1) / steps);
}
