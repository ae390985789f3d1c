import { LineCounter, parseDocument, stringify } from 'yaml';
import type { z } from 'zod';
import { newPipelineSchema, type NewPipeline } from '#libs/contracts';

/** A pipeline read from a file, or its faults, each as one line with the position in the file. */
export type ReadPipeline =
  | {
      readonly ok: true;
      readonly pipeline: z.output<typeof newPipelineSchema>;
      readonly placeOf: (path: string) => string;
    }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Reads a pipeline from YAML or JSON; `name` is the file name to show in faults. */
export function readPipelineFile(name: string, text: string): ReadPipeline {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0)
    return { ok: false, faults: document.errors.map(({ pos, message }) => `${name}:${lineAt(pos[0])}: ${message}`) };
  /** Position of a path such as `stages.1.app`: the line of the deepest part that exists. */
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

/** An issue with its path; each unknown key is an issue of its own. */
function faultsOf(issue: z.core.$ZodIssue): { path: string; message: string }[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({
    path: [...issue.path, key].join('.'),
    message: `unknown field "${key}"`,
  }));
}

/** A pipeline in the YAML format that `readPipelineFile` reads. */
export const writePipelineFile = ({ name, description, stages }: NewPipeline): string =>
  stringify({
    name,
    ...(description ? { description } : {}),
    stages: stages.map(({ app, parameters }) => ({
      app,
      ...(parameters && Object.keys(parameters).length > 0 ? { parameters } : {}),
    })),
  });
