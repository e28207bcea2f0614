import { describe, expect, it } from 'vitest';
import { leanPoint } from 'topspark/timestep/policy/lean-policy.js';
import { aurocOf, groupRun, groupRuns, unknownRun } from '../../src/training/unknown-run.js';
import { vectorStream } from './vector-stream.js';

const point = leanPoint(60, { events: 64 });
const stream = vectorStream(4000);
const options = { budget: 0.3, rate: 0.05, neurons: 60, point, seed: 1 };
const nothing = (): void => undefined;

describe('unknownRun and groupRun', () => {
  it('unknownRun detects a class that was shown without labels, and marks the score that is in use', () => {
    const rows = unknownRun(stream, options, new Set(['class 4']), nothing);
    const met = rows.find(({ kind, shipped }) => kind === 'met' && shipped);
    expect(met).toMatchObject({ score: 'unknown' });
    expect(met?.found).toBeGreaterThan(0.9);
    expect(met?.falseAlarms).toBeLessThan(0.1);
    expect(rows.map(({ kind }) => kind)).toEqual(['met', 'met', 'met', 'never', 'never', 'never']);
  });

  it('groupRun learns a class from one label, shown from the start or from half way, and keeps the others', () => {
    let samples = 0;
    const rows = groupRun(stream, options, ['class 4'], (done) => (samples += done));
    expect(samples).toBe(4 * 4500);
    const named = rows.filter(({ names }) => names === 'group');
    expect(rows.map(({ kind, names }) => `${kind} ${names}`)).toEqual([
      ...['met sample', 'met group', 'noon sample', 'noon group'],
    ]);
    for (const { kind, flagged, neurons, pure, recall, others } of named) {
      expect(flagged).not.toBeNull();
      expect(neurons).toBeGreaterThan(0);
      expect(pure).toBeGreaterThan(kind === 'met' ? 0.8 : 0);
      expect(recall).toBeGreaterThan(0.9);
      expect(others).toBeGreaterThan(0.9);
    }
  });

  it('groupRun distinguishes two unknown classes, each by one label', () => {
    let samples = 0;
    const rows = groupRun(stream, options, ['class 3', 'class 4'], (done) => (samples += done));
    expect(samples).toBe(groupRuns(2) * 4500);
    const pair = rows.filter(({ kind }) => kind === 'pair');
    expect(pair.map(({ name }) => name)).toEqual(['class 3', 'class 4']);
    for (const { flagged, pure, recall, others } of pair) {
      expect(flagged).not.toBeNull();
      expect(pure).toBeGreaterThan(0.8);
      expect(recall).toBeGreaterThan(0.9);
      expect(others).toBeGreaterThan(0.9);
    }
  });
});

it('aurocOf counts ties as half', () => {
  const scored = (unknown: boolean, ...scores: number[]) => scores.map((score) => [unknown, score] as const);
  expect(aurocOf([...scored(true, 3, 4), ...scored(false, 1, 2)])).toBe(1);
  expect(aurocOf([...scored(true, 1), ...scored(false, 1)])).toBe(0.5);
});
