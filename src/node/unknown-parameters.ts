import { didYouMean, listed, longestShown, shownName } from '../base/quoted.js';
import { movedTo } from './moved-parameters.js';
import { isMeantFor, isMeantForAll, type NodeOverrides } from './parameter-overrides.js';

/** Names that were set, without values. */
export type GivenBlock = NodeOverrides<{ readonly name: string }>;

/** Parameters that were set for a node and that it does not have. */
export interface UnknownParameters {
  /** Most likely misspelt: set for this node by name, or similar to one of its own. */
  readonly misspelt: readonly string[];
  /** Set for all nodes, and similar to none of its own: most likely another node's. */
  readonly foreign: readonly string[];
}

/**
 * Finds parameters that were set for a node and are ignored.
 *
 * @param node - full name: `/robot1/topspark`
 * @param known - names of its parameters
 */
export function unknownParameters(
  blocks: readonly GivenBlock[],
  node: string,
  known: ReadonlySet<string>,
): UnknownParameters {
  const groups = new Set([...known].map(group));
  const misspelt = new Set<string>();
  const foreign = new Set<string>();
  for (const { name: pattern, parameters } of blocks) {
    if (!isMeantFor(pattern, node)) continue;
    for (const { name } of parameters) {
      if (known.has(name)) continue;
      const alike = groups.has(group(name)) || meant(name, known) !== '';
      (alike || !isMeantForAll(pattern) ? misspelt : foreign).add(name);
    }
  }
  return { misspelt: [...misspelt], foreign: [...foreign].filter((name) => !misspelt.has(name)) };
}

/** The sentence about a misspelt name. */
export function unknownSentence(name: string, known: ReadonlySet<string>): string {
  const moved = movedTo(name);
  const why = moved === undefined ? meant(name, known) : `: ${moved}`;
  return `parameter ${shownName(name)} is not known here and is ignored${why}; see config/topspark.yaml`;
}

/** A name without its block, such as `neurons`, stands for the only parameter that ends with it. */
function meant(name: string, known: ReadonlySet<string>): string {
  const ends = name.length > longestShown ? [] : [...known].filter((each) => each.endsWith(`.${name}`));
  return didYouMean(name, known) || (ends.length === 1 ? `; did you mean ${ends[0]}?` : '');
}

/**
 * A warning if parameters were set for a node of a similar name, or only for other nodes. If a file misspells its name,
 * a node would start with its defaults unnoticed.
 *
 * @param node - full name
 * @returns `undefined` where nothing looks wrong
 */
export function strayBlocks(blocks: readonly GivenBlock[], node: string): string | undefined {
  if (blocks.length === 0 || blocks.some(({ name }) => isMeantFor(name, node) && !isMeantForAll(name)))
    return undefined;
  const others = [...new Set(blocks.map(({ name }) => name))].filter((name) => !isMeantFor(name, node));
  const own = last(node);
  const alike = others.filter((name) => last(name) === own || didYouMean(last(name), [own]) !== '');
  const named = alike.length > 0 ? alike : others.length === blocks.length ? others : [];
  if (named.length === 0) return undefined;
  return `parameters are given for ${listed(named)}, none for ${node}: they are ignored; use ${node} or /**`;
}

const group = (name: string): string => name.split('.', 1)[0];
const last = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
