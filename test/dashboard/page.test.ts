import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DashboardServer } from '../../src/dashboard/dashboard-server.js';
import { pageFiles } from '../../src/dashboard/page-files.js';
import { scanFrame } from '../../src/dashboard/sensor-pictures.js';
import { chromiumPath, startChromium } from './chromium.js';
import { StandInNode } from './stand-in-node.js';

const poll = { timeout: 30_000 };
const ranges = Array.from({ length: 90 }, (_, k) => 1 + (k % 7) / 3);
const scan = scanFrame({ angle_min: -3.1, angle_increment: 0.07, range_min: 0.1, range_max: 10, ranges });
const decision = {
  ...{ stamp: 1, label: '', confidence: 0.4, givenLabel: 'kitchen', unknown: true, classes: ['kitchen', 'مطبخ'] },
  ...{ scores: [3, 1], timesteps: 35, timestepsRun: 20, latency: 0.001, energy: 1e-6, learned: true },
};
const view = {
  silence: '',
  decision,
  classes: ['kitchen', 'مطبخ'].map((name) => ({ name, labels: 5, neurons: 3, seen: 1 })),
  spikes: { timesteps: 20, steps: [3, 5, 6], neurons: [12, 7, 12], labels: ['kitchen', '', 'kitchen'] },
  prototypes: {
    ...{ rows: 2, columns: 2 },
    pictures: [{ name: 'kitchen', neuron: 12, weights: Buffer.from([0, 90, 200, 255]).toString('base64') }],
  },
  questions: [
    {
      id: '17',
      why: 'unknown_group',
      picture: Buffer.from(scan).toString('base64'),
      candidates: [
        ['kitchen', 0.6],
        ['مطبخ', 0.3],
      ],
    },
    { id: '18', why: 'random_check', picture: '', candidates: [] },
  ],
  fleet: {
    ...{ name: 'yard', robot: 'robot1', role: 'both', version: 7, undo: '', server: '', serverState: '' },
    ...{ received: 331_000, sent: 12, merge: 'merged with robot2: 5 neurons united, 2 added, 0 own given up' },
    robots: [
      {
        ...{ name: 'robot2', offered: 9, held: 9, merged: 9, chunks: 405, chunksHeld: 405 },
        ...{ neurons: 145, silent: 3, note: '' },
      },
      {
        ...{ name: 'robot3', offered: 4, held: 0, merged: 0, chunks: 400, chunksHeld: 37 },
        ...{ neurons: 0, silent: 90, note: 'robot3 did not answer within 5 s' },
      },
    ],
  },
} as const;

describe.skipIf(chromiumPath === undefined)('the page in a browser', () => {
  let browser: Browser;
  let server: DashboardServer;
  let node: StandInNode;
  beforeAll(async () => {
    browser = await startChromium();
    node = new StandInNode();
    const settings = { host: '127.0.0.1', port: 0, token: undefined, tls: undefined, readOnly: false };
    server = await DashboardServer.open(settings, pageFiles(), node);
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await server.close();
    await browser.close();
  });

  async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    node.view = view;
    const page = await (await browser.newContext({ colorScheme, viewport: { width, height: 900 } })).newPage();
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.locator('.questions').waitFor();
    return page;
  }

  it('shows spikes, prototypes and what is unknown', async () => {
    const page = await open(1100, 'light');
    await page.getByRole('img', { name: 'What stands for kitchen: neuron 12' }).waitFor();
    await page.getByRole('img', { name: 'Spikes of the last sample over 20 timesteps, a row a neuron' }).waitFor();
    expect(await page.locator('.raster').innerText()).toMatch(/12 kitchen 2 spikes\s+7 no class yet 1 spike/);
    expect(await page.locator('.answer').innerText()).toMatch(/unknown[^]*the most similar is kitchen/);
  });

  it('answers a question by a click or by a typed name, and skips one', async () => {
    const page = await open(1100, 'light');
    const asks = page.locator('.question');
    expect(await asks.count()).toBe(2);
    await asks
      .first()
      .getByRole('img', { name: /laser scan/ })
      .waitFor();
    await asks.first().getByRole('button', { name: 'kitchen 60 %' }).click();
    await asks.nth(1).getByLabel('Another name').fill(' hall ');
    await page.keyboard.press('Enter');
    await asks.nth(1).getByRole('button', { name: 'Skip' }).click();
    await expect.poll(() => node.asked, poll).toEqual(['answer 17 kitchen', 'answer 18 hall', 'answer 18 ']);
    node.view = { questions: [] };
    await expect.poll(() => asks.count(), poll).toBe(0);
  });

  it('shows the robots of the fleet, and merges and forgets only when that is confirmed', async () => {
    const page = await open(1100, 'light');
    node.asked.length = 0;
    const fleet = page.getByRole('region', { name: 'Fleet yard' });
    const robots = await fleet.getByRole('listitem').allInnerTexts();
    expect(robots[0]).toMatch(/robot2[^]*merged, part of 145 neurons; heard 3 s ago/);
    expect(robots[1]).toMatch(
      /robot3[^]*not merged; 37 of 400 chunks are here; heard 2 min ago. Robot3 did not answer/,
    );
    expect(await fleet.innerText()).toMatch(/Received 331 kB, sent 12 bytes[^]*Last merge: Merged with robot2/);
    await fleet.getByRole('button', { name: 'Merge' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await fleet.getByRole('button', { name: 'Merge' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click();
    await expect.poll(() => node.asked, poll).toEqual(['merge']);
    await fleet.getByRole('button', { name: 'Forget robot robot3' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget it' }).click();
    await expect.poll(() => node.asked, poll).toEqual(['merge', 'forget robot robot3']);
    node.view = { fleet: null };
    await expect.poll(() => fleet.count(), poll).toBe(0);
  });

  it.each([
    [320, 'dark'],
    [1100, 'light'],
  ] as const)('at a width of %i, %s, overflows nowhere, and axe reports no serious problem', async (width, scheme) => {
    const page = await open(width, scheme);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });
});
