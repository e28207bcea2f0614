import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createServer } from 'node:tls';
import { Job as QueuedJob, Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { valkeyServer } from '../../../scripts/testing/valkey.mjs';
import { loadDataset } from '../../src/datasets/dataset.js';
import { refOf, type DatasetRef } from '../../src/datasets/dataset-ref.js';
import { jobId, type TrainJob } from '../../src/jobs/jobs.js';
import { connectQueue, queueName, queuePrefix } from '../../src/jobs/queue-connection.js';
import { runJobs } from '../../src/jobs/run-jobs.js';
import { withoutTimes } from '../../src/jobs/without-times.js';
import { bars } from './bars.js';
import { datasetFolder } from './dataset-folder.js';
import { TopsparkProcess } from './topspark-process.js';
import { Valkey } from './valkey.js';

const root = resolve(import.meta.dirname, '../../..');
const server = await valkeyServer();
const folder = datasetFolder(bars(240, 40));
const made = mkdtempSync(join(tmpdir(), 'topspark-'));
const workers: TopsparkProcess[] = [];
const started: Valkey[] = [];
let dataset: DatasetRef;

beforeAll(() => {
  dataset = refOf({ name: folder }, loadDataset(folder));
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.end('SIGKILL')));
  await Promise.all(started.splice(0).map((valkey) => valkey.remove()));
});
afterAll(() => {
  for (const path of [folder, made]) rmSync(path, { recursive: true });
});

async function valkey(...options: string[]): Promise<Valkey> {
  const found = await Valkey.start(String(server), ...options);
  started.push(found);
  return found;
}

function run(args: readonly string[], env?: Readonly<Record<string, string>>, program?: string): TopsparkProcess {
  const process = new TopsparkProcess(args, env, program);
  workers.push(process);
  return process;
}

const patient = { timeout: 30_000, interval: 20 };

/** Opens the queue as a requesting process does. */
async function withQueue(url: string, use: (queue: Queue) => Promise<void>): Promise<void> {
  const connection = await connectQueue(url, 1);
  const queue = new Queue(queueName(), { connection: connection.redis, prefix: queuePrefix });
  try {
    await use(queue);
  } finally {
    await queue.close();
    connection.close();
  }
}

/** Waits until this many jobs are in that state. */
async function queued(url: string, state: 'active' | 'failed', wanted: number): Promise<void> {
  await withQueue(url, async (queue) => {
    await vi.waitUntil(async () => (await queue.getJobCountByTypes(state)) === wanted, patient);
  });
}

const worker = (url: string, ...args: string[]) =>
  run(['worker', '--queue', url, '--workers', '1', '--lease', '2', ...args]);

const point = { timesteps: 35, events: 200, keep: 10, exitFirst: 0, exit: 0 };
const job = (seed: number, samples = 200): TrainJob => ({
  kind: 'train',
  dataset,
  heldOut: true,
  options: { neurons: 20, point, samples, testSamples: 40, labels: 1, image: 'contrast', seed },
});
const done = /^train [0-9a-f]{12} [\d.]+ s$/gm;
const count = (process: TopsparkProcess): number => [...process.err.matchAll(done)].length;

