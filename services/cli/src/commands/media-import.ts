import type { Command } from 'commander';
import { basename, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { countOf, type ImportLine, importLineSchema, type ImportReport, importReportSchema } from '#libs/contracts';
import type { Answer, Sent } from '../connection/api.js';
import { EXIT, type ExitCode, usageError } from '../exit-codes.js';
import { importBody, importTypeOf } from '../files/import-type.js';
import { type InputFile, withInputFile } from '../files/input-file.js';
import type { Output } from '../output/output.js';
import { type Column, tableLines } from '../output/table.js';
import { bytesOf } from '../output/words.js';
import { pathWith, type Runner, type Session, showList } from '../session.js';
import { positive, withExamples } from './arguments.js';

interface ImportOptions {
  readonly guids?: string[];
  readonly folder?: string;
  readonly update?: boolean;
  readonly dryRun?: boolean;
}

/** As much as Chowda takes of one. */
const MAX_JSON_BYTES = 16 * 1024 * 1024;

const LINE_COLUMNS: readonly Column<ImportLine>[] = [
  { title: 'Line', of: ({ line }) => line },
  { title: 'Given', of: ({ given }) => given },
  { title: 'Result', of: ({ result }) => result },
  { title: 'Why', of: ({ sentence }) => sentence },
];

/** `chowda media import` and `chowda media report`: media files by lists of GUIDs, and what became of each line. */
export function addImportCommands(media: Command, run: Runner): void {
  withExamples(
    media
      .command('import')
      .argument('[file]', 'CSV, JSON or a list of GUIDs; - reads standard input')
      .description('takes media files into the archive, and says what became of each line')
      .option('--guids <guid...>', 'these GUIDs, instead of a file')
      .option('--folder <folder>', 'every media file in a folder, instead of a file')
      .option('--update', 'also take over titles and other columns for files that are there')
      .option('--dry-run', 'only say what would be done')
      .action(run<ImportOptions>(importMedia)),
    'media import tapes.csv --dry-run',
    'media import tapes.csv',
    'media import --guids cpb-aacip/507-zw18k75z4h cpb-aacip_507-4746q1t25k',
    'media import --folder /archive/1974',
  ).addHelpText('after', '\nEnds with 1 when lines are unknown or doubtful; the others are imported all the same.');
  withExamples(
    media
      .command('report')
      .argument('<import>', 'id of the import', positive)
      .description('lists the lines of an import again')
      .option('--result <result>', 'only those with this result: added, present, duplicate, unknown or doubtful')
      .action(
        run<{ result?: string }>(async (session, [id], { result }) => {
          const path = pathWith(`/api/imports/${id}/lines`, { result });
          await showList(session, { path, item: importLineSchema, none: 'No such lines.' }, LINE_COLUMNS);
        }),
      ),
    'media report 3 --result unknown > unknown.tsv',
  );
}

async function importMedia(session: Session, [file]: string[], options: ImportOptions): Promise<ExitCode> {
  const { dryRun, update } = options;
  const path = pathWith('/api/media-files/imports', { dryRun, update });
  const send = (list: Sent) => session.api.send('POST', path, list);
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
  send: (list: Sent) => Promise<Answer>,
): Promise<Answer> {
  if ([file, guids, folder].filter((given) => given !== undefined).length !== 1)
    throw usageError('Name one of a file, --guids and --folder.');
  if (guids) return send({ json: { guids } });
  if (folder !== undefined) return send({ json: { folder: resolve(folder) } });
  return withInputFile(file!, stdin, async (list) => {
    const type = importTypeOf(list.name, list.head);
    return send(type === 'application/json' ? { json: await parsed(list) } : { file: list, type });
  });
}

/** A list in JSON is not always in the form of the interface; it is small enough to be looked at as a whole. */
async function parsed({ name: file, bytes, read }: InputFile): Promise<object> {
  if (bytes > MAX_JSON_BYTES) {
    const size = bytesOf(bytes);
    throw usageError(
      `${basename(file)} has ${size}, and a list in JSON may have ${bytesOf(MAX_JSON_BYTES)}: send it as CSV, or in parts.`,
    );
  }
  try {
    const body = importBody(JSON.parse(await text(read())));
    if (body !== null) return body;
  } catch (error) {
    throw usageError(`${basename(file)} is no valid JSON: ${(error as Error).message}`);
  }
  throw usageError(`${basename(file)} holds no list: it is an array of GUIDs, or of files with their "guid".`);
}

function reportLines({ dryRun, counts, lines, import: id }: ImportReport, { width, isTerminal }: Output): string[] {
  const { added, present, duplicate, unknown, doubtful } = counts;
  const parts = [
    `${added} ${dryRun ? 'to add' : 'added'}`,
    `${present} already there`,
    `${unknown} unknown`,
    ...(doubtful > 0 ? [`${doubtful} doubtful`] : []),
    ...(duplicate > 0 ? [`${duplicate} named before`] : []),
  ];
  const problems = lines.filter(({ result }) => result !== 'added' && result !== 'present');
  const others = unknown + doubtful + duplicate - problems.length;
  const all = id === null ? '' : ` "chowda media report ${id}" lists them.`;
  return [
    `${countOf(counts.lines, 'line')}: ${parts.join(', ')}.`,
    ...(problems.length > 0 ? tableLines(LINE_COLUMNS, problems, isTerminal ? width : Infinity) : []),
    ...(others > 0 ? [`${others} more lines need a look.${all}`] : []),
    dryRun ? 'Nothing was changed: this was a dry run.' : `This is import ${id}.`,
  ];
}
