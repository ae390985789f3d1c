import { QueryCache, QueryClient } from '@tanstack/react-query';
import { problemOf } from './problem-error.js';

const SECOND = 1000;
const RETRIES = 2;
const FIRST_SERVER_ERROR = 500;
const NOT_SIGNED_IN = [0, 401];

/**
 * Creates the query cache. Queries become stale after 5 s, so that a tab that was in the background or a computer that
 * was asleep reads them again; live events keep them current otherwise. `onSignedIn` is called after every response
 * that shows that the browser is signed in.
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
        // A client error such as 401 or 404 does not change by a retry.
        retry: (failures, error) => {
          const { status } = problemOf(error);
          return failures < RETRIES && (status === 0 || status >= FIRST_SERVER_ERROR);
        },
        retryDelay: SECOND,
      },
    },
  });