describe.skipIf(server === undefined)('runJobs with a queue on Valkey', { timeout: 60_000 }, () => {
  it('returns the results of local threads, byte for byte except times', async () => {
    const { url } = await valkey();
    worker(url);
    worker(url);
    const jobs = [1, 2, 3, 4, 5, 1].map((seed) => job(seed));
    const found = await runJobs(jobs, { queue: url });
    const here = await runJobs(jobs, { workers: 1 });
    expect(JSON.stringify(withoutTimes(found))).toBe(JSON.stringify(withoutTimes(here)));
  });

  it('lose nothing and repeat nothing that was finished, when a worker is killed in the midst of one', async () => {
    const { url } = await valkey();
    const first = worker(url);
    // The third job takes seconds, and the worker is killed during it.
    const jobs = [job(1), job(2), job(3, 60_000), job(4), job(5)];
    const found = runJobs(jobs, { queue: url });
    await first.says(done, 2);
    await first.end('SIGKILL');
    const second = worker(url);
    const results = await found;
    expect(results.map(({ train }) => train.seed)).toEqual([1, 2, 3, 4, 5]);
    // Results may arrive before the worker's line about the last job.
    await second.says(done, 5 - count(first));
    expect(count(first) + count(second)).toBe(5);
    expect(withoutTimes(results)).toEqual(withoutTimes(await runJobs(jobs, { workers: 2 })));
  });

  it('are kept until they are collected, also when who asked for them was killed', async () => {
    const { url } = await valkey();
    const output = join(made, 'killed.json');
    const sizes = ['--neurons', '10', '--samples', '40', '--test-samples', '20'];
    const args = ['profile', '--quick', '--dataset', folder, ...sizes, '--output', output, '--queue', url];
    const working = worker(url);
    const asking = run(args);
    await working.says(done, 3);
    await asking.end('SIGKILL');
    const again = run([...args, '--json']);
    expect(await again.ended).toBe(0);
    expect(readFileSync(output, 'utf8')).toBe(again.out);
    const results = readFileSync(`${output}.runs.jsonl`, 'utf8').trim().split('\n').length;
    expect(count(working)).toBe(results);
    const local = run([...args.slice(0, -2), '--output', join(made, 'local.json'), '--json', '--latency-weight', '0']);
    expect(await local.ended).toBe(0);
    const parts = (text: string) => {
      const { points, policies, sensitivity, exits } = JSON.parse(text) as Record<string, unknown>;
      return withoutTimes({ points, policies, sensitivity, exits });
    };
    expect(parts(local.out)).toEqual(parts(again.out));
  });

  it('leaves the queue empty', async () => {
    const { url } = await valkey();
    worker(url);
    await runJobs([job(1), job(2)], { queue: url });
    const connection = await connectQueue(url, 1);
    const queue = new Queue(queueName(), { connection: connection.redis, prefix: queuePrefix });
    expect(await queue.getJobCounts('completed', 'failed', 'waiting', 'active')).toEqual({
      ...{ completed: 0, failed: 0, waiting: 0, active: 0 },
    });
    await queue.close();
    connection.close();
  });

  it('takes the answer of a job that ends while it is looked at', async () => {
    const { url } = await valkey();
    worker(url);
    const getJob = Reflect.get(Queue.prototype, 'getJob') as Queue['getJob'];
    // The first call looks for an earlier failure. The next one reads the job long before its answer is used, and before
    // any other.
    let calls = 0;
    let earlier: Promise<unknown> = Promise.resolve();
    const slow = vi.spyOn(Queue.prototype, 'getJob').mockImplementation(async function (this: Queue, id) {
      if (++calls > 2) await earlier;
      const found = await getJob.call(this, id);
      if (calls === 2)
        await (earlier = vi.waitUntil(async () => (await this.getJobState(id)) === 'completed', patient));
      return found;
    });
    try {
      expect(await runJobs([job(1)], { queue: url })).toHaveLength(1);
    } finally {
      slow.mockRestore();
    }
  });

  it('goes on if another run retries a failed job at the same time', async () => {
    const { url } = await valkey();
    const bad = { ...job(1), dataset: { ...dataset, sha256: '0'.repeat(64) } };
    const first = worker(url);
    await expect(runJobs([bad], { queue: url })).rejects.toMatchObject({ code: 'job_failed' });
    await first.end('SIGTERM');
    const retry = Reflect.get(QueuedJob.prototype, 'retry');
    const twice = vi.spyOn(QueuedJob.prototype, 'retry').mockImplementation(async function (this: QueuedJob, ...args) {
      await retry.call(this, ...args);
      await retry.call(this, ...args);
    });
    try {
      const again = runJobs([bad], { queue: url });
      await queued(url, 'failed', 0);
      worker(url);
      await expect(again).rejects.toMatchObject({ code: 'job_failed' });
      expect(twice).toHaveBeenCalledOnce();
    } finally {
      twice.mockRestore();
    }
  });

  it('rejects with the error of an impossible job', async () => {
    const { url } = await valkey();
    worker(url);
    const wrong = { ...job(1), options: { ...job(1).options, factors: { inhibition: 2 } } };
    await expect(runJobs([wrong], { queue: url })).rejects.toMatchObject({ code: 'unknown_constant', kind: 'usage' });
  });

  it('rejects a job whose content does not match its id', async () => {
    const { url } = await valkey();
    const connection = await connectQueue(url, 1);
    const queue = new Queue(queueName(), { connection: connection.redis, prefix: queuePrefix });
    await queue.add('train', job(2), { jobId: jobId(job(1)) });
    worker(url);
    await expect(runJobs([job(1)], { queue: url })).rejects.toThrow('has other content than its name says');
    await queue.close();
    connection.close();
  });

  it('lets a worker without the data leave a job to another, and take other jobs', async () => {
    const { url } = await valkey();
    const able = worker(url);
    const long = runJobs([job(1, 200_000)], { queue: url });
    await queued(url, 'active', 1);
    const found = runJobs([job(2)], { queue: url });
    const data = mkdtempSync(join(made, 'data-'));
    const lacking = worker(url, '--data-dir', data);
    // Longer than all attempts of a job would take.
    await lacking.says(/^train [0-9a-f]{12} could not be computed here, attempt 1 of 5; .*neither/gm);
    expect(await Promise.all([long, found])).toMatchObject([{ length: 1 }, { length: 1 }]);
    expect(lacking.err).not.toContain('attempt 2');
    expect(count(able)).toBe(2);
    await able.end('SIGTERM');
    cpSync(folder, data, { recursive: true });
    expect(await runJobs([job(3)], { queue: url })).toHaveLength(1);
    expect(count(lacking)).toBe(1);
  });

  it('fails only the job that no worker can compute, reports it, and keeps it in the queue', async () => {
    const { url } = await valkey();
    const working = worker(url);
    const bad = { ...job(1), dataset: { ...dataset, sha256: '0'.repeat(64) } };
    const reason = /data set .* has the checksum [0-9a-f]{64} here, expected 0{64}, that of the job/;
    const failed = runJobs([bad], { queue: url });
    await expect(failed).rejects.toMatchObject({
      code: 'job_failed',
      kind: 'data',
      message: expect.stringMatching(reason) as string,
    });
    await expect(failed).rejects.toThrow('a job of the queue failed after 5 attempts: ');
    // The queue answers before the worker's last line arrives through its pipe.
    await working.says(/attempt 5 of 5: .*\n/gm);
    const lines = working.err.split('\n').filter((line) => reason.test(line));
    expect(lines.map((line) => /attempt \d of 5/.exec(line)?.[0])).toEqual(
      [1, 2, 3, 4, 5].map((k) => `attempt ${k} of 5`),
    );
    expect(lines[4]).toMatch(/^train [0-9a-f]{12} failed, attempt 5 of 5: /);
    await queued(url, 'failed', 1);
    const wrong = { ...job(1), options: { ...job(1).options, factors: { inhibition: 2 } } };
    await expect(runJobs([wrong], { queue: url })).rejects.toMatchObject({ code: 'unknown_constant' });
    await working.says(/^train [0-9a-f]{12} failed: .*inhibition/gm);
    expect(await runJobs([job(1)], { queue: url })).toHaveLength(1);
    await working.says(done, 1);
    expect(count(working)).toBe(1);
  });

  it('returns a job to the queue if the worker is broken, which reports it and exits', async () => {
    const { url } = await valkey();
    const copy = mkdtempSync(join(made, 'copy-'));
    for (const name of ['dist', 'lab/dist']) cpSync(join(root, name), join(copy, name), { recursive: true });
    for (const name of ['package.json', 'lab/package.json', 'lab/schema'])
      symlinkSync(join(root, name), join(copy, name));
    mkdirSync(join(copy, 'node_modules'));
    const packages = readdirSync(join(root, 'node_modules')).filter((name) => !name.startsWith('topspark'));
    for (const name of packages) symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
    symlinkSync('..', join(copy, 'node_modules', 'topspark'));
    symlinkSync('../lab', join(copy, 'node_modules', 'topspark-lab'));
    const args = ['worker', '--queue', url, '--workers', '1', '--lease', '60'];
    const broken = run(args, {}, join(copy, 'dist/cli/main.js'));
    await broken.says(/take jobs of/g);
    rmSync(join(copy, 'dist/kernel.wasm'));
    const found = runJobs([job(1)], { queue: url });
    expect(await broken.ended).toBe(1);
    expect(broken.err).toContain('kernel.wasm');
    worker(url);
    expect(await found).toHaveLength(1);
  });

  it('adds a job again unchanged after another run removed it', async () => {
    const { url } = await valkey();
    const id = jobId(job(1));
    const found = runJobs([job(1)], { queue: url });
    await withQueue(url, async (queue) => {
      const added = async (): Promise<object | undefined> => (await queue.getJob(id))?.opts;
      const first = await vi.waitUntil(added, patient);
      await queue.remove(id);
      expect(await vi.waitUntil(added, patient)).toEqual(first);
    });
    worker(url);
    expect(await found).toHaveLength(1);
  });

  it.each([
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGINT'],
  ] as const)('ends a worker at once on a second signal: %s %s', async (first, second) => {
    const { url } = await valkey();
    const asked = worker(url);
    const long = runJobs([job(1, 2_000_000)], { queue: url }).catch(() => undefined);
    await queued(url, 'active', 1);
    asked.kill(first);
    await asked.says(/finish the jobs in hand/g);
    expect(await asked.end(second)).toBeNull();
    expect(count(asked)).toBe(0);
    await Promise.all(started.splice(0).map((server) => server.remove()));
    void long;
  });

  it('ends an idle worker, and one that gets SIGTERM after its current job', async () => {
    const { url } = await valkey();
    const idle = worker(url, '--idle', '0.2', '--json');
    expect(await idle.ended).toBe(0);
    expect(JSON.parse(idle.out)).toEqual({ jobs: 0 });
    const asked = worker(url);
    const found = runJobs([job(1), job(2, 20_000)], { queue: url });
    await asked.says(done, 1);
    expect(await asked.end('SIGTERM')).toBe(0);
    worker(url);
    await found;
  });

  it('ends an idle worker after it lost the lease of a job', async () => {
    const { url } = await valkey();
    const idle = run(['worker', '--queue', url, '--workers', '1', '--lease', '60', '--idle', '0.5']);
    const found = runJobs([job(1), job(2, 60_000)], { queue: url });
    await idle.says(done);
    const connection = await connectQueue(url, 1);
    const queue = new Queue(queueName(), { connection: connection.redis, prefix: queuePrefix });
    while ((await queue.getActiveCount()) === 0) await new Promise((resolve) => setImmediate(resolve));
    const keys = [`${jobId(job(2, 60_000))}:lock`, 'stalled-check'];
    await connection.redis.del(keys.map((key) => `${queuePrefix}:${queueName()}:${key}`));
    expect(await idle.ended).toBe(0);
    expect(count(idle)).toBe(1);
    await queue.close();
    connection.close();
    worker(url);
    expect(await found).toHaveLength(2);
  });

  it('survives a restart of the server', async () => {
    const one = await valkey();
    const found = runJobs([job(1), job(2, 20_000), job(3)], { queue: one.url });
    await worker(one.url).says(done);
    await one.stop();
    await one.start();
    expect(await found).toHaveLength(3);
  });

  it('rejects when the server does not come back', async () => {
    const one = await valkey();
    const working = run(['worker', '--queue', one.url, '--patience', '0.5']);
    await working.says(/take jobs of/g);
    const found = runJobs([job(1, 2_000_000)], { queue: one.url, patience: 0.5 });
    const failed = expect(found).rejects.toMatchObject({ code: 'queue_lost', kind: 'data' });
    const connection = await connectQueue(one.url, 1);
    connection.close();
    await one.stop();
    await failed;
    expect(await working.ended).toBe(3);
    expect(working.err).toContain('went away and did not come back within 0.5 s');
  });

  it('want the password, which may stand in the address or the environment and is never shown', async () => {
    const { url, port } = await valkey('--requirepass', 'open-sesame');
    const wrong = worker(`redis://:guess@127.0.0.1:${port}`);
    expect(await wrong.ended).toBe(2);
    expect(wrong.err).toMatch(/queue redis:\/\/127\.0\.0\.1:\d+ cannot be used: .*(WRONGPASS|NOAUTH)/);
    expect(wrong.err).not.toContain('guess');
    const without = worker(url);
    expect(await without.ended).toBe(2);
    const known = run(['worker', '--queue', url, '--idle', '0.2'], { TOPSPARK_QUEUE_PASSWORD: 'open-sesame' });
    expect(await known.ended).toBe(0);
    worker(`redis://:open-sesame@127.0.0.1:${port}`);
    expect(await runJobs([job(1)], { queue: `redis://default:open-sesame@127.0.0.1:${port}` })).toHaveLength(1);
  });

  it('connects over TLS to a server whose certificate is trusted', async () => {
    const { port } = await valkey();
    const [key, cert] = [join(made, 'key.pem'), join(made, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '1'];
    execFileSync('openssl', [...request, ...subject], { stdio: 'ignore' });
    // The binary has no TLS: a proxy terminates it before the server, as stunnel does.
    const proxy = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
      const inner = connect(port, '127.0.0.1');
      socket.pipe(inner).pipe(socket);
      for (const end of [socket, inner]) end.on('error', () => socket.destroy());
    });
    proxy.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const url = `rediss://localhost:${typeof address === 'object' ? String(address?.port) : ''}`;
    const distrusting = run(['worker', '--queue', url, '--idle', '0.2']);
    expect(await distrusting.ended).toBe(2);
    expect(distrusting.err).toContain('self-signed certificate');
    const trusting = run(['worker', '--queue', url, '--idle', '0.2'], { NODE_EXTRA_CA_CERTS: cert });
    expect(await trusting.ended).toBe(0);
    // By IP address, which TLS may not announce as a server name.
    const byAddress = run(['worker', '--queue', url.replace('localhost', '127.0.0.1'), '--idle', '0.2'], {
      NODE_EXTRA_CA_CERTS: cert,
    });
    expect(await byAddress.ended).toBe(0);
    expect(byAddress.err).not.toContain('Warning');
    proxy.close();
  });
});

describe('the option --queue', () => {
  it.each([
    [['worker', '--queue', 'redis://127.0.0.1:1'], 'queue redis://127.0.0.1:1 cannot be used: connect ECONNREFUSED'],
    [['worker', '--queue', 'http://127.0.0.1'], '--queue is no address of a queue, expected redis://HOST'],
    [['worker'], "required option '--queue <url>' not specified"],
    [['worker', '--queue', 'redis://127.0.0.1:1', '--lease', '0'], '--lease is 0, expected a number in 1..'],
    [
      ['profile', '--quick', '--dataset', folder, '--output', join(made, 'no.json'), '--queue', 'redis://127.0.0.1:1'],
      'queue redis://127.0.0.1:1 cannot be used',
    ],
  ])('fails with exit code 2 and leaves no file if the queue cannot be used: %j', async (args, sentence) => {
    const before = readdirSync(made);
    const process = run(args);
    expect(await process.ended).toBe(2);
    expect(process.err).toContain(sentence);
    expect(process.err).not.toContain('    at ');
    expect(process.out).toBe('');
    expect(readdirSync(made)).toEqual(before);
  });
});
