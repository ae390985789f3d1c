/** What an error message of an app is about; Python, CUDA and Node word these in few ways. */
export type ErrorClass = 'media-missing' | 'out-of-memory' | 'app-error';

const MISSING = /FileNotFoundError|no such file or directory|does not exist or is not accessible|_NOTFOUND_/i;
const MEMORY = /\bMemoryError\b|out of memory|OutOfMemory|Cannot allocate memory|std::bad_alloc/i;

/** Reads the class of an app's error from its message, such as `<class 'FileNotFoundError'>: …`. */
export function errorClass(message: string): ErrorClass {
  if (MEMORY.test(message)) return 'out-of-memory';
  return MISSING.test(message) ? 'media-missing' : 'app-error';
}

/**
 * The message as a person reads it: `<class 'ValueError'>: no bars` becomes `ValueError: no bars`, and the whole
 * schema that jsonschema writes behind its reason goes.
 */
export const readableError = (message: string): string => withoutSchema(message.replace(/^<class '([\w.]+)'>/, '$1'));

/** What jsonschema complains of, without the schema and the instance that it writes behind it. */
export const withoutSchema = (complaint: string): string =>
  complaint.replace(/\n\s*\nFailed validating [^]*$/, '').trim();

/** A warning as the SDK writes it, `{message : UserWarning('no sound'), category : …}`, as its text alone. */
export function readableWarning(warning: string): string {
  const text = /^\{message : \w+\((['"])([^]*)\1\), category : /.exec(warning)?.[2];
  return text === undefined ? warning : text.replace(/\\n/g, ' ').replace(/\\(['"\\])/g, '$1');
}
