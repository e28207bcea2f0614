import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import type { Slices } from 'topspark/base/slices.js';
import type { Snapshot } from 'topspark/base/snapshot.js';
import { CheckpointStore, type StoredCheckpoint } from 'topspark/checkpoint/checkpoint-store.js';
import { Checkpoints, restoreNewest } from 'topspark/node/checkpoints.js';
import { born, liveOn } from './life.js';

// The process under test. It restores the newest checkpoint, then learns until it is killed, and saves as the node
// does. It prints one line per event:
//
//   restored SAMPLES HASH   0 and the hash of an empty network where there was no checkpoint
//   refused                 a checkpoint was damaged
//   at SAMPLES              samples learned so far
//   saving SAMPLES          a save has begun
//   saved SAMPLES           the save is complete on disk
//   fault WORDS             the save failed

const [folder = '', neurons = '', interval = ''] = process.argv.slice(2);
const say = (...words: (string | number)[]): void => {
  process.stdout.write(`${words.join(' ')}\n`);
};

class ReportingStore extends CheckpointStore {
  override async saveInTurns(capture: Slices<Snapshot>): Promise<StoredCheckpoint> {
    const { samples } = classifier;
    say('saving', samples);
    const stored = await super.saveInTurns(capture);
    say('saved', samples);
    return stored;
  }
}

const classifier = born(Number(neurons));
const logger = pino({
  hooks: {
    logMethod([first], _method, level) {
      if (level >= 50) say('fault', String(first));
      else if (level >= 40) say('refused');
    },
  },
});
const seconds = (): number => performance.now() / 1000;
const store = new ReportingStore(folder, 3);
const begun = restoreNewest(
  store,
  (snapshot) => {
    classifier.restore(snapshot);
  },
  logger,
);
const checkpoints = new Checkpoints(
  classifier,
  store,
  Number(interval),
  0,
  () => classifier.samples,
  logger,
  seconds(),
  begun,
);
say('restored', classifier.samples, classifier.hash());
for (;;) {
  for (let k = 0; k < 4; k++) liveOn(classifier);
  say('at', classifier.samples);
  checkpoints.saveWhenDue(seconds());
  await setTimeout(1);
}
