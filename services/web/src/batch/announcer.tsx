import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { BatchSummary } from '#libs/contracts';
import { announcement } from '../display/announcement.js';

/** Milliseconds between announcements, so that a screen reader stays usable while a batch runs. */
const ANNOUNCE_EVERY = 10_000;

/** Announces the progress of the batch to screen readers. */
export function Announcer({ summary }: { summary: BatchSummary }) {
  const [text, setText] = useState('');
  const newest = useRef(summary);
  const announced = useRef<BatchSummary | null>(null);
  useEffect(() => {
    newest.current = summary;
  }, [summary]);
  useEffect(() => {
    announced.current = newest.current;
    const timer = setInterval(() => {
      const next = announcement(announced.current, newest.current);
      if (next === null) return;
      announced.current = newest.current;
      setText(next);
    }, ANNOUNCE_EVERY);
    return () => clearInterval(timer);
  }, []);
  return <VisuallyHidden aria-live="polite">{text}</VisuallyHidden>;
}
