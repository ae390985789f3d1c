/** A parameter has a value the app cannot work with; named as in Python, whose names the error views of apps carry. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}
