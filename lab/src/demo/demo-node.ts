import { exitCodeOf, reasonOf } from 'topspark/base/errors.js';
import { printable } from 'topspark/base/quoted.js';
import { openNode, type SimpleNode } from 'topspark/ros/open-node.js';
import { onParentGone } from './parent-gone.js';

/**
 * Runs a small ROS process to its end: when `body` is done, on SIGINT or SIGTERM, or when the demo that started it is
 * gone. It exits with code 0; after a failure with another code and one line on standard error.
 *
 * @param body - what the process does; `ended` is aborted when the node closes
 */
export async function runNode(
  name: string,
  body: (node: SimpleNode, ended: AbortSignal) => Promise<void>,
): Promise<never> {
  let code = 0;
  try {
    await runOpen(await openNode(name), body);
  } catch (error) {
    process.stderr.write(`${name}: ${printable(reasonOf(error))}\n`);
    code = exitCodeOf(error);
  }
  process.exit(code);
}

async function runOpen(node: SimpleNode, body: (node: SimpleNode, ended: AbortSignal) => Promise<void>): Promise<void> {
  const end = new AbortController();
  const closed = node.closed.finally(() => {
    end.abort();
  });
  onParentGone(() => {
    node.close();
  });
  try {
    await Promise.race([body(node, end.signal), closed]);
  } finally {
    // Also after a failure: a process that exits before ROS is shut down aborts in native code.
    node.close();
    await closed;
  }
}
