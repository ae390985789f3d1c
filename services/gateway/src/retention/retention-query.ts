import { z } from 'zod';
import { queryFlag } from '../http/query-flag.js';

/** Query of a change to a retention rule. */
export const retentionQuerySchema = z.strictObject({
  dryRun: queryFlag('Reports what would happen and changes nothing.'),
});
export type RetentionQuery = z.output<typeof retentionQuerySchema>;
