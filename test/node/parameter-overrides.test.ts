import { describe, expect, it } from 'vitest';
import { matchOverrides } from '../../src/node/parameter-overrides.js';

const block = (name: string, ...parameters: [string, number][]) => ({
  name,
  parameters: parameters.map(([parameter, value]) => ({ name: parameter, value })),
});

const matched = (pattern: string, node: string): boolean => matchOverrides([block(pattern, ['a', 1])], node).size === 1;

describe('matchOverrides', () => {
  it.each([
    '/robot1/arm/topspark',
    'robot1/arm/topspark',
    'topspark',
    '/**',
    '/**/topspark',
    '/robot1/**',
    '/robot1/*/topspark',
    '/*/*/*',
    '/robot1/**/topspark',
    '/robot1/arm/**/topspark',
    '/robot1/arm/*',
  ])('matches %s to /robot1/arm/topspark', (pattern) => {
    expect(matched(pattern, '/robot1/arm/topspark')).toBe(true);
  });

  it.each([
    '/topspark',
    '/robot1/topspark',
    '/*/topspark',
    '/*',
    '/robot2/**',
    'spark',
    '/robot1/arm/topspark2',
    'arm',
  ])('does not match %s', (pattern) => {
    expect(matched(pattern, '/robot1/arm/topspark')).toBe(false);
  });

  it('prefers the later block, whatever its pattern', () => {
    const blocks = [
      block('/topspark', ['a', 1], ['b', 1]),
      block('/**', ['b', 2], ['c', 2]),
      block('/other', ['c', 3]),
      block('topspark', ['d', 4]),
    ];
    const values = [...matchOverrides(blocks, '/topspark').values()].map(({ name, value }) => `${name}${value}`);
    expect(values).toEqual(['a1', 'b2', 'c2', 'd4']);
  });
});
