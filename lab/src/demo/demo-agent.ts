import { onParentGone } from './parent-gone.js';

// The agent as a process of the demo: the node itself. When the demo is gone, it ends as on Ctrl-C.
onParentGone(() => {
  process.kill(process.pid, 'SIGINT');
});
await import('topspark/ros/node-main.js');
