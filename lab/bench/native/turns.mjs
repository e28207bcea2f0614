// @ts-check
import { parseArgs } from 'node:util';
import { ratios, spread } from '../ratios.mjs';

/**
 * Reads the flags of a comparison with native code; prints the help and ends where it is asked for.
 * @param {string} program - name of the script
 * @param {string} items - what a round encodes; also the name of the flag
 * @returns {{ rounds: number, count: number, json: boolean }}
 */
export function readFlags(program, items) {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '21' },
      [items]: { type: 'string', default: '20000' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values['help']) {
    process.stdout.write(`node lab/bench/native/${program} [--rounds N] [--${items} N] [--json]     (21, 20000)\n`);
    process.exit(0);
  }
  return { rounds: Number(values['rounds']), count: Number(values[items]), json: values['json'] === true };
}

/**
 * Costs of ours and of native code, in turns; the first round warms up and is left out.
 * @typedef {{ each: number, bytes: string }} Round - cost of one item [µs], and a checksum of the last output
 * @param {string} what - what is encoded, for the error where the output differs
 * @param {number} rounds
 * @param {() => Round} ourRound
 * @param {() => Promise<Round>} nativeRound
 */
export async function byTurns(what, rounds, ourRound, nativeRound) {
  /** @type {number[]} */
  const ours = [];
  /** @type {number[]} */
  const native = [];
  for (let round = 0; round <= rounds; round++) {
    const [one, other] = [ourRound(), await nativeRound()];
    if (one.bytes !== other.bytes)
      throw new Error(`${what}: bytes differ, checksum ${one.bytes} here, ${other.bytes} native`);
    if (round === 0) continue;
    ours.push(one.each);
    native.push(other.each);
  }
  return { ours: spread(ours), native: spread(native), ratio: ratios(ours, native) };
}
