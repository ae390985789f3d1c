import type { ChildMessage } from './child.js';

const send = (message: ChildMessage) => void process.send?.(message);

/** Answers the requests of the parent process; exits when the parent ends. */
export function answerParent<Question>(answer: (question: Question) => Promise<unknown>): void {
  process.on('message', (question: Question) => {
    answer(question).then(
      (value) => send({ answer: value ?? null }),
      (error: unknown) => send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
  send({ ready: true });
}
