/** The name of a stage in findings. */
export const stageName = ({ run, index }: { readonly run: number; readonly index: number }): string =>
  `run ${run} stage ${index}`;
