import { labelKinds } from 'topspark/classifier/label-kinds.js';
import { checkInteger, checkNumber } from 'topspark/base/errors.js';
import { loadDataset } from '../datasets/dataset.js';
import { publishLargeMessages } from 'topspark/node/large-messages.js';
import type { SimpleNode } from 'topspark/ros/open-node.js';
import { qosProfiles } from 'topspark/node/qos-profiles.js';
import { Pacer, seconds } from './pacer.js';
import { runNode } from './demo-node.js';
import { shownSamples } from './shown-samples.js';
import { pause, until } from './waiting.js';

// The camera as a process: shows the training pictures of a data set as sensor_msgs/Image on `image`, labels a share of
// them on `label`, and publishes the truth of each on `truth`, for scoring only. It ends after `samples`.

/** Time for reliable messages to arrive before their publishers are destroyed [ms]. */
const linger = 500;
/** No truth may be lost, however busy the view is. */
const truths = { ...qosProfiles.output, depth: 1000 };

publishLargeMessages();
await runNode('camera', async (node, ended) => {
  const settings = readSettings(node);
  // Loaded first: once the camera can be discovered, its pictures are ready.
  const { rows, columns, classNames, train } = loadDataset(settings.dataset);
  const pixels = rows * columns;
  const { images, labels } = train;
  const image = node.publisher('sensor_msgs/msg/Image', 'image', qosProfiles.sensorData);
  const label = node.publisher('topspark_msgs/msg/Label', 'label', qosProfiles.labels);
  const truth = node.publisher('topspark_msgs/msg/Label', 'truth', truths);

  const show = (index: number, labelled: boolean): void => {
    const header = { stamp: node.stamp(), frame_id: 'camera' };
    // A copy, not a view: rclnodejs would copy the whole buffer behind a view.
    const data = images.slice(index * pixels, (index + 1) * pixels);
    const named = { header, label: classNames[labels[index] ?? 0] ?? '', kind: labelKinds.indexOf('random') };
    image.publish({ header, height: rows, width: columns, encoding: 'mono8', is_bigendian: 0, step: columns, data });
    if (labelled) label.publish(named);
    truth.publish(named);
  };

  const awaited = settings.awaitTruth ? [image, label, truth] : [image, label];
  if (!(await until(() => awaited.every((publisher) => publisher.subscriptions() > 0), ended))) return;
  const pacer = new Pacer(settings.rate, seconds());
  for (const { index, labelled } of shownSamples(train.count, settings.samples, settings.labelShare, settings.seed)) {
    if (ended.aborted) return;
    show(index, labelled);
    const now = seconds();
    await pause(1000 * (pacer.sent(now) - now), ended);
  }
  await pause(linger, ended);
});

function readSettings(node: SimpleNode): Settings {
  const settings = {
    rate: node.parameter('rate', 200, 'images a second [1/s]'),
    samples: node.parameter('samples', 10_000, 'images to show before the camera ends'),
    labelShare: node.parameter('label_share', 0.1, 'share of the images that are labelled [0..1]'),
    seed: node.parameter('seed', 1, 'seed of the order of the images and of the choice of labels'),
    dataset: node.parameter('dataset', 'mnist', 'mnist, fashion-mnist, or a folder with the four IDX files'),
    awaitTruth: node.parameter('await_truth', false, 'wait for a subscription to `truth` as well'),
  };
  checkNumber('parameter rate', settings.rate, 0.01, 1000);
  checkInteger('parameter samples', settings.samples, 1, 1_000_000_000);
  checkNumber('parameter label_share', settings.labelShare, 0, 1);
  checkInteger('parameter seed', settings.seed, 0, Number.MAX_SAFE_INTEGER);
  return settings;
}

interface Settings {
  readonly rate: number;
  readonly samples: number;
  readonly labelShare: number;
  readonly seed: number;
  readonly dataset: string;
  readonly awaitTruth: boolean;
}
