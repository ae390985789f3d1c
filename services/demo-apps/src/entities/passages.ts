/** A part of a text; `offset` counts UTF-16 code units from the start of the text. */
export interface Passage {
  readonly text: string;
  readonly offset: number;
}

const SENTENCE_END = /[.!?]["'”’)]?\s*$/;
// In "DIRECTOR: Helen Marsh", the heading before the colon confuses the recognition of names.
const HEADING = /^\s*[\p{L}][\p{L} ]{0,20}:\s+/u;

/** All lines of a text with their offsets, including empty lines. */
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

/** Lines up to the last one that ends a sentence form one passage of prose; each later line is its own passage. */
function paragraphPassages(lines: readonly Passage[], text: string): Passage[] {
  const lastEnd = lines.findLastIndex((line) => SENTENCE_END.test(line.text));
  const alone = lines.slice(lastEnd + 1).map(withoutHeading);
  if (lastEnd < 0) return alone;
  const { offset } = lines[0]!;
  const last = lines[lastEnd]!;
  // A space has the same length as the line break it replaces, so offsets stay correct.
  const prose = text.slice(offset, last.offset + last.text.length).replaceAll('\n', ' ');
  return [{ text: prose, offset }, ...alone];
}

/** Divides on-screen text into passages: running prose, and single lines such as on slates and captions. */
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
