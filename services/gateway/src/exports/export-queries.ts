import { z } from 'zod';
import { EXPORT_FORMATS, EXPORT_STAGES, type ExportFormat } from '#libs/contracts';

const oneFormat = EXPORT_FORMATS.join('|');

/** Query of `GET /api/runs/{id}/export`. */
export const runExportQuerySchema = z.strictObject({
  format: z.enum(EXPORT_FORMATS).default('mmif'),
  /** From 0; default: the last stage. */
  stage: z
    .string()
    .regex(/^\d{1,4}$/, 'must be a stage number, counted from 0')
    .transform(Number)
    .optional(),
});
export type RunExportQuery = z.output<typeof runExportQuerySchema>;

/** Query of `GET /api/batches/{id}/export`. */
export const batchExportQuerySchema = z.strictObject({
  /** Formats, separated by commas. */
  formats: z
    .string()
    .regex(
      new RegExp(`^(${oneFormat})(,(${oneFormat}))*$`),
      `must be formats separated by commas, of ${EXPORT_FORMATS.join(', ')}`,
    )
    .default('mmif')
    .transform((names) => [...new Set(names.split(','))] as ExportFormat[]),
  /** Only the last document of each file, or the documents of all stages. */
  stages: z.enum(EXPORT_STAGES).default('final'),
});
export type BatchExportQuery = z.output<typeof batchExportQuerySchema>;
