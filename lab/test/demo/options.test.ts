import { afterEach, describe, expect, it, vi } from 'vitest';
import { readOptions } from '../../src/demo/demo-options.js';

/** Reads options as if given on the command line. */
function read(...args: string[]): ReturnType<typeof readOptions> {
  return readOptions(['node', 'main.js', ...args]);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('readOptions', () => {
  it('has the defaults in the README', () => {
    expect(read()).toEqual({
      samples: 10_000,
      rate: 200,
      labels: 0.1,
      neurons: 400,
      seed: 1,
      dataset: 'mnist',
      world: false,
      page: undefined,
      domain: undefined,
      json: false,
    });
  });

  it('reads the given options', () => {
    const given = ['--samples', '4e3', '--rate', '12.5', '--labels', '1', '--domain', '0', '--json'];
    expect(read(...given)).toMatchObject({ samples: 4000, rate: 12.5, labels: 1, domain: 0, json: true });
  });

  it.each([
    [['--samples', '0'], 'Expected a number in 1..10000000.'],
    [['--samples', '1.5'], 'Expected a whole number in 1..10000000.'],
    [['--rate', 'fast'], 'Expected a number in 0.1..1000.'],
    [['--labels', '10'], 'Expected a number in 0..1.'],
    [['--neurons', ''], 'Expected a number in 10..6400.'],
    [['--domain', '233'], 'Expected a number in 0..232.'],
    [['--robots', '2'], "unknown option '--robots'"],
    [['fast'], 'too many arguments'],
    [['--world', '--dataset', 'mnist'], "cannot be used with option '--world'"],
  ])('refuses %j with exit code 1 and a sentence', (args, sentence) => {
    const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code ?? 0}`);
    });
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(() => read(...args)).toThrow('exit 1');
    expect(write.mock.calls.join('')).toContain(sentence);
    expect(exit).toHaveBeenCalledOnce();
  });

  it('drives a robot at a pace for teaching by hand with --page, unless options say otherwise', () => {
    expect(read('--page')).toMatchObject({ page: 8080, world: true, rate: 10, labels: 0, samples: 36_000 });
    const given = { page: 0, world: true, rate: 20, labels: 0.1, samples: 500 };
    expect(read('--page', '0', '--rate', '20', '--labels', '0.1', '--samples', '500')).toMatchObject(given);
  });

  it('shows an example in its help', () => {
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code ?? 0}`);
    });
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(() => read('--help')).toThrow('exit 0');
    expect(write.mock.calls.join('')).toContain('npm start -- --samples 4000');
  });
});
