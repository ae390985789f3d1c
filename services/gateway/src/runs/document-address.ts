/** URL of the output of a stage: the current one, or that of an attempt. */
export const documentAddress = (run: number, index: number, attempt?: string): string =>
  `/api/runs/${run}/stages/${index}/document${attempt === undefined ? '' : `?attempt=${attempt}`}`;
