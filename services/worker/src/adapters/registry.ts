import type { AppControl } from '#libs/contracts';
import type { Classifier } from '../answer/classifier.js';
import type { AppAdapter } from './app-adapter.js';
import { HttpAdapter } from './http-adapter.js';
import { unknownAdapterResult } from './stage-result.js';

/** One adapter for each value of `AppControl.adapter`; a value without an entry does not compile. */
export type Adapters = Readonly<Record<AppControl['adapter'], AppAdapter>>;

export const createAdapters = (classifier: Classifier): Adapters => ({
  http: new HttpAdapter(classifier),
});

/** The adapter that an app is registered with. For an unknown one, every call ends with a result that names it. */
export function adapterOf(adapters: Adapters, { slug, adapter }: AppControl): AppAdapter {
  if (Object.hasOwn(adapters, adapter)) return adapters[adapter];
  return { call: () => Promise.resolve(unknownAdapterResult(slug, adapter, Object.keys(adapters))) };
}
