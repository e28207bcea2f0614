/** Names that differ in more are no slip of the finger [edits]. */
const mostEdits = 3;

/**
 * The name that was most likely meant, by the optimal string alignment distance: letters left out, added, exchanged, or
 * two that stand in each other's place.
 *
 * @returns `undefined` where none is like it
 */
export function closest(text: string, names: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of names) {
    const longer = Math.max(text.length, name.length);
    // Much longer ones are not compared: their distance is at least the difference.
    if (Math.abs(text.length - name.length) > mostEdits) continue;
    const edits = distance(text.toLowerCase(), name.toLowerCase());
    if (edits > mostEdits || edits > 0.4 * longer) continue;
    if (best === undefined || edits < best.edits) best = { name, edits };
  }
  return best?.name;
}

/** The end of a sentence that names what was most likely meant: `; did you mean mnist?`. Empty where nothing is like it. */
export function didYouMean(text: string, names: Iterable<string>): string {
  const name = closest(text, names);
  return name === undefined ? '' : `; did you mean ${name}?`;
}

function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      next[column] = Math.min(last[column] + 1, next[column - 1] + 1, last[column - 1] + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) next[column] = Math.min(next[column], beforeLast[column - 2] + 1);
    }
    [beforeLast, last] = [last, next];
  }
  return last[b.length];
}
