import { isNativeError } from 'node:util/types';
import type { ViewError } from '#libs/mmif';

/** A parameter has a value that the app cannot use. Named as in Python, because error views contain the class name. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

const framesOf = ({ stack = '' }: Error): string[] => stack.split('\n').filter((line) => /^\s*at /.test(line));

function trace(error: Error): string {
  const frames = framesOf(error).join('\n');
  const { cause } = error;
  if (cause === undefined) return frames;
  return `${frames}\nCaused by: ${isNativeError(cause) ? `${String(cause)}\n${trace(cause)}` : String(cause)}`;
}

/** The `name` of an error, or its constructor's name when `name` was not set. */
const className = ({ name, constructor }: Error): string => (name === 'Error' ? constructor.name : name);

/** A thrown value as it is recorded in an error view: `<class 'ValueError'>: message`, and the stack trace. */
export function errorReport(thrown: unknown): ViewError {
  if (!isNativeError(thrown)) return { message: `<class 'Error'>: ${String(thrown)}`, stackTrace: '' };
  return { message: `<class '${className(thrown)}'>: ${thrown.message}`, stackTrace: trace(thrown) };
}
