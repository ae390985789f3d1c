const CHECK_INTERVAL_MS = 1000;

/** npm does not forward SIGTERM to its script: this process sends the signal to itself when its parent has ended. */
export function endWithParent() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, CHECK_INTERVAL_MS);
  watch.unref();
}
