import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as askPlain, type IncomingHttpHeaders } from 'node:http';
import { request as askSecure } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DashboardServer, type DashboardSettings } from '../../src/dashboard/dashboard-server.js';
import { pageFiles } from '../../src/dashboard/page-files.js';
import { subprotocol, tokenPrefix } from '../../src/dashboard/protocol.js';
import { PageSocket } from './page-socket.js';
import { StandInNode } from './stand-in-node.js';

const files = pageFiles();
const plain: DashboardSettings = { host: '127.0.0.1', port: 0, token: undefined, tls: undefined, readOnly: false };

let server: DashboardServer;
let node: StandInNode;
afterEach(() => server.close());

async function open(settings: Partial<DashboardSettings> = {}): Promise<string> {
  node = new StandInNode();
  server = await DashboardServer.open({ ...plain, ...settings }, files, node);
  return `ws://127.0.0.1:${server.port}/node`;
}

interface Answer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function ask(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; secure?: boolean } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body, secure = false } = options;
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port: server.port, path, method, headers, rejectUnauthorized: false };
    const sent = (secure ? askSecure : askPlain)(to, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ code: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What the server replies to raw bytes until it closes. */
function say(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let heard = '';
    socket.on('data', (data) => (heard += data.toString()));
    socket.on('close', () => {
      resolve(heard);
    });
    socket.on('error', () => undefined);
  });
}

describe('files of the page', () => {
  it('are served under a policy that allows no script but its own, and no other site', async () => {
    await open();
    const { code, headers, body } = await ask('/');
    expect(code).toBe(200);
    expect(body).toContain('<script type="module" src="/page.js">');
    expect(body).not.toMatch(/<script>|<style| style=| on\w+=/);
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect((await ask('/page.js')).body).toContain('topspark');
    expect(files.get('/page.js')?.body.toString()).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/dist', '//etc/passwd', '/page.js/', '/node', '/index.html'])(
    'do not include %s',
    async (path) => {
      await open();
      const { code, body } = await ask(path);
      expect(code).toBe(404);
      expect(body).toMatch(/^there is nothing here: expected \//);
    },
  );

  it('are not served for another method, or for a request with a body', async () => {
    await open();
    expect((await ask('/', { method: 'PUT' })).code).toBe(405);
    expect((await ask('/', { method: 'POST', body: 'x' })).code).toBe(413);
    expect((await ask('/', { method: 'HEAD' })).body).toBe('');
  });

  it(
    'are not sent for oversized headers, for nonsense, or to a client that sends too slowly',
    { timeout: 30_000 },
    async () => {
      await open();
      expect(await say(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).not.toContain('200');
      expect(await say('\u0000\u0001\r\n\r\n')).toBe('');
      expect(await say('GET / HTTP/1.1\r\nHost: lo')).toBe('');
    },
  );
});

describe('/healthz', () => {
  it('says whether the node is heard, and otherwise why not', async () => {
    const url = await open();
    expect((await ask('/healthz')).code).toBe(503);
    const page = await PageSocket.open(url);
    await expect.poll(async () => (await ask('/healthz')).code).toBe(200);
    node.view = { silence: '/topspark is not found' };
    await expect.poll(async () => (await ask('/healthz')).body).toBe('/topspark is not found\n');
    await page.close();
  });
});

describe('access', () => {
  it.each([
    ['evil.example', 403],
    ['evil.example:8080', 403],
    ['127.0.0.1.evil.example', 403],
    ['192.168.1.7', 403],
    ['localhost:9999', 200],
    ['[::1]:80', 200],
  ])('by the host name "%s" gets %i', async (host, code) => {
    await open();
    expect((await ask('/', { headers: { Host: host } })).code).toBe(code);
  });

  it('is refused without a host name', async () => {
    await open();
    expect(await say('GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n')).toContain('403 Forbidden');
  });

  it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1', null])(
    'is refused by WebSocket for a page from %s',
    async (origin) => {
      const url = await open();
      await expect(PageSocket.open(url, { origin })).rejects.toThrow('403 ');
      expect(server.viewers).toBe(0);
    },
  );

  it('is refused by WebSocket for a name that was made to resolve to this machine', async () => {
    const url = await open();
    const rebound = { origin: 'http://evil.example', headers: { Host: 'evil.example' } };
    await expect(PageSocket.open(url, rebound)).rejects.toThrow('403 the header Host is "evil.example"');
  });

  it('is refused by WebSocket on another path, and with another protocol', async () => {
    const url = await open();
    const origin = `http://127.0.0.1:${server.port}`;
    await expect(PageSocket.open(`${url}/x`, { origin })).rejects.toThrow('404 ');
    await expect(PageSocket.open(url, { protocols: ['mqtt'] })).rejects.toThrow('400 ');
  });

  it('is granted only to requests with the token, if there is one', async () => {
    const url = await open({ token: 'secret' });
    const withToken = (token: string): string[] => [subprotocol, tokenPrefix + token];
    await expect(PageSocket.open(url)).rejects.toThrow('401 no token was given');
    await expect(PageSocket.open(url, { protocols: withToken('secre') })).rejects.toThrow('401 a wrong token');
    expect((await ask('/access')).code).toBe(401);
    expect((await ask('/access', { headers: { Authorization: 'Bearer secret' } })).code).toBe(200);
    const page = await PageSocket.open(url, { protocols: withToken('secret') });
    await expect.poll(() => page.view.node).toBe('/topspark');
    // No reply contains the token.
    expect(JSON.stringify([page.view, (await ask('/')).body])).not.toContain('secret');
  });

  it('works by TLS with given files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'topspark-tls-'));
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(folder, name));
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    execFileSync('openssl', [...made, '-subj', '/CN=robot', '-keyout', key, '-out', cert], { stdio: 'ignore' });
    await open({ tls: { cert: readFileSync(cert), key: readFileSync(key) } });
    rmSync(folder, { recursive: true });
    expect((await ask('/', { secure: true })).code).toBe(200);
    const page = await PageSocket.open(`wss://127.0.0.1:${server.port}/node`, {
      origin: `https://127.0.0.1:${server.port}`,
    });
    await expect.poll(() => page.view.node).toBe('/topspark');
  });

  it('reports what is wrong with a certificate, and that a port is taken', async () => {
    await open();
    const bad = { ...plain, tls: { cert: Buffer.from('x'), key: Buffer.from('y') } };
    await expect(DashboardServer.open(bad, files, node)).rejects.toThrow('certificate and key cannot be used');
    const taken = { ...plain, port: server.port };
    await expect(DashboardServer.open(taken, files, node)).rejects.toThrow(/EADDRINUSE.*another --port/);
  });
});

