import type { ReactNode } from 'react';
import type { BatchState } from '#libs/contracts';
import type { Sign } from '../display/stage-labels.js';
import classes from './sign-icon.module.css';

const CHECK = <path d="M3 8.6 6.4 12 13 4.6" />;

/** Shapes on a 16 × 16 grid. Not characters, because fonts differ and may lack them. */
const SHAPES: Readonly<Record<Sign | BatchState, ReactNode>> = {
  waiting: <circle cx="8" cy="8" r="1.2" />,
  queued: <circle cx="8" cy="8" r="5" />,
  running: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 8V4.5A3.5 3.5 0 0 1 11.5 8Z" fill="currentColor" strokeWidth="1" />
    </>
  ),
  done: CHECK,
  // A triangle with an exclamation mark.
  warnings: (
    <>
      <path d="M8 2.2 14.4 13.4H1.6Z" strokeWidth="1.7" />
      <path d="M8 6.4v3M8 11.5v.1" strokeWidth="1.7" />
    </>
  ),
  // A magnifying glass with a minus sign.
  empty: (
    <>
      <circle cx="7" cy="7" r="5" strokeWidth="1.7" />
      <path d="M10.8 10.8 14.2 14.2M5 7h4" strokeWidth="1.7" />
    </>
  ),
  // A bar that is filled only at its beginning.
  partial: (
    <>
      <rect x="1.6" y="4.5" width="12.8" height="7" rx="2" strokeWidth="1.7" />
      <path d="M3.5 4.5H7v7H3.5a1.5 1.5 0 0 1-1.5-1.5V6a1.5 1.5 0 0 1 1.5-1.5Z" fill="currentColor" stroke="none" />
    </>
  ),
  failed: <path d="m4 4 8 8M12 4l-8 8" />,
  skipped: <path d="M3.5 4.5 7 8l-3.5 3.5M8.8 4.5 12.3 8l-3.5 3.5" />,
  cancelled: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="m4 12 8-8" />
    </>
  ),
  retrying: <path d="M13.3 8.6A5.4 5.4 0 1 1 11.6 4M11.9 1.2V4.3H8.8" />,
  draft: <path d="M3 13l.8-3.2 7-7a1.3 1.3 0 0 1 1.9 0l.5.5a1.3 1.3 0 0 1 0 1.9l-7 7Z" strokeWidth="1.6" />,
  finished: CHECK,
};

/** The sign of a state or mark. Hidden from screen readers, so the caller must provide a label. */
export function SignIcon({ sign }: { sign: Sign | BatchState }) {
  return (
    <svg className={classes.icon} viewBox="0 0 16 16" aria-hidden focusable="false">
      {SHAPES[sign]}
    </svg>
  );
}
