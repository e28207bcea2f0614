import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PictureSets, throughEmbedding } from '../../src/reproduction/picture-sets.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'topspark-sets-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('PictureSets', () => {
  it('names folders by their last part, and tests on all parts that are not learned', () => {
    const [things, rooms] = ['things', 'rooms'].map((name) => join(root, name));
    mkdirSync(join(things, 'validation'), { recursive: true });
    const sets = new PictureSets([`${things}/`, rooms]);
    expect(sets.names).toEqual(['things', 'rooms']);
    expect(sets.choiceOf('things')).toEqual({ name: `${things}/`, testParts: ['validation', 'test'] });
    const embedding = { model: '', size: 224 };
    expect(sets.choiceOf(throughEmbedding('rooms'))).toEqual({ name: rooms, testParts: ['test'], embedding });
    expect(sets.choiceOf('mnist')).toEqual({ name: 'mnist' });
  });
});
