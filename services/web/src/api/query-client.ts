import { QueryCache, QueryClient } from '@tanstack/react-query';
import { problemOf } from './problem-error.js';

const SECOND = 1000;
const RETRIES = 2;
const FIRST_SERVER_ERROR = 500;
const NOT_SIGNED_IN = [0, 401];

/**
 * Reads again what another tab or a sleeping computer has missed; live events do the rest. `onSignedIn` is called at
 * every answer that only somebody who is signed in gets.
 */
export const createQueryClient = (onSignedIn: () => void): QueryClient =>
  new QueryClient({
    queryCache: new QueryCache({
      onSettled: (_, error) => {
        if (error === null || !NOT_SIGNED_IN.includes(problemOf(error).status)) onSignedIn();
      },
    }),
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
