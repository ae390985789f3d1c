import type { Stack } from './stack.js';

/** The text that `npm start` prints when the stack runs: addresses, data and logs. */
export const banner = (stack: Omit<Stack, 'stop' | 'kill' | 'pids'>, dataFolder: string): string => `
Chowda is running.

  Web page     ${stack.signInUrl}
               (the link signs in one browser; then use ${stack.webUrl})
  Scripts      curl -H "Authorization: Bearer $(cat ${stack.tokenFile})" ${stack.webUrl}/api/batches
  NATS         ${stack.natsUrl}
               nats --server ${stack.natsUrl} stream ls
  Data         ${dataFolder}
  Logs         ${stack.logFolder}

Press Ctrl-C to stop everything; the next start continues where this one stopped.
`;
