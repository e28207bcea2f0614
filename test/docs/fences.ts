import { readFileSync } from 'node:fs';

/** A block of shell commands in a document. */
export interface ShellBlock {
  readonly text: string;
  /** Can run on a bare machine. */
  readonly bare: boolean;
}

/**
 * The blocks of shell commands (`sh`) of a document. Their first line says what they need.
 *
 * @throws Error when a block does not say it
 */
export function shellBlocks(document: string): ShellBlock[] {
  const text = readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => {
    const first = block.split('\n', 1)[0] ?? '';
    if (!/^# (without ROS|with ROS 2|needs )/.test(first)) {
      throw new Error(`${document}: "${first}" begins a block, expected "# without ROS", "# with ROS 2" or "# needs …"`);
    }
    return { text: block, bare: first === '# without ROS' };
  });
}
