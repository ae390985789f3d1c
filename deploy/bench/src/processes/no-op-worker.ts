import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { classifyAnswer } from '#libs/clams';
import { appSlug } from '#libs/contracts';
import { runService } from '#libs/runtime';
import type { AppAdapter } from '../../../../services/worker/src/adapters/app-adapter.js';
import { startWorker } from '../../../../services/worker/src/start-worker.js';
import { workerConfig } from '../../../../services/worker/src/worker.config.js';
import { type NoOpApp, viewOf, withView } from '../chowda/no-op-app.js';

const config = workerConfig.extend({ NO_OP_APPS: z.string().transform((text) => JSON.parse(text) as NoOpApp[]) });

/** Runs the apps in the worker: a call is a function call, and its answer is checked as an HTTP answer. */
function inProcess(apps: readonly NoOpApp[]): AppAdapter {
  const served = new Map(apps.map((app) => [appSlug(app.name, 'v1'), { slowMs: app.slowMs, view: viewOf(app) }]));
  return {
    call: async ({ slug, identifier }, { stage }, document, { onSending }) => {
      onSending();
      const { slowMs, view } = served.get(slug)!;
      if (slowMs > 0) await delay(slowMs);
      const body = withView(document, view);
      const reply = { kind: 'answer', status: 200, contentType: 'application/json', retryAfter: null, body } as const;
      const judged = classifyAnswer(reply, document, { name: stage.app, identifier });
      const { success, fingerprint, trace, httpStatus, ...result } = judged;
      return {
        ...result,
        ...(fingerprint ? { fingerprint } : {}),
        ...(trace ? { trace } : {}),
        ...(httpStatus ? { httpStatus } : {}),
        ...(success ? { output: body } : {}),
      };
    },
  };
}

await runService('worker', config, ({ config: { NO_OP_APPS, ...own }, logger }) =>
  startWorker(own, logger, { adapters: { http: inProcess(NO_OP_APPS) } }),
);
