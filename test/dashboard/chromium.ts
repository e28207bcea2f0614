import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** The browser of this machine. Without one, tests that need it are skipped and counted as skipped. */
export const chromiumPath = places.find((path) => existsSync(path));

/** Starts it. */
export function startChromium(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ ...(chromiumPath !== undefined && { executablePath: chromiumPath }), args, headless: true });
}
