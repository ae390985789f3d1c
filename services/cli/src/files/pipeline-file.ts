import { LineCounter, parseDocument, stringify } from 'yaml';
import type { z } from 'zod';
import { newPipelineSchema, type NewPipeline } from '#libs/contracts';

/** A pipeline in a file, or why it is none: one line each, with the place in the file. */
export type ReadPipeline =
  | {
      readonly ok: true;
      readonly pipeline: z.output<typeof newPipelineSchema>;
      readonly placeOf: (path: string) => string;
    }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Reads a pipeline from YAML (JSON is YAML too); `name` is what the file is called in faults. */
export function readPipelineFile(name: string, text: string): ReadPipeline {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0)
    return { ok: false, faults: document.errors.map(({ pos, message }) => `${name}:${lineAt(pos[0])}: ${message}`) };
  /** Where a path such as `stages.1.app` stands: the deepest part of it that is there. */
  const placeOf = (path: string): string => {
    const keys = path === '' ? [] : path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    for (let depth = keys.length; depth > 0; depth -= 1) {
      const node = document.getIn(keys.slice(0, depth), true) as { range?: [number, ...number[]] } | undefined;
      if (node?.range) return `${name}:${lineAt(node.range[0])}`;
    }
    return name;
  };
  const parsed = newPipelineSchema.safeParse(document.toJS());
  if (parsed.success) return { ok: true, pipeline: parsed.data, placeOf };
  const faults = parsed.error.issues.flatMap((issue) =>
    faultsOf(issue).map(({ path, message }) => {
      return `${placeOf(path)}: ${path === '' ? '' : `${path}: `}${message}`;
    }),
  );
  return { ok: false, faults };
}

/** An issue by its places; keys that are unknown each have a place of their own. */
function faultsOf(issue: z.core.$ZodIssue): { path: string; message: string }[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({
    path: [...issue.path, key].join('.'),
    message: `nothing is called "${key}" here`,
  }));
}

/** A pipeline as a file that `readPipelineFile` reads. */
export const writePipelineFile = ({ name, description, stages }: NewPipeline): string =>
  stringify({
    name,
    ...(description ? { description } : {}),
    stages: stages.map(({ app, parameters }) => ({
      app,
      ...(parameters && Object.keys(parameters).length > 0 ? { parameters } : {}),
    })),
  });
