import type { ReactNode } from 'react';
import classes from './trail.module.css';

/** Where a page stands: links to the pages above it, then its own name. */
export function Trail({ links, here }: { links: readonly ReactNode[]; here: string }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className={classes.trail}>
        {links.map((link, index) => (
          <li key={index}>{link}</li>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  );
}
