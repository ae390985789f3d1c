const SECOND = 1000;
const QUIET_FOR = 2 * SECOND;
const REPEAT_EVERY = 5 * SECOND;

/** Prints the step and its duration every 5 s once `work` takes longer than 2 s. */
export async function withProgress<Value>(
  what: string,
  print: (sentence: string) => void,
  work: Promise<Value>,
): Promise<Value> {
  const begin = Date.now();
  const report = () => print(`${what} (${Math.round((Date.now() - begin) / SECOND)} s) ...`);
  let repeat: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    report();
    repeat = setInterval(report, REPEAT_EVERY);
  }, QUIET_FOR);
  try {
    return await work;
  } finally {
    clearTimeout(first);
    clearInterval(repeat);
  }
}
