/** A piece of a text; `offset` counts UTF-16 code units from the beginning of the text. */
export interface Passage {
  readonly text: string;
  readonly offset: number;
}

const SENTENCE_END = /[.!?]["'”’)]?\s*$/;
// "DIRECTOR: Helen Marsh": what stands before the colon is a heading, and confuses the recognition of names.
const HEADING = /^\s*[\p{L}][\p{L} ]{0,20}:\s+/u;

/** Lines of a text with their offsets, empty ones too. */
function linesOf(text: string): Passage[] {
  let offset = 0;
  return text.split('\n').map((line) => {
    const passage = { text: line, offset };
    offset += line.length + 1;
    return passage;
  });
}

function withoutHeading({ text, offset }: Passage): Passage {
  const heading = HEADING.exec(text)?.[0].length ?? 0;
  return { text: text.slice(heading), offset: offset + heading };
}

/** Lines up to the last one that ends a sentence are prose and run on; the lines behind it stand alone. */
function paragraphPassages(lines: readonly Passage[], text: string): Passage[] {
  const lastEnd = lines.findLastIndex((line) => SENTENCE_END.test(line.text));
  const alone = lines.slice(lastEnd + 1).map(withoutHeading);
  if (lastEnd < 0) return alone;
  const { offset } = lines[0]!;
  const last = lines[lastEnd]!;
  // A line break counts one character like the space it becomes, so offsets stay true.
  const prose = text.slice(offset, last.offset + last.text.length).replaceAll('\n', ' ');
  return [{ text: prose, offset }, ...alone];
}

/** Divides text from a screen into what belongs together: running prose, and single lines as on slates and captions. */
export function passagesOf(text: string): Passage[] {
  const passages: Passage[] = [];
  let paragraph: Passage[] = [];
  const close = () => {
    passages.push(...paragraphPassages(paragraph, text));
    paragraph = [];
  };
  for (const line of linesOf(text)) {
    if (line.text.trim() === '') close();
    else paragraph.push(line);
  }
  close();
  return passages.filter((passage) => passage.text.trim() !== '');
}
