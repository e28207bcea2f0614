import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/base/yaml.js';

const yes = ['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'];
const no = ['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'];
const texts = ['yEs', 'tRue', 'oN', 'offset', 'nope', 'yes!', 'on off', "'off'", '"yes"', '18:00'];

// test/ros/habits.test.ts asks ROS's own parser for the same words.
describe('a word of YAML', () => {
  it('is true or false as in ROS', () => {
    for (const word of yes) expect(parseYaml(`word: ${word}`, 'it')).toEqual({ word: true });
    for (const word of no) expect(parseYaml(`word: ${word}`, 'it')).toEqual({ word: false });
    expect(parseYaml('[off, on, no]', 'it')).toEqual([false, true, false]);
  });

  it('is a text otherwise', () => {
    for (const word of texts) expect(parseYaml(`word: ${word}`, 'it')).toEqual({ word: word.replace(/["']/g, '') });
  });

  it('leaves numbers as they are', () => {
    expect(parseYaml('[1, 1.0, -3]', 'it')).toEqual([1n, 1, -3n]);
  });
});
