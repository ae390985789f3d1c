import type { Annotate } from '#libs/clams';
import type { Logger } from '#libs/runtime';

const milliseconds = (begin: number) => Math.round(performance.now() - begin);

/** The same app, with a line in the log for every call: done, failed or given up by its client. */
export const withLog =
  <Parameters>(annotate: Annotate<Parameters>, logger: Logger): Annotate<Parameters> =>
  async (request) => {
    const begin = performance.now();
    try {
      const annotations = await annotate(request);
      logger.info({ annotations: annotations.length, ms: milliseconds(begin) }, 'call done');
      return annotations;
    } catch (error) {
      if (request.signal.aborted) logger.info({ ms: milliseconds(begin) }, 'call given up');
      else logger.warn({ err: error, ms: milliseconds(begin) }, 'call failed');
      throw error;
    }
  };
