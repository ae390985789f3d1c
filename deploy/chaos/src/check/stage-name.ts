/** How findings name a stage. */
export const stageName = ({ run, index }: { readonly run: number; readonly index: number }): string =>
  `run ${run} stage ${index}`;
