import { expect, it } from 'vitest';
import { loadDataset } from '../../src/datasets/dataset.js';
import { OnlineClassifier } from '../../../src/classifier/online-classifier.js';

/** Learns the first 2000 training images in file order with the labels chosen, then tests 500 images, frozen. */
function learnDigits(labelled: (k: number) => boolean): { hash: string; net: number; right: number } {
  const { train, test, rows, columns, classNames } = loadDataset('mnist');
  const classifier = new OnlineClassifier({ neurons: 400, rows, columns });
  const point = { timesteps: 35, events: 200, keep: 48, exitFirst: 0, exit: 0 };
  const image = (images: Uint8Array, k: number): Uint8Array => images.subarray(k * 784, (k + 1) * 784);
  for (let k = 0; k < 2000; k++) {
    classifier.decide(image(train.images, k), BigInt(k), point, true);
    if (labelled(k)) classifier.label(BigInt(k), classNames[train.labels[k]]);
  }
  let [net, right] = [0, 0];
  for (let k = 0; k < 500; k++) {
    const answer = classifier.decide(image(test.images, k), -1n, point, false);
    net += Number(answer.net.label === classNames[test.labels[k]]);
    right += Number(answer.label === classNames[test.labels[k]]);
  }
  return { hash: classifier.hash(), net, right };
}

it('learns digits with every label: these weights and 85.8 % on every machine', () => {
  expect(learnDigits(() => true)).toEqual({
    hash: 'b69a8ab07257f708b8110f6a153405d86f0b562b0cd96136165ba7aaad0462bf',
    net: 430,
    right: 429,
  });
});

it('learns digits with a tenth of the labels: these weights and 80.8 % on every machine', () => {
  expect(learnDigits((k) => k % 10 === 0)).toEqual({
    hash: '204fa5b3103058cecd1728c029970deebd2168c77c4f7c7b2a8be01782643d84',
    net: 398,
    right: 404,
  });
});

it('learns digits with one label of each, and beats nearest neighbours alone: 46.0 % against 40.6 %', () => {
  const heard = new Set<number>();
  const { labels } = loadDataset('mnist').train;
  const first = (k: number): boolean => !heard.has(labels[k]) && heard.add(labels[k]).size > 0;
  const { net, right } = learnDigits(first);
  expect({ net, right }).toEqual({ net: 203, right: 230 });
});

it('relearns a digit whose look changes from one image on, and forgets no other digit', () => {
  const { train, test, rows, columns, classNames } = loadDataset('mnist');
  const classifier = new OnlineClassifier({ neurons: 100, rows, columns });
  const point = { timesteps: 35, events: 200, keep: 25, exitFirst: 0, exit: 0 };
  const seen = (images: Uint8Array, k: number, mirrored: boolean): Uint8Array => {
    const image = images.slice(k * 784, (k + 1) * 784);
    if (mirrored) for (let row = 0; row < rows; row++) image.subarray(row * columns, (row + 1) * columns).reverse();
    return image;
  };
  for (let k = 0; k < 8000; k++) {
    const digit = train.labels[k];
    classifier.decide(seen(train.images, k, digit === 3 && k >= 5000), BigInt(k), point, true);
    classifier.label(BigInt(k), classNames[digit]);
  }
  const right = { three: 0, others: 0 };
  const shown = { three: 0, others: 0 };
  for (let k = 0; k < 2000; k++) {
    const kind = test.labels[k] === 3 ? 'three' : 'others';
    const { label } = classifier.decide(seen(test.images, k, kind === 'three'), -1n, point, false);
    shown[kind]++;
    right[kind] += Number(label === classNames[test.labels[k]]);
  }
  expect(classifier.alarms).toBe(1);
  expect(right.three / shown.three).toBeGreaterThan(0.7);
  expect(right.others / shown.others).toBeGreaterThan(0.8);
});
