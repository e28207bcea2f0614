/** Float32 arithmetic: every operation is rounded by itself. */
export const add = (a: number, b: number): number => Math.fround(a + b);
export const subtract = (a: number, b: number): number => Math.fround(a - b);
export const multiply = (a: number, b: number): number => Math.fround(a * b);
export const divide = (a: number, b: number): number => Math.fround(a / b);

/** Sum over inputs as the kernel takes it: four partial sums over i mod 4, ascending, then (s0 + s1) + (s2 + s3). */
export function sumOverInputs(terms: readonly number[]): number {
  const s: [number, number, number, number] = [0, 0, 0, 0];
  terms.forEach((term, i) => (s[i % 4] = add(s[i % 4], term)));
  return add(add(s[0], s[1]), add(s[2], s[3]));
}
