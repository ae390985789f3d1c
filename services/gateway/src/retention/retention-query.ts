import { z } from 'zod';
import { queryFlag } from '../http/query-flag.js';

/** Query of changes of what is kept. */
export const retentionQuerySchema = z.strictObject({
  dryRun: queryFlag('Reports what would happen and changes nothing.'),
});
export type RetentionQuery = z.output<typeof retentionQuerySchema>;
