import type { AppDescription, InputDescription } from './app-description.js';
import type { DeclaredParameter } from './declared-parameters.js';

/** Where an app of this kit tells the progress of a call; `more.progress` of its metadata names it. */
export const PROGRESS_PATH = '/progress';

/** A list, or nothing for an empty one: the SDK leaves out what is as by default. */
const filled = <Item>(list: readonly Item[] = []): readonly Item[] | undefined => (list.length > 0 ? list : undefined);

const input = ({ '@type': type, description, properties, required = true }: InputDescription) => ({
  '@type': type,
  description,
  properties,
  required,
});

/**
 * The metadata that `GET /` answers, in the SDK's order of keys and without what is as by default
 * (clams/appmetadata/__init__.py, jsonify). Defaults are served as declared, a text `"1"` as a text.
 */
export function metadataDocument(app: AppDescription, parameters: readonly DeclaredParameter[]): string {
  return JSON.stringify({
    name: app.name,
    description: app.description,
    app_version: app.app_version,
    mmif_version: app.mmif_version,
    analyzer_version: app.analyzer_version,
    analyzer_versions: app.analyzer_versions,
    app_license: app.app_license,
    analyzer_license: app.analyzer_license,
    identifier: app.identifier,
    url: app.url,
    input: filled(app.input.map((entry) => ('@type' in entry ? input(entry) : entry.map(input)))),
    output: filled(
      app.output.map(({ '@type': type, description, properties }) => ({ '@type': type, description, properties })),
    ),
    parameters: parameters.map(({ name, description, type, choices, default: value, multivalued }) => ({
      name,
      description,
      type,
      choices,
      default: value,
      multivalued,
    })),
    dependencies: filled(app.dependencies),
    more: { ...app.more, progress: PROGRESS_PATH },
    app_tags: filled(app.app_tags),
    est_gpu_mem_min: app.est_gpu_mem_min || undefined,
    est_gpu_mem_typ: app.est_gpu_mem_typ || undefined,
  });
}
