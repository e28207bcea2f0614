/**
 * Calls `stop` when the parent process, which started this one with an IPC channel, is gone, however it ended. Without
 * a channel, as under `ros2 launch`, it does nothing.
 */
export function onParentGone(stop: () => void): void {
  if (process.send === undefined) return;
  if (process.connected) process.once('disconnect', stop);
  else stop();
}
