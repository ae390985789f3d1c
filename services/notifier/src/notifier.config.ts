import { z } from 'zod';
import { accessConfig, commaList, listenConfig, logConfig, natsConfig } from '#libs/runtime';

const DEFAULT_PORT = 8081;

/** Environment of a notifier. */
export const notifierConfig = z.object({
  ...logConfig,
  ...natsConfig,
  ...accessConfig,
  ...listenConfig(DEFAULT_PORT),
  ALLOWED_ORIGINS: commaList
    .default([])
    .describe(
      'Origins that may connect in addition to its own, separated by commas, such as https://chowda.example.org.',
    ),
});
/** Injection token of the configuration. */
export const NOTIFIER_CONFIG = Symbol('notifier configuration');
export type NotifierConfig = Readonly<z.infer<typeof notifierConfig>>;
