import { Command } from 'commander';
import { monotonic } from '../base/time.js';
import { checkNumber, TopsparkError } from '../base/errors.js';
import type { TaughtNode } from '../ros/taught-node.js';
import { checkNodeName, number } from './options.js';
import { TeachKeys, type TeachAction } from './teach-keys.js';
import { teachLines, type TeachView } from './teach-screen.js';

interface Flags {
  readonly timeout: number;
  readonly labelTopic?: string;
}

const examples = `
Examples:
  $ npx topspark teach
  $ npx topspark teach /robot1/topspark
`;

/** `topspark teach`: lets a person name what the robot sees, by keys. */
export function teachCommand(): Command {
  return new Command('teach')
    .description(
      'Teach a running node by keys: hold a number to name what it sees. Needs a sourced ROS 2 and a terminal.',
    )
    .argument('[node]', 'full name of the node', '/topspark')
    .option('--timeout <s>', 'how long to wait for it', number, 5)
    .option('--label-topic <name>', 'topic of its labels (default: label, in its namespace)')
    .addHelpText('after', examples)
    .action(run);
}

async function run(node: string, flags: Flags): Promise<void> {
  checkNumber('--timeout', flags.timeout, 0.1, 3600);
  checkNodeName(node);
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    const found = 'standard input and output are not a terminal';
    const instead = `ros2 service call ${node}/teach topspark_msgs/srv/Teach "{label: kitchen}"`;
    throw new TopsparkError('no_terminal', 'usage', `${found}, expected one; without it: ${instead}`);
  }
  // Loaded here, since other commands run without ROS; the first import explains a missing ROS.
  await import('../node/ros-environment.js');
  const { TaughtNode: Found } = await import('../ros/taught-node.js');
  const labels = flags.labelTopic ?? `${node.slice(0, node.lastIndexOf('/'))}/label`;
  const taught = await Found.find(node, labels, flags.timeout);
  try {
    await new Lesson(taught, stdin, stdout).run();
  } finally {
    await taught.close();
  }
}

/** Period of redrawing and of checking held keys [ms]; the classes are requested every `asking` periods. */
const redraw = 100;
const asking = 10;

// The alternate screen of the terminal, so that its content comes back afterwards.
const [openScreen, closeScreen, home] = ['\u001b[?1049h\u001b[?25l', '\u001b[?25h\u001b[?1049l', '\u001b[H'];
const restOfLine = '\u001b[K';
const restOfScreen = '\u001b[J';

class Lesson {
  readonly #keys = new TeachKeys();
  #view: Omit<TeachView, 'teaching' | 'typed'>;
  #turn = 0;
  #ended: () => void = () => undefined;

  constructor(
    readonly taught: TaughtNode,
    readonly input: NodeJS.ReadStream,
    readonly output: NodeJS.WriteStream,
  ) {
    const accuracy = { value: NaN, low: NaN, high: NaN };
    this.#view = { node: taught.node, mode: '', accuracy, classes: [], answer: '', shares: new Map(), said: '' };
  }

  /** Runs until the person quits. */
  async run(): Promise<void> {
    const { input, output, taught } = this;
    const heard = [
      taught.modes.subscribe(({ name, accuracy: value, accuracy_low: low, accuracy_high: high }) => {
        this.#view = { ...this.#view, mode: name, accuracy: { value, low, high } };
      }),
      taught.decisions.subscribe(({ label, classes, scores }) => {
        const votes = Array.from(scores, (score) => Math.max(0, score));
        const all = votes.reduce((sum, each) => sum + each, 0);
        const shares = new Map(classes.map((name, at) => [name, all > 0 ? votes[at] / all : 0]));
        this.#view = { ...this.#view, answer: label, shares };
      }),
    ];
    const keys = (chunk: Buffer): void => {
      // Pasted text comes in one chunk. Escape sequences are ignored.
      const text = chunk.toString('utf8');
      for (const key of text.length > 1 && text.startsWith('\u001b') ? [] : text) this.#press(key);
    };
    const fault = new Promise<never>((_, reject) => {
      taught.peer.closed.catch(reject);
    });
    const quit = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    input.setRawMode(true);
    input.on('data', keys);
    input.resume();
    output.write(openScreen);
    const timer = setInterval(() => {
      this.#beat();
    }, redraw);
    try {
      await Promise.race([quit, taught.peer.closed, fault]);
    } finally {
      clearInterval(timer);
      for (const each of heard) each.unsubscribe();
      input.off('data', keys);
      input.setRawMode(false);
      input.pause();
      output.write(closeScreen);
    }
  }

  #press(key: string): void {
    for (const action of this.#keys.press(
      key,
      this.#view.classes.map(({ name }) => name),
      monotonic(),
    ))
      this.#do(action);
    this.#draw();
  }

  #beat(): void {
    for (const action of this.#keys.tick(monotonic())) this.#do(action);
    if (this.#turn++ % asking === 0) void this.#ask();
    this.#draw();
  }

  async #ask(): Promise<void> {
    this.#view = { ...this.#view, classes: await this.taught.classes() };
  }

  #do(action: TeachAction): void {
    switch (action.kind) {
      case 'begin':
        void this.taught.begin(action.name).then((said) => {
          this.#say(said);
          void this.#ask();
        });
        break;
      case 'end':
        void this.taught.end();
        break;
      case 'take_back': {
        const samples = this.taught.takeBack();
        this.#say(samples > 0 ? `the labels of ${samples} samples are undone` : 'there is nothing to undo');
        void this.#ask();
        break;
      }
      case 'quit':
        this.#ended();
        break;
    }
  }

  #say(said: string): void {
    this.#view = { ...this.#view, said };
  }

  #draw(): void {
    const { held, typed } = this.#keys;
    const lines = teachLines({ ...this.#view, teaching: held, typed }, this.output.columns || 80);
    this.output.write(`${home}${lines.map((line) => `${line}${restOfLine}`).join('\r\n')}${restOfScreen}`);
  }
}
