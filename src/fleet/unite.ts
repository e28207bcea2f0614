import type { Slices } from '../base/slices.js';

// Unites neurons until there is room for all. A neuron is a direction u = W / |W| with a worth m (own-contribution.ts).
// Uniting two has a cost (Ward, Hierarchical grouping to optimize an objective function, J. Am. Stat. Assoc. 58, 1963):
//
//   cost(a, b) = m_a m_b / (m_a + m_b) |u_a - u_b|^2
//   of a group:  cost(k, a + b) = ((m_k + m_a) cost(k, a) + (m_k + m_b) cost(k, b) - m_k cost(a, b)) / (m_k + m_a + m_b)
//
// The cheapest pairs are united first, until there is room for all groups. A neuron of little worth is cheap: it
// becomes part of its neighbour, together with its evidence. Classes have no influence: where two of them overlap, one
// neuron that knows both, each by its labels, answers better than two neurons that know one each.
//
// Chains of nearest neighbours find the order in n^2 steps (Murtagh, A survey of recent advances in hierarchical
// clustering algorithms, Comput. J. 26, 1983). More than `most` neurons are first halved part by part, which limits time
// and memory, but never below the room. Ties go to the lower index, so one order gives one result. float32 rows, float64
// sums.

/** A neuron to unite. */
export interface Placed {
  /** u, |u| = 1. */
  readonly direction: Float32Array;
  /** m, above 0. */
  readonly worth: number;
}

interface Union {
  /** Members, ascending. */
  readonly members: readonly number[];
  readonly direction: Float32Array;
  readonly worth: number;
}

interface Step {
  readonly cost: number;
  /** Groups by number: step k makes group n + k. */
  readonly first: number;
  readonly second: number;
}

/** Most rows of the last table of costs: 33 MB; and of the parts that are halved. */
const most = 4096;
const partRows = 1024;

/** Cost below which two neurons of average worth are united even if there is room: an angle of a degree and a half. */
const alike = 0.0007;

/**
 * Finds which neurons become one.
 *
 * @param neurons - in the same order on every robot
 * @param room - most groups
 * @returns members of each group, ascending; groups by their first member
 */
export function* unite(neurons: readonly Placed[], room: number): Slices<readonly (readonly number[])[]> {
  let unions: readonly Union[] = neurons.map(({ direction, worth }, k) => ({ members: [k], direction, worth }));
  while (unions.length > Math.max(most, room)) unions = yield* halved(unions, room);
  if (unions.length > most) return unions.map(({ members }) => members);
  const steps = yield* stepsOf(unions);
  const cheapest = inOrderOfCost(steps);
  const mean = neurons.reduce((sum, { worth }) => sum + worth, 0) / Math.max(1, neurons.length);
  const close = cheapest.filter((k) => steps[k].cost <= alike * mean).length;
  const taken = new Set(cheapest.slice(0, Math.max(unions.length - room, close)));
  return groupsOf(unions, steps, taken).sort((a, b) => a[0] - b[0]);
}

function inOrderOfCost(steps: readonly Step[]): number[] {
  return steps.map((_, k) => k).sort((a, b) => steps[a].cost - steps[b].cost || a - b);
}

// Halves the number of unions, part by part, or brings it down to the room.
function* halved(unions: readonly Union[], room: number): Slices<Union[]> {
  const fewer: Union[] = [];
  const share = Math.min(1 / 2, 1 - room / unions.length);
  for (let from = 0; from < unions.length; from += partRows) {
    const part = unions.slice(from, from + partRows);
    const steps = yield* stepsOf(part);
    const taken = new Set(inOrderOfCost(steps).slice(0, Math.ceil(share * part.length)));
    const union = merged(part, steps, taken);
    fewer.push(...union);
  }
  return fewer.sort((a, b) => a.members[0] - b.members[0]);
}

function merged(unions: readonly Union[], steps: readonly Step[], taken: ReadonlySet<number>): Union[] {
  return partsOf(unions.length, steps, taken).map((parts) => {
    const worth = parts.reduce((sum, k) => sum + unions[k].worth, 0);
    const direction = new Float32Array(unions[0].direction.length);
    for (const k of parts) unions[k].direction.forEach((each, i) => (direction[i] += (unions[k].worth / worth) * each));
    return { members: parts.flatMap((k) => unions[k].members).sort((a, b) => a - b), direction, worth };
  });
}