describe('a page', () => {
  it(
    'gets everything at first, then only changes, and the node is watched no longer than that',
    { timeout: 20_000 },
    async () => {
      const url = await open();
      expect(node.looking).toBe(false);
      const page = await PageSocket.open(url);
      expect(node.looking).toBe(true);
      const classes = [{ name: 'kitchen', labels: 3, neurons: 2, seen: 1 }];
      node.view = { classes };
      node.pictures = [Uint8Array.of(1, 0, 0, 0)];
      await expect.poll(() => page.view.classes).toEqual(classes);
      expect(page.pictures).toBe(1);
      const second = await PageSocket.open(url);
      await expect.poll(() => second.view.classes).toEqual(classes);
      await expect.poll(() => second.pictures).toBe(1);
      await page.close();
      await second.close();
      await expect.poll(() => node.looking, { timeout: 10_000 }).toBe(false);
    },
  );

  it("calls the node's services for its buttons", async () => {
    const page = await PageSocket.open(await open());
    await expect.poll(() => page.view.silence).toBe('');
    const asked = [
      page.send({ do: 'rename', name: 'a', newName: 'b' }),
      page.send({ do: 'forget', name: 'مطبخ 🍳' }),
      page.send({ do: 'mode', mode: 'SAVER' }),
      page.send({ do: 'target', target: 0.8 }),
      page.send({ do: 'learning', on: false }),
      page.send({ do: 'save' }),
      page.send({ do: 'answer', question: '12', name: 'hall' }),
      page.send({ do: 'answer', question: '13', name: '' }),
    ];
    await expect.poll(() => page.replies.length).toBe(asked.length);
    const named = ['rename a b', 'forget مطبخ 🍳', 'mode SAVER', 'target 0.8', 'learning false', 'save'];
    expect(node.asked).toEqual([...named, 'answer 12 hall', 'answer 13 ']);
    expect(page.reply(asked[2])).toEqual({ id: asked[2], ok: true, message: 'mode SAVER' });
  });

  it.each([
    ['', 'expected JSON'],
    ['[]', 'id is not a whole number'],
    ['null', 'expected an object'],
    ['{"id":1e99,"do":"save"}', 'id is not a whole number'],
    ['{"id":1,"do":"shell"}', 'not a request of a dashboard'],
    ['{"id":1,"do":"__proto__"}', 'not a request of a dashboard'],
    ['{"id":1,"do":"teach"}', 'name is not a text'],
    ['{"id":1,"do":"teach","name":" \\t "}', 'the name is empty'],
    [`{"id":1,"do":"teach","name":"${'x'.repeat(1001)}"}`, 'the name has 1001 characters'],
    ['{"id":1,"do":"mode","mode":"RECKLESS"}', 'the mode is not one of AUTO'],
    ['{"id":1,"do":"target","target":"1"}', 'the target is not a number'],
    ['{"id":1,"do":"target","target":1.01}', 'the target is not a number'],
    ['{"id":1,"do":"learning","on":1}', 'neither on nor off'],
    ['{"id":1,"do":"answer","question":12,"name":"a"}', 'the question is not a text'],
    ['{"id":1,"do":"answer","question":"12","name":" "}', 'the name is empty'],
  ])('gets a reason when it sends %s, and no request reaches the node', async (text, why) => {
    const page = await PageSocket.open(await open());
    page.sendText(text);
    await expect.poll(() => page.replies.at(0)?.message).toContain(why);
    expect(page.replies[0].ok).toBe(false);
    expect(node.asked).toEqual([]);
  });

  it('is disconnected when it sends too long a text', async () => {
    const page = await PageSocket.open(await open());
    page.sendText('x'.repeat(5000));
    await expect.poll(() => page.socket.readyState).toBe(page.socket.CLOSED);
    expect(server.viewers).toBe(0);
  });

  it('is refused, then disconnected, when it asks too often', async () => {
    const page = await PageSocket.open(await open());
    await expect.poll(() => page.view.silence).toBe('');
    for (let k = 0; k < 100; k++) page.send({ do: 'save' });
    await expect.poll(() => page.replies.some(({ message }) => message.startsWith('too many requests'))).toBe(true);
    expect(node.asked.length).toBeLessThan(60);
    for (let k = 0; k < 400; k++) page.send({ do: 'save' });
    await expect.poll(() => page.socket.readyState).toBe(page.socket.CLOSED);
  });

  it('changes nothing through a read-only dashboard', async () => {
    const page = await PageSocket.open(await open({ readOnly: true }));
    await expect.poll(() => page.view.readOnly).toBe(true);
    const all = [
      page.send({ do: 'teach', name: 'a' }),
      page.send({ do: 'forget', name: 'a' }),
      page.send({ do: 'take_back' }),
      page.send({ do: 'target', target: 0 }),
    ];
    await expect.poll(() => page.replies.length).toBe(all.length);
    expect(page.replies.every(({ ok, message }) => !ok && message.includes('--read-only'))).toBe(true);
    expect(node.asked).toEqual([]);
  });

  it('gets a reason when the node is not heard', async () => {
    const url = await open();
    node.view = { silence: '/topspark is not found' };
    const page = await PageSocket.open(url);
    const id = page.send({ do: 'teach', name: 'a' });
    await expect.poll(() => page.reply(id)).toEqual({ id, ok: false, message: '/topspark is not found' });
  });
});

