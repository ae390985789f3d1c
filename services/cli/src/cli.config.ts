import { z } from 'zod';

export const cliConfigSchema = z.object({
  CHOWDA_URL: z
    .url({ protocol: /^https?$/, error: 'must begin with http:// or https://' })
    .optional()
    .describe('Address of Chowda; without it the one of `npm start` on this machine is used.'),
  CHOWDA_TOKEN: z
    .string()
    .regex(/^\S+$/, 'must be one word')
    .optional()
    .describe('Bearer token that the command line signs in with; `npm start` keeps its own in its data folder.'),
  CHOWDA_DATA: z
    .string()
    .optional()
    .describe('Data folder of `npm start`, for address and token.')
    .meta({ fallback: '.chowda' }),
});
export type CliConfig = z.infer<typeof cliConfigSchema>;
