import { expect } from 'vitest';
import type { Snapshot } from '../../src/base/snapshot.js';
import type { Answer } from '../../src/classifier/answer.js';
import type { PlainClassifier } from './plain-classifier.js';
import type { PlainPresentation } from './plain-network.js';

/** What kernel and reference must agree on after one sample, as plain values. */
export function answerOf(answer: Answer): Record<string, unknown> {
  const { timestepsRun, learned, net } = answer;
  const { label, confidence, lead, operations, scores } = net;
  return { label, confidence, lead, timestepsRun, learned, operations, scores: [...scores] };
}

/** What they must agree on in the final answer. */
export function givenOf({ label, confidence, lead, readout, operations, scores }: Answer): Record<string, unknown> {
  return { label, confidence, lead, readout, operations, scores: [...scores] };
}

/** The same for the reference. */
export function plainAnswerOf(presentation: PlainPresentation, names: readonly string[]): Record<string, unknown> {
  const { confidence, lead, timestepsRun, learned, operations } = presentation;
  const label = names[presentation.answer] ?? '';
  return { label, confidence, lead, timestepsRun, learned, operations, scores: presentation.votes };
}

/** The same for the reference. */
export function plainGivenOf({ operations, given, votes }: PlainPresentation, names: readonly string[]): object {
  const cost = { ...operations };
  for (const name of ['synapticEvents', 'neuronUpdates', 'labelUpdates', 'plasticityUpdates'] as const) {
    cost[name] += given?.[name] ?? 0;
  }
  if ((given?.plasticityUpdates ?? 0) > 0) cost.normalisationUpdates++;
  const { answer = -1, confidence = 0, lead = 0, classAnswer = -1 } = given ?? {};
  const readout = classAnswer < 0 ? 'net' : 'class_neurons';
  return { label: names[answer] ?? '', confidence, lead, readout, operations: cost, scores: given?.votes ?? votes };
}

/** Checks that every stored number has the same bits. */
export function expectSameState({ tensors }: Snapshot, { network }: PlainClassifier): void {
  const { neurons, rows, columns, classes } = network.shape;
  const table = (name: string): number[][] => {
    const flat = Array.from(tensors[`network.${name}`].data, Number);
    const width = flat.length / neurons;
    return network.neurons.map((_, j) => flat.slice(j * width, (j + 1) * width));
  };
  const list = (name: string): number[] => table(name).flat();
  const each = <T>(pick: (neuron: (typeof network.neurons)[number]) => T): T[] => network.neurons.map(pick);
  expect(table('weights').map((row) => row.slice(0, rows * columns))).toEqual(each(({ raw }) => raw));
  expect(list('scale')).toEqual(each(({ scale }) => scale));
  expect(list('rawSum')).toEqual(each(({ rawSum }) => rawSum));
  expect(list('theta')).toEqual(each(({ theta }) => theta));
  expect(list('spikesSoFar')).toEqual(each(({ spikes }) => spikes));
  expect(list('lastWin')).toEqual(each(({ lastWin }) => lastWin));
  expect(list('renewedAt')).toEqual(each(({ renewedAt }) => renewedAt));
  expect(table('evidence').map((row) => row.slice(0, classes))).toEqual(each(({ evidence }) => evidence));
  expect(table('message').map((row) => row.slice(0, classes))).toEqual(each(({ message }) => message));
  expect(list('evidenceSum')).toEqual(each(({ evidenceSum }) => evidenceSum));
  expect(list('owner')).toEqual(each(({ owner }) => owner + 1));
  const classNeurons = network.classNeurons.neurons;
  const known = Array.from(tensors['class_neurons.weights'].data, Number);
  const stride = (rows * columns + 3) & ~3;
  classNeurons.forEach(({ weights }, c) => {
    expect(known.slice(c * stride, c * stride + rows * columns)).toEqual(weights);
  });
  for (const name of ['inverse', 'seen', 'labels', 'self', 'common', 'looks'] as const) {
    const stored = Array.from(tensors[`class_neurons.${name}`].data, Number).slice(0, classNeurons.length);
    expect(stored).toEqual(classNeurons.map((neuron) => neuron[name]));
  }
  expect(Array.from(tensors['class_neurons.credit'].data, Number)).toEqual(network.classNeurons.credit);
}
