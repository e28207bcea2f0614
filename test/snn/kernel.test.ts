import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { OnlineClassifier } from '../../src/classifier/online-classifier.js';
import { answerOf, expectSameState, givenOf, plainAnswerOf, plainGivenOf } from '../reference/compare.js';
import { stepsOf, traces } from '../reference/traces.js';
import { PlainClassifier } from '../reference/plain-classifier.js';

const seen: Record<string, number> = {};
/** The part of a label's outcome that the recorded traces contain. */
const recordedOutcome = ['found', 'correct', 'answered', 'credited', 'labelUpdates', 'cause'];

describe('the kernel', () => {
  it.each(traces)('equals the plain reference bit for bit, and the recording: $name', async (trace) => {
    const { neurons, rows, columns, classes, memory, polarity } = trace;
    const shape = { neurons, rows, columns, classes, polarity };
    const selfLearning = trace.selfLearning ?? false;
    const features = trace.features ?? false;
    const kernel = new OnlineClassifier({ ...shape, memory, selfLearning, features });
    const plain = new PlainClassifier(shape, memory, selfLearning, features);
    const answers = createHash('sha256');
    const given = createHash('sha256');
    for (const { pixels, stamp, point, learn, labels } of stepsOf(trace)) {
      const answer = kernel.decide(pixels, stamp, point, learn);
      const found = answerOf(answer);
      const presented = plain.decide(pixels, stamp, point, learn);
      const expected = plainAnswerOf(presented, plain.names);
      const text = JSON.stringify(found);
      // Thousands of deep comparisons take seconds; as text they take no time.
      if (text !== JSON.stringify(expected)) expect(found, `sample ${answer.sample}`).toEqual(expected);
      answers.update(text);
      const whole = JSON.stringify(givenOf(answer));
      const plainWhole = plainGivenOf(presented, plain.names);
      if (whole !== JSON.stringify(plainWhole)) expect(givenOf(answer), `sample ${answer.sample}`).toEqual(plainWhole);
      given.update(whole);
      for (const label of labels) {
        const outcome = kernel.label(label.stamp, label.name);
        expect(outcome.found && outcome.credited).toBe(plain.label(label.stamp, label.name));
        answers.update(JSON.stringify(outcome.found ? { ...outcome, ...outcome.net } : outcome, recordedOutcome));
        given.update(JSON.stringify(outcome, recordedOutcome));
      }
    }
    expect(kernel.classes).toEqual(plain.names);
    expectSameState(kernel.snapshot(), plain);
    const paths = { ...plain.seen, ...plain.network.seen, ...plain.network.classNeurons.seen };
    for (const [path, times] of Object.entries(paths)) {
      seen[path] = (seen[path] ?? 0) + times;
    }
    const recorded = {
      weights: kernel.hash(),
      answers: answers.digest('hex'),
      neuronsUsed: kernel.neuronsUsed,
      given: given.digest('hex'),
    };
    const file = `../golden/${trace.name.replaceAll(/[^a-z0-9]+/g, '-')}.json`;
    await expect(`${JSON.stringify(recorded, null, 2)}\n`).toMatchFileSnapshot(file);
  });

  it('took every path in these traces', () => {
    expect(Object.keys(seen).filter((path) => seen[path] === 0)).toEqual([]);
  });
});
