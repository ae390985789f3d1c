/**
 * Settles like `work`, or rejects with the signal's reason as soon as it is aborted: for work that cannot be stopped or
 * ignores the signal.
 */
export async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let fail = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    fail = () => reject(signal.reason as Error);
    if (signal.aborted) fail();
    signal.addEventListener('abort', fail, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', fail);
  }
}
