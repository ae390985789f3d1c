import { z } from 'zod';

/** Query of changes of what is kept. */
export const retentionQuerySchema = z.strictObject({
  /** "true" changes nothing and tells what would follow. */
  dryRun: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true'),
});
export type RetentionQuery = z.output<typeof retentionQuerySchema>;
