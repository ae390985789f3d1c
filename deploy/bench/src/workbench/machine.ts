import { cpus, release, totalmem } from 'node:os';

const GIBIBYTE = 1024 ** 3;

/** The machine on which the figures were measured. */
export const describeMachine = (natsVersion: string) => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / GIBIBYTE),
  system: `${process.platform} ${release()}`,
  node: process.version,
  natsServer: natsVersion,
});
