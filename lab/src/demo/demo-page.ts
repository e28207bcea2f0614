import { onParentGone } from './parent-gone.js';

// The page as a process of the demo: `topspark dashboard`. When the demo is gone, it ends as on Ctrl-C.
onParentGone(() => {
  process.kill(process.pid, 'SIGINT');
});
await import('topspark/cli/main.js');
