/** One value of a parameter. */
export type ParameterScalar = string | number | boolean;
/** What a user set for one parameter: a value, several for a multivalued one, keys and values for a map. */
export type ParameterValue = ParameterScalar | readonly ParameterScalar[] | Readonly<Record<string, ParameterScalar>>;
/** Parameters of one call by name, without those that the user did not set. */
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** True for a value with keys, false for single values and lists. */
export const isMap = (value: ParameterValue): value is Readonly<Record<string, ParameterScalar>> =>
  typeof value === 'object' && !Array.isArray(value);
