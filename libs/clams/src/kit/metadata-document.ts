import type { AppDescription, InputDescription } from './app-description.js';
import type { DeclaredParameter } from './declared-parameters.js';

/** Path at which an app on this kit reports the progress of a call; its metadata names it in `more.progress`. */
export const PROGRESS_PATH = '/progress';

/** A list, or undefined for an empty one: the SDK omits defaults. */
const filled = <Item>(list: readonly Item[] = []): readonly Item[] | undefined => (list.length > 0 ? list : undefined);

const input = ({ '@type': type, description, properties, required = true }: InputDescription) => ({
  '@type': type,
  description,
  properties,
  required,
});

/**
 * The metadata that `GET /` returns, in the SDK's order of keys and without default values
 * (clams/appmetadata/__init__.py, jsonify). Defaults of parameters are served as declared, the string `"1"` as a string.
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
