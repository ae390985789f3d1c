import type { Command } from 'commander';
import { pathWith } from '../connection/paths.js';
import { basename, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { countOf, type ImportLine, importLineSchema, type ImportReport, importReportSchema } from '#libs/contracts';
import type { Answer, RequestBody } from '../connection/api.js';
import { EXIT, type ExitCode, usageError } from '../exit-codes.js';
import { importBody, importTypeOf } from '../files/import-type.js';
import { type InputFile, withInputFile } from '../files/input-file.js';
import type { Output } from '../output/output.js';
import { type Column, tableLines } from '../output/table.js';
import { formatBytes } from '../output/format.js';
import { type Runner, type Session, showList } from '../session.js';
import { positive, withExamples } from './options.js';

interface ImportOptions {
  readonly guids?: string[];
  readonly folder?: string;
  readonly update?: boolean;
  readonly dryRun?: boolean;
}

/** Chowda's limit for a list in JSON. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

const LINE_COLUMNS: readonly Column<ImportLine>[] = [
  { title: 'Line', of: ({ line }) => line },
  { title: 'Input', of: ({ given }) => given },
  { title: 'Result', of: ({ result }) => result },
  { title: 'Reason', of: ({ sentence }) => sentence },
];

/** `chowda media import` and `chowda media report`: import lists of media files, and the result of each line. */
export function addImportCommands(media: Command, run: Runner): void {
  withExamples(
    media
      .command('import')
      .argument('[file]', 'CSV, JSON or a list of GUIDs; - reads standard input')
      .description('imports media files into the archive and reports lines that need attention')
      .option('--guids <guid...>', 'import these GUIDs instead of a file')
      .option('--folder <folder>', 'import every media file in a folder instead of a list')
      .option('--update', 'also update the title and other columns of files that are already in the archive')
      .option('--dry-run', 'only show what would be imported')
      .action(run<ImportOptions>(importMedia)),
    'media import tapes.csv --dry-run',
    'media import tapes.csv',
    'media import --guids cpb-aacip/507-zw18k75z4h cpb-aacip_507-4746q1t25k',
    'media import --folder /archive/1974',
  ).addHelpText('after', '\nThe exit code is 1 if lines are unknown or doubtful; all other lines are imported.');
  withExamples(
    media
      .command('report')
      .argument('<import>', 'ID of the import', positive)
      .description('lists the lines of an earlier import')
      .option('--result <result>', 'only lines with this result: added, present, duplicate, unknown or doubtful')
      .action(
        run<{ result?: string }>(async (session, [id], { result }) => {
          const path = pathWith(`/api/imports/${id}/lines`, { result });
          await showList(session, { path, item: importLineSchema, none: 'No matching lines.' }, LINE_COLUMNS);
        }),
      ),
    'media report 3 --result unknown > unknown.tsv',
  );
}

async function importMedia(session: Session, [file]: string[], options: ImportOptions): Promise<ExitCode> {
  const { dryRun, update } = options;
  const path = pathWith('/api/media-files/imports', { dryRun, update });
  const send = (list: RequestBody) => session.api.send('POST', path, list);
  const answer = await sendList(session, file, options, send);
  const { counts } = await session.output.show(answer, importReportSchema, (report) =>
    reportLines(report, session.output),
  );
  return counts.unknown + counts.doubtful === 0 ? EXIT.done : EXIT.failures;
}

async function sendList(
  { stdin }: Session,
  file: string | undefined,
  { guids, folder }: ImportOptions,
  send: (list: RequestBody) => Promise<Answer>,
): Promise<Answer> {
  if ([file, guids, folder].filter((given) => given !== undefined).length !== 1)
    throw usageError('Choose exactly one of a file, --guids and --folder.');
  if (guids) return send({ json: { guids } });
  if (folder !== undefined) return send({ json: { folder: resolve(folder) } });
  return withInputFile(file!, stdin, async (list) => {
    const type = importTypeOf(list.name, list.head);
    return send(type === 'application/json' ? { json: await parsed(list) } : { file: list, type });
  });
}

/** Parses a list in JSON, because a bare array has to be wrapped before it is sent. */
async function parsed({ name: file, bytes, read }: InputFile): Promise<object> {
  if (bytes > MAX_JSON_BYTES) {
    const size = formatBytes(bytes);
    throw usageError(
      `${basename(file)} has ${size}; the limit for a JSON list is ${formatBytes(MAX_JSON_BYTES)}. Convert it to CSV or split it.`,
    );
  }
  try {
    const body = importBody(JSON.parse(await text(read())));
    if (body !== null) return body;
  } catch (error) {
    throw usageError(`${basename(file)} is not valid JSON: ${(error as Error).message}`);
  }
  throw usageError(`${basename(file)} is not a list. Expected an array of GUIDs, or of objects with a "guid".`);
}

function reportLines({ dryRun, counts, lines, import: id }: ImportReport, { width, isTerminal }: Output): string[] {
  const { added, present, duplicate, unknown, doubtful } = counts;
  const parts = [
    `${added} ${dryRun ? 'to add' : 'added'}`,
    `${present} already there`,
    `${unknown} unknown`,
    ...(doubtful > 0 ? [`${doubtful} doubtful`] : []),
    ...(duplicate > 0 ? [`${duplicate} duplicate`] : []),
  ];
  const problems = lines.filter(({ result }) => result !== 'added' && result !== 'present');
  const others = unknown + doubtful + duplicate - problems.length;
  const hint = id === null ? '' : ` "chowda media report ${id}" lists them.`;
  return [
    `${countOf(counts.lines, 'line')}: ${parts.join(', ')}.`,
    ...(problems.length > 0 ? tableLines(LINE_COLUMNS, problems, isTerminal ? width : Infinity) : []),
    ...(others > 0 ? [`${countOf(others, 'more line needs attention', 'more lines need attention')}.${hint}`] : []),
    dryRun ? 'Dry run: nothing was changed.' : `Import ID: ${id}`,
  ];
}
