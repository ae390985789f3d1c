import { z } from 'zod';

export const cliConfigSchema = z.object({
  CHOWDA_URL: z
    .url({ protocol: /^https?$/, error: 'must begin with http:// or https://' })
    .optional()
    .describe('URL of Chowda; default: the one that `npm start` runs on this machine.'),
  CHOWDA_TOKEN: z
    .string()
    .regex(/^\S+$/, 'must not contain spaces')
    .optional()
    .describe('Access token; default: the one that `npm start` stored in its data folder.'),
  CHOWDA_DATA: z
    .string()
    .optional()
    .describe('Data folder of `npm start`, which contains its URL and token.')
    .meta({ fallback: '.chowda' }),
});
export type CliConfig = z.infer<typeof cliConfigSchema>;
