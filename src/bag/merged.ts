import type { BagMessage } from './bag-file.js';

interface OpenRun {
  head: BagMessage;
  readonly rest: Iterator<BagMessage, void>;
  readonly order: number;
}

/**
 * Merges the messages of all runs by log time; messages with equal times come in the order of the runs. Only runs with
 * overlapping times are open at once. A message costs the logarithm of their number.
 *
 * @param runs - in order of their start [ns], which is at most the time of their first message
 * @param read - messages of a run by log time; called when the run begins
 */
export function* merged<Run extends { readonly start: bigint }>(
  runs: readonly Run[],
  read: (run: Run) => Iterator<BagMessage, void>,
): Generator<BagMessage, void> {
  /** A binary heap. */
  const open: OpenRun[] = [];
  let next = 0;
  for (;;) {
    while (next < runs.length && (open.length === 0 || runs[next].start <= open[0].head.logTime)) {
      const rest = read(runs[next]);
      const { value, done } = rest.next();
      if (done !== true) rise(open, { head: value, rest, order: next });
      next++;
    }
    if (open.length === 0) return;
    const [first] = open;
    yield first.head;
    const { value, done } = first.rest.next();
    if (done !== true) first.head = value;
    const last = done === true ? open.pop() : first;
    if (last !== undefined && open.length > 0) sink(open, last);
  }
}

const before = (a: OpenRun, b: OpenRun): boolean =>
  a.head.logTime < b.head.logTime || (a.head.logTime === b.head.logTime && a.order < b.order);

function rise(heap: OpenRun[], run: OpenRun): void {
  let at = heap.length;
  for (let above = (at - 1) >> 1; at > 0 && before(run, heap[above]); above = (at - 1) >> 1) {
    heap[at] = heap[above];
    at = above;
  }
  heap[at] = run;
}

// Moves a run to its place from the top.
function sink(heap: OpenRun[], run: OpenRun): void {
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below + 1 < heap.length && before(heap[below + 1], heap[below])) below++;
    if (below >= heap.length || !before(heap[below], run)) break;
    heap[at] = heap[below];
    at = below;
  }
  heap[at] = run;
}
