// @ts-check
// The encoding `edges` in native code compared with ours, see digits.mjs.
import { EdgeEncoder } from '../../../dist/sensing/image/edges.js';
import { compareDigits } from './digits.mjs';
import { readFlags } from './turns.mjs';

const encoder = new EdgeEncoder(28, 28);
await compareDigits('edges', readFlags('edges.mjs', 'pictures'), encoder.inputs, (digit, into) => {
  encoder.picture.set(digit);
  encoder.encode(into);
});
