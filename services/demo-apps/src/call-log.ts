import type { Annotate } from '#libs/clams';
import type { Logger } from '#libs/runtime';

const milliseconds = (begin: number) => Math.round(performance.now() - begin);

/** Wraps an app to log every call: done, failed, or cancelled by the client. */
export const withLog =
  <Parameters>(annotate: Annotate<Parameters>, logger: Logger): Annotate<Parameters> =>
  async (request) => {
    const begin = performance.now();
    try {
      const annotations = await annotate(request);
      logger.info({ annotations: annotations.length, ms: milliseconds(begin) }, 'call done');
      return annotations;
    } catch (error) {
      if (request.signal.aborted) logger.info({ ms: milliseconds(begin) }, 'call cancelled by the client');
      else logger.warn({ err: error, ms: milliseconds(begin) }, 'call failed');
      throw error;
    }
  };