function groupsOf(unions: readonly Union[], steps: readonly Step[], taken: ReadonlySet<number>): number[][] {
  return partsOf(unions.length, steps, taken).map((parts) =>
    parts.flatMap((k) => unions[k].members).sort((a, b) => a - b),
  );
}

// Numbers of the groups left after the given steps, ascending. A step comes after those that it builds on.
function partsOf(count: number, steps: readonly Step[], taken: ReadonlySet<number>): number[][] {
  const parts: (number[] | undefined)[] = Array.from({ length: count }, (_, k) => [k]);
  steps.forEach(({ first, second }, k) => {
    if (!taken.has(k)) return;
    parts[count + k] = [...(parts[first] ?? []), ...(parts[second] ?? [])];
    parts[first] = parts[second] = undefined;
  });
  return parts.flatMap((each) => (each === undefined ? [] : [each.sort((a, b) => a - b)]));
}

// All steps down to one group.
function* stepsOf(unions: readonly Union[]): Slices<Step[]> {
  const n = unions.length;
  const costs = yield* costsOf(unions);
  const worth = Float64Array.from(unions, (union) => union.worth);
  const number = Int32Array.from({ length: n }, (_, k) => k);
  const alive = Int32Array.from({ length: n }, (_, k) => k);
  let left = n;
  const steps: Step[] = [];
  const chain: number[] = [];
  const at = (a: number, b: number): number => (a > b ? (a * (a - 1)) / 2 + b : (b * (b - 1)) / 2 + a);
  for (let looked = 0; left > 1;) {
    if (chain.length === 0) chain.push(alive[0]);
    const a = chain[chain.length - 1];
    const before = chain.length > 1 ? chain[chain.length - 2] : -1;
    let best = before;
    let least = before < 0 ? Infinity : costs[at(a, before)];
    for (let k = 0; k < left; k++) {
      const b = alive[k];
      if (b === a) continue;
      const cost = costs[at(a, b)];
      if (cost >= least) continue;
      best = b;
      least = cost;
    }
    looked += left;
    if (looked > slice) {
      looked = 0;
      yield;
    }
    if (best !== before) {
      chain.push(best);
      continue;
    }
    chain.length -= 2;
    const [keep, gone] = a < best ? [a, best] : [best, a];
    steps.push({ cost: least, first: number[keep], second: number[gone] });
    for (let k = 0, to = 0; k < left; k++) {
      const b = alive[k];
      if (b === gone) continue;
      alive[to++] = b;
      if (b === keep) continue;
      const whole = worth[b] + worth[keep] + worth[gone];
      const sum = (worth[b] + worth[keep]) * costs[at(b, keep)] + (worth[b] + worth[gone]) * costs[at(b, gone)];
      costs[at(b, keep)] = Math.max(0, (sum - worth[b] * least) / whole);
    }
    left--;
    worth[keep] += worth[gone];
    number[keep] = n + steps.length - 1;
  }
  return inOrderOf(steps, n);
}

// Chains do not find steps in the order of their costs. A step never costs less than those that it builds on, except by
// rounding, which this removes.
function inOrderOf(steps: readonly Step[], n: number): Step[] {
  const cost = Float64Array.from(steps, (step) => step.cost);
  steps.forEach(({ first, second }, k) => {
    for (const part of [first, second]) if (part >= n) cost[k] = Math.max(cost[k], cost[part - n]);
  });
  return steps.map((step, k) => ({ ...step, cost: cost[k] }));
}

/** Multiplications and comparisons in one slice. */
const slice = 2_000_000;

// cost(a, b), a > b, row by row.
function* costsOf(unions: readonly Union[]): Slices<Float32Array> {
  const n = unions.length;
  const costs = new Float32Array((n * (n - 1)) / 2);
  let [to, done] = [0, 0];
  for (let a = 1; a < n; a++) {
    const { direction: u, worth: own } = unions[a];
    for (let b = 0; b < a; b++) {
      const { direction: v, worth: other } = unions[b];
      costs[to++] = ((own * other) / (own + other)) * distance(u, v);
    }
    done += a * u.length;
    if (done > slice) {
      done = 0;
      yield;
    }
  }
  return costs;
}

function distance(u: Float32Array, v: Float32Array): number {
  let even = 0;
  let odd = 0;
  const end = u.length & ~1;
  for (let i = 0; i < end; i += 2) {
    const p = u[i] - v[i];
    const q = u[i + 1] - v[i + 1];
    even += p * p;
    odd += q * q;
  }
  if (end < u.length) even += (u[end] - v[end]) ** 2;
  return even + odd;
}