describe('a lesson', () => {
  it('lasts while the button is held, and its labels can be taken back once', async () => {
    const page = await PageSocket.open(await open());
    await expect.poll(() => page.view.silence).toBe('');
    const id = page.send({ do: 'teach', name: 'kitchen' });
    await expect.poll(() => page.view.lesson).toEqual({ name: 'kitchen', own: true });
    node.taught = [1, 2, 3].map((sec) => ({ sec, nanosec: 0 }));
    page.send({ do: 'release' });
    await expect.poll(() => page.reply(id)?.message).toBe('3 samples were taught to be "kitchen"');
    await expect.poll(() => page.view.lesson).toBeNull();
    await expect.poll(() => node.taught.length).toBe(0);
    page.send({ do: 'take_back' });
    const again = page.send({ do: 'take_back' });
    await expect.poll(() => page.reply(again)?.message).toBe('there is nothing to undo');
    expect(node.asked).toEqual(['teach kitchen', 'end', 'take back 3']);
  });

  it('ends when no message says that the button is still held', async () => {
    const page = await PageSocket.open(await open());
    await expect.poll(() => page.view.silence).toBe('');
    page.send({ do: 'teach', name: 'kitchen' });
    await expect.poll(() => node.asked, { timeout: 10_000 }).toEqual(['teach kitchen', 'end']);
  });

  it('continues beyond one call of the node while it is held', { timeout: 30_000 }, async () => {
    const page = await PageSocket.open(await open());
    await expect.poll(() => page.view.silence).toBe('');
    const id = page.send({ do: 'teach', name: 'kitchen' });
    const holding = setInterval(() => page.send({ do: 'hold' }), 300);
    await expect.poll(() => node.asked, { timeout: 15_000 }).toEqual(['teach kitchen', 'teach kitchen']);
    clearInterval(holding);
    page.send({ do: 'release' });
    await expect.poll(() => page.reply(id)?.message).toBe('6 samples were taught to be "kitchen"');
  });

  it('ends with the page that holds it, and no other page ends or begins one meanwhile', async () => {
    const url = await open();
    const [first, second] = [await PageSocket.open(url), await PageSocket.open(url)];
    await expect.poll(() => first.view.silence).toBe('');
    first.send({ do: 'teach', name: 'kitchen' });
    await expect.poll(() => second.view.lesson).toEqual({ name: 'kitchen', own: false });
    const id = second.send({ do: 'teach', name: 'hall' });
    second.send({ do: 'release' });
    await expect.poll(() => second.reply(id)?.message).toContain('kitchen is being taught on another page');
    expect(node.asked).toEqual(['teach kitchen']);
    await first.close();
    await expect.poll(() => node.asked).toEqual(['teach kitchen', 'end']);
  });
});

