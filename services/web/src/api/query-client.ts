import { QueryClient } from '@tanstack/react-query';
import { problemOf } from './problem-error.js';

const SECOND = 1000;
const RETRIES = 2;
const FIRST_SERVER_ERROR = 500;

/** Reads again what another tab or a sleeping computer has missed; live events do the rest. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5 * SECOND,
        // An answer such as 404 or 401 stays the same when asked again.
        retry: (failures, error) => {
          const { status } = problemOf(error);
          return failures < RETRIES && (status === 0 || status >= FIRST_SERVER_ERROR);
        },
        retryDelay: SECOND,
      },
    },
  });
