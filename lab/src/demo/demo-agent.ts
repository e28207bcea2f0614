import { onParentGone } from './parent-gone.js';

// The agent as a process of the demo: the node itself, which ends as on Ctrl-C when the demo is gone.
onParentGone(() => {
  process.kill(process.pid, 'SIGINT');
});
await import('topspark/ros/node-main.js');
