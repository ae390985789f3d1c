import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { BatchSummary } from '#libs/contracts';
import { announcement } from '../words/announcement.js';

/** At most one sentence in this time, so that a screen reader can be used beside a running batch. */
const ANNOUNCE_EVERY = 10_000;

/** Tells a screen reader how the batch goes on. */
export function Announcer({ summary }: { summary: BatchSummary }) {
  const [text, setText] = useState('');
  const newest = useRef(summary);
  const told = useRef<BatchSummary | null>(null);
  useEffect(() => {
    newest.current = summary;
  }, [summary]);
  useEffect(() => {
    told.current = newest.current;
    const timer = setInterval(() => {
      const next = announcement(told.current, newest.current);
      if (next === null) return;
      told.current = newest.current;
      setText(next);
    }, ANNOUNCE_EVERY);
    return () => clearInterval(timer);
  }, []);
  return <VisuallyHidden aria-live="polite">{text}</VisuallyHidden>;
}
