import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFolder, preparedModel, preparedSizes } from '../../src/sensing/image/embedding/prepared-models.js';
import { tinyModel, withoutRuntime } from '../sensing/embedding/tiny-model.js';
import { stampOf } from './support/images.js';
import type { Decision, Status } from './support/messages.js';
import type { NodeProcess } from './support/node-process.js';
import type { Fields } from './support/peer.js';
import { World } from './support/world.js';

interface EnergyMode {
  readonly name: string;
  readonly point_reason: string;
}

const [raw, compressed] = ['sensor_msgs/msg/Image', 'sensor_msgs/msg/CompressedImage'];
const [width, height] = [64, 48];
const reliable = { depth: 100 } as const;
let world: World;

const colours = [
  [220, 40, 40],
  [40, 220, 40],
  [40, 40, 220],
] as const;

/** A picture of one of three colours, in one of the encodings of drivers. */
function picture(index: number): Fields {
  const [red, green, blue] = colours[index % 3];
  const encoding = ['rgb8', 'bgr8', 'mono8'][Math.floor(index / 3) % 3];
  const pixels = { rgb8: [red, green, blue], bgr8: [blue, green, red], mono8: [red] }[encoding] ?? [];
  const data = Uint8Array.from({ length: pixels.length * width * height }, (_, k) => pixels[k % pixels.length]);
  const header = { stamp: stampOf(index), frame_id: 'camera' };
  return { header, width, height, encoding, is_bigendian: 0, step: pixels.length * width, data };
}

function packed(index: number): Fields {
  const data = Buffer.alloc(4 * width * height, Uint8Array.of(...colours[index % 3], 255));
  const header = { stamp: stampOf(index), frame_id: 'camera' };
  return { header, format: 'jpeg', data: Uint8Array.from(jpeg.encode({ width, height, data }, 90).data) };
}

const start = (space: string, topic: string, ...parameters: string[]): NodeProcess => {
  const kept = ['reliability:=reliable', 'depth:=100'].map(
    (each) => `qos_overrides./${space}/${topic}.subscription.${each}`,
  );
  return world.start('-r', `__ns:=/${space}`, ...[...kept, ...parameters].flatMap((each) => ['-p', each]));
};

