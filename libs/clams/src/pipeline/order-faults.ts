import { compareTypes, shortType } from '#libs/mmif';
import type { AppType } from '../metadata/app-metadata.js';
import { DOCUMENT_TYPES, type PipelineApp } from './check-pipeline.js';
import { FILE_KINDS, kindFault } from './readable-kinds.js';

/** An app that precedes the app whose output it needs. */
export interface OrderFault {
  /** Stage of the app, from 0. */
  readonly stage: number;
  /** States the fault and what to do. */
  readonly sentence: string;
}

/**
 * Finds apps in the wrong order: they need the output of an app that runs after them. An input that no app writes is
 * not a fault, because batches may start from documents that contain it; nor is a document that the files provide.
 */
export function orderFaults(apps: readonly PipelineApp[]): OrderFault[] {
  const isForFiles = FILE_KINDS.some((kind) => kindFault(kind, apps) === null);
  return apps.flatMap((app, stage) =>
    app.metadata.input.flatMap((entry) => {
      const isNeeded = entry.some(({ required }) => required) && !(isForFiles && entry.some(isDocument));
      if (!isNeeded || apps.slice(0, stage).some((before) => writes(before, entry))) return [];
      const writer = apps.slice(stage + 1).find((later) => later.name !== app.name && writes(later, entry));
      if (!writer) return [];
      const needed = entry.map(({ uri }) => shortType(uri)).join(' or ');
      const sentence = `${app.name} needs ${needed}, but ${writer.name}, which writes it, runs later. Put ${writer.name} before ${app.name}.`;
      return [{ stage, sentence }];
    }),
  );
}

const writes = ({ metadata }: PipelineApp, entry: readonly AppType[]): boolean =>
  metadata.output.some((written) => entry.some(({ uri }) => compareTypes(uri, written.uri) !== 'other'));

const isDocument = ({ uri }: AppType): boolean => (DOCUMENT_TYPES as readonly string[]).includes(shortType(uri));
