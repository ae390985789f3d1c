/** Where the output of a stage is read: as it stands, or of the try that `attempt` names. */
export const documentAddress = (run: number, index: number, attempt?: string): string =>
  `/api/runs/${run}/stages/${index}/document${attempt === undefined ? '' : `?attempt=${attempt}`}`;
