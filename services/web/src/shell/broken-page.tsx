import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorPanel } from './error-panel.js';
import { PageHeading } from './page-heading.js';

/** Shown in place of a page that failed to draw; the shell around it goes on. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  return (
    <>
      <PageHeading title="This page broke" />
      <ErrorPanel error={error} onRetry={reset} />
    </>
  );
}
