import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ParameterValues } from '../../src/base/parameters.js';
import { idleBecause } from '../../src/node/idle-parameters.js';
import { parameterTable } from '../../src/node/parameter-table.js';
import { changeState, stateOf, transitions } from './support/lifecycle.js';
import type { NodeProcess } from './support/node-process.js';
import { as, getParameters, setParameter } from './support/parameters.js';
import { World } from './support/world.js';

const name = '/topspark';
let world: World;
let node: NodeProcess;

beforeAll(async () => {
  world = await World.open();
  node = world.start(
    ...['autostart:=false', 'checkpoint.keep:=2', 'qos_overrides./image.subscription.depth:=1'].flatMap((each) => [
      '-p',
      each,
    ]),
  );
  await world.peer.subscribe('diagnostics', 'diagnostic_msgs/msg/DiagnosticArray', '/diagnostics');
});
afterAll(() => world.close());

interface Diagnostics {
  readonly status: readonly { readonly level: number; readonly name: string; readonly message: string }[];
}

interface Transitions {
  readonly available_transitions: readonly {
    readonly transition: { readonly id: number; readonly label: string };
    readonly start_state: { readonly id: number; readonly label: string };
    readonly goal_state: { readonly id: number; readonly label: string };
  }[];
}

describe('the unconfigured node', () => {
  it('lists the parameters with an effect, and describes them with their range', async () => {
    const { peer } = world;
    expect(await stateOf(peer, name)).toBe('unconfigured');
    const listed = await peer.call<{ result: { names: string[] } }>(
      'rcl_interfaces/srv/ListParameters',
      `${name}/list_parameters`,
    );
    const standard = new ParameterValues(new Map(parameterTable.map((entry) => [entry.name, entry.standard])));
    // Rarely set parameters are declared when something of their block is given.
    const usual = parameterTable.filter(({ whereGiven }) => whereGiven !== true);
    const used = usual.filter((entry) => idleBecause(entry, standard) === undefined);
    const qos = ['depth', 'history', 'reliability'].map((policy) => `qos_overrides./image.subscription.${policy}`);
    const ofRos = ['use_sim_time', 'start_type_description_service'];
    const { names } = listed.result;
    expect([...names].sort()).toEqual([...used.map((entry) => entry.name), ...qos, ...ofRos].sort());
    expect(names.length).toBeLessThanOrEqual(60);

    const described = await peer.call<{ descriptors: { type: number; description: string; read_only: boolean }[] }>(
      'rcl_interfaces/srv/DescribeParameters',
      `${name}/describe_parameters`,
      { names: ['accuracy.target', 'network.neurons'] },
    );
    expect(described.descriptors).toMatchObject([
      { type: 3, description: 'accuracy that the user asks for [0..1]', read_only: false },
      { type: 2, description: 'excitatory neurons N [10..6400]', read_only: true },
    ]);
    const [keep] = await getParameters(peer, name, 'checkpoint.keep');
    expect(keep.integer_value).toBe(2);
  });

  it('has no inputs, outputs or services of its own yet', async () => {
    expect((await world.peer.endpoints('/image')).subscribers).toEqual([]);
    expect((await world.peer.endpoints('/topspark/decision')).publishers).toEqual([]);
    await world.peer.services(`${name}/save_checkpoint`, 0);
  });
});

