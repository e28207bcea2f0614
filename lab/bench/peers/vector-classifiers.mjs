// @ts-check
import { Random } from 'topspark/base/random.js';

// Classifiers that learn vectors one by one, as their authors define them; x has length 1; C classes, n numbers.

/**
 * A classifier that learns vectors one by one.
 *
 * @typedef {object} VectorClassifier
 * @property {(x: Float64Array, y: number) => void} learn
 * @property {(x: Float64Array) => ArrayLike<number>} scores - one for each class; the largest is the answer
 */

/** @type {(a: ArrayLike<number>, b: ArrayLike<number>, from?: number) => number} */
const dot = (a, b, from = 0) => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[from + i];
  return sum;
};

/**
 * Class mean (nearest centroid by cosine): m_c = Σ x of class c, s_c = m_c·x / |m_c|.
 *
 * @param {number} classes
 * @param {number} length
 * @returns {VectorClassifier}
 */
export function classMean(classes, length) {
  const sums = Array.from({ length: classes }, () => new Float64Array(length));
  return {
    learn(x, y) {
      for (let i = 0; i < length; i++) sums[y][i] += x[i];
    },
    scores: (x) => sums.map((sum) => dot(sum, x) / (Math.sqrt(dot(sum, sum)) || 1)),
  };
}

/**
 * The five nearest of all labelled vectors vote, each with its cosine.
 *
 * @param {number} classes
 * @returns {VectorClassifier}
 */
export function nearestFive(classes) {
  /** @type {{ x: Float64Array, y: number }[]} */
  const kept = [];
  return {
    learn(x, y) {
      kept.push({ x: x.slice(), y });
    },
    scores(x) {
      const votes = new Float64Array(classes);
      const near = kept.map((one) => ({ y: one.y, near: dot(one.x, x) })).sort((a, b) => b.near - a.near);
      for (const { y, near: vote } of near.slice(0, 5)) votes[y] += vote;
      return votes;
    },
  };
}

/**
 * Streaming linear discriminant analysis: class means μ_c, one covariance Σ of all, Λ = ((1 − ε) Σ + ε I)⁻¹,
 * s_c = μ_c·Λx − μ_c·Λμ_c / 2; ε = 1e-4.
 *
 * Source: Hayes and Kanan, Lifelong machine learning with deep streaming linear discriminant analysis, CVPRW 2020.
 *
 * @param {number} classes
 * @param {number} length
 * @returns {VectorClassifier}
 */
export function streamingLda(classes, length) {
  const shrinkage = 1e-4;
  const means = Array.from({ length: classes }, () => new Float64Array(length));
  const counts = new Float64Array(classes);
  const covariance = new Float64Array(length * length);
  let total = 0;
  /** @type {{ weights: Float64Array[], offsets: number[] } | undefined} */
  let solved;
  return {
    learn(x, y) {
      solved = undefined;
      const apart = x.map((value, i) => value - means[y][i]);
      const share = total / (total + 1);
      for (let i = 0; i < length; i++) {
        const factor = (share * apart[i]) / (total + 1);
        const row = i * length;
        for (let j = 0; j < length; j++) covariance[row + j] = share * covariance[row + j] + factor * apart[j];
      }
      total++;
      counts[y]++;
      for (let i = 0; i < length; i++) means[y][i] += apart[i] / counts[y];
    },
    scores(x) {
      solved ??= solve();
      const { weights, offsets } = solved;
      return weights.map((weight, c) => (counts[c] > 0 ? dot(weight, x) - offsets[c] : -Infinity));
    },
  };

  function solve() {
    const shrunk = covariance.map((value) => (1 - shrinkage) * value);
    for (let i = 0; i < length; i++) shrunk[i * (length + 1)] += shrinkage;
    const weights = cholesky(shrunk, length, means);
    return { weights, offsets: weights.map((weight, c) => dot(weight, means[c]) / 2) };
  }
}

/**
 * Solves A x = b for several b by Cholesky decomposition, which overwrites A.
 *
 * @param {Float64Array} a - n × n, symmetric and positive
 * @param {number} n
 * @param {readonly Float64Array[]} right
 */
function cholesky(a, n, right) {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j];
    }
  }
  return right.map((b) => {
    const x = b.slice();
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[i] -= a[i * n + k] * x[k];
      x[i] /= a[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i] -= a[k * n + i] * x[k];
      x[i] /= a[i * n + i];
    }
    return x;
  });
}

/**
 * Logistic regression by stochastic gradient descent, one step a label: W += η (onehot − softmax(Wx)) xᵀ.
 *
 * @param {number} classes
 * @param {number} length
 * @param {number} [rate] - η
 * @returns {VectorClassifier}
 */
export function logistic(classes, length, rate = 0.5) {
  const weights = Array.from({ length: classes }, () => new Float64Array(length));
  /** @param {Float64Array} x */
  const scores = (x) => weights.map((weight) => dot(weight, x));
  return {
    learn(x, y) {
      const s = scores(x);
      const most = Math.max(...s);
      const shares = s.map((value) => Math.exp(value - most));
      const sum = shares.reduce((a, b) => a + b, 0);
      for (const [c, share] of shares.entries()) {
        const step = rate * (Number(c === y) - share / sum);
        for (let i = 0; i < length; i++) weights[c][i] += step * x[i];
      }
    },
    scores,
  };
}

/**
 * OnlineHD: h = cos(Bx + b) sin(Bx), B normal, b uniform; each class has a sum of h. After a wrong answer, with cosines
 * δ: C_y += η (1 − δ_y) h, and C_z −= η (1 − δ_z) h for the answered class z. A right answer adds nothing, except the
 * first. One pass.
 *
 * Source: Hernández-Cano et al., OnlineHD: robust, efficient, and single-pass online learning using hyperdimensional
 * system, DATE 2021.
 *
 * @param {number} classes
 * @param {number} length
 * @param {number} seed
 * @param {number} [dimensions]
 * @returns {VectorClassifier}
 */
export function onlineHd(classes, length, seed, dimensions = 2000) {
  const random = new Random(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  // Rows of length 1 differ by angles. Numbers of this size spread their products over the turns of the cosine.
  const base = Float64Array.from({ length: dimensions * length }, () => 0.3 * normal());
  const shift = Float64Array.from({ length: dimensions }, () => 2 * Math.PI * random.uniform());
  const sums = Array.from({ length: classes }, () => new Float64Array(dimensions));
  /** @param {Float64Array} x */
  const high = (x) =>
    shift.map((phase, d) => {
      const turn = dot(x, base, d * length);
      return Math.cos(turn + phase) * Math.sin(turn);
    });
  /** @param {Float64Array} h */
  const cosines = (h) => {
    const own = Math.sqrt(dot(h, h));
    return sums.map((sum) => dot(sum, h) / (own * Math.sqrt(dot(sum, sum)) || 1));
  };
  return {
    learn(x, y) {
      const h = high(x);
      const near = cosines(h);
      const answer = near.indexOf(Math.max(...near));
      if (answer === y && near[y] > 0) return;
      for (let d = 0; d < dimensions; d++) {
        sums[y][d] += (1 - near[y]) * h[d];
        if (answer !== y) sums[answer][d] -= (1 - near[answer]) * h[d];
      }
    },
    scores: (x) => cosines(high(x)),
  };
}
