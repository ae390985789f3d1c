import { isNativeError } from 'node:util/types';
import type { ViewError } from '#libs/mmif';

const framesOf = ({ stack = '' }: Error): string[] => stack.split('\n').filter((line) => /^\s*at /.test(line));

function trace(error: Error): string {
  const frames = framesOf(error).join('\n');
  const { cause } = error;
  if (cause === undefined) return frames;
  return `${frames}\nCaused by: ${isNativeError(cause) ? `${String(cause)}\n${trace(cause)}` : String(cause)}`;
}

/** The class that an error says it is of, else the one it was made from. */
const className = ({ name, constructor }: Error): string => (name === 'Error' ? constructor.name : name);

/** What was thrown, as error views tell it: `<class 'ValueError'>: message`, and where it came from. */
export function errorReport(thrown: unknown): ViewError {
  if (!isNativeError(thrown)) return { message: `<class 'Error'>: ${String(thrown)}`, stackTrace: '' };
  return { message: `<class '${className(thrown)}'>: ${thrown.message}`, stackTrace: trace(thrown) };
}
