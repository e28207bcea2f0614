// @ts-check
// The encoding `scene` in native code compared with ours, for grey pictures and for pictures in colour; see digits.mjs.
import { SceneEncoder } from '../../../dist/sensing/image/scene-encoder.js';
import { compareDigits } from './digits.mjs';
import { readFlags } from './turns.mjs';

const encoder = new SceneEncoder(28, 28);
const flags = readFlags('scene.mjs', 'pictures');
for (const planes of /** @type {const} */ ([1, 3])) {
  await compareDigits(
    'scene',
    flags,
    encoder.inputs,
    (digits, into) => {
      for (let k = 0; k < planes; k++) encoder.planes[k].set(digits.subarray(784 * k, 784 * (k + 1)));
      encoder.encode(planes, into);
    },
    planes,
  );
}
