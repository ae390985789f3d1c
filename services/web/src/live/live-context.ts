import { createContext, use, useEffect, useSyncExternalStore } from 'react';
import type { LiveClient, LiveStatus, Watcher } from './live-client.js';

/** The page's connection to the notifier. */
export const LiveContext = createContext<LiveClient | null>(null);

function useLive(): LiveClient {
  const live = use(LiveContext);
  if (!live) throw new Error('LiveContext has no value here.');
  return live;
}

export function useLiveStatus(): LiveStatus {
  const live = useLive();
  return useSyncExternalStore(
    (listener) => live.onStatus(listener),
    () => live.status,
  );
}

/** Follows a topic while mounted; pass a watcher that keeps its identity. */
export function useWatch(watcher: Watcher): void {
  const live = useLive();
  useEffect(() => live.watch(watcher), [live, watcher]);
}
