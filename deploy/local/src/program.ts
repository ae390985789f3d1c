/** Writes one line to the standard output. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Aborts at the first signal to stop; `onAgain` runs at each further one. */
export function stopSignal(notice: string, onAgain: () => void = () => undefined): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) return onAgain();
      print(`\n${notice} ...`);
      stopping.abort();
    });
  }
  return stopping.signal;
}

/** Runs a program to its exit code. An error is printed as its message, with exit code 1; open handles are dropped. */
export async function runProgram(main: () => Promise<number>): Promise<never> {
  const code = await main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
  process.exit(code);
}
