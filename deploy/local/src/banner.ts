import type { Stack } from './stack.js';

/** What a person needs to know about the running stack. */
export const banner = (stack: Omit<Stack, 'stop' | 'kill' | 'pids'>, dataFolder: string): string => `
Chowda is running.

  Web page     ${stack.signInUrl}
               (this link signs one browser in; after that it is ${stack.webUrl})
  Scripts      curl -H "Authorization: Bearer $(cat ${stack.tokenFile})" ${stack.webUrl}/api/batches
  NATS         ${stack.natsUrl}
               nats --server ${stack.natsUrl} stream ls
  Data         ${dataFolder}
  Logs         ${stack.logFolder}

Ctrl-C stops everything; the next start goes on where this one stopped.
`;
