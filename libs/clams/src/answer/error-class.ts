/** The class of an app's error, recognised by the few wordings that Python, CUDA and Node use. */
export type ErrorClass = 'media-missing' | 'out-of-memory' | 'app-error';

const MISSING = /FileNotFoundError|no such file or directory|does not exist or is not accessible|_NOTFOUND_/i;
const MEMORY = /\bMemoryError\b|out of memory|OutOfMemory|Cannot allocate memory|std::bad_alloc/i;

/** The class of an app's error, from its message, such as `<class 'FileNotFoundError'>: …`. */
export function errorClass(message: string): ErrorClass {
  if (MEMORY.test(message)) return 'out-of-memory';
  return MISSING.test(message) ? 'media-missing' : 'app-error';
}

/**
 * An error message made readable: `<class 'ValueError'>: no bars` becomes `ValueError: no bars`, and the schema that
 * jsonschema appends to its reason is removed.
 */
export const readableError = (message: string): string => withoutSchema(message.replace(/^<class '([\w.]+)'>/, '$1'));

/** A message of jsonschema without the schema and the instance that follow its reason. */
export const withoutSchema = (complaint: string): string =>
  complaint.replace(/\n\s*\nFailed validating [^]*$/, '').trim();

/** The text of a warning that the SDK wrote as `{message : UserWarning('no sound'), category : …}`. */
export function readableWarning(warning: string): string {
  const text = /^\{message : \w+\((['"])([^]*)\1\), category : /.exec(warning)?.[2];
  return text === undefined ? warning : text.replace(/\\n/g, ' ').replace(/\\(['"\\])/g, '$1');
}
