import { describe, expect, it } from '@jest/globals';
import type { AppControl } from '#libs/contracts';
import type { AppAdapter, CallContext } from './app-adapter.js';
import { adapterOf } from './registry.js';

const http: AppAdapter = { call: () => Promise.reject(new Error('not called')) };
const app = { slug: 'shots', adapter: 'http' } as AppControl;

describe('adapterOf', () => {
  it('returns the adapter that the app is registered with', () => {
    expect(adapterOf({ http }, app)).toBe(http);
  });

  it.each(['kubernetes-job', 'constructor'])(
    'ends a call through the unknown adapter "%s" with a result',
    async (name) => {
      const adapter = adapterOf({ http }, { ...app, adapter: name } as unknown as AppControl);
      expect(await adapter.call(app, {} as never, new Uint8Array(), {} as CallContext)).toMatchObject({
        outcome: 'unreachable',
        sentence: `This worker cannot call shots: it has no adapter "${name}", only http. Update the worker.`,
        fingerprint: `shots|unreachable|unknown adapter ${name}`,
      });
    },
  );
});
