import type { Dataset, Split } from '../../src/datasets/dataset.js';
import { Random } from '../../../src/base/random.js';

const side = 8;

/** Vertical and horizontal bars at random places, with little noise: a small network learns the two classes quickly. */
export function bars(train: number, test: number): Dataset {
  const random = new Random(7);
  const split = (count: number): Split => {
    const labels = Uint8Array.from({ length: count }, () => random.below(2));
    const images = new Uint8Array(count * side * side);
    for (let k = 0; k < count; k++) {
      const place = 1 + random.below(6);
      for (let i = 0; i < side * side; i++) {
        const at = labels[k] === 0 ? i % side : Math.floor(i / side);
        images[k * side * side + i] = (at === place ? 220 : 10) + random.below(20);
      }
    }
    return { count, images, labels };
  };
  return {
    name: 'bars',
    rows: side,
    columns: side,
    classNames: ['upright', 'lying'],
    train: split(train),
    test: split(test),
  };
}
