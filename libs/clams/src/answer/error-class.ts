/** What an error message of an app is about; Python and CUDA word these in few ways. */
export type ErrorClass = 'media-missing' | 'out-of-memory' | 'app-error';

const MISSING = /FileNotFoundError|No such file or directory|does not exist or is not accessible|_NOTFOUND_/;
const MEMORY = /\bMemoryError\b|out of memory|OutOfMemory|Cannot allocate memory|std::bad_alloc/i;

/** Reads the class of an app's error from its message, such as `<class 'FileNotFoundError'>: …`. */
export function errorClass(message: string): ErrorClass {
  if (MEMORY.test(message)) return 'out-of-memory';
  return MISSING.test(message) ? 'media-missing' : 'app-error';
}

/** The message as a person reads it: `<class 'ValueError'>: no bars` becomes `ValueError: no bars`. */
export const readableError = (message: string): string => message.replace(/^<class '([\w.]+)'>/, '$1').trim();
