// Neurons of two similar classes without a name may be neighbours, and one label must not name both classes. For
// members i of a group, w_ij is how often j was next to i (group-naming.ts):
//
//   a_ij = sqrt(w_ij w_ji)     d_i = sum_j a_ij
//   v: second eigenvector of S = D^(-1/2) A D^(-1/2), by power iteration on (1 + S) / 2, kept orthogonal to sqrt(d)
//   cut: members in the order of v_i / sqrt(d_i), the first k and the others, each at least a fifth of all and three,
//        with the least   (sum of a between the two) / (the smaller sum of d) ;   below 0.02 they are two groups
//
// Pairs of classes, five of MNIST and five of Fashion-MNIST, have 0.006 to 0.04. One class has 0.055 to 0.15 on MNIST,
// 0.01 to 0.1 on Fashion-MNIST, and 0 for bags, which look like two kinds of things. Where a part of one class is cut
// off, the node asks about that part separately. Doubles, in this order.
// Source: Shi & Malik, Normalized cuts and image segmentation, IEEE Trans. PAMI 22 (2000) 888-905.

const steps = 300;
const fewest = 3;
const leastPart = 1 / 5;
const apart = 0.02;
/** Added to each degree, so that it is above 0 without neighbours. */
const alone = 1e-9;

/** Neighbours of a member, with a of each. */
type Beside = ReadonlyMap<number, number>;

/**
 * Cuts a group in two if it consists of two.
 *
 * @param beside - neighbours of each member, by index in the list; symmetric
 * @returns for each member whether it is on the side of the first member; all true where there is one group
 */
export function cutGroup(beside: readonly Beside[]): boolean[] {
  const count = beside.length;
  const whole = Array<boolean>(count).fill(true);
  const least = Math.max(fewest, leastPart * count);
  if (count < 2 * least) return whole;
  const degrees = Float64Array.from(beside, (each) => sum(each.values()) + alone);
  const order = orderOf(beside, degrees);
  const total = sum(degrees);
  const first = new Set<number>();
  let [between, volume] = [0, 0];
  let [lowest, size] = [apart, 0];
  for (const [place, i] of order.entries()) {
    for (const [j, weight] of beside[i]) between += first.has(j) ? -weight : weight;
    first.add(i);
    volume += degrees[i];
    if (Math.min(place + 1, count - place - 1) < least) continue;
    const conductance = between / Math.min(volume, total - volume);
    if (conductance < lowest) [lowest, size] = [conductance, place + 1];
  }
  if (size === 0) return whole;
  const left = new Set(order.slice(0, size));
  return whole.map((_, i) => left.has(i) === left.has(0));
}

// Members in the order of v_i / sqrt(d_i).
function orderOf(beside: readonly Beside[], degrees: Float64Array): number[] {
  const roots = degrees.map(Math.sqrt);
  const total = sum(degrees);
  // Any start that is not orthogonal to v works.
  let v = Float64Array.from(roots, (_, i) => ((7 * i) % 11) - 5);
  for (let step = 0; step < steps; step++) {
    const along = v.reduce((all, each, i) => all + each * roots[i], 0) / total;
    const [before, next] = [v.map((each, i) => each - along * roots[i]), new Float64Array(v.length)];
    for (const [i, each] of beside.entries()) {
      let heard = 0;
      for (const [j, weight] of each) heard += (weight * before[j]) / (roots[i] * roots[j]);
      next[i] = (before[i] + heard) / 2;
    }
    const length = Math.sqrt(next.reduce((all, each) => all + each * each, 0));
    if (!(length > 0)) break;
    v = next.map((each) => each / length);
  }
  return Array.from(v.keys()).sort((a, b) => v[a] / roots[a] - v[b] / roots[b] || a - b);
}

function sum(numbers: Iterable<number>): number {
  let all = 0;
  for (const each of numbers) all += each;
  return all;
}
