import { Link, Outlet } from '@tanstack/react-router';
import { LiveChip } from './live-chip.js';
import classes from './shell.module.css';
import { ThemeSwitch } from './theme-switch.js';

/** Header and main area of every page. */
export function Shell() {
  return (
    <>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Link to="/" className={classes.name}>
            <img src="/favicon.svg" alt="" width="28" height="28" />
            Chowda
          </Link>
          <nav aria-label="Main">
            <Link
              to="/"
              className={classes.link}
              activeProps={{ 'aria-current': 'page' }}
              activeOptions={{ exact: true }}
            >
              Batches
            </Link>
          </nav>
          <div className={classes.end}>
            <LiveChip />
            <ThemeSwitch />
          </div>
        </div>
      </header>
      <main id="content" className={classes.main} tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}
