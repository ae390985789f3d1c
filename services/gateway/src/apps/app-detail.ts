import { readAppMetadata } from '#libs/clams';
import type { AppDetailView, AppView } from '#libs/contracts';
import { shortType } from '#libs/mmif';

/** An app with the parts of its metadata that a user needs to add it to a pipeline. */
export function appDetail(app: AppView, metadata: unknown): AppDetailView {
  const { parameters, input, output } = readAppMetadata(metadata);
  return {
    ...app,
    parameters: parameters.map(({ choices, default: fallback, ...parameter }) => ({
      ...parameter,
      choices: choices && [...choices],
      default: Array.isArray(fallback) ? [...fallback] : (fallback as string | number | boolean | null),
    })),
    input: input.map((entry) => ({
      oneOf: entry.map(({ uri }) => shortType(uri)),
      required: entry.some(({ required }) => required),
    })),
    output: [...new Set(output.map(({ uri }) => shortType(uri)))],
  };
}
