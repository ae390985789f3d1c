import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The arguments of a program; an argument that it does not know throws one sentence that names its help. */
export function readArguments<T extends ParseArgsConfig>(
  command: string,
  config: T & { readonly args: string[] },
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs<T>(config);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new Error(`${reason}: "${command} -- --help" lists the options.`, { cause: error });
  }
}

/** The value of an option as an integer from `min` to `max`. */
export function integerOption(name: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new Error(`--${name} takes a number from ${min} to ${max}, not "${text}".`);
}
