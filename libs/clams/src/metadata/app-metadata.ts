/** Types of a CLAMS app's parameters; a `map` has keys and values. */
export const PARAMETER_TYPES = ['integer', 'number', 'string', 'boolean', 'map'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

type Scalar = string | number | boolean;

/** One parameter as an app declares it. */
export interface AppParameter {
  readonly name: string;
  readonly description: string;
  /** Determines how a value is read and sent; the JavaScript type of `default` does not. */
  readonly type: ParameterType;
  readonly multivalued: boolean;
  readonly choices: readonly Scalar[] | null;
  /** True for a parameter without a default. */
  readonly required: boolean;
  /** The value that the app uses when none is set, converted to the declared type if possible; never sent to the app. */
  readonly default: Scalar | readonly Scalar[] | null;
}

/** An annotation type that an app reads or writes, with the property values that it requires (`*`: any). */
export interface AppType {
  readonly uri: string;
  readonly required: boolean;
  readonly description: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The parsed metadata of a CLAMS app. */
export interface AppMetadata {
  readonly name: string;
  readonly description: string;
  /** Empty when the app states none. */
  readonly version: string;
  /** The identifier with which the app signs its views. */
  readonly identifier: string;
  readonly url: string;
  /** Version of MMIF that the app writes, such as `1.0.5`; null for very old apps. */
  readonly mmifVersion: string | null;
  /** Every entry must be in the input; an entry with several types requires one of them. */
  readonly input: readonly (readonly AppType[])[];
  readonly output: readonly AppType[];
  readonly parameters: readonly AppParameter[];
  /** Additional metadata, strings by name. */
  readonly more: Readonly<Record<string, string>>;
}

/** There is no valid metadata of a CLAMS app; the message is the reason, as the end of a sentence. */
export class AppMetadataError extends Error {
  override readonly name = 'AppMetadataError';
}
