import { useSyncExternalStore } from 'react';
import { ErrorPanel } from '../shell/error-panel.js';
import { Breadcrumb, PageLink } from '../shell/links.js';
import { Announcer } from './announcer.js';
import { useOpenBatch } from './batch-context.js';
import { BatchHeader } from './batch-header.js';
import { BlockedLine } from './blocked-line.js';
import { ErrorGroups } from './error-groups.js';
import { FileTable } from './file-table.js';
import { HoldPanel } from './hold-panel.js';

/** One batch: progress, failures, and the table of files × stages, live. */
export function BatchPage() {
  const { batch, feed } = useOpenBatch();
  const cells = useSyncExternalStore(
    (listener) => feed.onState(listener),
    () => feed.state,
  );
  const { held = [] } = batch.summary;
  return (
    <>
      <Breadcrumb links={[<PageLink to="/">Batches</PageLink>]} here={batch.name} />
      <BatchHeader batch={batch} />
      {held.length > 0 ? (
        held.map((hold) => <HoldPanel key={hold.stage} summary={batch.summary} held={hold} />)
      ) : (
        <BlockedLine blocked={batch.summary.blocked} />
      )}
      <Announcer summary={batch.summary} />
      <ErrorGroups groups={batch.summary.errors} stages={batch.summary.stages} />
      {cells.error !== null && <ErrorPanel error={cells.error} onRetry={() => void feed.refresh()} />}
      <FileTable batch={batch} grid={feed.grid} isLoaded={cells.isLoaded} />
    </>
  );
}
