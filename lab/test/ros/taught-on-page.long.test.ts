import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, startChromium } from '../../../test/dashboard/chromium.js';
import { claimDomain, type ClaimedDomain } from '../../../test/ros/support/claim-domain.js';
import { Peer } from '../../../test/ros/support/peer.js';
import { DemoProcess } from './demo-process.js';

interface Named {
  readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number } };
  readonly label: string;
}

/** Rate of the scans of the robot [1/s]. */
const rate = 10;

/** Time in which it is taught and corrected [s]: three rounds of four places. */
const lesson = 120;

/** If TOPSPARK_PICTURES is set, the pictures of the documents are made. */
const pictures = process.env['TOPSPARK_PICTURES'] !== undefined;
const docs = (name: string): string => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url));

describe.skipIf(chromiumPath === undefined)('npm start -- --page', () => {
  let domain: ClaimedDomain;
  let demo: DemoProcess;
  let peer: Peer;
  let browser: Browser;
  beforeAll(async () => {
    domain = await claimDomain();
    peer = await Peer.start({ ...process.env, ROS_DOMAIN_ID: String(domain.id) });
    const reliable = { depth: 1000 };
    await peer.subscribe('truth', 'topspark_msgs/msg/Label', '/truth', reliable);
    await peer.subscribe('decision', 'topspark_msgs/msg/Decision', '/topspark/decision', reliable);
    demo = new DemoProcess(domain.id, ['--page', '0', '--seed', '5', '--json']);
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    demo.kill('SIGINT');
    await demo.ended;
    await peer.close();
    await domain.release();
  });

  const newest = async (): Promise<Named> => {
    await peer.forget('truth');
    const heard = await peer.messages<Named>('truth', 1);
    return heard[heard.length - 1];
  };
  const timeOf = ({ header: { stamp } }: Named): number => stamp.sec + stamp.nanosec / 1e9;

  async function open(width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const url = /http:\/\/\S+/.exec(demo.stderr)?.[0] ?? '';
    const page = await (await browser.newContext({ colorScheme, viewport: { width, height: 900 } })).newPage();
    await page.goto(url);
    await page.locator('.chip', { hasText: 'live' }).waitFor();
    return page;
  }

  it(
    'learns four places by mouse within three minutes, and decides 95 % of the next 500 scans correctly',
    { timeout: 600_000 },
    async () => {
      await demo.said(' at http://');
      const page = await open(1100);
      const begun = timeOf(await newest());
      const taught = new Set<string>();
      let last = '';
      while (timeOf(await newest()) < begun + lesson) {
        const { label: place } = await newest();
        // A person who has just arrived at a place looks at it first.
        if (place !== last) {
          last = place;
          await page.waitForTimeout(1000);
          continue;
        }
        const known = taught.has(place);
        if (known && (await page.locator('.answer strong').innerText()) === place) continue;
        if (!known) await page.getByLabel('New name', { exact: true }).fill(place);
        if ((await newest()).label !== place) continue;
        await page.getByRole('button', { name: `Hold to teach ${place}`, exact: true }).hover();
        await page.mouse.down();
        await page.waitForTimeout(known ? 1000 : 2000);
        await page.mouse.up();
        await page.getByText(`taught to be "${place}"`).waitFor();
        taught.add(place);
      }
      expect(taught.size).toBe(4);
      await peer.forget('decision');
      await peer.forget('truth');
      const decisions = await peer.messages<Named>('decision', 500, { timeout: 120 });
      const truths = new Map((await peer.messages<Named>('truth', 500)).map((each) => [timeOf(each), each.label]));
      const judged = decisions.filter((each) => truths.has(timeOf(each))).slice(0, 500);
      expect(judged.length).toBeGreaterThan(480);
      const right = judged.filter((each) => truths.get(timeOf(each)) === each.label);
      const scans = (timeOf(decisions[499]) - begun) * rate;
      console.log(`${right.length} of ${judged.length} right, ${Math.round(scans / rate)} s after the page was opened`);
      expect(right.length / judged.length).toBeGreaterThanOrEqual(0.95);
      expect(scans).toBeLessThan(180 * rate);
      if (!pictures) return;
      await page.screenshot({ path: docs('page.png') });
      await (await open(390, 'dark')).screenshot({ path: docs('page-phone.png') });
    },
  );
});
