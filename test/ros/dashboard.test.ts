import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, startChromium } from '../dashboard/chromium.js';
import { PageSocket } from '../dashboard/page-socket.js';
import { DashboardProcess } from './support/dashboard-process.js';
import { image, sensorQos } from './support/images.js';
import { as, setParameter } from './support/parameters.js';
import type { NodeProcess } from './support/node-process.js';
import { World } from './support/world.js';

interface Asked {
  readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number } };
  readonly kind: number;
}

let world: World;
let node: NodeProcess;
let dashboard: DashboardProcess;
const socketUrl = (): string => `${dashboard.url.replace(/^http/, 'ws')}node`;

/** A camera that shows one kind of picture, until it shows another. */
const camera = { kind: 2, on: false, shown: 0, still: Promise.resolve() };

function film(): void {
  camera.on = true;
  camera.still = (async () => {
    while (camera.on) {
      const pictures = Array.from({ length: 10 }, () => image(camera.shown++, camera.kind));
      await world.peer.publish('sensor_msgs/msg/Image', '/image', pictures, { qos: sensorQos, rate: 20 });
    }
  })();
}

async function stopFilming(): Promise<void> {
  camera.on = false;
  await camera.still;
}

beforeAll(async () => {
  world = await World.open();
  node = await world.startActive();
  await world.peer.subscribe('question', 'topspark_msgs/msg/Question', '/topspark/question', { depth: 100 });
  await world.connect('/topspark', 'image', 'sensor_msgs/msg/Image', '/image');
  dashboard = await DashboardProcess.start(world.environment);
});
afterAll(async () => {
  await stopFilming();
  expect(await dashboard.end()).toBe(0);
  await world.close();
});

const poll = { timeout: 30_000 };

describe('without a browser', () => {
  it('reports that the node is heard', async () => {
    await expect.poll(async () => (await fetch(`${dashboard.url}healthz`)).status, poll).toBe(200);
  });

  it("subscribes to nothing but the node's presence while no page is open", async () => {
    const subscribers = async (): Promise<string[]> => (await world.peer.endpoints('/topspark/decision')).subscribers;
    expect(await subscribers()).not.toContain('/topspark_dashboard');
    const page = await PageSocket.open(socketUrl());
    await expect.poll(subscribers, poll).toContain('/topspark_dashboard');
    expect((await world.peer.endpoints('/image')).subscribers).toContain('/topspark');
    await page.close();
    await expect.poll(subscribers, poll).not.toContain('/topspark_dashboard');
  });

  it('replies in the words of the node when something is impossible', async () => {
    const page = await PageSocket.open(socketUrl());
    await expect.poll(() => page.view.silence, poll).toBe('');
    const early = page.send({ do: 'teach', name: 'kitchen' });
    const unknown = page.send({ do: 'forget', name: 'nowhere' });
    const rename = page.send({ do: 'rename', name: 'nowhere', newName: 'somewhere' });
    await expect.poll(() => page.replies.length, poll).toBe(3);
    expect(page.reply(early)?.message).toMatch(
      /^there was no sample in the last 5 s to be called "kitchen": is the sensor/,
    );
    for (const id of [unknown, rename]) {
      expect(page.reply(id)).toMatchObject({ ok: false });
      expect(page.reply(id)?.message).toContain('nowhere');
    }
    film();
    await expect.poll(() => page.view.decision?.stamp, poll).toBeGreaterThan(0);
    const long = page.send({ do: 'teach', name: 'x'.repeat(300) });
    await expect.poll(() => page.reply(long)?.message, poll).toMatch(/300/);
    expect(page.reply(long)?.ok).toBe(false);
    await page.close();
  });
});

