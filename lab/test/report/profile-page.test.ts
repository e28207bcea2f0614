import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profilePage } from '../../src/report/profile-page.js';
import type { ProfileResult } from '../../src/profile/profile-result.js';

const fixture = new URL('../training/profile-mnist-quick.json', import.meta.url);
const profile = JSON.parse(readFileSync(fixture, 'utf8')) as ProfileResult;

describe('profilePage', () => {
  it('holds plots, receptive fields and tables, and no script', async () => {
    const page = await profilePage(profile);
    expect(page).not.toMatch(/<script|http-equiv="refresh"| src="(?!data:)/);
    expect(page.match(/<svg /g)).toHaveLength(6 + profile.sensitivity.length);
    expect(page.match(/<img /g)).toHaveLength(profile.receptiveFields.fields.length);
    expect(page.match(/<table>/g)).toHaveLength(6 + profile.sensitivity.length);
  });

  it('names the recommended point and the requirements', async () => {
    const requirements = { minAccuracy: 0.8, maxEnergy: 1e-6 };
    const page = await profilePage({ ...profile, recommended: { ...profile.recommended, requirements } });
    expect(page).toContain('16/150/13');
    expect(page).toContain('accuracy at least 80.0 %, at most 1.00 µJ');
  });

  it('escapes class names', async () => {
    const classNames = profile.dataset.classNames.map((name) => `<b>${name}</b>`);
    const page = await profilePage({ ...profile, dataset: { ...profile.dataset, classNames } });
    expect(page).not.toContain('<b>0</b>');
    expect(page).toContain('&lt;b&gt;0&lt;/b&gt;');
  });
});

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const executablePath = places.find((path) => existsSync(path));

/** Texts that extend beyond their plot, where they cannot be read. */
const textsOutside = `[...document.querySelectorAll('figure svg')].flatMap((svg) => {
  const plot = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter((text) => {
    const { left, right } = text.getBoundingClientRect();
    return left < plot.left - 1 || right > plot.right + 1;
  }).map((text) => text.textContent);
})`;

// Skipped, and counted as skipped, if the machine has no browser.
describe.skipIf(executablePath === undefined)('profilePage in a browser without a network', () => {
  let folder: string;
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'topspark-'));
    writeFileSync(join(folder, 'profile.html'), await profilePage(profile));
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ ...(executablePath !== undefined && { executablePath }), args, headless: true });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(colorScheme: 'light' | 'dark', width: number): Promise<Page> {
    const context = await browser.newContext({ offline: true, colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(`file://${join(folder, 'profile.html')}`);
    return page;
  }

  it.each([
    ['light', 1200],
    ['dark', 420],
  ] as const)(
    'shows every plot inside the %s page at a width of %d, with a name and without browser errors',
    async (scheme, width) => {
      const page = await open(scheme, width);
      for (const plot of await page.locator('figure svg, figure img').all()) {
        const box = await plot.boundingBox();
        expect(box?.width).toBeGreaterThan(40);
        expect(box?.height).toBeGreaterThan(40);
      }
      expect(await page.evaluate(textsOutside)).toEqual([]);
      // Every picture was decoded, and every plot has an accessible name.
      expect(
        await page
          .locator('img')
          .evaluateAll((all) => all.every((img) => (img as { naturalWidth?: number }).naturalWidth === 28)),
      ).toBe(true);
      expect(await page.getByRole('img').count()).toBe(
        6 + profile.sensitivity.length + profile.receptiveFields.fields.length,
      );
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
  );

  it('draws text in the colour of the light or dark scheme', async () => {
    const ink = async (scheme: 'light' | 'dark'): Promise<unknown> => {
      const page = await open(scheme, 1200);
      const found = await page.evaluate(
        'getComputedStyle([...document.querySelectorAll("svg text")].find((text) => text.textContent === "timesteps T")).fill',
      );
      await page.context().close();
      return found;
    };
    expect(await ink('light')).toBe('rgb(28, 35, 48)');
    expect(await ink('dark')).toBe('rgb(228, 231, 236)');
  });

  it('opens the table of a plot', async () => {
    const page = await open('light', 1200);
    const table = page.getByRole('table', { name: 'Operating points' });
    expect(await table.isVisible()).toBe(false);
    await page.getByText('Figures as a table').first().click();
    expect(await table.getByRole('row').count()).toBe(1 + profile.points.length);
    await page.context().close();
  });
});
