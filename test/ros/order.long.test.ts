import { expect, it } from 'vitest';
import type { Account } from '../../lab/src/bench/order/account.js';
import { runBench } from './support/run-bench.js';

it.each(['features', 'imu', 'image+imu'])(
  'the node accounts for every message of %s that came out of order over DDS, as its replay does',
  async (topic) => {
    const bench = ['fuzz', '--order', '--ros', '--topic', topic, '--messages', '2000', '--rate', '500'];
    const { sensors } = (await runBench(...bench)) as { readonly sensors: Readonly<Record<string, Account>> };
    const { taken, labels } = sensors[topic];
    expect(taken).toBeGreaterThan(1000);
    expect(labels.taken).toBeGreaterThan(10);
    expect(sensors[topic]).toMatchObject({ unaccounted: 0, differentFromReplay: 0, labels: { unaccounted: 0 } });
  },
);
