import { createContext, use, useEffect, useSyncExternalStore } from 'react';
import type { LiveClient, LiveStatus, Watcher } from './live-client.js';

/** The connection of the page to the notifier. */
export const LiveContext = createContext<LiveClient | null>(null);

function useLive(): LiveClient {
  const live = use(LiveContext);
  if (!live) throw new Error('useLive requires a LiveContext.');
  return live;
}

export function useLiveStatus(): LiveStatus {
  const live = useLive();
  return useSyncExternalStore(
    (listener) => live.onStatus(listener),
    () => live.status,
  );
}

/** Subscribes to a topic while mounted; the watcher must keep its identity between renders. */
export function useWatch(watcher: Watcher): void {
  const live = useLive();
  useEffect(() => live.watch(watcher), [live, watcher]);
}
