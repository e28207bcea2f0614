import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { PlainLines } from './plain-lines.js';
import { printableTexts } from 'topspark/base/quoted.js';
import type { Figures } from './demo-tally.js';
import { viewLines } from './view.js';

/** Output that shows the run. */
export interface Screen {
  /** Whether it shows pictures of the sensor. */
  readonly pictures: boolean;
  /** @param waiting - what the demo is waiting for; empty while it runs */
  update(figures: Figures, waiting: string): void;
  /** Shows a warning of one of the processes. */
  warn(text: string): void;
  /** Shows a text that stays. */
  say(text: string): void;
  /** Restores the terminal; the last view stays. */
  end(): void;
}

/**
 * Opens a live view on a terminal, or plain lines on anything else.
 *
 * @param samples - number of samples that the camera will show
 */
export function openScreen(stream: NodeJS.WriteStream, samples: number): Screen {
  return stream.isTTY ? liveScreen(stream, samples) : plainScreen(stream, samples);
}

/** Time that a warning stays in the live view [ms]. */
const warningTime = 5000;

function liveScreen(stream: NodeJS.WriteStream, samples: number): Screen {
  const draw = createLogUpdate(stream);
  let warned = { text: '', until: 0 };
  return {
    pictures: true,
    update: (figures, waiting) => {
      const { columns, rows } = stream;
      const warning = performance.now() < warned.until ? warned.text : '';
      draw(viewLines(printableTexts(figures), { samples, waiting, warning, columns, rows }, pc).join('\n'));
    },
    warn: (text) => {
      warned = { text, until: performance.now() + warningTime };
    },
    say: (text) => {
      draw.clear();
      stream.write(`${text}\n`);
    },
    end: () => {
      draw.done();
    },
  };
}

function plainScreen(stream: NodeJS.WriteStream, samples: number): Screen {
  const plain = new PlainLines(samples);
  let waited = '';
  const write = (line: string): void => {
    stream.write(`${line}\n`);
  };
  return {
    pictures: false,
    update: (figures, waiting) => {
      if (waiting !== '' && waiting !== waited) write(waiting);
      waited = waiting;
      plain.due(printableTexts(figures)).forEach(write);
    },
    warn: (text) => {
      write(`warning: ${text}`);
    },
    say: write,
    end: () => undefined,
  };
}