describe.skipIf(chromiumPath === undefined)('in a browser', () => {
  let browser: Browser;
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await startChromium();
    if (!camera.on) film();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  async function open(width = 1100, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(dashboard.url) && !request.url().startsWith('blob:'))
        complaints.push(request.url());
    });
    await page.goto(dashboard.url);
    await page.locator('.chip', { hasText: 'live' }).waitFor();
    return page;
  }

  const message = (page: Page): Promise<string> => page.getByRole('status').innerText();
  const answer = (page: Page): Promise<string> => page.locator('.answer strong').innerText();

  /** Holds a button with the mouse for a second. */
  async function hold(page: Page, name: string): Promise<void> {
    await page.getByRole('button', { name: `Hold to teach ${name}`, exact: true }).hover();
    await page.mouse.down();
    await page.waitForTimeout(1000);
    await page.mouse.up();
  }

  it('two classes are taught with the mouse, and the answers change', async () => {
    const page = await open();
    for (const [kind, name] of [
      [2, 'kitchen'],
      [7, 'hall'],
    ] as const) {
      camera.kind = kind;
      await page.waitForTimeout(1200);
      await page.getByLabel('New name', { exact: true }).fill(name);
      await hold(page, name);
      await expect.poll(() => message(page), poll).toMatch(new RegExp(`^\\d+ samples were taught to be "${name}"`));
      await expect.poll(() => answer(page), poll).toBe(name);
    }
    camera.kind = 2;
    await expect.poll(() => answer(page), poll).toBe('kitchen');
    // And a class that is already known, by its button.
    await hold(page, 'kitchen');
    await expect.poll(() => message(page), poll).toMatch(/samples were taught to be "kitchen"/);
    const labels = async (): Promise<number> =>
      Number(/(\d+) labels/.exec(await page.getByRole('listitem').filter({ hasText: 'kitchen' }).innerText())?.[1]);
    await page.waitForTimeout(1200);
    const taught = await labels();
    await page.getByRole('button', { name: 'Undo the last' }).click();
    await expect.poll(() => message(page), poll).toMatch(/^the labels of \d+ samples are undone/);
    await expect.poll(labels, poll).toBeLessThan(taught);
  });

  it('each class has a picture of what stands for it, and the spikes of the last sample are shown', async () => {
    const page = await open();
    for (const name of ['kitchen', 'hall']) {
      await page.getByRole('img', { name: new RegExp(`^What stands for ${name}: neuron \\d+$`) }).waitFor();
    }
    await page.getByRole('img', { name: /^Spikes of the last sample over \d+ timesteps/ }).waitFor();
    await page.locator('.raster', { hasText: /\d+ kitchen \d+ spikes?/ }).waitFor();
    const [paint] = await page.evaluate<readonly { readonly startTime: number }[]>(
      "performance.getEntriesByName('first-contentful-paint')",
    );
    expect(paint.startTime).toBeGreaterThan(0);
    const updates = await page.evaluate<number>(`new Promise((done) => {
      let seen = 0;
      const watch = new MutationObserver(() => seen++);
      watch.observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true, attributes: true });
      setTimeout(() => { watch.disconnect(); done(seen / 5); }, 5000);
    })`);
    console.log(`first paint after ${Math.round(paint.startTime)} ms, ${updates} updates a second`);
    expect(updates).toBeGreaterThan(0);
  });

  it('a question of the robot is shown with its picture, and answered by a click', async () => {
    const page = await open();
    const { peer } = world;
    camera.kind = 2;
    for (const [name, value] of [
      ['question.per_minute', 60],
      ['question.per_hour', 3600],
    ] as const) {
      expect(await setParameter(peer, '/topspark', name, as.double(value))).toBe('');
    }
    await peer.subscribe('label', 'topspark_msgs/msg/Label', '/label', { depth: 100 });
    // The first one was asked before the camera was heard, and some are of a hall and name it alone.
    const pictured = page.locator('.questions .question', { has: page.locator('.light') });
    const kitchen = pictured.getByRole('button', { name: /^kitchen \d+ %$/ }).first();
    await kitchen.waitFor({ timeout: 60_000 });
    expect(await setParameter(peer, '/topspark', 'question.per_hour', as.double(0))).toBe('');
    await kitchen.click();
    await expect.poll(() => message(page), poll).toBe('the robot now knows that it was "kitchen"');
    // By the stamp and the kind of the question.
    const [label] = await peer.messages<Asked>('label', 1);
    const asked = await peer.messages<Asked>('question', 1);
    expect(asked.map(({ header: { stamp }, kind }) => ({ stamp, kind }))).toContainEqual({
      stamp: label.header.stamp,
      kind: label.kind,
    });
  });

  it('a name is taught with the keyboard alone, whatever its script', async () => {
    const page = await open();
    camera.kind = 4;
    await page.waitForTimeout(1200);
    const name = 'مطبخ 🍳';
    await page.getByLabel('New name', { exact: true }).focus();
    await page.keyboard.type(name);
    await page.keyboard.press('Tab');
    await page.keyboard.down('Space');
    await page.waitForTimeout(800);
    await page.keyboard.up('Space');
    await expect.poll(() => answer(page), poll).toBe(name);
    const blank = page.getByRole('button', { name: 'Hold to teach the new name' });
    expect(await blank.isDisabled()).toBe(true);
    await page.getByLabel('New name', { exact: true }).fill('   ');
    expect(await blank.isDisabled()).toBe(true);
    await page.getByLabel('New name', { exact: true }).fill('kitchin');
    await page.getByText('Did you mean kitchen?').waitFor();
    // An existing name is that class.
    await page.getByLabel('New name', { exact: true }).fill(` ${name} `);
    await page.keyboard.press('Enter');
    await expect.poll(() => message(page), poll).toMatch(/samples were taught/);
    expect(await page.getByRole('listitem').filter({ hasText: name }).count()).toBe(1);
  });

  it('a class is renamed, merged and forgotten, each only after a confirmation', async () => {
    const page = await open();
    const row = (name: string): ReturnType<Page['locator']> => page.getByRole('listitem').filter({ hasText: name });
    await page.getByRole('button', { name: 'Rename hall' }).click();
    await page.getByRole('dialog').getByLabel('New name').fill('corridor');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await row('corridor').waitFor();
    expect(await row('hall').count()).toBe(0);
    await page.getByRole('button', { name: 'Rename corridor' }).click();
    await page.getByRole('dialog').getByLabel('New name').fill('kitchen');
    await page.getByText('the two are merged').waitFor();
    await page.keyboard.press('Escape');
    expect(await row('corridor').count()).toBe(1);
    await page.getByRole('button', { name: 'Forget corridor' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await row('corridor').count()).toBe(1);
    await page.getByRole('button', { name: 'Forget corridor' }).click();
    await page.getByRole('button', { name: 'Forget it' }).click();
    await expect.poll(() => row('corridor').count(), poll).toBe(0);
    expect(await message(page)).toMatch(/corridor/);
  });

  it('mode, target and learning are set, and what was learned is saved', async () => {
    const page = await open();
    await page.getByLabel('Mode', { exact: true }).selectOption('SAVER');
    await page.locator('.chip', { hasText: 'SAVER' }).waitFor();
    await page.getByRole('spinbutton', { name: 'Target' }).fill('75');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await expect.poll(() => message(page), poll).toContain('the target is 75 %');
    await page.getByRole('img', { name: 'Target 75 %' }).waitFor();
    const learning = page.getByRole('switch');
    await learning.click();
    await expect.poll(() => learning.isChecked(), poll).toBe(false);
    await learning.click();
    await expect.poll(() => learning.isChecked(), poll).toBe(true);
    // As the node has it, not as the switch was set: after two quick clicks it would otherwise end at the node's state
    // between them.
    await page.waitForTimeout(3000);
    expect(await learning.isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => message(page), poll).toMatch(/\.safetensors/);
    await page.getByLabel('Mode', { exact: true }).selectOption('AUTO');
    // It may stay in the mode for a while, but is not held there.
    await page.getByRole('option', { name: /^AUTO: / }).waitFor({ state: 'attached' });
  });

  it('two pages show the same, and one does not release what the other holds', async () => {
    const [first, second] = [await open(), await open(400)];
    await first.getByRole('button', { name: 'Hold to teach kitchen', exact: true }).hover();
    await first.mouse.down();
    await expect
      .poll(async () => [await first.getByText('teaching …').count(), await message(first)], poll)
      .toEqual([1, '']);
    await second.getByText('is being taught on another page').waitFor();
    expect(await second.getByRole('button', { name: 'Hold to teach kitchen', exact: true }).isDisabled()).toBe(true);
    await first.mouse.up();
    await expect.poll(() => second.getByText('is being taught on another page').count(), poll).toBe(0);
    await first.close();
    camera.kind = 2;
    await expect.poll(() => answer(second), poll).toBe('kitchen');
  });

  it.each([
    [320, 'light'],
    [1100, 'dark'],
  ] as const)('at a width of %i, %s, nothing overflows, and axe reports no serious problem', async (width, scheme) => {
    const page = await open(width, scheme);
    await page.locator('.timeline canvas').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.evaluate(axe.source);
    const violations = async (): Promise<string[]> =>
      (await page.evaluate<axe.AxeResults>('axe.run()')).violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Rename kitchen' }).click();
    expect(await violations()).toEqual([]);
  });

  it('a lost node is reported, and comes back with what it knew', { timeout: 120_000 }, async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => message(page), poll).toMatch(/\.safetensors/);
    await stopFilming();
    await node.end('SIGKILL');
    await page.locator('.chip', { hasText: 'not heard' }).waitFor();
    expect(await message(page)).toMatch(/\/topspark is (not found|there, but silent)/);
    expect(await page.getByRole('button', { name: 'Hold to teach kitchen', exact: true }).isDisabled()).toBe(true);
    await expect.poll(async () => (await fetch(`${dashboard.url}healthz`)).status, poll).toBe(503);
    node = await world.startActive();
    film();
    await page.locator('.chip', { hasText: 'live' }).waitFor({ timeout: 60_000 });
    camera.kind = 2;
    await expect.poll(() => answer(page), { timeout: 60_000 }).toBe('kitchen');
  });

  it('open pages reconnect to a restarted dashboard, and ask for its token', { timeout: 120_000 }, async () => {
    const guarded = await DashboardProcess.start(world.environment, '--host', '0.0.0.0', '--read-only');
    expect(guarded.said).toMatch(/Anyone with this address can do everything that the page can/);
    const [, token = ''] = guarded.url.split('#');
    expect(token).toMatch(/^[\w-]{22}$/);
    const page = await (await browser.newContext()).newPage();
    const { port } = new URL(guarded.url);
    await page.goto(`http://127.0.0.1:${port}/#wrong`);
    await page.getByText('lacks the right token').waitFor();
    await page.goto('about:blank');
    await page.goto(`http://127.0.0.1:${port}/#${token}`);
    await page.locator('.chip', { hasText: 'live' }).waitFor();
    expect(page.url()).not.toContain(token);
    await page.getByText('read only').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.reload();
    await page.locator('.chip', { hasText: 'live' }).waitFor();
    expect(await guarded.end()).toBe(0);
    await page.getByText('The dashboard cannot be reached').waitFor();
  });
});
