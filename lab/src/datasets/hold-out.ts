import { TopsparkError } from 'topspark/base/errors.js';
import { attributesOf, type Dataset, type Split } from './dataset.js';

/**
 * The same data set for choosing. Its test split is the validation split if there is one, else the last sixth of the
 * training images, which are then not learned (the last 10,000 of MNIST's 60,000). So choices never see the test
 * images.
 *
 * @throws {@link TopsparkError} `dataset_too_small`, when a split is first used
 */
export function holdOut(dataset: Dataset): Dataset {
  const { rows, columns } = dataset;
  const size = rows * columns;
  const cut = (from: number, end: number): Split => {
    const { images, colours, labels, ends } = dataset.train;
    return {
      count: end - from,
      images: images.subarray(from * size, end * size),
      ...(colours && { colours: colours.subarray(3 * from * size, 3 * end * size) }),
      labels: labels.subarray(from, end),
      ...(ends && { ends: ends.subarray(from, end) }),
    };
  };
  const border = (): number => {
    const { count, ends } = dataset.train;
    // No recording is split across the border.
    if (count >= 6)
      return (ends?.indexOf(1, count - Math.floor(count / 6) - 1) ?? count - Math.floor(count / 6) - 1) + 1;
    const found = `data set ${dataset.name} has ${count} training samples`;
    throw new TopsparkError('dataset_too_small', 'data', `${found}, expected at least 6: the last sixth is held out`);
  };
  const { seen } = dataset;
  return {
    ...attributesOf(dataset),
    ...(seen && { seen: { ...seen, at: (resolution) => holdOut(seen.at(resolution)) } }),
    name: `${dataset.name}, held out`,
    get train() {
      return dataset.validation ? dataset.train : cut(0, border());
    },
    get test() {
      return dataset.validation ?? cut(border(), dataset.train.count);
    },
  };
}
