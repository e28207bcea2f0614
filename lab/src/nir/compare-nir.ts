import { edgeText, type NirArray, type NirGraph } from './nir-graph.js';

/** Differences between a graph that was read and the graph of a checkpoint. */
export interface NirComparison {
  /** Differences in nodes, edges, parameters and shapes, in words; empty: there are none. */
  readonly differences: readonly string[];
  /** Count of numbers that were compared, and of those that differ. */
  readonly numbers: number;
  readonly changed: number;
  /** Largest absolute difference of two numbers, divided by the largest absolute value of the expected array. */
  readonly largest: number;
}

/**
 * Compares two graphs by the names of their nodes.
 *
 * @param expected - the graph of the checkpoint
 */
export function compareNir(expected: NirGraph, found: NirGraph): NirComparison {
  const differences: string[] = [];
  let [numbers, changed, largest] = [0, 0, 0];
  const names = (graph: NirGraph): readonly string[] => Object.keys(graph.nodes);
  for (const name of names(found).filter((each) => !(each in expected.nodes))) differences.push(`node ${name} is more`);
  for (const [name, node] of Object.entries(expected.nodes)) {
    const other = new Map(Object.entries(found.nodes)).get(name);
    if (other === undefined) {
      differences.push(`node ${name} is missing`);
    } else if (other.type !== node.type) {
      differences.push(`node ${name} is ${other.type}, expected ${node.type}`);
    } else {
      for (const [parameter, array] of Object.entries(node.parameters)) {
        const compared = compareArrays(array, new Map(Object.entries(other.parameters)).get(parameter));
        if (typeof compared === 'string') {
          differences.push(`${name}.${parameter} ${compared}`);
          continue;
        }
        numbers += array.data.length;
        changed += compared.changed;
        largest = Math.max(largest, compared.largest);
      }
    }
  }
  const [own, others] = [expected, found].map(({ edges }) => new Set(edges.map(edgeText)));
  for (const edge of own) if (!others.has(edge)) differences.push(`edge ${edge} is missing`);
  for (const edge of others) if (!own.has(edge)) differences.push(`edge ${edge} is more`);
  return { differences, numbers, changed, largest };
}

function compareArrays(
  expected: NirArray,
  found: NirArray | undefined,
): string | { readonly changed: number; readonly largest: number } {
  if (found === undefined) return 'is missing';
  const [a, b] = [expected, found].map(({ shape }) => `[${shape.join(', ')}]`);
  if (a !== b) return `has the shape ${b}, expected ${a}`;
  let [changed, most, scale] = [0, 0, 0];
  for (let k = 0; k < expected.data.length; k++) {
    const [own, other] = [Number(expected.data[k]), Number(found.data[k])];
    scale = Math.max(scale, Math.abs(own));
    if (own === other) continue;
    changed++;
    most = Math.max(most, Math.abs(own - other));
  }
  // NaN counts as an infinite difference.
  return { changed, largest: changed === 0 ? 0 : most > 0 ? most / (scale || 1) : Infinity };
}
