import { useQueryClient } from '@tanstack/react-query';
import { problemOf } from '../api/problem-error.js';
import { ErrorPanel } from './error-panel.js';
import { PageHeading } from './page-heading.js';
import { SignInPage } from './sign-in-page.js';

const UNAUTHORIZED = 401;

/** A page that cannot be shown: asks to sign in, or says what is wrong. */
export function PageProblem({ title, error, onRetry }: { title: string; error: unknown; onRetry: () => void }) {
  const queries = useQueryClient();
  if (problemOf(error).status === UNAUTHORIZED) {
    return <SignInPage onRetry={() => void queries.invalidateQueries()} />;
  }
  return (
    <>
      <PageHeading title={title} />
      <ErrorPanel error={error} onRetry={onRetry} />
    </>
  );
}
