/** The text is no MMIF document; the message says where it departs from the format. */
export class MmifError extends Error {
  override readonly name = 'MmifError';
}
