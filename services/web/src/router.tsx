import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { BatchLayout } from './batch/batch-layout.js';
import { BatchPage } from './batch/batch-page.js';
import { BatchesPage } from './batches/batches-page.js';
import { RunPage } from './run/run-page.js';
import { expectNextPage } from './shell/page-heading.js';
import { BrokenPage, NotFoundPage } from './shell/problem-pages.js';
import { Shell } from './shell/shell.js';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage });
const batches = createRoute({ getParentRoute: () => root, path: '/', component: BatchesPage });
const batch = createRoute({ getParentRoute: () => root, path: '/batches/$batchId', component: BatchLayout });
const files = createRoute({ getParentRoute: () => batch, path: '/', component: BatchPage });
const run = createRoute({ getParentRoute: () => batch, path: '/runs/$runId', component: RunPage });

export const router = createRouter({
  routeTree: root.addChildren([batches, batch.addChildren([files, run])]),
  defaultErrorComponent: BrokenPage,
  scrollRestoration: true,
});

router.subscribe('onBeforeNavigate', ({ fromLocation, pathChanged }) => {
  if (fromLocation && pathChanged) expectNextPage();
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
