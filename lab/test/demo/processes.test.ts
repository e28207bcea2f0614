import { readFileSync } from 'node:fs';
import { programRoot } from 'topspark/base/package.js';
import { expect, it } from 'vitest';
import { asOnRobot, processArguments } from '../../src/demo/processes.js';

const options = {
  samples: 10_000,
  rate: 200,
  labels: 0.05,
  neurons: 100,
  seed: 3,
  dataset: '1',
  world: false,
  page: undefined,
  domain: undefined,
  json: false,
};

it('passes the options as ROS parameters', () => {
  const { agent, camera, battery } = processArguments(options, '/tmp/scratch');
  expect(agent).toEqual(expect.arrayContaining(['network.neurons:=100', 'checkpoint.directory:="/tmp/scratch"']));
  expect(agent[1]).toMatch(/config\/demo\.yaml$/);
  expect(camera).toEqual(
    expect.arrayContaining(['rate:=200', 'samples:=10000', 'label_share:=0.05', 'seed:=3', 'dataset:="1"']),
  );
  expect(battery).toEqual([
    '-p',
    'from:=1',
    '-p',
    'to:=0.16',
    '-p',
    'seconds:=50',
    '-p',
    'listeners:=2',
    '-p',
    'await_camera:=true',
  ]);
});

it("lets the agent's estimate look back over as many samples as the truth", () => {
  expect(processArguments(options, '').agent).toContain('accuracy.window:=50');
  expect(processArguments({ ...options, labels: 0 }, '').agent).toContain('accuracy.window:=10');
});

it('starts a robot instead of camera and battery with --world', () => {
  const { agent, robot, camera, battery } = processArguments({ ...options, world: true }, '');
  expect(agent).toContain('sensors:=["scan"]');
  expect(robot).toEqual(expect.arrayContaining(['rate:=200', 'samples:=10000', 'seed:=3', 'last_charge:=0.16']));
  expect([camera, battery]).toEqual([undefined, undefined]);
});

it('starts the agent as the wrapper of the node does on a robot', () => {
  const wrapper = readFileSync(`${programRoot}bin/topspark_node`, 'utf8');
  expect(wrapper).toContain(`exec node ${asOnRobot.flags.join(' ')} \\\n`);
  const [set = ''] = wrapper.match(/^export .*$/gm) ?? [];
  const [[name, value]] = Object.entries(asOnRobot.variables);
  expect(set).toBe(`export ${name}="\${${name}:-${value}}"`);
});
