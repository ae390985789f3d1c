import './no-eval.js';
import '@mantine/core/styles.css';
import './theme.css';
import './signs.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './api/query-client.js';
import { connectLive } from './live/connect.js';
import { LiveContext } from './live/live-context.js';
import { router } from './router.js';
import { theme } from './theme.js';

const live = connectLive();
const queries = createQueryClient(() => live.open());

createRoot(document.getElementById('app')!).render(
  <StrictMode>
    {/* Style sheets are files, because the content security policy forbids inline ones. */}
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queries}>
        <LiveContext value={live}>
          <RouterProvider router={router} />
        </LiveContext>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
