import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';

const wrapper = fileURLToPath(new URL('../../bin/topspark_node', import.meta.url));

/** What a process says of itself before its program runs. */
const said = `
  import { getHeapStatistics } from 'node:v8';
  const { heap_size_limit: limit } = getHeapStatistics();
  console.log(JSON.stringify({ flags: process.execArgv, pools: process.env.MALLOC_ARENA_MAX, limit }));`;

interface Said {
  readonly flags: readonly string[];
  readonly pools: string;
  /** Of V8's heap [byte]. */
  readonly limit: number;
}

function startedBy(more: NodeJS.ProcessEnv): Said {
  const speak = `--import=data:text/javascript,${encodeURIComponent(said)}`;
  const env = { ...process.env, MALLOC_ARENA_MAX: undefined, NODE_OPTIONS: speak, ...more };
  const { status, stdout, stderr } = spawnSync(wrapper, ['--version'], { env, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [first, version] = stdout.split('\n');
  expect(version).toMatch(/^topspark \d/);
  return JSON.parse(first) as Said;
}

describe('bin/topspark_node', () => {
  it("starts node with the flags that make a message cheap, and V8's heap is smaller by them", () => {
    const { flags, pools, limit } = startedBy({});
    expect(flags).toEqual(['--single-threaded', '--max-semi-space-size=1']);
    expect(pools).toBe('1');
    expect(limit).toBeLessThan(getHeapStatistics().heap_size_limit);
  });

  it('keeps the pools of memory that the environment asks for', () => {
    expect(startedBy({ MALLOC_ARENA_MAX: '4' }).pools).toBe('4');
  });
});
