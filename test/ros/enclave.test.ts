import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimDomain, type ClaimedDomain } from './support/claim-domain.js';
import { hasEnclaves, makeKeys } from './support/enclaves.js';
import { image, label, sensorQos } from './support/images.js';
import { stateOf } from './support/lifecycle.js';
import { NodeProcess } from './support/node-process.js';
import { as, setParameter } from './support/parameters.js';
import { Peer } from './support/peer.js';

const shipped = fileURLToPath(new URL('../../config/sros2/topspark.policy.xml', import.meta.url));
const others = fileURLToPath(new URL('support/enclaves.policy.xml', import.meta.url));

/** The whole output of the middleware, which would show what is denied. */
const undenied = /^\[INFO\] .*Found security directory: .*\n$/;

describe.skipIf(!hasEnclaves)('the node in an enclave, under Enforce', () => {
  let domain: ClaimedDomain;
  let folder = '';
  let open: NodeJS.ProcessEnv = {};
  let secured: NodeJS.ProcessEnv = {};
  let node: NodeProcess;
  const nodes: NodeProcess[] = [];
  const peers: Peer[] = [];

  const peer = async (enclave?: string): Promise<Peer> => {
    const env = enclave === undefined ? open : { ...secured, ROS_SECURITY_ENCLAVE_OVERRIDE: enclave };
    const started = await Peer.start(env);
    peers.push(started);
    return started;
  };
  const start = async (...args: string[]): Promise<NodeProcess> => {
    const started = new NodeProcess(secured, args);
    nodes.push(started);
    await started.waitForLog('active');
    return started;
  };

  beforeAll(async () => {
    domain = await claimDomain();
    folder = mkdtempSync(join(tmpdir(), 'topspark-enclave-'));
    const second = join(folder, 'robot1.policy.xml');
    const text = readFileSync(shipped, 'utf8').replace('path="/topspark"', 'path="/robot1/topspark"');
    writeFileSync(second, text.replace('ns="/" node', 'ns="/robot1" node'));
    const own = { ROS_DOMAIN_ID: String(domain.id), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST', ROS_HOME: folder };
    open = { ...process.env, ...own, ROS_LOG_DIR: join(folder, 'log') };
    secured = { ...open, ...makeKeys(domain.id, folder, shipped, second, others) };
    node = await start('--enclave', '/topspark');
  });
  afterAll(async () => {
    await Promise.all(nodes.map((each) => each.end('SIGKILL')));
    await Promise.all(peers.map((each) => each.close()));
    await domain.release();
    rmSync(folder, { recursive: true, force: true });
  });

  it('decides, learns and serves those whose keys allow it, and nothing that it needs is denied', async () => {
    const friend = await peer('/peer');
    await friend.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision');
    await friend.services('/topspark/save_checkpoint', 1);
    expect(await stateOf(friend, '/topspark')).toBe('active');
    const images = Array.from({ length: 20 }, (_, index) => image(index));
    await friend.publish('sensor_msgs/msg/Image', '/image', images, { qos: sensorQos, rate: 10 });
    await friend.messages('decision', 10);
    await friend.publish('topspark_msgs/msg/Label', '/label', [label(19, 'seen')]);
    await friend.subscribe('status', 'topspark_msgs/msg/Status', '/topspark/status');
    await friend.messages('status', 1, { where: { labelled: 1 } });
    expect(await setParameter(friend, '/topspark', 'accuracy.target', as.double(0.8))).toBe('');
    expect(await friend.call('std_srvs/srv/Trigger', '/topspark/save_checkpoint')).toMatchObject({ success: true });
    expect(node.other).toMatch(undenied);
  });

  it('neither receives from nor sends to participants without keys', async () => {
    const [friend] = peers;
    const unknown = await peer();
    await unknown.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision');
    const unheard = Array.from({ length: 20 }, (_, index) => image(500 + index));
    await unknown.publish('sensor_msgs/msg/Image', '/image', unheard, { qos: sensorQos, rate: 20, subscribers: 0 });
    await friend.forget('decision');
    const heard = Array.from({ length: 20 }, (_, index) => image(600 + index));
    await friend.publish('sensor_msgs/msg/Image', '/image', heard, { qos: sensorQos, rate: 10 });
    const decisions = await friend.messages<{ header: { stamp: { sec: number } } }>('decision', 10);
    for (const { header } of decisions) expect(header.stamp.sec).toBeGreaterThanOrEqual(1012);
    expect(await unknown.messages('decision', 0)).toEqual([]);
    await unknown.services('/topspark/save_checkpoint', 0);
  });

  it('gives nothing to keys of the same keystore that do not allow it', async () => {
    const stranger = await peer('/stranger');
    await expect(
      stranger.publish('sensor_msgs/msg/Image', '/image', [image(700)], { qos: sensorQos, subscribers: 0 }),
    ).rejects.toThrow('publish');
    await expect(stranger.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision')).rejects.toThrow(
      'subscribe',
    );
  });

  it('runs in a namespace too, with the namespace in two places of the policy', async () => {
    const [friend] = peers;
    const second = await start('-r', '__ns:=/robot1', '--enclave', '/robot1/topspark');
    await friend.subscribe('second', 'topspark_msgs/msg/Decision', '/robot1/topspark/decision');
    const images = Array.from({ length: 20 }, (_, index) => image(index));
    await friend.publish('sensor_msgs/msg/Image', '/robot1/image', images, { qos: sensorQos, rate: 10 });
    await friend.messages('second', 5);
    expect(second.other).toMatch(undenied);
  });
});
