import type { ImportedFile, ImportWriter, KeptLine, RegisteredFile } from '#libs/database';
import { guidKey } from '../media-files/guid.js';
import type { ImportEntry } from './import-entry.js';
import { inChunks } from './in-chunks.js';
import type { ImportTally } from './import-tally.js';
import { judgeEntry, type KnownFile, sameFile, type Verdict } from './judge-entry.js';
import type { Finding, MediaFinder } from './media-finder.js';

/** Entries that are judged and written together. */
const CHUNK = 1000;
/** Every GUID stays in memory until the end, so that duplicates are found. */
const MAX_ENTRIES = 500_000;
/** Files that are open at the same time; more would only wait for Node's four I/O threads. */
const MAX_OPEN_FILES = 16;

/** An import that writes nothing. */
export type DryWriter = Pick<ImportWriter, 'registered'>;
const canWrite = (writer: ImportWriter | DryWriter): writer is ImportWriter => 'add' in writer;

interface Judged {
  readonly entry: ImportEntry;
  readonly finding: Finding | null;
  verdict: Verdict;
}

/**
 * One pass over the entries of an import: each is judged, written and counted in the tally. Entries are never copied with
 * object spread: V8 keeps such copies until its next full garbage collection, and an import can have 100,000 entries.
 */
export class ImportRun {
  /** The first line with a GUID, by GUID key. */
  private readonly firstLines = new Map<string, number>();
  private n = 0;

  constructor(
    private readonly writer: ImportWriter | DryWriter,
    private readonly finder: MediaFinder,
    private readonly tally: ImportTally,
    /** Whether title and metadata of registered files are replaced by those of the list. */
    private readonly update: boolean,
  ) {}

  /** Judges each chunk while the previous one is written; no GUID is in both, because later duplicates are not written. */
  async take(entries: AsyncIterable<ImportEntry>): Promise<void> {
    let writing: Promise<void> = Promise.resolve();
    try {
      for await (const chunk of inChunks(entries, CHUNK, MAX_ENTRIES)) {
        const [judged] = await Promise.all([this.judge(chunk), writing]);
        writing = this.settle(judged);
        // The error is thrown where `writing` is awaited.
        writing.catch(() => undefined);
      }
      await writing;
    } catch (error) {
      // No write may continue after the transaction has ended.
      await writing.catch(() => undefined);
      throw error;
    }
  }

  private async settle(judged: readonly Judged[]): Promise<void> {
    const ids = canWrite(this.writer) ? await this.write(this.writer, judged) : new Map<ImportEntry, number>();
    const lines = judged.map(({ entry, verdict }): KeptLine => {
      const { line, given, guid } = entry;
      this.n += 1;
      const mediaFileId = ids.get(entry) ?? verdict.known?.id ?? null;
      return { n: this.n, line, given, guid, result: verdict.result, sentence: verdict.sentence, mediaFileId };
    });
    for (const line of lines) this.tally.note(line);
    if (canWrite(this.writer)) await this.writer.keep(lines);
  }

  private async judge(entries: readonly ImportEntry[]): Promise<Judged[]> {
    const registered = await this.registered(entries);
    const contexts = entries.map((entry) => {
      const key = keyOf(entry);
      const before = key === null ? null : (this.firstLines.get(key) ?? null);
      if (key !== null && before === null) this.firstLines.set(key, entry.line);
      return { before, known: key === null ? [] : (registered.get(key) ?? []) };
    });
    const findings = await inParallel(entries, (entry, index) => this.findingOf(entry, contexts[index]!));
    return entries.map((entry, index) => {
      const finding = findings[index]!;
      const { before, known } = contexts[index]!;
      return { entry, finding, verdict: judgeEntry(entry, { before, known, finding }) };
    });
  }

  /** Searches for a file only when the verdict depends on it. */
  private findingOf(
    entry: ImportEntry,
    { before, known }: { before: number | null; known: readonly KnownFile[] },
  ): Promise<Finding | null> {
    const same = sameFile(entry, known);
    const isSettled = entry.guid === null || before !== null || (same ? hasSamePath(entry, same) : known.length > 0);
    return isSettled ? Promise.resolve(null) : this.finder.find(entry);
  }

  /** Returns the ids of added media files, by entry. */
  private async write(writer: ImportWriter, judged: readonly Judged[]): Promise<Map<ImportEntry, number>> {
    const isNew = ({ verdict }: Judged) => verdict.result === 'added';
    const added = await writer.add(judged.filter(isNew).map(importedFile));
    const ids = new Map<ImportEntry, number>();
    const late: Judged[] = [];
    for (const one of judged.filter(isNew)) {
      const id = added.get(one.entry.guid!);
      if (id === undefined) late.push(one);
      else ids.set(one.entry, id);
    }
    if (late.length > 0) await this.judgeAgain(late);
    if (this.update) await writer.update(judged.flatMap(updateOf));
    return ids;
  }

  /** Judges entries that another request registered in the meantime. */
  private async judgeAgain(late: readonly Judged[]): Promise<void> {
    const known = await this.registered(late.map(({ entry }) => entry));
    for (const one of late)
      one.verdict = judgeEntry(one.entry, {
        before: null,
        known: known.get(keyOf(one.entry)!) ?? [],
        finding: one.finding,
      });
  }

  private async registered(entries: readonly ImportEntry[]): Promise<Map<string, RegisteredFile[]>> {
    const keys = new Set(entries.map(keyOf).filter((key) => key !== null));
    const byKey = new Map<string, RegisteredFile[]>();
    for (const file of await this.writer.registered([...keys]))
      byKey.set(file.key, [...(byKey.get(file.key) ?? []), file]);
    return byKey;
  }
}

const keyOf = ({ guid }: ImportEntry): string | null => (guid === null ? null : guidKey(guid));
const hasSamePath = ({ path }: ImportEntry, known: KnownFile): boolean => path === null || path === known.path;

function importedFile({ entry, finding }: Judged): ImportedFile {
  const { path, kind } = finding as Extract<Finding, { found: 'media' }>;
  return { guid: entry.guid!, title: entry.title, metadata: entry.metadata, path, kind };
}

const updateOf = ({ entry: { title, metadata }, verdict }: Judged) =>
  verdict.result === 'present' ? [{ id: verdict.known!.id, title, metadata }] : [];

/** Results in the order of the items. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const takeNext = async () => {
    for (const [index, item] of rest) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: MAX_OPEN_FILES }, takeNext));
  return results;
}
