/** Sum in four partial sums over i mod 4, (0 + 1) + (2 + 3). */
function dot(a: readonly number[], b: readonly number[]): number {
  const s = [0, 0, 0, 0];
  a.forEach((value, i) => (s[i % 4] += value * b[i]));
  return s[0] + s[1] + (s[2] + s[3]);
}

/** A linear readout as plain scalar code (kernel/least-squares.ts has the equations), P as a whole symmetric matrix. */
export class PlainLinearReadout {
  weights: number[][] = [];
  precision: number[][] = [];
  readonly #length: number;

  /** @param signed - x is the first half of a sample minus the second */
  constructor(
    readonly inputs: number,
    readonly signed: boolean,
  ) {
    this.#length = Math.ceil(inputs / 4) * 4;
    this.loosen();
  }

  loosen(): void {
    const places = Array.from({ length: this.#length }, (_, i) => i);
    this.precision = places.map((i) => places.map((j) => (i === j ? 1 / 0.3 : 0)));
  }

  read(sample: readonly number[]): number[] {
    const x = this.#take(sample);
    return this.weights.map((row) => dot(row, x));
  }

  teach(sample: readonly number[], label: number, back = false): boolean {
    const x = this.#take(sample);
    const u = this.#drive(x);
    const known = dot(u, x);
    const d = back ? known - 1 : known + 1;
    if (!(known >= 0) || (back && !(d < -1e-6))) return false;
    const scores = this.read(sample);
    this.weights = this.weights.map((row, c) => {
      const by = ((c === label ? 1 : 0) - scores[c]) / d;
      return row.map((w, i) => w + by * u[i]);
    });
    const factor = 1 / Math.sqrt(Math.abs(d));
    const g = u.map((value) => factor * value);
    const sign = back ? 1 : -1;
    this.precision = this.precision.map((row, i) => row.map((p, j) => p + sign * (g[i] * g[j])));
    return true;
  }

  move(sample: readonly number[], from: number, to: number): void {
    const u = this.#drive(this.#take(sample));
    this.weights[from] = this.weights[from].map((w, i) => w - u[i]);
    this.weights[to] = this.weights[to].map((w, i) => w + u[i]);
  }

  removeClass(label: number, into?: number): void {
    const gone = this.weights[label];
    if (into !== undefined) this.weights[into] = this.weights[into].map((w, i) => w + gone[i]);
    this.weights.splice(label, 1);
  }

  openClass(): void {
    this.weights.push(Array<number>(this.#length).fill(0));
  }

  #take(sample: readonly number[]): number[] {
    const { inputs } = this;
    const values = Array.from({ length: inputs }, (_, i) => (this.signed ? sample[i] - sample[i + inputs] : sample[i]));
    const square = values.reduce((sum, value) => sum + value * value, 0);
    const norm = square > 0 ? Math.sqrt(square) : 1;
    return [...values.map((value) => value / norm), ...Array<number>(this.#length - inputs).fill(0)];
  }

  #drive(x: readonly number[]): number[] {
    const P = this.precision;
    return x.map((_, i) => {
      const end = i - (i % 4) + 4;
      const [even, odd] = [0, 1].map((part) => {
        let sum = 0;
        for (let j = part; j < end; j += 2) sum += P[i][j] * x[j];
        return sum;
      });
      let u = even + odd;
      for (let r = end; r < x.length; r += 4) {
        u += P[r][i] * x[r] + P[r + 1][i] * x[r + 1] + (P[r + 2][i] * x[r + 2] + P[r + 3][i] * x[r + 3]);
      }
      return u;
    });
  }
}

/** W by the equations themselves: (sum x x' + ridge I)^-1 of all samples, by elimination with pivots. */
export function leastSquares(
  samples: readonly { readonly x: readonly number[]; readonly label: number }[],
  inputs: number,
  classes: number,
  ridge = 0.3,
): number[][] {
  const rows = Array.from({ length: inputs }, (_, i) => [
    ...Array.from({ length: inputs }, (_, j) => samples.reduce((s, { x }) => s + x[i] * x[j], i === j ? ridge : 0)),
    ...Array.from({ length: classes }, (_, c) => samples.reduce((s, { x, label }) => s + (label === c ? x[i] : 0), 0)),
  ]);
  for (let k = 0; k < inputs; k++) {
    let pivot = k;
    for (let i = k + 1; i < inputs; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let i = 0; i < inputs; i++) {
      if (i === k) continue;
      const by = rows[i][k] / rows[k][k];
      for (let j = k; j < inputs + classes; j++) rows[i][j] -= by * rows[k][j];
    }
  }
  return Array.from({ length: classes }, (_, c) => rows.map((row, i) => row[inputs + c] / row[i]));
}
