import { attributesOf, type Dataset, type Split } from './dataset.js';

/**
 * The same data set for choosing: its test split is the last sixth of the training images, which are not learned then
 * (the last 10,000 of MNIST's 60,000). Whatever is chosen on it has not seen the test images.
 */
export function holdOut(dataset: Dataset): Dataset {
  const { rows, columns } = dataset;
  const size = rows * columns;
  const cut = (from: number, end: number): Split => {
    const { images, labels } = dataset.train;
    return {
      count: end - from,
      images: images.subarray(from * size, end * size),
      labels: labels.subarray(from, end),
    };
  };
  const border = (): number => dataset.train.count - Math.floor(dataset.train.count / 6);
  return {
    ...attributesOf(dataset),
    name: `${dataset.name}, held out`,
    get train() {
      return cut(0, border());
    },
    get test() {
      return cut(border(), dataset.train.count);
    },
  };
}