describe.skipIf(withoutRuntime !== undefined)(
  `an embedding eye${withoutRuntime ? `: skipped, ${withoutRuntime}` : ''}`,
  () => {
    let model: string;
    beforeAll(async () => {
      world = await World.open();
      model = join(world.folder, 'tiny.onnx');
      writeFileSync(model, tinyModel());
    }, 120_000);
    afterAll(() => world.close());

    it.each([
      ['raw', 'image', 'image', raw, picture, 18],
      ['packed', 'compressed_image', 'image/compressed', compressed, packed, 9],
    ] as const)(
      'decides every %s picture, in order, and reports its energy',
      async (space, sensor, topic, type, message, count) => {
        const given = [
          `sensors:=['${sensor}']`,
          `${sensor}.encoding:=embedding`,
          `${sensor}.embedding.model:=${model}`,
        ];
        const node = start(space, topic, ...given);
        await node.waitForLog('active', 60);
        const { peer } = world;
        await peer.subscribe(
          `${space} decision`,
          'topspark_msgs/msg/Decision',
          `/${space}/topspark/decision`,
          reliable,
        );
        await peer.subscribe(`${space} status`, 'topspark_msgs/msg/Status', `/${space}/topspark/status`);
        await world.connect(`/${space}/topspark`, sensor, type, `/${space}/${topic}`, reliable);
        // One at a time, since a newer image replaces a waiting one.
        for (let index = 0; index < count; index++) {
          await peer.publish(type, `/${space}/${topic}`, [message(index)], { qos: reliable });
          await peer.messages(`${space} decision`, index + 1);
        }
        const decisions = await peer.messages<Decision>(`${space} decision`, count);
        expect(decisions.map(({ header }) => header.stamp)).toEqual(
          Array.from({ length: count }, (_, k) => stampOf(k)),
        );
        for (const { energy } of decisions) expect(energy).toBeGreaterThan(1e-6);
        const [status] = (await peer.messages<Status>(`${space} status`, 1, { where: { decided: count } })).slice(-1);
        expect(status.dropped_causes).toEqual([]);
      },
    );

    it('repeats the answer for pictures that do not change, and counts them', async () => {
      const parameters = ['image.encoding:=embedding', `image.embedding.model:=${model}`, 'image.novelty:=0.03'];
      const node = start('still', 'image', ...parameters);
      await node.waitForLog('active', 60);
      const { peer } = world;
      await peer.subscribe('still decision', 'topspark_msgs/msg/Decision', '/still/topspark/decision', reliable);
      await peer.subscribe('still status', 'topspark_msgs/msg/Status', '/still/topspark/status');
      await world.connect('/still/topspark', 'image', raw, '/still/image', reliable);
      for (const [k, colour] of [0, 0, 0, 1, 1].entries()) {
        const shown = { ...picture(colour), header: { stamp: stampOf(k), frame_id: 'camera' } };
        await peer.publish(raw, '/still/image', [shown], { qos: reliable });
        await peer.messages('still decision', k + 1);
      }
      const decisions = await peer.messages<Decision>('still decision', 5);
      expect(decisions.map(({ repeated }) => repeated)).toEqual([false, true, true, false, true]);
      expect(decisions.map(({ energy }) => energy > 0)).toEqual([true, false, false, true, false]);
      expect(decisions.map(({ header }) => header.stamp)).toEqual([0, 1, 2, 3, 4].map(stampOf));
      const [status] = (await peer.messages<Status>('still status', 1, { where: { decided: 5 } })).slice(-1);
      expect(status).toMatchObject({ repeated: 3, learned: 2, dropped_causes: [] });
    });

    it('sees at the resolution of its mode, and reports it', async () => {
      // One file for each size, as for the real models.
      const cache = join(world.folder, 'cache');
      for (const size of preparedSizes) {
        const file = join(modelFolder({ XDG_CACHE_HOME: cache }), basename(preparedModel(size)));
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, tinyModel({ size }));
      }
      const kept = ['reliability:=reliable', 'depth:=100'].map(
        (each) => `qos_overrides./sides/image.subscription.${each}`,
      );
      const given = [...kept, 'image.encoding:=embedding', 'modes.critical.resolution:=96'].flatMap((each) => [
        '-p',
        each,
      ]);
      const node = world.startWith({ XDG_CACHE_HOME: cache }, '-r', '__ns:=/sides', ...given);
      await node.waitForLog('CPU time of a picture through the pretrained network, as measured now: 224 px', 60);
      await node.waitForLog('active', 60);
      const { peer } = world;
      const latched = { durability: 'transient_local', depth: 1 } as const;
      await peer.subscribe('sides mode', 'topspark_msgs/msg/EnergyMode', '/sides/topspark/energy_mode', latched);
      await peer.subscribe('sides decision', 'topspark_msgs/msg/Decision', '/sides/topspark/decision', reliable);
      await world.connect('/sides/topspark', 'image', raw, '/sides/image', reliable);
      for (const [k, [mode, side]] of [
        ['FULL', 224],
        ['SAVER', 160],
        ['CRITICAL', 96],
      ].entries()) {
        await peer.call('topspark_msgs/srv/SetEnergyMode', '/sides/topspark/set_energy_mode', { mode });
        const told = await peer.messages<EnergyMode>('sides mode', 1, { where: { name: mode } });
        expect(told.at(-1)?.point_reason).toContain(`${side} px`);
        await peer.publish(raw, '/sides/image', [picture(k)], { qos: reliable });
        const decisions = await peer.messages<Decision>('sides decision', k + 1);
        expect(decisions[k].energy).toBeGreaterThan(1e-6);
      }
    });

    it('says in one sentence why it has no embedding, and stays unconfigured', async () => {
      const missing = start('missing', 'image', 'image.encoding:=embedding', 'image.embedding.model:=/none.onnx');
      const unmade = world.startWith(
        { XDG_CACHE_HOME: world.folder },
        ...['-r', '__ns:=/unmade', '-p', 'image.encoding:=embedding', '-p', 'image.embedding.size:=160'],
      );
      await missing.waitForLog('embedding model "/none.onnx": there is no such file, expected an ONNX file', 60);
      await unmade.waitForLog('expected `topspark embedding prepare` to have made it', 60);
    });
  },
);