describe('transitions', () => {
  it('are refused when they are impossible now, and the node continues', async () => {
    const { peer } = world;
    expect(await changeState(peer, name, transitions.activate)).toBe(false);
    expect(await changeState(peer, name, transitions.configure)).toBe(true);
    expect(await changeState(peer, name, transitions.configure)).toBe(false);
    expect(await changeState(peer, name, 0, 'configure')).toBe(false);
    expect(await changeState(peer, name, 0, 'no such transition')).toBe(false);
    expect(await changeState(peer, name, 250)).toBe(false);
    expect(await stateOf(peer, name)).toBe('inactive');
  });

  it('are listed with their start and goal, and the whole graph is returned', async () => {
    const { peer } = world;
    const type = 'lifecycle_msgs/srv/GetAvailableTransitions';
    const now = await peer.call<Transitions>(type, `${name}/get_available_transitions`);
    expect(now.available_transitions).toContainEqual({
      transition: { id: 3, label: 'activate' },
      start_state: { id: 2, label: 'inactive' },
      goal_state: { id: 13, label: 'activating' },
    });
    const all = await peer.call<Transitions>(type, `${name}/get_transition_graph`);
    expect(all.available_transitions.length).toBeGreaterThan(20);
  });

  it('leave the diagnostics OK when the node is deactivated on purpose', async () => {
    const [{ status }] = await world.peer.messages<Diagnostics>('diagnostics', 1);
    expect(status.map((each) => each.name)).toEqual(
      [
        'image',
        'label',
        'battery',
        'energy mode',
        'accuracy',
        'deadline',
        'mission',
        'energy source',
        'checkpoint',
        'parameters',
        'clock',
        'services',
        'messages',
      ].map((task) => `topspark: ${task}`),
    );
    expect(status.every(({ level, message }) => level === 0 && message === 'inactive')).toBe(true);
  });

  it('activate opens the inputs; deactivate closes them and saves', async () => {
    const { peer } = world;
    expect(await changeState(peer, name, transitions.activate)).toBe(true);
    const inputs = ['/image', '/label', '/battery_state'];
    for (const topic of inputs)
      await expect.poll(async () => (await peer.endpoints(topic)).subscribers).toEqual([name]);
    await peer.forget('diagnostics');
    const [{ status }] = (await peer.messages<Diagnostics>('diagnostics', 2)).slice(-1);
    expect(status[0]).toMatchObject({
      level: 2,
      message:
        "No events recorded. nothing has come yet, nobody publishes /image: is the driver running, is the topic's name right? Map it with -r image:=…",
    });

    expect(await changeState(peer, name, transitions.deactivate)).toBe(true);
    for (const topic of inputs) await expect.poll(async () => (await peer.endpoints(topic)).subscribers).toEqual([]);
    await node.waitForLog('saved checkpoint-00000001');
    expect(await changeState(peer, name, transitions.activate)).toBe(true);
    expect(await stateOf(peer, name)).toBe('active');
  });

  it('shutdown works from any state, and the process stays until a signal ends it', async () => {
    const { peer } = world;
    expect(await changeState(peer, name, transitions.shutdown)).toBe(true);
    expect(await stateOf(peer, name)).toBe('finalized');
    await peer.services(`${name}/save_checkpoint`, 0);
    expect(await changeState(peer, name, transitions.configure)).toBe(false);
    expect(await node.end('SIGINT')).toMatchObject({ code: 0, signal: null });
    expect(node.other).toBe('');
  });
});

describe('setting parameters', () => {
  const refused: [string, object, string][] = [
    ['accuracy.target', as.double(1.5), 'refused: parameter accuracy.target is 1.5, expected a double in 0..1'],
    ['accuracy.target', as.double(NaN), 'refused: parameter accuracy.target is NaN, expected a double in 0..1'],
    ['accuracy.target', as.string('high'), 'refused: parameter accuracy.target is "high", expected a double in 0..1'],
    ['accuracy.target', as.deleted, 'refused: parameter accuracy.target cannot be deleted'],
    ['learning.enabled', as.integer(1), 'refused: parameter learning.enabled is 1, expected true or false'],
    ['energy_mode.forced', as.string('TURBO'), 'expected one of AUTO, FULL, BALANCED, SAVER, CRITICAL'],
    ['network.neurons', as.integer(100), 'refused: parameter network.neurons is read-only'],
    ['use_sim_time', as.string('yes'), 'refused: parameter use_sim_time is of type 4, expected 1'],
    ['use_sim_time', as.deleted, 'refused: parameter use_sim_time cannot be deleted'],
    ['no.such', as.integer(1), 'refused: parameter no.such is not declared'],
    [
      'scan.near',
      as.double(0.3),
      'refused: parameter scan.near is not declared: it needs scan in sensors, which is [image]',
    ],
    ['network.seed', as.integer(1), 'it needs none or paper or rate in network.policy, which is lean'],
    [
      'modes.saver.max_rate',
      as.double(5),
      'refused: parameter modes.saver.max_rate is not declared: it stands as saver.max_rate in the file that modes.file names',
    ],
    [
      'qos_overrides./topspark/decision.publisher.depth',
      as.integer(5),
      'refused: parameter qos_overrides./topspark/decision.publisher.depth is read-only',
    ],
  ];
  let active: NodeProcess;

  beforeAll(async () => {
    active = await world.startActive('-p', 'checkpoint.restore:=false');
  });

  it.each(refused)('%s to %j is refused with a reason', async (parameter, value, reason) => {
    expect(await setParameter(world.peer, name, parameter, { ...value })).toContain(reason);
  });

  it('a whole number is accepted for a double', async () => {
    expect(await setParameter(world.peer, name, 'accuracy.target', as.integer(1))).toBe('');
    const [target] = await getParameters(world.peer, name, 'accuracy.target');
    expect(target).toMatchObject({ type: 3, double_value: 1 });
  });

  it('a parameter of an unknown type is refused and does not end the node', async () => {
    const request = { parameters: [{ name: 'accuracy.target', value: { type: 77 } }] };
    const service = `${name}/set_parameters`;
    const answer = await world.peer.call<object>('rcl_interfaces/srv/SetParameters', service, request);
    const reason = 'the node failed in answering: Invalid parameter type; its log says where';
    expect(answer).toEqual({ results: [{ successful: false, reason }] });
    await active.waitForLog(`service ${service} failed: Invalid parameter type`);
    expect(await stateOf(world.peer, name)).toBe('active');
  });
});
