import { onParentGone } from './parent-gone.js';

// The page as a process of the demo: `topspark dashboard`, which ends as on Ctrl-C when the demo is gone.
onParentGone(() => {
  process.kill(process.pid, 'SIGINT');
});
await import('topspark/cli/main.js');
