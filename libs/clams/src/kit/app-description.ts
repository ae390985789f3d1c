import type { ParameterType } from '../metadata/app-metadata.js';

type Scalar = string | number | boolean;

/** A parameter of an app, as in the SDK's app metadata (clams/appmetadata/__init__.py). */
export interface ParameterDescription {
  readonly name: string;
  readonly description: string;
  readonly type: ParameterType;
  readonly choices?: readonly Scalar[];
  /** Makes the parameter optional. A list for a multivalued parameter; `KEY:VALUE` strings for a map. */
  readonly default?: Scalar | readonly Scalar[];
  /** Whether it takes several values; default: false. A map always does, a boolean never. */
  readonly multivalued?: boolean;
}

/** An annotation type; the property value `*` stands for any value. */
export interface TypeDescription {
  readonly '@type': string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** An annotation type that an app reads. */
export interface InputDescription extends TypeDescription {
  /** Default: true. */
  readonly required?: boolean;
}

/** The metadata of an app: the JSON of the SDK's app metadata, without the parameters that every app has. */
export interface AppDescription {
  readonly name: string;
  readonly description: string;
  readonly app_version: string;
  /** Version of MMIF that the app writes, such as `1.0.5`; clients infer from it what the app understands. */
  readonly mmif_version: string;
  readonly analyzer_version?: string;
  readonly analyzer_versions?: Readonly<Record<string, string>>;
  readonly app_license: string;
  readonly analyzer_license?: string;
  /** The identifier with which the app signs its views, such as `http://apps.clams.ai/shots/v1.0`. */
  readonly identifier: string;
  /** Address of the app's source code. */
  readonly url: string;
  /** Every entry must be in the input; of an inner list, at least one. */
  readonly input: readonly (InputDescription | readonly InputDescription[])[];
  readonly output: readonly TypeDescription[];
  readonly parameters?: readonly ParameterDescription[];
  readonly dependencies?: readonly string[];
  readonly more?: Readonly<Record<string, string>>;
  readonly app_tags?: readonly string[];
  /** GPU memory in megabytes; default: 0. */
  readonly est_gpu_mem_min?: number;
  readonly est_gpu_mem_typ?: number;
}

type OneOf<Parameter extends ParameterDescription> = Parameter['type'] extends 'boolean'
  ? boolean
  : Parameter['type'] extends 'string'
    ? string
    : number;

type ValueOf<Parameter extends ParameterDescription> = Parameter['type'] extends 'map'
  ? Readonly<Record<string, string>>
  : Parameter extends { readonly type: 'boolean' }
    ? boolean
    : Parameter extends { readonly multivalued: true }
      ? readonly OneOf<Parameter>[]
      : OneOf<Parameter>;

/** The parameters that an app receives, with the types that its description declares; a map is an object of strings. */
export type ParametersOf<Description extends AppDescription> = {
  readonly [Parameter in NonNullable<Description['parameters']>[number] as Parameter['name']]: ValueOf<Parameter>;
};
