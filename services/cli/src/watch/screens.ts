import { type GenericFormatter, MultiBar, type SingleBar } from 'cli-progress';
import type { BatchView } from '#libs/contracts';
import type { Output } from '../output/output.js';
import { blockedLine } from '../commands/batch-lines.js';
import { barLine, NAME_WIDTH, type StageBar, stageBars } from './stage-bar.js';

/** Shows the successive states of a batch. */
export interface Screen {
  show(view: BatchView): Promise<void>;
  close(): void;
}

/** Progress bars on a terminal, the summary sentence in a log, JSON lines for scripts. */
export function screenFor(output: Output): Screen {
  if (output.isJson) return new JsonLines(output);
  return output.isTerminal ? new Bars(output) : new Sentences(output);
}

/** The batch as one line of JSON for each state. */
class JsonLines implements Screen {
  private last = '';

  constructor(private readonly output: Output) {}

  async show(view: BatchView): Promise<void> {
    const line = JSON.stringify(view);
    if (line !== this.last) await this.output.print(line);
    this.last = line;
  }

  close(): void {}
}

/** The summary sentence of the batch, each time it changes. */
class Sentences implements Screen {
  private last = '';

  constructor(private readonly output: Output) {}

  async show({ summary }: BatchView): Promise<void> {
    const text = [summary.sentence, blockedLine(summary)].filter((line) => line !== null).join('\n');
    if (text !== this.last) await this.output.print(text);
    this.last = text;
  }

  close(): void {}
}

/** One progress bar per stage, redrawn in place. */
class Bars implements Screen {
  private readonly bars: SingleBar[] = [];
  private readonly multi: MultiBar;

  constructor(output: Output) {
    const format: GenericFormatter = (_options, _params, { line }: { line?: string }) => line ?? '';
    this.multi = new MultiBar({ format, stream: output.stream, hideCursor: true, emptyOnZero: true });
    this.width = output.width;
  }

  private readonly width: number;

  async show({ summary, eta }: BatchView): Promise<void> {
    const lines = [
      summary.sentence.slice(0, this.width - 1),
      ...stageBars(summary).map((bar) => this.lineOf(bar)),
      (blockedLine(summary) ?? (summary.state === 'running' && eta ? eta.sentence : '')).slice(0, this.width - 1),
    ];
    lines.forEach((line, index) => {
      this.bars[index] ??= this.multi.create(1, 0, { line });
      this.bars[index].update(0, { line });
    });
  }

  close(): void {
    this.multi.stop();
  }

  private lineOf(bar: StageBar): string {
    return barLine(bar, NAME_WIDTH, this.width);
  }
}