describe('many pages', () => {
  it('are accepted up to a limit, and the next one is refused with a reason', async () => {
    const url = await open();
    const pages = await Promise.all(Array.from({ length: 32 }, () => PageSocket.open(url)));
    await expect(PageSocket.open(url)).rejects.toThrow('503 32 pages are open');
    await pages[0].close();
    await expect.poll(() => server.viewers).toBe(31);
    await PageSocket.open(url);
  });

  it('leave nothing behind after a thousand were opened and closed', { timeout: 120_000 }, async () => {
    const url = await open();
    const round = async (pages: number): Promise<void> => {
      for (let k = 0; k < pages; k += 20) {
        const some = await Promise.all(Array.from({ length: 20 }, () => PageSocket.open(url)));
        await Promise.all(some.map((page) => page.close()));
      }
    };
    await round(1000);
    await expect.poll(() => server.viewers).toBe(0);
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length).toBeLessThan(30);
  });

  it(
    'are served without waiting for one that reads nothing, whose frames are skipped',
    { timeout: 60_000 },
    async () => {
      const url = await open();
      const [slow, quick] = [await PageSocket.open(url), await PageSocket.open(url)];
      slow.socket.pause();
      const picture = new Uint8Array(200_000).fill(1);
      for (let k = 0; k < 100; k++) {
        node.pictures = [picture];
        await expect.poll(() => node.pictures.length, { interval: 10 }).toBe(0);
      }
      await expect.poll(() => quick.pictures).toBeGreaterThan(50);
      slow.socket.resume();
      // Of 20 MB some lie in system buffers. The rest was skipped, not kept.
      await expect.poll(() => slow.view.skipped).toBeGreaterThan(20);
      await expect.poll(() => slow.view.node).toBe('/topspark');
    },
  );
});
