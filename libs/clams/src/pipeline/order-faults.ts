import { compareTypes, shortType } from '#libs/mmif';
import type { AppType } from '../metadata/app-metadata.js';
import { DOCUMENT_TYPES, type PipelineApp } from './check-pipeline.js';
import { FILE_KINDS, kindFault } from './readable-kinds.js';

/** An app that stands before the one that it needs. */
export interface OrderFault {
  /** Stage of the app, from 0. */
  readonly stage: number;
  /** Says what to do. */
  readonly sentence: string;
}

/**
 * Apps that need what another app of the pipeline writes behind them: they are in the wrong order. What nobody writes
 * is no fault, because batches may begin with documents that have it; nor is a document that files have themselves.
 */
export function orderFaults(apps: readonly PipelineApp[]): OrderFault[] {
  const isForFiles = FILE_KINDS.some((kind) => kindFault(kind, apps) === null);
  return apps.flatMap((app, stage) =>
    app.metadata.input.flatMap((entry) => {
      const isNeeded = entry.some(({ required }) => required) && !(isForFiles && entry.some(isDocument));
      if (!isNeeded || apps.slice(0, stage).some((before) => writes(before, entry))) return [];
      const writer = apps.slice(stage + 1).find((behind) => behind.name !== app.name && writes(behind, entry));
      if (!writer) return [];
      const needed = entry.map(({ uri }) => shortType(uri)).join(' or ');
      const sentence = `${app.name} needs ${needed}, which ${writer.name} writes behind it: put ${writer.name} before ${app.name}.`;
      return [{ stage, sentence }];
    }),
  );
}

const writes = ({ metadata }: PipelineApp, entry: readonly AppType[]): boolean =>
  metadata.output.some((written) => entry.some(({ uri }) => compareTypes(uri, written.uri) !== 'other'));

const isDocument = ({ uri }: AppType): boolean => (DOCUMENT_TYPES as readonly string[]).includes(shortType(uri));
